/** Time to the first answer of a function whose environments are all gone. */
import type { System } from '@quartersec/sandbox-system';

export interface ColdStart {
  readonly firstAnswerMs: number;
  /** Of it, until the function asked for its first event. */
  readonly initMs: number;
}

/**
 * @returns from the request to the answer: process spawn, start of the function, first event
 * @throws {Error} when the answer was not what `isAnswered` expects, or came from an environment that was warm
 */
export async function measureColdStart(
  host: Pick<System['host'], 'environments' | 'killEnvironment' | 'invoke'>,
  functionName: string,
  event: unknown,
  isAnswered: (payload: string) => boolean,
): Promise<ColdStart> {
  const warm = host.environments().filter((environment) => environment.functionName === functionName);
  for (const { id } of warm) await host.killEnvironment(id);
  const startedMs = performance.now();
  const { payload, functionError, coldStart, initDurationMs = 0 } = await host.invoke(functionName, event);
  const firstAnswerMs = performance.now() - startedMs;
  if (functionError !== undefined || !coldStart || !isAnswered(payload)) {
    throw new Error(
      `${functionName} did not start cold and answer: ${JSON.stringify(functionError ?? payload).slice(0, 300)}`,
    );
  }
  return { firstAnswerMs, initMs: initDurationMs };
}

export function isCommitted(payload: string): boolean {
  return payload.includes('"kind":"committed"');
}
