/** Random histories of a bank that is read by lists and windows: what stands in the end is what the bank holds. */
import fc from 'fast-check';
import { type Act, actNames, everyDay, type Step, tell, wordsOf } from './bank-history.ts';
import { putToWork } from './connection-at-work.ts';
import type { HistoryKind } from './history-kind.ts';
import { createSimulatorAtHand } from './simulator-at-hand.ts';
import { compareWithLists, type WatchedStandard, watchListBank } from './watched-list-bank.ts';

/** More than a bank's whole history, and what a connection is set to. */
const overlaps = [400, 30] as const;

export interface ListStory<Bank> {
  readonly seed: number;
  readonly overlapDays: number;
  readonly bank: Bank;
  readonly steps: readonly Step[];
}

const step = fc.record<Step>({
  act: fc.constantFrom<Act>('days', 'days', 'event', 'event', ...actNames),
  seed: fc.nat(),
});

export interface ListBanks<Bank> {
  /** Of the kind of history. */
  readonly name: string;
  /** What a bank of the standard may be set to. */
  readonly bank: fc.Arbitrary<Bank>;
  /** Below `/control`, for the only connection. */
  readonly settingsPath: string;
  settingsOf(bank: Bank): object;
  standardOf(story: ListStory<Bank>): WatchedStandard;
}

export function listHistories<Bank>(of: ListBanks<Bank>): HistoryKind<ListStory<Bank>> {
  return {
    name: of.name,
    story: fc.record({
      seed: fc.nat(1_000_000),
      overlapDays: fc.constantFrom(...overlaps),
      bank: of.bank,
      steps: fc.array(step, { minLength: 2, maxLength: 10 }),
    }),
    async tell(told) {
      const settings = { seed: told.seed, connections: 1, historyTransactions: 12, published: 0 };
      const providers = createSimulatorAtHand(settings);
      providers.set(of.settingsPath, of.settingsOf(told.bank));
      const at = await putToWork(providers, watchListBank(of.standardOf(told)));
      await tell(at, told.steps);
      // A read that lacks much is believed at its second telling.
      await at.deliver(at.wish());
      await at.drain();
      const isTakenOn = await compareWithLists(at, told.overlapDays);
      return [
        ...told.steps.map(({ act }) => `act ${act}`),
        ...[...at.bank.changes].map((change) => `change ${change}`),
        ...(at.counts.crashes > 0 ? ['crash'] : []),
        ...(isTakenOn ? ['insights taken on'] : []),
      ];
    },
    musts: [...actNames.map((act) => `act ${act}`), ...everyDay, 'crash', 'insights taken on'],
    words: ({ seed, overlapDays, bank, steps }) => [
      `a bank of seed ${seed}, read ${overlapDays} days back, set to ${JSON.stringify(bank)}`,
      ...wordsOf(steps),
    ],
  };
}
