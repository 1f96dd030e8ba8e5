/** Traces of an event's steps. Off unless asked for: the X-Ray SDK is a third of a cold start. */
import type { Subsegment } from 'aws-xray-sdk-core';

export interface Tracing {
  /** Runs `work` as a named step of the current trace. Its result and its error pass through. */
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

export const noTracing: Tracing = { step: (_name, work) => work() };

/**
 * Lambda's word on the invocation under way, by its own client of the runtime. Where several are in one process, the variable would be
 * that of any of them.
 */
function traceHeader(): string | undefined {
  const runtime: unknown = Reflect.get(globalThis, 'awslambda');
  return storedTrace(runtime) ?? process.env._X_AMZN_TRACE_ID;
}

function storedTrace(runtime: unknown): string | undefined {
  if (!isMember(runtime, 'InvokeStore')) return undefined;
  const { InvokeStore: store } = runtime;
  if (!isMember(store, 'getXRayTraceId') || typeof store.getXRayTraceId !== 'function') return undefined;
  const trace: unknown = store.getXRayTraceId();
  return typeof trace === 'string' ? trace : undefined;
}

function isMember<Name extends string>(value: unknown, name: Name): value is Readonly<Record<Name, unknown>> {
  return typeof value === 'object' && value !== null && name in value;
}

/**
 * Loads Powertools' tracer when `POWERTOOLS_TRACE_ENABLED` is `true`; otherwise costs nothing. Each step is a subsegment of the
 * invocation's own segment, and of no other: by itself the tracer keeps one segment for a whole process, whose trace changes while steps
 * are under way.
 * @param service names the segment, which Lambda itself sends
 * @param onRefused the SDK of X-Ray does not take its own settings (`AWS_XRAY_...`): events go on without traces
 */
export async function loadTracing(
  service: string,
  environment: Readonly<Record<string, string | undefined>>,
  onRefused: (reason: string) => void,
): Promise<Tracing> {
  if (environment.POWERTOOLS_TRACE_ENABLED !== 'true') return noTracing;
  try {
    return await tracingOf(service);
  } catch (error) {
    onRefused(error instanceof Error ? error.message : 'failed');
    return noTracing;
  }
}

async function tracingOf(service: string): Promise<Tracing> {
  // The SDK first: where it refuses its settings, the tracer that loads it would do so a second time, unheard.
  const { default: xray } = await import('aws-xray-sdk-core');
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  // Calls are not captured: a captured provider URL or header could carry a secret.
  const { provider } = new Tracer({ serviceName: service, captureHTTPsRequests: false });
  xray.setStreamingThreshold(0); // a step is sent when it is over
  return {
    async step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
      const { root, parent, sampled } = xray.utils.processTraceData(traceHeader());
      if (root === undefined || parent === undefined || sampled !== '1') return await work();
      const invocation = new xray.Segment(service, root);
      invocation.id = parent;
      invocation.incrementCounter(); // never over here, so that it is never sent: Lambda does
      const captured = async (segment: Subsegment | undefined): Promise<Result> => {
        try {
          return await work();
        } catch (error) {
          // The message only: an error's fields may hold more than a trace should.
          segment?.addError(error instanceof Error ? error.message : 'failed');
          throw error;
        } finally {
          segment?.close();
        }
      };
      return provider.getNamespace().runAndReturn(() => {
        provider.setSegment(invocation);
        return provider.captureAsyncFunc(name, captured) as Promise<Result>; // typed `unknown` by the SDK, which returns what the function returns
      });
    },
  };
}
