import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import {
  closeOnList,
  itemLinkKey,
  listKey,
  listShards,
  parseItemLink,
  parseListKey,
  parseOpenLink,
  putItemLink,
  putOnList,
  readListed,
} from './connection-links.ts';
import { createFaultyTable, type PutFault } from './faulty-table.ts';
import { createMemoryTable } from './memory-table.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };

describe('the list of connections', () => {
  it('is read page by page, each connection once, from every shard', async () => {
    const table = createMemoryTable();
    const ids = Array.from({ length: 300 }, (_, index) => `conn-${index}`);
    for (const id of [...ids, ...ids]) await putOnList(table, id, within);
    const read: string[] = [];
    for (let shard = 0; shard < listShards; shard++) {
      let after: string | undefined;
      for (;;) {
        const page = await readListed(table, { shard, after, limit: 2 }, within);
        read.push(...page);
        if (page.length < 2) break;
        after = page.at(-1);
      }
    }
    expect(read.toSorted()).toEqual(ids.toSorted());
  });

  it('knows its items by their place: one that lies in another shard is none', () => {
    const key = listKey('conn-1');
    expect(parseListKey(key)).toBe('conn-1');
    expect(parseListKey({ ...key, pk: key.pk === 'LIST#00' ? 'LIST#01' : 'LIST#00' })).toBeUndefined();
    expect(parseListKey({ ...key, sk: 'HEAD' })).toBeUndefined();
  });
});

describe('a link under way', () => {
  const open = { userId: 'u', provider: 'plaid', itemId: 'item-1', openedEpochMs: 5 };

  it('is told from the list item of a connection, and from items of other shapes', async () => {
    const table = createMemoryTable();
    await putOnList(table, 'c', within, open);
    const item = await table.get(listKey('c'), within);
    expect(item && parseOpenLink(item)).toEqual(open);
    expect(parseOpenLink({ ...listKey('c'), userId: 'u', provider: 'plaid', openedEpochMs: 5 })).toEqual({
      userId: 'u',
      provider: 'plaid',
      openedEpochMs: 5,
    });
    expect(parseOpenLink({ ...listKey('c') })).toBeUndefined();
    for (const wrong of [{ userId: 7 }, { provider: 7 }, { openedEpochMs: '5' }, { itemId: 7 }, { more: 1 }])
      expect(parseOpenLink({ ...listKey('c'), ...open, ...wrong }), JSON.stringify(wrong)).toBeUndefined();
  });

  it('is closed by the call that opened it, and by none after an erasure', async () => {
    const table = createMemoryTable();
    await putOnList(table, 'c', within, open);
    await closeOnList(table, 'c', { ...open, openedEpochMs: 4 }, within);
    expect(await table.get(listKey('c'), within)).toEqual({ ...listKey('c'), ...open });
    await closeOnList(table, 'c', open, within);
    expect(await table.get(listKey('c'), within)).toEqual(listKey('c'));
    await table.delete(listKey('c'), within);
    await closeOnList(table, 'c', open, within);
    expect(await table.get(listKey('c'), within)).toBeUndefined();
  });
});

describe('the link of an Item', () => {
  const key = itemLinkKey({ provider: 'plaid', itemId: 'item-1' });

  it('is told from items of other shapes', () => {
    expect(parseItemLink({ ...key, connectionId: 'c' })).toEqual({ connectionId: 'c' });
    expect(parseItemLink({ ...key, connectionId: 7 })).toBeUndefined();
    expect(parseItemLink({ ...key, connectionId: 'c', more: 1 })).toBeUndefined();
    expect(parseItemLink({ ...key, sk: 'OTHER', connectionId: 'c' })).toBeUndefined();
  });

  it('is written again while answers get lost, and given up after four', async () => {
    const faults: PutFault[] = ['lost-before', 'lost-after'];
    const table = createMemoryTable();
    const faulty = createFaultyTable(table, { nextPutFault: () => faults.shift() });
    await putItemLink(faulty, { provider: 'plaid', itemId: 'item-1' }, 'c', within);
    expect(await table.get(key, within)).toEqual({ ...key, connectionId: 'c' });
    const dead = createFaultyTable(table, { nextPutFault: () => 'lost-before' });
    const given = putItemLink(dead, { provider: 'plaid', itemId: 'item-2' }, 'c', within);
    await expect(given).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE' });
  });
});
