/**
 * The real pipeline before the simulator's bank on its bad days: whatever the bank does, wherever reads are disturbed, crash or lose
 * their cursor, and however events come twice, late or at once, what stands in the end is what the bank holds.
 *
 * `QUARTERSEC_HISTORIES=10000` runs more of them. A failure is shrunk and prints the `QUARTERSEC_REPLAY` that runs its history alone.
 */
import { startProviders } from '@quartersec/sandbox-providers';
import { auditTable, type Head, readEntries } from '@quartersec/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Act, acts, connectionId, type History, type Met, startHistory } from './testing/bank-history.ts';
import { differences } from './testing/compare-with-bank.ts';

const histories = Number(process.env.QUARTERSEC_HISTORIES ?? 400);
/** `<seed>` or `<seed>/<path>`, as a failure prints it. */
const [seed, path] = (process.env.QUARTERSEC_REPLAY ?? '').split('/');
const noLatency = { medianMs: 0, p99Ms: 0 };

interface Step {
  readonly act: Act;
  readonly seed: number;
}

const step = fc.record<Step>({
  act: fc.constantFrom<Act>('days', 'days', 'event', 'event', ...acts),
  seed: fc.nat(),
});
const story = fc.record({ bank: fc.nat(1_000_000), steps: fc.array(step, { minLength: 2, maxLength: 12 }) });

/** Each history has a simulator of its own, so that it is the same whichever came before. */
async function tell(bank: number, steps: readonly Step[]): Promise<Met> {
  const setting = { seed: bank, connections: 1, latency: noLatency, historyTransactions: 12 };
  const providers = await startProviders(setting);
  const history = await startHistory(providers);
  try {
    for (const { act, seed } of steps) await history.act(act, seed);
    await history.comeToRest();
    await compare(history);
    return history.met();
  } finally {
    history.close();
    await providers.close();
  }
}

const openOf = (accounts: readonly { readonly id: string; readonly state: string }[]) =>
  accounts.flatMap(({ id, state }) => (state === 'open' ? [id] : [])).sort();

async function compare({ journal, table, within, bankHolds, met }: History): Promise<void> {
  const head = (await journal.readHead(connectionId, within())) as Head;
  const entries = await readEntries(table, connectionId, { fromVersion: 1, toVersion: head.version }, within());
  const holding = bankHolds();
  expect(differences({ head, entries }, holding, met())).toEqual([]);
  expect(openOf(head.accounts.map(({ providerAccountId: id, state }) => ({ id, state })))).toEqual(
    openOf(holding.accounts.map(({ account_id: id, state }) => ({ id, state }))),
  );
  expect((await auditTable(table, within())).findings).toEqual([]);
  expect(met().unforeseen).toEqual([]);
}

it('ends with what the bank holds, whatever happened on the way', async () => {
  const acted = new Set<string>();
  const changed = new Set<string>();
  let crashes = 0;
  const report = await fc.check(
    fc.asyncProperty(story, async ({ bank, steps }) => {
      const met = await tell(bank, steps);
      for (const { act } of steps) acted.add(act);
      for (const change of met.changes) changed.add(change);
      crashes += met.crashes;
    }),
    { numRuns: histories, ...(seed && { seed: Number(seed) }), ...(path && { path }) },
  );
  if (report.failed) {
    const again = `QUARTERSEC_REPLAY=${report.seed}/${report.counterexamplePath}`;
    throw new Error(`replay with ${again}\n${await fc.asyncDefaultReportMessage(report)}`, {
      cause: report.errorInstance,
    });
  }
  // A campaign in which one of them never happened has shown nothing about it.
  if (path || histories < 100) return;
  expect([...acted].sort()).toEqual([...acts].sort());
  expect([...changed].sort()).toEqual(
    ['account', 'add', 'churn', 'close', 'modify', 'move', 'open', 'post', 'remove', 'restore'].sort(),
  );
  expect(crashes).toBeGreaterThan(0);
}, 0);
