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
    bank.refuseCursor();
    await deliver(wish());
  },
  drain: ({ drain }) => drain(),
  async faulty({ bank, dice, deliver, wish }) {
    const fault = bank.passingFaults[dice.roll(bank.passingFaults.length)];
    if (fault === undefined) return;
    bank.plant({ ...fault, times: 1 + dice.roll(6) });
    await deliver(wish());
  },
  /** The user mends it, and asks. */
  async loggedOut({ bank, deliver, waitMs, wish }) {
    bank.plant(bank.loggedOut);
    await deliver(wish());
    bank.mend();
    waitMs(1_000);
    await deliver(wish({ reason: 'user' }));
  },
  async relinked({ deliver, link, wish }) {
    await link();
    await deliver(wish());
  },
  /** Answers of the table get lost, written or not. */
  async lossy({ counts, dice, deliver, wish }) {
    counts.lostPutsDue = 1 + dice.roll(4);
    await deliver(wish());
    counts.lostPutsDue = 0;
  },
  /** The cache in front of the table gives heads of before. */
  async stale({ counts, deliver, wish }) {
    counts.areHeadsOld = true;
    await deliver(wish());
    counts.areHeadsOld = false;
  },
} as const satisfies Record<string, (at: ConnectionAtWork) => Promise<void>>;

export type Act = keyof typeof acts;
export const actNames = Object.keys(acts) as Act[];

/** Changes that a bank makes on its bad days, as a campaign must have met them. */
export const everyDay: readonly string[] = [
  ...['account', 'add', 'churn', 'close', 'modify'].map((change) => `change ${change}`),
  ...['move', 'open', 'post', 'remove', 'restore'].map((change) => `change ${change}`),
];

export const wordsOf = (steps: readonly Step[]): readonly string[] => steps.map(({ act, seed }) => `${act} (${seed})`);

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

/** Nothing goes wrong any more: what waits is delivered, and later the account list is read, where closed accounts show. */
async function comeToRest({ bank, counts, deliver, drain, waitMs, wish }: ConnectionAtWork): Promise<void> {
  bank.changeWhileRead(0);
  counts.crashesDue = 0;
  bank.mend();
  await drain();
  waitMs(2 * dayMs); // the longest wait, with its jitter
  await deliver(wish());
  await drain();
}
