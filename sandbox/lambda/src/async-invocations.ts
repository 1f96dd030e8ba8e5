import type { Clock } from './clock.ts';
import type { EnvironmentPool } from './environment-pool.ts';
import { HostError } from './host-error.ts';

const RETRY_DELAYS_MS = [60_000, 120_000]; // AWS: twice more, after one minute and two
const THROTTLED_RETRY_MS = 1_000; // AWS backs off from 1 s, and does not count it as a try
const MAX_AGE_MS = 21_600_000; // 6 hours

export interface AsyncStats {
  /** Running, or waiting for another try. */
  readonly pending: number;
  /** Out of tries. */
  readonly dropped: number;
}

/**
 * Invocations of type `Event`: accepted at once, tried three times.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncInvocations {
  readonly #clock: Clock;
  readonly #running = new Set<Promise<void>>();
  readonly #cancels = new Set<() => void>();
  #dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  enqueue(pool: EnvironmentPool, payload: string, clientContext: string | undefined): void {
    const enqueuedEpochMs = this.#clock.nowEpochMs();
    const attempt = async (failures: number): Promise<void> => {
      const outcome = await tryOnce(pool, payload, clientContext);
      const delayMs = outcome === 'throttled' ? THROTTLED_RETRY_MS : RETRY_DELAYS_MS[failures];
      if (outcome === 'done') return;
      if (
        outcome === 'closed' ||
        delayMs === undefined ||
        this.#clock.nowEpochMs() + delayMs - enqueuedEpochMs > MAX_AGE_MS
      ) {
        this.#dropped += 1;
        return;
      }
      const cancel = this.#clock.schedule(delayMs, () => {
        this.#cancels.delete(cancel);
        this.#track(attempt(outcome === 'failed' ? failures + 1 : failures));
      });
      this.#cancels.add(cancel);
    };
    this.#track(attempt(0));
  }

  stats(): AsyncStats {
    return { pending: this.#running.size + this.#cancels.size, dropped: this.#dropped };
  }

  /** Resolves when no try is under way; what waits for another is not waited for. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #track(work: Promise<void>): void {
    const tracked: Promise<void> = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}

async function tryOnce(pool: EnvironmentPool, payload: string, clientContext: string | undefined) {
  try {
    const result = await pool.invoke(payload, clientContext === undefined ? {} : { clientContext });
    return result.functionError === undefined ? 'done' : 'failed';
  } catch (error) {
    return error instanceof HostError && error.code === 'TooManyRequestsException' ? 'throttled' : 'closed';
  }
}
