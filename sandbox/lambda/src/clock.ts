/** The time as queues see it: passed in, so that a test moves a visibility timeout on without waiting for it. */
export interface Clock {
  nowEpochMs(): number;
  /** Calls back once, `delayMs` from now. @returns a function that cancels it */
  schedule(delayMs: number, callback: () => void): () => void;
}

const LONGEST_TIMER_MS = 2_147_483_647; // setTimeout fires at once beyond 2^31 - 1

/** The machine's own time. Its timers hold the process only as long as the host's sockets do. */
export const systemClock: Clock = {
  nowEpochMs: () => Date.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Moves the time on and runs, in order, what falls due on the way. */
  advance(byMs: number): void;
  /** Callbacks still to come. */
  readonly pending: number;
}

/** @param startEpochMs where the time stands at first */
export function createManualClock(startEpochMs = 1_700_000_000_000): ManualClock {
  let nowEpochMs = startEpochMs;
  const timers = new Set<{ readonly dueEpochMs: number; readonly callback: () => void }>();
  return {
    nowEpochMs: () => nowEpochMs,
    get pending() {
      return timers.size;
    },
    schedule(delayMs, callback) {
      const timer = { dueEpochMs: nowEpochMs + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(byMs) {
      const untilEpochMs = nowEpochMs + byMs;
      for (;;) {
        const due = [...timers].filter((timer) => timer.dueEpochMs <= untilEpochMs);
        const next = due.sort((a, b) => a.dueEpochMs - b.dueEpochMs)[0];
        if (next === undefined) break;
        timers.delete(next);
        nowEpochMs = Math.max(nowEpochMs, next.dueEpochMs);
        next.callback();
      }
      nowEpochMs = untilEpochMs;
    },
  };
}
