import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { auditTable } from './audit.ts';
import { listKey, readItemLink, readListed } from './connection-links.ts';
import { createJournal, type Journal } from './journal.ts';
import { samplePage } from './journal-samples.ts';
import { type LinkRequest, linkConnection } from './link-connection.ts';
import { createMemoryTable } from './memory-table.ts';
import { readConnectionIds } from './user-link.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };

const request: LinkRequest = {
  connectionId: 'c-1',
  userId: 'user-1',
  provider: 'plaid',
  institutionId: 'ins-1',
  sealedToken: 'v1.sealed',
  runId: 'run-1',
  writtenEpochMs: 1,
};

function setUp() {
  const table = createMemoryTable();
  return { table, journal: createJournal({ table }) };
}

describe('linkConnection', () => {
  it('writes the first entry, the head and the link of the user', async () => {
    const { table, journal } = setUp();
    const head = await linkConnection({ journal, table }, request, within);
    expect(head).toMatchObject({ version: 1, userId: 'user-1', sealedToken: 'v1.sealed', status: 'active' });
    expect(await journal.readHead('c-1', within)).toEqual(head);
    expect(await readConnectionIds(table, 'user-1', within)).toEqual(['c-1']);
    expect(await auditTable(table, within)).toMatchObject({ connections: 1, entries: 1, findings: [] });
  });

  it('lets a webhook find the connection by its Item, and the schedule by its list', async () => {
    const { table, journal } = setUp();
    const item = { provider: 'plaid', itemId: 'item-1' };
    await linkConnection({ journal, table }, { ...request, itemId: item.itemId }, within);
    expect(await readItemLink(table, item, within)).toBe('c-1');
    expect(await readItemLink(table, { ...item, itemId: 'item-2' }, within)).toBeUndefined();
    const shard = Number(listKey('c-1').pk.slice('LIST#'.length));
    expect(await readListed(table, { shard, limit: 10 }, within)).toEqual(['c-1']);
    expect(await auditTable(table, within)).toMatchObject({ findings: [] });
  });

  it('leads from the Item of a new link into the same connection, and from the old one too', async () => {
    const { table, journal } = setUp();
    await linkConnection({ journal, table }, { ...request, itemId: 'item-1', consentExpiresEpochMs: 5 }, within);
    const head = await linkConnection({ journal, table }, { ...request, itemId: 'item-2' }, within);
    expect(head).toMatchObject({ version: 2, itemId: 'item-2' });
    expect(head).not.toHaveProperty('consentExpiresEpochMs');
    for (const itemId of ['item-1', 'item-2'])
      expect(await readItemLink(table, { provider: 'plaid', itemId }, within)).toBe('c-1');
    expect(await auditTable(table, within)).toMatchObject({ findings: [] });
  });

  it('adds a new token to a connection that is there, and lists it once', async () => {
    const { table, journal } = setUp();
    await linkConnection({ journal, table }, request, within);
    await linkConnection({ journal, table }, { ...request, connectionId: 'c-0' }, within);
    const head = await linkConnection({ journal, table }, { ...request, sealedToken: 'v1.new' }, within);
    expect(head).toMatchObject({ version: 2, sealedToken: 'v1.new' });
    expect(await readConnectionIds(table, 'user-1', within)).toEqual(['c-0', 'c-1']);
    expect(await readConnectionIds(table, 'user', within)).toEqual([]);
  });

  it('says on the list for whom it is only until there is an entry', async () => {
    const { table, journal } = setUp();
    const seen: unknown[] = [];
    const watched: Journal = {
      ...journal,
      async append(...args) {
        seen.push(await table.get(listKey('c-1'), within));
        return journal.append(...args);
      },
    };
    await linkConnection({ journal: watched, table }, { ...request, itemId: 'item-1' }, within);
    await linkConnection({ journal: watched, table }, { ...request, itemId: 'item-2' }, within);
    const open = { userId: 'user-1', provider: 'plaid', itemId: 'item-1', openedEpochMs: 1 };
    expect(seen).toEqual([{ ...listKey('c-1'), ...open }, listKey('c-1')]);
    expect(await table.get(listKey('c-1'), within)).toEqual(listKey('c-1'));
  });

  it('starts over when a run commits in between', async () => {
    const { table, journal } = setUp();
    const first = await linkConnection({ journal, table }, request, within);
    let interfered = false;
    const racing: Journal = {
      ...journal,
      async append(...args) {
        if (!interfered) await journal.append(first, 'c-1', samplePage(), within);
        interfered = true;
        return journal.append(...args);
      },
    };
    const head = await linkConnection({ journal: racing, table }, request, within);
    expect(head).toMatchObject({ version: 3, cursor: 'c1' });
    expect(await auditTable(table, within)).toMatchObject({ findings: [] });
  });

  it('gives up when other runs always win', async () => {
    const { table, journal } = setUp();
    const losing: Journal = { ...journal, append: async () => ({ outcome: 'conflict', head: undefined }) };
    const link = linkConnection({ journal: losing, table }, request, within);
    await expect(link).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE', facts: { conflicts: 8 } });
  });

  it('refuses the connection of another user and leaves nothing', async () => {
    const { table, journal } = setUp();
    await linkConnection({ journal, table }, request, within);
    const theft = linkConnection({ journal, table }, { ...request, userId: 'user-2' }, within);
    await expect(theft).rejects.toMatchObject({ code: 'CONNECTION_TAKEN', facts: { connectionId: 'c-1' } });
    expect(await readConnectionIds(table, 'user-2', within)).toEqual([]);
  });

  it('lets one of two users win who link the same connection at once', async () => {
    const { table, journal } = setUp();
    const results = await Promise.allSettled(
      ['user-1', 'user-2'].map((userId) =>
        linkConnection({ journal, table }, { ...request, userId, itemId: `item-of-${userId}` }, within),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'CONNECTION_TAKEN' } });
    expect(await auditTable(table, within)).toMatchObject({ connections: 1, entries: 1, findings: [] });
  });
});
