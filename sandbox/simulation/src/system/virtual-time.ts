/**
 * Time that moves only when nothing else can happen. What waits is woken in the order of its time, then in the order in which it began
 * to wait: so the same history always goes the same way.
 */
import { setImmediate as restOfTurn } from 'node:timers/promises';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly wake: () => void;
  isCancelled: boolean;
}

export interface VirtualTime {
  /** Since the history's start. */
  nowMs(): number;
  nowEpochMs(): number;
  wait(ms: number): Promise<void>;
  timer(ms: number): { readonly elapsed: Promise<void>; cancel(): void };
  /** Real work of other threads: time stands still until it is done. */
  outside<Result>(work: () => Promise<Result>): Promise<Result>;
  /** A part of such work that waits for this clock after all. */
  inside<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Lets everything happen that has to, until the work has come to its end. @throws {Error} where it never will */
  until<Result>(work: Promise<Result>): Promise<Result>;
  /** So much later, with all that happens meanwhile. */
  pass(ms: number): Promise<void>;
}

const isBehind = (one: Timer, other: Timer) =>
  one.dueMs > other.dueMs || (one.dueMs === other.dueMs && one.order > other.order);

/** Behind the days that the banks of a history tell: what they say is recent. */
export const startEpochMs: number = Date.UTC(2025, 2, 1);

export function createVirtualTime(): VirtualTime {
  const timers: Timer[] = [];
  let nowMs = 0;
  let order = 0;
  let outside = 0;

  function timer(ms: number, place = ++order) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const made: Timer = { dueMs: nowMs + Math.max(0, ms), order: place, wake: resolve, isCancelled: false };
    let at = timers.length;
    while (at > 0 && isBehind(timers[at - 1] as Timer, made)) at -= 1;
    timers.splice(at, 0, made);
    return {
      elapsed: promise,
      cancel: () => {
        made.isCancelled = true;
      },
    };
  }

  /** @returns false when nothing waits for any time */
  function wakeNext(): boolean {
    for (;;) {
      const next = timers.shift();
      if (next === undefined) return false;
      if (next.isCancelled) continue;
      nowMs = Math.max(nowMs, next.dueMs);
      next.wake();
      return true;
    }
  }

  const time: VirtualTime = {
    nowMs: () => nowMs,
    nowEpochMs: () => startEpochMs + Math.floor(nowMs),
    wait: (ms) => timer(ms).elapsed,
    timer,
    async outside(run) {
      const place = ++order;
      outside += 1;
      try {
        return await run();
      } finally {
        outside -= 1;
        // Other threads end in any order: what goes on goes on in the order in which it began.
        await timer(0, place).elapsed;
      }
    },
    async inside(run) {
      outside -= 1;
      try {
        return await run();
      } finally {
        outside += 1;
      }
    },
    async until(awaited) {
      let isSettled = false;
      const settle = () => {
        isSettled = true;
      };
      awaited.then(settle, settle);
      for (;;) {
        do await restOfTurn();
        while (outside > 0 && !isSettled);
        if (isSettled) return awaited;
        if (!wakeNext()) throw new Error('the history hangs: nothing is left that could happen');
      }
    },
    pass: (ms) => time.until(time.wait(ms)),
  };
  return time;
}
