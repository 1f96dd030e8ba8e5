import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { sealEntry } from './entry-codec.ts';
import { createFoldMemory } from './fold-memory.ts';
import { foldTransactions } from './fold-transactions.ts';
import { sampleLinked, samplePage, sampleTransaction } from './journal-samples.ts';
import { createMemoryTable } from './memory-table.ts';
import type { EntryContent, JournalEntry } from './model.ts';
import { type PageOptions, readTransactionPage, readTransactions } from './read-transactions.ts';
import { StorageError } from './storage-error.ts';
import type { RangeQuery, Table } from './table.ts';
import { rewritten } from './testing/damaged-items.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };

/** A journal of `versions` entries: the link, then one transaction `<prefix><version>` each. */
async function journalOf(versions: number, prefix = 't') {
  const table = createMemoryTable();
  const entries: JournalEntry[] = [];
  for (let version = 1; version <= versions; version++) {
    const added = [sampleTransaction(`${prefix}${version}`)];
    const content: EntryContent =
      version === 1
        ? sampleLinked({ runId: prefix })
        : samplePage({ loop: { id: `L${version}`, page: 1, last: true, kind: 'delta' }, added });
    const { entry, item } = sealEntry(entries.at(-1), 'c-1', content);
    entries.push(entry);
    await table.put(item, undefined, within);
  }
  const queries: (RangeQuery & { readonly fresh: boolean })[] = [];
  const counting: Table = {
    ...table,
    query: (range, options) => {
      queries.push({ ...range, fresh: options.fresh ?? false });
      return table.query(range, options);
    },
  };
  const last = entries.at(-1);
  if (last === undefined) throw new Error('no entries');
  const bounds = () => queries.map(({ fromSk, toSk }) => [Number(fromSk.slice(4)), Number(toSk.slice(4))]);
  return { table, counting, entries, head: last, queries, bounds };
}

const idsOf = (read: Awaited<ReturnType<typeof readTransactions>>) =>
  read.transactions.map(({ transaction }) => transaction.transactionId);

describe('readTransactions', () => {
  it('reads the journal in whole blocks, so that a cache can keep their answers', async () => {
    const { counting, entries, head, bounds, queries } = await journalOf(37);
    const read = await readTransactions(counting, head, within);
    expect(read).toEqual({ transactions: foldTransactions(entries) });
    expect(bounds()).toEqual([
      [1, 16],
      [17, 32],
      [33, 37],
    ]);
    expect(queries.every(({ fresh }) => !fresh)).toBe(true);
  });

  it('cuts at the limit, and changes nothing else', async () => {
    const { table, entries, head } = await journalOf(9);
    const read = await readTransactions(table, head, { ...within, limit: 3 });
    expect(read.transactions).toEqual(foldTransactions(entries).slice(0, 3));
    expect(idsOf(await readTransactions(table, head, { ...within, limit: 50 }))).toHaveLength(8);
  });

  it('with a memory reads each entry once, also when the connection goes on', async () => {
    const { counting, entries, head, bounds, queries } = await journalOf(20);
    const memory = createFoldMemory(1_000_000);
    const [, ...rest] = entries;
    const before = entries[16] ?? head;
    expect(rest).toHaveLength(19);
    await readTransactions(counting, before, { ...within, memory });
    await readTransactions(counting, before, { ...within, memory });
    const read = await readTransactions(counting, head, { ...within, memory });
    expect(read).toEqual({ transactions: foldTransactions(entries) });
    expect(bounds()).toEqual([
      [1, 16],
      [17, 17],
      [18, 20],
    ]);
    // What lies behind a kept fold nobody else asks for, and its last entry may have been written a moment ago.
    expect(queries.map(({ fresh }) => fresh)).toEqual([false, false, true]);
  });

  it('with a memory goes on where the time was over, so that a long history is read in the end', async () => {
    const { counting, entries, head, bounds } = await journalOf(60);
    const memory = createFoldMemory(1_000_000);
    let calls = 0;
    const slow: Table = {
      ...counting,
      query: (range, options) => {
        calls += 1;
        if (calls % 3 === 0) throw new StorageError('DEADLINE_EXCEEDED', {});
        return counting.query(range, options);
      },
    };
    const outOfTime = expect.objectContaining({ code: 'DEADLINE_EXCEEDED' });
    await expect(readTransactions(slow, head, { ...within, memory })).rejects.toEqual(outOfTime);
    expect(await readTransactions(slow, head, { ...within, memory })).toEqual({
      transactions: foldTransactions(entries),
    });
    expect(bounds()).toEqual([
      [1, 16],
      [17, 32],
      [33, 48],
      [49, 60],
    ]);
  });

  it('drops from its memory what belongs to an erased connection of this name', async () => {
    const memory = createFoldMemory(1_000_000);
    const { table: erased, head: erasedHead } = await journalOf(5, 'before');
    await readTransactions(erased, erasedHead, { ...within, memory });
    const { table, head } = await journalOf(5);
    expect(idsOf(await readTransactions(table, head, { ...within, memory }))).toEqual(['t5', 't4', 't3', 't2']);
    const { table: longer, head: longerHead } = await journalOf(9, 'after');
    const read = await readTransactions(longer, longerHead, { ...within, memory });
    expect(idsOf(read)[0]).toBe('after9');
  });

  it('asks the table itself when a read lacks the newest entries', async () => {
    const { table, head } = await journalOf(5);
    const behind: Table = {
      ...table,
      query: async (range, options) => {
        const items = await table.query(range, options);
        return options.fresh ? items : items.slice(0, -1);
      },
    };
    expect(idsOf(await readTransactions(behind, head, { ...within, limit: 1 }))).toEqual(['t5']);
  });

  it.each([
    ['are of another chain', 5],
    ['begin with another chain', 2],
  ])('asks the table itself when cached entries %s: a connection of this name was erased', async (_, cached) => {
    const { table, head } = await journalOf(5);
    const { table: erased } = await journalOf(5, 'before');
    const stale: Table = {
      ...table,
      query: async (range, options) => {
        const items = await table.query(range, options);
        if (options.fresh) return items;
        return [...(await erased.query(range, options)).slice(0, cached), ...items.slice(cached)];
      },
    };
    expect(idsOf(await readTransactions(stale, head, { ...within, limit: 1 }))).toEqual(['t5']);
  });

  it.each([
    ['the newest is missing', 20],
    ['one in the middle is missing', 18],
    ['the last of a block is missing', 16],
    ['the first is missing', 1],
  ])('names a damaged journal when %s', async (_, version) => {
    const { table, head } = await journalOf(20);
    await table.delete({ pk: 'CONN#c-1', sk: `LOG#${String(version).padStart(12, '0')}` }, within);
    await expect(readTransactions(table, head, within)).rejects.toMatchObject({ code: 'ENTRY_CORRUPT' });
  });

  it.each([
    ['does not follow the one before', 3],
    ['is the first and claims one before', 1],
  ])('names an entry whose own hash holds and that %s', async (_, version) => {
    const { table, head } = await journalOf(5);
    const key = { pk: 'CONN#c-1', sk: `LOG#00000000000${version}` };
    const item = await table.get(key, within);
    if (item === undefined) throw new Error('the entry is not there');
    await table.put(rewritten(item, { prev: '1'.repeat(64) }), undefined, within);
    const expected = { code: 'ENTRY_CORRUPT', facts: { version } };
    await expect(readTransactions(table, head, within)).rejects.toMatchObject(expected);
  });

  it('names a chain that is not the one the head belongs to', async () => {
    const { table, head } = await journalOf(3);
    const read = readTransactions(table, { ...head, hash: '1'.repeat(64) }, within);
    await expect(read).rejects.toMatchObject({ code: 'ENTRY_CORRUPT', facts: { version: 3 } });
  });
});

