/** Waits for something to become true, by looking. */
import { setTimeout as sleepMs } from 'node:timers/promises';

const everyMs = 200;

/**
 * @param look a rejection counts as not yet
 * @throws {Error} naming what was waited for, with the last rejection as its cause
 */
export async function until(
  what: string,
  look: () => Promise<boolean>,
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  let cause: unknown;
  for (;;) {
    const seen = await look().catch((error: unknown) => {
      cause = error;
      return false;
    });
    if (seen) return;
    if (performance.now() > endMs) throw new Error(`${what}: not within ${withinMs / 1_000} s`, { cause });
    await sleepMs(everyMs, undefined, { signal });
  }
}
