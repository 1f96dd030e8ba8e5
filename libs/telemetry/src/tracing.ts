/** Traces of an event's steps. Off unless asked for: the X-Ray SDK is a third of a cold start. */

export interface Tracing {
  /** Runs `work` as a named step of the current trace. Its result and its error pass through. */
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

export const noTracing: Tracing = { step: (_name, work) => work() };

/**
 * Loads the tracer when `POWERTOOLS_TRACE_ENABLED` is `true`; otherwise costs nothing.
 * @param service the service name of the traces
 */
export async function loadTracing(
  service: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Tracing> {
  if (environment.POWERTOOLS_TRACE_ENABLED !== 'true') return noTracing;
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  // Calls are not captured: a captured provider URL or header could carry a secret.
  const tracer = new Tracer({ serviceName: service, captureHTTPsRequests: false });
  return {
    step: <Result>(name: string, work: () => Promise<Result>) =>
      tracer.provider.captureAsyncFunc(name, async (segment): Promise<Result> => {
        try {
          return await work();
        } catch (error) {
          // The message only: an error's fields may hold more than a trace should.
          segment?.addError(error instanceof Error ? error.message : 'failed');
          throw error;
        } finally {
          segment?.close();
        }
      }) as Promise<Result>, // typed `unknown` by the X-Ray SDK, which returns what the function returns
  };
}
