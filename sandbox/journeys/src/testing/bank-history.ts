/** What may happen to a connection and its bank. A history is its steps alone: the same steps, the same end. */
import type { ConnectionAtWork } from './connection-at-work.ts';

const dayMs = 86_400_000;

const acts = {
  days: async ({ bank, dice }: ConnectionAtWork) => bank.tellDays(1 + dice.roll(3)),
  event: ({ deliver, wish }) => deliver(wish()),
  async twice({ deliver, wish }) {
    const event = wish();
    await deliver(event);
    await deliver(event);
  },
  async atOnce({ deliver, wish }) {
    await Promise.all([deliver(wish()), deliver(wish())]);
  },
  /** Behind one that was asked for later. */
  async late({ bank, deliver, wish }) {
    const event = wish();
    bank.tellDays(1);
    await deliver(wish());
    await deliver(event);
  },
  disturbed({ bank, dice, deliver, wish }) {
    bank.changeWhileRead(1 + dice.roll(3));
    return deliver(wish());
  },
  crashed({ counts, dice, deliver, wish }) {
    counts.crashesDue = 1 + dice.roll(2);
    return deliver(wish());
  },
  resync: ({ deliver, wish }) => deliver(wish({ fullRead: true })),
  async lostCursor({ bank, deliver, wish }) {
    await bank.refuseCursor();
    await deliver(wish());
  },
  drain: ({ drain }) => drain(),
} as const satisfies Record<string, (at: ConnectionAtWork) => Promise<void>>;

export type Act = keyof typeof acts;
export const actNames = Object.keys(acts) as Act[];

export interface Step {
  readonly act: Act;
  readonly seed: number;
}

export async function tell(at: ConnectionAtWork, steps: readonly Step[]): Promise<void> {
  await at.deliver(at.wish()); // what the bank lists before its first bad day
  for (const { act, seed } of steps) {
    at.dice.begin(seed);
    await acts[act](at);
  }
  await comeToRest(at);
}

/** Nothing goes wrong any more: what waits is delivered, and a day later the account list is read, where closed accounts show. */
async function comeToRest({ bank, counts, deliver, drain, waitMs, wish }: ConnectionAtWork): Promise<void> {
  bank.changeWhileRead(0);
  counts.crashesDue = 0;
  await drain();
  waitMs(dayMs);
  await deliver(wish());
  await drain();
}
