import { createDeadline } from '@quartersec/sla';
import type { Transaction } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealEntry } from './entry-codec.ts';
import { createFoldMemory, type FoldMemory } from './fold-memory.ts';
import { createConnectionFold } from './fold-transactions.ts';
import {
  sampleAccount,
  sampleAccounts,
  sampleLinked,
  samplePage,
  sampleReturned,
  sampleStatus,
  sampleTransaction,
} from './journal-samples.ts';
import { createMemoryTable } from './memory-table.ts';
import type { EntryContent, Head, JournalEntry, PageEntry, StandingAccount } from './model.ts';
import { type ChangePosition, firstPosition, type PlacedChange, positionAt, readChanges } from './read-changes.ts';
import type { Table } from './table.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };

async function journalOf(contents: readonly EntryContent[], table: Table = createMemoryTable()) {
  const entries: JournalEntry[] = [];
  const fold = createConnectionFold();
  for (const content of contents) {
    const { entry, item } = sealEntry(entries.at(-1), 'c-1', content);
    entries.push(entry);
    fold.add(entry);
    await table.put(item, undefined, within);
  }
  const head = fold.head();
  if (head === undefined) throw new Error('no entries');
  return { table, head, fold, entries };
}

interface Mirror {
  readonly transactions: Map<string, Transaction>;
  readonly accounts: Map<string, StandingAccount>;
  connection: Head | undefined;
}

const emptyMirror = (): Mirror => ({ transactions: new Map(), accounts: new Map(), connection: undefined });

/** What an app does with a feed. */
function apply(mirror: Mirror, { change }: PlacedChange): void {
  switch (change.kind) {
    case 'connection.changed':
      mirror.connection = change.head;
      break;
    case 'account.changed':
      mirror.accounts.set(change.account.accountId, change.account);
      break;
    case 'transaction.removed':
      expect(mirror.transactions.delete(change.transactionId)).toBe(true);
      break;
    case 'insight.raised':
    case 'insight.cleared':
      break;
    default:
      expect(mirror.transactions.has(change.transaction.transactionId)).toBe(change.kind === 'transaction.modified');
      mirror.transactions.set(change.transaction.transactionId, change.transaction);
  }
}

const says = ({ status, statusReason, history, institutionId }: Head) => [status, statusReason, history, institutionId];
const lasting = ({ readEpochMs: _, sinceVersion: __, ...account }: StandingAccount) => account;

/** Everything from a position on, in pages. */
async function readAll(
  table: Table,
  head: Head,
  from: ChangePosition,
  limits: () => number,
  memory?: FoldMemory,
): Promise<readonly PlacedChange[]> {
  const all: PlacedChange[] = [];
  let position = from;
  for (let more = true; more; ) {
    const limit = limits();
    const read = await readChanges(table, head, position, { ...within, limit, ...(memory && { memory }) });
    expect(read.changes.length).toBeLessThanOrEqual(limit);
    expect(read.changes.length > 0 || !read.more).toBe(true);
    all.push(...read.changes);
    ({ position, more } = read);
  }
  expect(position).toEqual(positionAt(head));
  return all;
}

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const record = fc
  .record({
    id: ids,
    minor: fc.integer({ min: 1, max: 4 }),
    account: fc.constantFrom('acc-1', 'acc-2', 'acc-3'),
    day: fc.integer({ min: 1, max: 9 }),
    category: fc.boolean(),
    supersedes: fc.option(ids),
  })
  .map(({ id, minor, account, day, category, supersedes }) =>
    sampleTransaction(id, {
      accountId: account,
      amount: { minor: String(minor), exponent: 2, currency: 'EUR', unofficialCurrency: null },
      contentHash: `${account}-${minor}-${day}`,
      bookingDate: `2026-01-0${day}`,
      category: category ? { primary: 'FOOD', detailed: 'FOOD_CAFE' } : null,
      supersedes,
    }),
  );
const accounts = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom('acc-1', 'acc-2', 'acc-3'),
      minor: fc.constantFrom('1', '2'),
      mask: fc.constantFrom('11', '22'),
    }),
    { selector: ({ id }) => id, maxLength: 3 },
  )
  .map((found) => found.map(({ id, minor, mask }) => ({ ...sampleAccount(id, minor), mask })));
