/**
 * The real pipeline before the simulator's bank on its bad days: whatever the bank does, wherever reads are disturbed, crash or lose
 * their cursor, and however events come twice, late or at once, what stands in the end is what the bank holds.
 *
 * `QUARTERSEC_HISTORIES=10000` runs more of them. A failure is shrunk, and prints the `QUARTERSEC_REPLAY` that runs its history alone.
 */
import { packDerived, readDerived, readWhole } from '@quartersec/processor/insights';
import { auditTable, type Head, readEntries } from '@quartersec/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Act, actNames, type Step, tell } from './testing/bank-history.ts';
import { checkHistories } from './testing/check-histories.ts';
import { differences } from './testing/compare-with-bank.ts';
import { type ConnectionAtWork, connectionId, putToWork } from './testing/connection-at-work.ts';
import { createSimulatorAtHand } from './testing/simulator-at-hand.ts';
import { type WatchedBank, watchBank } from './testing/watched-bank.ts';

/** Comparisons of insights that were taken on entry by entry. */
let takenOn = 0;

const step = fc.record<Step>({
  act: fc.constantFrom<Act>('days', 'days', 'event', 'event', ...actNames),
  seed: fc.nat(),
});
const story = fc.record({
  /** Of the bank before its first bad day: its household, accounts and records. */
  seed: fc.nat(1_000_000),
  steps: fc.array(step, { minLength: 2, maxLength: 12 }),
});

/** Each history has a simulator of its own, so that it does not matter which ones came before. */
async function inSandbox(seed: number, work: (at: ConnectionAtWork<WatchedBank>) => Promise<void>): Promise<void> {
  const providers = createSimulatorAtHand({ seed, connections: 1, historyTransactions: 12 });
  await work(await putToWork(providers, watchBank));
}

const openOf = (accounts: readonly { readonly id: string; readonly state: string }[]) =>
  accounts.flatMap(({ id, state }) => (state === 'open' ? [id] : [])).sort();

/** What the stored state and the entries behind it come to is what all entries come to. */
async function compareInsights({
  table,
  head,
  within,
}: Pick<ConnectionAtWork, 'table' | 'within'> & { readonly head: Head }) {
  const { deadline } = within();
  const taken = await readDerived({ cache: table, entries: table }, head, deadline);
  if (taken === undefined) return; // it says itself that it has to be made again
  takenOn += 1;
  const whole = (await readWhole(table, head, deadline)).derived();
  const { reach } = taken.derived; // what may happen, not what has
  expect(Buffer.from(packDerived(taken.derived)).toString('base64')).toBe(
    Buffer.from(packDerived({ ...whole, reach })).toString('base64'),
  );
}

async function compare({ bank, journal, table, unforeseen, within }: ConnectionAtWork<WatchedBank>): Promise<void> {
  const head = (await journal.readHead(connectionId, within())) as Head;
  const entries = await readEntries(table, connectionId, { fromVersion: 1, toVersion: head.version }, within());
  const holding = bank.holds();
  expect(differences({ head, entries }, holding, bank.seen)).toEqual([]);
  expect(openOf(head.accounts.map(({ providerAccountId: id, state }) => ({ id, state })))).toEqual(
    openOf(holding.accounts.map(({ account_id: id, state }) => ({ id, state }))),
  );
  expect((await auditTable(table, within())).findings).toEqual([]);
  await compareInsights({ table, head, within });
  expect(unforeseen).toEqual([]);
}

it('ends with what the bank holds, whatever happened on the way', async () => {
  const acted = new Set<string>();
  const changed = new Set<string>();
  let crashes = 0;
  const property = fc.asyncProperty(story, ({ seed, steps }) =>
    inSandbox(seed, async (at) => {
      await tell(at, steps);
      await compare(at);
      for (const { act } of steps) acted.add(act);
      for (const change of at.bank.seen.changes) changed.add(change);
      crashes += at.counts.crashes;
    }),
  );
  const histories = await checkHistories(property, 400);
  if (histories === undefined) return;
  // A campaign in which one of them never happened has shown nothing about it.
  expect([...acted].sort()).toEqual([...actNames].sort());
  const everyDay = ['account', 'add', 'churn', 'close', 'modify', 'move', 'open', 'post', 'remove', 'restore'];
  expect([...changed].sort()).toEqual(everyDay);
  expect(crashes).toBeGreaterThan(0);
  expect(takenOn).toBeGreaterThan(histories / 4);
}, 0);
