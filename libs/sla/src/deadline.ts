/** One clock budget for a whole event: every wait and every call asks it what is left. Pure: the clock is passed in. */

export interface Deadline {
  /** ms left, never negative. */
  remainingMs(): number;
  /** ms since the event was taken up. */
  elapsedMs(): number;
}

/**
 * @param totalMs how long the event may take from now on
 * @param nowMs a monotonic clock in ms (`performance.now`), never the wall clock, which can step back
 */
export function createDeadline(totalMs: number, nowMs: () => number): Deadline {
  const startedMs = nowMs();
  return {
    remainingMs: () => Math.max(0, startedMs + totalMs - nowMs()),
    elapsedMs: () => nowMs() - startedMs,
  };
}
