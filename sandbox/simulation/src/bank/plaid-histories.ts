/** Random histories of a bank behind Plaid: what stands in the end is what the bank holds. */
import assert from 'node:assert/strict';
import { packDerived, readDerived, readWhole } from '@quartersec/processor/insights';
import { auditTable, type Head, readEntries } from '@quartersec/storage';
import fc from 'fast-check';
import { type Act, actNames, everyDay, type Step, tell, wordsOf } from './bank-history.ts';
import { differences } from './compare-with-bank.ts';
import { type ConnectionAtWork, connectionId, putToWork } from './connection-at-work.ts';
import type { HistoryKind } from './history-kind.ts';
import { createSimulatorAtHand } from './simulator-at-hand.ts';
import { type WatchedBank, watchBank } from './watched-bank.ts';

const step = fc.record<Step>({
  act: fc.constantFrom<Act>('days', 'days', 'event', 'event', ...actNames),
  seed: fc.nat(),
});

export interface PlaidStory {
  /** Of the bank before its first bad day: its household, accounts and records. */
  readonly seed: number;
  readonly steps: readonly Step[];
}

const openOf = (accounts: readonly { readonly id: string; readonly state: string }[]) =>
  accounts.flatMap(({ id, state }) => (state === 'open' ? [id] : [])).sort();

/** What the stored state and the entries behind it come to is what all entries come to. @returns whether there was such a state */
async function compareInsights({
  table,
  head,
  within,
}: Pick<ConnectionAtWork, 'table' | 'within'> & { readonly head: Head }): Promise<boolean> {
  const { deadline } = within();
  const taken = await readDerived({ cache: table, entries: table }, head, deadline);
  if (taken === undefined) return false; // it says itself that it has to be made again
  const whole = (await readWhole(table, head, deadline)).derived();
  const { reach } = taken.derived; // what may happen, not what has
  assert(Buffer.from(packDerived(taken.derived)).equals(packDerived({ ...whole, reach })), 'insights');
  return true;
}

async function compare({ bank, journal, table, unforeseen, within }: ConnectionAtWork<WatchedBank>): Promise<boolean> {
  const head = (await journal.readHead(connectionId, within())) as Head;
  const entries = await readEntries(table, connectionId, { fromVersion: 1, toVersion: head.version }, within());
  const holding = bank.holds();
  assert.deepEqual(differences({ head, entries }, holding, bank.seen), []);
  assert.deepEqual(
    openOf(head.accounts.map(({ providerAccountId: id, state }) => ({ id, state }))),
    openOf(holding.accounts.map(({ account_id: id, state }) => ({ id, state }))),
  );
  assert.deepEqual((await auditTable(table, within())).findings, []);
  assert.deepEqual(unforeseen, []);
  return compareInsights({ table, head, within });
}

export const plaidHistories: HistoryKind<PlaidStory> = {
  name: 'plaid',
  story: fc.record({ seed: fc.nat(1_000_000), steps: fc.array(step, { minLength: 2, maxLength: 12 }) }),
  async tell({ seed, steps }) {
    // A simulator of its own, so that it does not matter which histories came before.
    const at = await putToWork(createSimulatorAtHand({ seed, connections: 1, historyTransactions: 12 }), watchBank);
    await tell(at, steps);
    const isTakenOn = await compare(at);
    return [
      ...steps.map(({ act }) => `act ${act}`),
      ...[...at.bank.seen.changes].map((change) => `change ${change}`),
      ...(at.counts.crashes > 0 ? ['crash'] : []),
      ...(isTakenOn ? ['insights taken on'] : []),
    ];
  },
  musts: [...actNames.map((act) => `act ${act}`), ...everyDay, 'crash', 'insights taken on'],
  words: ({ seed, steps }) => [`a bank of seed ${seed}`, ...wordsOf(steps)],
};
