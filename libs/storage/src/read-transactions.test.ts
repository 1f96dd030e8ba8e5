import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { sealEntry } from './entry-codec.ts';
import { entryHash } from './entry-hash.ts';
import { foldTransactions } from './fold-transactions.ts';
import { sampleLinked, samplePage, sampleTransaction } from './journal-samples.ts';
import { createMemoryTable } from './memory-table.ts';
import type { EntryContent, JournalEntry } from './model.ts';
import { readTransactions } from './read-transactions.ts';
import type { RangeQuery, Table } from './table.ts';

const within = { deadline: createDeadline(60_000, () => performance.now()) };

/** A journal of `versions` entries: the link, then one transaction `<prefix><version>` each. */
async function journalOf(versions: number, prefix = 't') {
  const table = createMemoryTable();
  const entries: JournalEntry[] = [];
  for (let version = 1; version <= versions; version++) {
    const added = [sampleTransaction(`${prefix}${version}`)];
    const content: EntryContent =
      version === 1
        ? sampleLinked({ runId: prefix })
        : samplePage({ loop: { id: `L${version}`, page: 1, last: true }, added });
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
  it('reads only as many blocks as the limit needs, newest first', async () => {
    const { counting, head, bounds } = await journalOf(37);
    const read = await readTransactions(counting, head, { ...within, limit: 3 });
    expect(idsOf(read)).toEqual(['t37', 't36', 't35']);
    expect(read.oldestVersion).toBe(33);
    expect(bounds()).toEqual([[33, 37]]);
  });

  it('goes on block by block: bounds are the same for every head, so that a cache can keep them', async () => {
    const { counting, head, bounds, queries } = await journalOf(37);
    const read = await readTransactions(counting, head, { ...within, limit: 6 });
    expect(idsOf(read)).toEqual(['t37', 't36', 't35', 't34', 't33', 't32']);
    expect(bounds()).toEqual([
      [33, 37],
      [17, 32],
    ]);
    expect(queries.every(({ fresh }) => !fresh)).toBe(true);
  });

  it('without a limit is the fold of the whole journal', async () => {
    const { counting, entries, head, bounds } = await journalOf(33);
    const read = await readTransactions(counting, head, within);
    expect(read).toEqual({ transactions: foldTransactions(entries), oldestVersion: 1 });
    expect(bounds()).toEqual([
      [33, 33],
      [17, 32],
      [1, 16],
    ]);
  });

  it('stops at the beginning when there are fewer than asked for', async () => {
    const { table, head } = await journalOf(3);
    const read = await readTransactions(table, head, { ...within, limit: 50 });
    expect(idsOf(read)).toEqual(['t3', 't2']);
    expect(read.oldestVersion).toBe(1);
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
    const body = String((await table.get(key, within))?.body);
    const prev = '1'.repeat(64);
    await table.put({ ...key, prev, body, hash: entryHash(prev, key.pk, key.sk, body) }, undefined, within);
    const expected = { code: 'ENTRY_CORRUPT', facts: { version } };
    await expect(readTransactions(table, head, within)).rejects.toMatchObject(expected);
  });

  it('names a chain that is not the one the head belongs to', async () => {
    const { table, head } = await journalOf(3);
    const read = readTransactions(table, { ...head, hash: '1'.repeat(64) }, within);
    await expect(read).rejects.toMatchObject({ code: 'ENTRY_CORRUPT', facts: { version: 3 } });
  });
});