const page = fc.record({
  kind: fc.constant('page' as const),
  loop: fc.constantFrom('L1', 'L2', 'L3', 'L4'),
  begins: fc.constantFrom('delta' as const, 'snapshot' as const),
  number: fc.integer({ min: 1, max: 2 }),
  last: fc.boolean(),
  history: fc.constantFrom(undefined, 'recent' as const, 'complete' as const),
  added: fc.array(record, { maxLength: 4 }),
  modified: fc.array(record, { maxLength: 2 }),
  removed: fc.array(ids, { maxLength: 2 }),
  accounts,
});
const content: fc.Arbitrary<EntryContent> = fc.oneof(
  {
    weight: 6,
    arbitrary: page.map(
      ({ loop, begins, number, last, history, ...lists }): PageEntry => ({
        ...samplePage(lists),
        loop: { id: loop, page: number, last, kind: begins },
        ...(history && { history }),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ accounts, at: fc.nat(9), last: fc.boolean() })
      .map(({ accounts: listed, at, last }) =>
        sampleAccounts({ accounts: listed, list: { id: 'list', last }, readEpochMs: 5_000 + at }),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      sampleStatus(),
      sampleStatus({ status: 'active', reason: null }),
      sampleLinked(),
      sampleLinked({ institutionId: 'ins-2' }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ back: record, asideVersion: fc.nat(6) })
      .map(({ back, asideVersion }) => sampleReturned({ records: [{ asideVersion, transaction: back }] })),
  },
);
const histories = fc.array(content, { maxLength: 30 }).map((rest) => [sampleLinked(), ...rest]);

describe('the changes of a connection', () => {
  it('from the first on give what a reader of the fold has, in pages of whatever size, each change once and in order', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        fc.boolean(),
        async (contents, sizes, remembers) => {
          const { table, head, fold } = await journalOf(contents);
          const all = await readAll(
            table,
            head,
            firstPosition,
            () => Number(sizes.next().value),
            remembers ? createFoldMemory(1_000_000) : undefined,
          );
          const mirror = emptyMirror();
          for (const change of all) apply(mirror, change);
          const standing = fold.current().map(({ transaction }) => [transaction.transactionId, transaction]);
          expect(Object.fromEntries(mirror.transactions)).toEqual(Object.fromEntries(standing));
          expect([...mirror.accounts.values()].map(lasting)).toEqual(head.accounts.map(lasting));
          expect(mirror.connection && says(mirror.connection)).toEqual(says(head));
          const places = all.map(({ version, index }) => version * 1_000 + index);
          expect(places).toEqual(places.toSorted((left, right) => left - right));
          expect(new Set(places).size).toBe(places.length);
          for (const { change } of all) seen.add(change.kind);
          if (head.accounts.some(({ state }) => state === 'replaced')) seen.add('replaced');
        },
      ),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual([
      'account.changed',
      'connection.changed',
      'replaced',
      'transaction.added',
      'transaction.modified',
      'transaction.removed',
    ]);
  });

  it('are the same wherever a reader begins', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(30), async (contents, at) => {
        const { table, head, entries } = await journalOf(contents);
        const whole = await readAll(table, head, firstPosition, () => 500);
        const from = entries[at % entries.length] as JournalEntry;
        const rest = await readAll(table, head, positionAt(from), () => 3);
        expect(rest).toEqual(whole.filter(({ version }) => version > from.version));
      }),
      { numRuns: 100 },
    );
  });

  it('say nothing of a loop before it is whole, and of what was read again and is the same', async () => {
    const half = samplePage({
      loop: { id: 'L', page: 1, last: false, kind: 'snapshot' },
      added: [sampleTransaction('a')],
    });
    const open = await journalOf([sampleLinked(), half]);
    expect((await readAll(open.table, open.head, firstPosition, () => 50)).map(({ change }) => change.kind)).toEqual([
      'connection.changed',
    ]);
    const again = sampleAccounts({ accounts: [sampleAccount('acc-1')], readEpochMs: 9_000 });
    const listed = sampleAccounts({ accounts: [sampleAccount('acc-1')] });
    const { table, head } = await journalOf([sampleLinked(), listed, again]);
    expect((await readAll(table, head, firstPosition, () => 50)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('of one large version come in pages, each record of the journal read once where there is a memory', async () => {
    const added = Array.from({ length: 40 }, (_, at) => sampleTransaction(`t${at}`));
    const { table, head } = await journalOf([sampleLinked(), samplePage({ added, history: 'complete' })]);
    let queries = 0;
    const counting: Table = {
      ...table,
      query: (...range) => {
        queries += 1;
        return table.query(...range);
      },
    };
    const all = await readAll(counting, head, firstPosition, () => 7, createFoldMemory(10_000_000));
    expect(all).toHaveLength(42);
    expect(new Set(all.map(({ version, index }) => `${version}.${index}`)).size).toBe(42);
    // The entries behind the place that was reached are read for each page; the fold below them is not made again.
    expect(queries).toBeLessThanOrEqual(2 * 7);
  });
});

describe('a position', () => {
  it('of a history that the connection does not have is refused', async () => {
    const { table, head } = await journalOf([sampleLinked(), samplePage()]);
    const refused = expect.objectContaining({ code: 'VERSION_UNKNOWN' });
    await expect(readChanges(table, head, { version: 3, given: 0, mark: '' }, { ...within, limit: 5 })).rejects.toEqual(
      refused,
    );
    await expect(
      readChanges(table, head, { version: 1, given: 0, mark: 'ffffffff' }, { ...within, limit: 5 }),
    ).rejects.toEqual(refused);
  });

  it('before the first entry is never answered with an erased history of the same name, be it in a cache or in memory', async () => {
    const erased = await journalOf([sampleLinked({ runId: 'old' }), samplePage({ added: [sampleTransaction('old')] })]);
    const now = await journalOf([
      sampleLinked({ runId: 'new' }),
      samplePage({ added: [sampleTransaction('new')] }),
      samplePage(),
    ]);
    const memory = createFoldMemory(1_000_000);
    await readAll(erased.table, erased.head, firstPosition, () => 1, memory);
    const stale: Table = {
      ...now.table,
      query: (range, options) => (options.fresh ? now.table : erased.table).query(range, options),
    };
    const all = await readAll(stale, now.head, firstPosition, () => 1, memory);
    expect(JSON.stringify(all)).not.toContain('"old"');
    expect(all.filter(({ change }) => change.kind === 'transaction.added')).toHaveLength(1);
  });

  it('moves as far as the time allows, and the next reading goes on from there', async () => {
    const pages = Array.from({ length: 40 }, (_, at) =>
      samplePage({ loop: { id: `L${at}`, page: 1, last: true, kind: 'delta' }, added: [sampleTransaction(`t${at}`)] }),
    );
    const { table, head } = await journalOf([sampleLinked(), ...pages]);
    let leftMs = 1_000;
    const hurried: Table = {
      ...table,
      query: (...range) => {
        leftMs -= 400;
        return table.query(...range);
      },
    };
    const deadline = { remainingMs: () => leftMs, elapsedMs: () => 0 };
    const first = await readChanges(hurried, head, firstPosition, { deadline, limit: 500 });
    expect(first).toMatchObject({ more: true, position: { version: 32 } });
    leftMs = 10_000;
    const second = await readChanges(hurried, head, first.position, { deadline, limit: 500 });
    expect(second).toMatchObject({ more: false, position: { version: 41 } });
    // The link, its first history, and the transactions.
    expect(first.changes.length + second.changes.length).toBe(42);
  });

  it('is not reached where entries are missing', async () => {
    const { table, head } = await journalOf([sampleLinked(), samplePage(), samplePage()]);
    await table.delete({ pk: 'CONN#c-1', sk: 'LOG#000000000003' }, within);
    await expect(readChanges(table, head, firstPosition, { ...within, limit: 5 })).rejects.toEqual(
      expect.objectContaining({ code: 'ENTRY_CORRUPT' }),
    );
  });
});
