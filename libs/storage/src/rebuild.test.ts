import { createDeadline } from '@quartersec/sla';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditTable } from './audit.ts';
import { itemLinkKey, listKey } from './connection-links.ts';
import { createFaultyTable, type PutFault } from './faulty-table.ts';
import { encodeHead } from './head-codec.ts';
import { createJournal } from './journal.ts';
import { samplePage } from './journal-samples.ts';
import { linkConnection } from './link-connection.ts';
import { createMemoryTable } from './memory-table.ts';
import type { Head } from './model.ts';
import { rebuildHead } from './rebuild.ts';
import type { Table, TableItem } from './table.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const headKey = { pk: 'CONN#c-1', sk: 'HEAD' };

describe('rebuildHead', () => {
  let table: Table;
  let first: Head;
  let head: Head;
  let item: TableItem;

  beforeEach(async () => {
    table = createMemoryTable();
    const journal = createJournal({ table });
    const link = { connectionId: 'c-1', userId: 'u', provider: 'plaid', institutionId: 'i', sealedToken: 's' };
    first = await linkConnection({ journal, table }, { ...link, runId: 'r', writtenEpochMs: 0 }, within);
    const result = await journal.append(first, 'c-1', samplePage(), within);
    if (result.outcome !== 'committed') throw new Error('expected a commit');
    head = result.head;
    item = encodeHead(head);
    await journal.saveHead(head, within);
  });

  it('leaves a head alone that is right', async () => {
    expect(await rebuildHead(table, 'c-1', within)).toEqual({ head, changed: false });
  });

  it.each<[string, () => TableItem]>([
    ['rolled back', () => encodeHead(first)],
    ['ahead of its journal', () => encodeHead({ ...head, version: 9 })],
    ['another cursor', () => encodeHead({ ...head, cursor: 'c9' })],
    ['a flipped bit', () => ({ ...item, body: String(item.body).replace('plaid', 'plaie') })],
    ['a version that is no number', () => ({ ...item, version: 'x' })],
    ['an attribute too many', () => ({ ...item, extra: 1 })],
    ['no check sum', () => ({ ...headKey, version: 99 })],
  ])('puts right a head with %s', async (_, damaged) => {
    await table.put(damaged(), undefined, within);
    expect(await rebuildHead(table, 'c-1', within)).toEqual({ head, changed: true });
    expect(await table.get(headKey, within)).toEqual(item);
    expect(await auditTable(table, within)).toMatchObject({ findings: [] });
  });

  it('writes the links of the list and the Item where a connection was linked before there were any', async () => {
    const linked = await linkConnection(
      { journal: createJournal({ table }), table },
      {
        ...{ connectionId: 'c-2', userId: 'u', provider: 'plaid', institutionId: 'i', sealedToken: 's' },
        itemId: 'item-2',
        runId: 'r',
        writtenEpochMs: 0,
      },
      within,
    );
    await table.delete(listKey('c-2'), within);
    await table.delete(itemLinkKey({ provider: 'plaid', itemId: 'item-2' }), within);
    expect((await auditTable(table, within)).findings.map(({ code, pk }) => [code, pk])).toEqual([
      ['LINK_MISSING', 'ITEM#plaid#item-2'],
      ['LINK_MISSING', listKey('c-2').pk],
    ]);
    expect(await rebuildHead(table, 'c-2', within)).toEqual({ head: linked, changed: false });
    expect(await auditTable(table, within)).toMatchObject({ findings: [] });
  });

  it('makes a head that is missing', async () => {
    await table.delete(headKey, within);
    expect(await rebuildHead(table, 'c-1', within)).toEqual({ head, changed: true });
    expect(await table.get(headKey, within)).toEqual(item);
  });

  it('does not overwrite the head that a run has written meanwhile', async () => {
    await table.put(encodeHead(first), undefined, within);
    let raced = false;
    const racing: Table = {
      ...table,
      async put(...args) {
        if (!raced) {
          raced = true;
          const journal = createJournal({ table });
          const result = await journal.append(head, 'c-1', samplePage({ cursorAfter: 'c2' }), within);
          if (result.outcome === 'committed') await journal.saveHead(result.head, within);
        }
        return table.put(...args);
      },
    };
    const rebuilt = await rebuildHead(racing, 'c-1', within);
    expect(rebuilt).toMatchObject({ head: { version: 3, cursor: 'c2' }, changed: false });
    expect((await table.get(headKey, within))?.version).toBe(3);
  });

  it('settles lost answers, and gives up when there are only such', async () => {
    await table.put(encodeHead(first), undefined, within);
    const faults: PutFault[] = ['lost-before', 'lost-after'];
    const faulty = createFaultyTable(table, { nextPutFault: () => faults.shift() });
    expect(await rebuildHead(faulty, 'c-1', within)).toEqual({ head, changed: true });
    await table.put(encodeHead(first), undefined, within);
    const dead = createFaultyTable(table, { nextPutFault: () => 'lost-before' });
    await expect(rebuildHead(dead, 'c-1', within)).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE' });
  });

  it('says so when there is no such connection, or its journal is damaged', async () => {
    await expect(rebuildHead(table, 'c-2', within)).rejects.toMatchObject({ code: 'CONNECTION_UNKNOWN' });
    await table.put({ pk: 'CONN#c-1', sk: 'LOG#000000000001', prev: '', hash: '', body: '' }, undefined, within);
    await expect(rebuildHead(table, 'c-1', within)).rejects.toMatchObject({ code: 'ENTRY_CORRUPT' });
  });
});