describe('readTransactionPage', () => {
  async function everyPage(table: Table, head: JournalEntry, options: Partial<PageOptions> = {}) {
    const pages: string[][] = [];
    let after: PageOptions['after'];
    for (;;) {
      const asked = { ...within, limit: 3, ...options, ...(after && { after }) };
      const page = await readTransactionPage(table, head, asked);
      pages.push(page.transactions.map(({ transaction }) => transaction.transactionId));
      if (page.next === undefined) return pages;
      after = page.next;
    }
  }

  it('goes through the whole history in one order, none twice and none left out', async () => {
    const { table, head } = await journalOf(9);
    expect(await everyPage(table, head)).toEqual([
      ['t9', 't8', 't7'],
      ['t6', 't5', 't4'],
      ['t3', 't2'],
    ]);
  });

  it('goes on in the version that it began with, whatever is written meanwhile', async () => {
    const { table, entries, head } = await journalOf(9);
    const memory = createFoldMemory(1_000_000);
    const first = await readTransactionPage(table, entries[4] as JournalEntry, { ...within, limit: 2, memory });
    expect(first).toMatchObject({ version: 5, next: { version: 5, transactionId: 't4' } });
    if (first.next === undefined) throw new Error('a second page');
    for (const options of [{}, { memory }]) {
      const second = await readTransactionPage(table, head, { ...within, limit: 2, after: first.next, ...options });
      expect(second.transactions.map(({ transaction }) => transaction.transactionId)).toEqual(['t3', 't2']);
      expect(second.next).toBeUndefined();
    }
  });

  it('filters by account, dates and status, and ends with the last record that matches', async () => {
    const table = createMemoryTable();
    const added = [
      sampleTransaction('a', { bookingDate: '2026-01-01' }),
      sampleTransaction('b', { bookingDate: '2026-01-02', accountId: 'acc-2' }),
      sampleTransaction('c', { bookingDate: '2026-01-03' }),
      sampleTransaction('d', { bookingDate: null, executionDate: '2026-01-04', status: 'PDNG' }),
    ];
    const linked = sealEntry(undefined, 'c-1', sampleLinked());
    const { entry, item } = sealEntry(linked.entry, 'c-1', samplePage({ added }));
    await table.put(linked.item, undefined, within);
    await table.put(item, undefined, within);
    const read = (options: Partial<PageOptions>) => everyPage(table, entry, { limit: 1, ...options });
    expect(await read({ accountId: 'acc-1' })).toEqual([['d'], ['c'], ['a']]);
    expect(await read({ fromDate: '2026-01-02', toDate: '2026-01-03' })).toEqual([['c'], ['b']]);
    expect(await read({ status: 'PDNG' })).toEqual([['d']]);
    expect(await read({ accountId: 'nobody' })).toEqual([[]]);
  });

  it.each([0, 10])('refuses a position of version %i of a connection that has nine', async (version) => {
    const { table, head } = await journalOf(9);
    const after = { version, date: '2026-03-01', transactionId: 't3' };
    const read = readTransactionPage(table, head, { ...within, limit: 3, after });
    await expect(read).rejects.toMatchObject({ code: 'VERSION_UNKNOWN' });
  });
});
