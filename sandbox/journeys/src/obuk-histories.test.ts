/**
 * The real pipeline before the simulator's bank on its bad days, through the UK's Open Banking: no removals are told, ids may be missing,
 * used again or reissued, and reads are disturbed, crash or come twice. What stands in the end is what the bank holds.
 *
 * `QUARTERSEC_HISTORIES=10000` runs more of them. A failure is shrunk, and prints the `QUARTERSEC_REPLAY` that runs its history alone.
 */
import { packDerived, readDerived, readWhole } from '@quartersec/processor/insights';
import { type BankHolding, obukToken, startProviders } from '@quartersec/sandbox-providers';
import { auditTable, foldTransactions, type Head, type JournalEntry, readEntries } from '@quartersec/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimal, negated, normalised } from './decimal-text.ts';
import { type Act, actNames, type Step, tell } from './testing/bank-history.ts';
import { checkHistories } from './testing/check-histories.ts';
import { type ConnectionAtWork, connectionId, putToWork } from './testing/connection-at-work.ts';
import { type WatchedObukBank, watchObukBank } from './testing/watched-obuk-bank.ts';

/** More than a bank's whole history, and what a connection is set to. */
const overlaps = [400, 30] as const;

/** Comparisons of insights that were taken on entry by entry. */
let takenOn = 0;

const step = fc.record<Step>({
  act: fc.constantFrom<Act>('days', 'days', 'event', 'event', ...actNames),
  seed: fc.nat(),
});
const story = fc.record({
  seed: fc.nat(1_000_000),
  version: fc.constantFrom('v3.1' as const, 'v4.0' as const),
  overlapDays: fc.constantFrom(...overlaps),
  settings: fc.record({
    ids: fc.constantFrom('given', 'none', 'blank', 'reused', 'reissued'),
    links: fc.constantFrom('absolute', 'path', 'null-host'),
    times: fc.constantFrom('midnight', 'local'),
    pageSize: fc.constantFrom(3, 10, 100),
  }),
  steps: fc.array(step, { minLength: 2, maxLength: 10 }),
});
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

async function inSandbox(story: Story, work: (at: ConnectionAtWork<WatchedObukBank>) => Promise<void>): Promise<void> {
  const latency = { medianMs: 0, p99Ms: 0 };
  const providers = await startProviders({
    seed: story.seed,
    connections: 1,
    latency,
    historyTransactions: 12,
    published: 0,
  });
  try {
    const url = `${providers.controlUrl}/open-banking/${obukToken(0)}`;
    const set = await fetch(url, { method: 'POST', body: JSON.stringify(story.settings) });
    expect(set.status).toBe(200);
    const at = await putToWork(providers, watchObukBank(story.overlapDays, story.version));
    await work(at).finally(at.bank.close);
  } finally {
    await providers.close();
  }
}

/** Account, signed amount, currency, state and day: entries without ids are told by no more. */
const line = (...parts: readonly (string | null)[]) => parts.join(' ');

/** Of the accounts that the bank lists. @param from what happened before this day is not compared */
function heldLines({ accounts, transactions }: BankHolding, from: string): readonly string[] {
  const open = new Set(accounts.filter(({ state }) => state === 'open').map(({ account_id }) => account_id));
  return Object.values(transactions)
    .filter(({ account_id, date }) => open.has(account_id) && date >= from)
    .map((each) =>
      line(
        each.account_id,
        normalised(negated(each.amount)),
        each.iso_currency_code,
        each.pending ? 'PDNG' : 'BOOK',
        each.date,
      ),
    )
    .sort();
}

function standingLines(head: Head, entries: readonly JournalEntry[], from: string): readonly string[] {
  const open = new Map(
    head.accounts.filter(({ state }) => state === 'open').map((each) => [each.accountId, each.providerAccountId]),
  );
  return foldTransactions(entries)
    .map(({ transaction }) => transaction)
    .filter(({ accountId }) => open.has(accountId))
    .map(({ accountId, amount, status, bookingDate, executionDate }) => ({
      date: bookingDate ?? executionDate ?? '',
      of: [open.get(accountId) ?? '', decimal(amount.minor, amount.exponent), amount.currency, status] as const,
    }))
    .filter(({ date }) => date >= from)
    .map(({ date, of }) => line(...of, date))
    .sort();
}

/** As often as one side has a line more often than the other. */
function differences(standing: readonly string[], held: readonly string[]): readonly string[] {
  const left = [...held];
  const tooMany = standing.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [...tooMany.map((each) => `stands: ${each}`), ...left.map((each) => `is held: ${each}`)];
}

async function compare(at: ConnectionAtWork<WatchedObukBank>, { overlapDays }: Story): Promise<void> {
  const { bank, journal, table, unforeseen, within } = at;
  const head = (await journal.readHead(connectionId, within())) as Head;
  const entries = await readEntries(table, connectionId, { fromVersion: 1, toVersion: head.version }, within());
  const holding = bank.holds();
  const from = new Date(Date.parse(bank.today()) - (overlapDays - 1) * 86_400_000).toISOString().slice(0, 10);
  const listed = ofStandard(holding);
  // A list of no account at all is no word on any of them: it closes none, and what stood stands.
  if (listed.accounts.some(({ state }) => state === 'open'))
    expect(differences(standingLines(head, entries, from), heldLines(listed, from))).toEqual([]);
  expect((await auditTable(table, within())).findings).toEqual([]);
  const { deadline } = within();
  const taken = await readDerived({ cache: table, entries: table }, head, deadline);
  // Without one it says itself that it has to be made again.
  if (taken !== undefined) {
    takenOn += 1;
    const whole = (await readWhole(table, head, deadline)).derived();
    expect(Buffer.from(packDerived(taken.derived)).toString('base64')).toBe(
      Buffer.from(packDerived(whole)).toString('base64'),
    );
  }
  expect(unforeseen).toEqual([]);
}

/** Investments, and what has no ISO currency, are not in it. */
function ofStandard(holding: BankHolding): BankHolding {
  const accounts = holding.accounts.filter(({ type }) => ['depository', 'credit', 'loan'].includes(type));
  return { ...holding, accounts };
}

it('ends with what the bank holds, whatever happened on the way', async () => {
  const acted = new Set<string>();
  const changed = new Set<string>();
  let crashes = 0;
  const property = fc.asyncProperty(story, (told) =>
    inSandbox(told, async (at) => {
      await tell(at, told.steps);
      // A read that lacks much is believed at its second telling.
      await at.deliver(at.wish());
      await at.drain();
      await compare(at, told);
      for (const { act } of told.steps) acted.add(act);
      for (const change of at.bank.changes) changed.add(change);
      crashes += at.counts.crashes;
    }),
  );
  const histories = await checkHistories(property, 150);
  if (histories === undefined) return;
  expect([...acted].sort()).toEqual([...actNames].sort());
  const everyDay = ['account', 'add', 'churn', 'close', 'modify', 'move', 'open', 'post', 'remove', 'restore'];
  expect([...changed].sort()).toEqual(everyDay);
  expect(crashes).toBeGreaterThan(0);
  expect(takenOn).toBeGreaterThan(0);
}, 0);
