/** Random histories of a bank that is read by lists and windows: what stands in the end is what the bank holds. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Act, actNames, type Step, tell } from './bank-history.ts';
import { checkHistories } from './check-histories.ts';
import { putToWork } from './connection-at-work.ts';
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

export interface ListHistories<Bank> {
  /** What a bank of the standard may be set to. */
  readonly bank: fc.Arbitrary<Bank>;
  /** Below `/control`, for the only connection. */
  readonly settingsPath: string;
  settingsOf(bank: Bank): object;
  standardOf(story: ListStory<Bank>): WatchedStandard;
}

/** @throws {Error} as `checkHistories` */
export async function checkListHistories<Bank>(of: ListHistories<Bank>, usual: number): Promise<void> {
  const story = fc.record({
    seed: fc.nat(1_000_000),
    overlapDays: fc.constantFrom(...overlaps),
    bank: of.bank,
    steps: fc.array(step, { minLength: 2, maxLength: 10 }),
  });
  const acted = new Set<string>();
  const changed = new Set<string>();
  let [crashes, takenOn] = [0, 0];
  const property = fc.asyncProperty(story, async (told) => {
    const settings = { seed: told.seed, connections: 1, historyTransactions: 12, published: 0 };
    const providers = createSimulatorAtHand(settings);
    providers.set(of.settingsPath, of.settingsOf(told.bank));
    const at = await putToWork(providers, watchListBank(of.standardOf(told)));
    await tell(at, told.steps);
    // A read that lacks much is believed at its second telling.
    await at.deliver(at.wish());
    await at.drain();
    if (await compareWithLists(at, told.overlapDays)) takenOn += 1;
    for (const { act } of told.steps) acted.add(act);
    for (const change of at.bank.changes) changed.add(change);
    crashes += at.counts.crashes;
  });
  if ((await checkHistories(property, usual)) === undefined) return;
  // A campaign in which one of them never happened has shown nothing about it.
  expect([...acted].sort()).toEqual([...actNames].sort());
  const everyDay = ['account', 'add', 'churn', 'close', 'modify', 'move', 'open', 'post', 'remove', 'restore'];
  expect([...changed].sort()).toEqual(everyDay);
  expect(crashes).toBeGreaterThan(0);
  expect(takenOn).toBeGreaterThan(0);
}
