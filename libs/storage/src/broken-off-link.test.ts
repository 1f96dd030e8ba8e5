import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { auditTable } from './audit.ts';
import { brokenOffAfterMs, eraseBrokenOffLink } from './broken-off-link.ts';
import { itemLinkKey, putItemLink } from './connection-links.ts';
import { createJournal, type Journal } from './journal.ts';
import { type LinkRequest, linkConnection } from './link-connection.ts';
import { createMemoryTable } from './memory-table.ts';
import { StorageError } from './storage-error.ts';
import type { Table, TableItem } from './table.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const openedEpochMs = 1_800_000_000_000;
const request: LinkRequest = {
  connectionId: 'c-1',
  userId: 'user-1',
  provider: 'plaid',
  institutionId: 'ins-1',
  itemId: 'item-1',
  sealedToken: 'v1.sealed',
  runId: 'run-1',
  writtenEpochMs: openedEpochMs,
};
const at = (ageMs: number) => ({ ...within, nowEpochMs: openedEpochMs + ageMs });

async function itemsOf(table: Table): Promise<TableItem[]> {
  const items: TableItem[] = [];
  for await (const item of table.scan(within)) items.push(item);
  return items;
}

/** A link that dies before its entry. */
async function breakOff(link: LinkRequest = request) {
  const table = createMemoryTable();
  const journal: Journal = { ...createJournal({ table }), append: () => Promise.reject(new Error('died')) };
  await expect(linkConnection({ journal, table }, link, within)).rejects.toThrow('died');
  return { table, items: () => itemsOf(table) };
}

describe('a link that broke off', () => {
  it('leaves nothing once nobody can go on with it', async () => {
    const { table, items } = await breakOff();
    expect((await auditTable(table, within)).findings.map(({ code }) => code)).toEqual(Array(3).fill('LINK_ORPHANED'));
    expect(await eraseBrokenOffLink(table, 'c-1', at(brokenOffAfterMs - 1))).toBe(false);
    expect(await items()).toHaveLength(3);
    expect(await eraseBrokenOffLink(table, 'c-1', at(brokenOffAfterMs))).toBe(true);
    expect(await items()).toEqual([]);
    expect(await eraseBrokenOffLink(table, 'c-1', at(brokenOffAfterMs))).toBe(false);
  });

  it('leaves nothing of a provider without Items either', async () => {
    const { itemId: _, ...without } = request;
    const { table, items } = await breakOff(without);
    expect(await eraseBrokenOffLink(table, 'c-1', at(brokenOffAfterMs))).toBe(true);
    expect(await items()).toEqual([]);
  });

  it.each(['LIST#', 'USER#', 'ITEM#'])(
    'leaves nothing where the table refuses the link of %s alone',
    async (refused) => {
      const table = createMemoryTable();
      const busy: Table = {
        ...table,
        put: (item, condition, options) =>
          item.pk.startsWith(refused)
            ? Promise.reject(new StorageError('TABLE_THROTTLED', { pk: item.pk }))
            : table.put(item, condition, options),
      };
      const linked = linkConnection({ journal: createJournal({ table: busy }), table: busy }, request, within);
      await expect(linked).rejects.toMatchObject({ code: 'TABLE_THROTTLED' });
      const left = await itemsOf(table);
      // By the list alone it is found again.
      expect(left.some(({ pk }) => pk.startsWith('LIST#'))).toBe(left.length > 0);
      await eraseBrokenOffLink(table, 'c-1', at(brokenOffAfterMs));
      expect(await itemsOf(table)).toEqual([]);
    },
  );

  it('does not take the Item from the connection that has it by now', async () => {
    const { table, items } = await breakOff();
    const item = { provider: 'plaid', itemId: 'item-1' };
    await putItemLink(table, item, 'c-2', within);
    expect(await eraseBrokenOffLink(table, 'c-1', at(brokenOffAfterMs))).toBe(true);
    expect(await items()).toEqual([{ ...itemLinkKey(item), connectionId: 'c-2' }]);
  });

  it('is none where the connection has had entries, whatever became of them', async () => {
    const table = createMemoryTable();
    await linkConnection({ journal: createJournal({ table }), table }, request, within);
    expect(await eraseBrokenOffLink(table, 'c-1', at(brokenOffAfterMs))).toBe(false);
    expect(await itemsOf(table)).toHaveLength(5);
  });
});
