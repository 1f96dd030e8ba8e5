/** A provider call that may be repeated, again where that helps, within its deadline. The waits come from `retry-policy.ts`. */
import { attemptTimeoutMs, type Deadline, maxAttempts } from '@quartersec/sla';
import type { CallLimits } from './connector.ts';
import type { RetryDeps } from './fetch-with-retries.ts';
import { ProviderError } from './provider-error.ts';
import { decideRetry } from './retry-policy.ts';

/**
 * @param call one attempt; safe to repeat
 * @throws {ProviderError} of the last attempt; `TIMEOUT` when there is no time for the first
 */
export async function callWithRetries<Result>(
  provider: string,
  call: (limits: CallLimits) => Promise<Result>,
  deadline: Deadline,
  { sleep, random }: Pick<RetryDeps, 'sleep' | 'random'>,
): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    const timeoutMs = attemptTimeoutMs(deadline.remainingMs(), maxAttempts + 1 - attempts);
    if (timeoutMs === 0) throw new ProviderError('TIMEOUT', { provider, detail: 'no time left for a call' });
    try {
      return await call({ attemptTimeoutMs: timeoutMs, deadline });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const { outcome, facts } = error;
      const failed = { attempts, outcome, retryAfterMs: facts.retryAfterMs, remainingMs: deadline.remainingMs() };
      const decision = decideRetry(failed, random);
      if (decision.action !== 'retry') throw error;
      await sleep(decision.afterMs);
    }
  }
}
