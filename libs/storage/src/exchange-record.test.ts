import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { auditTable } from './audit.ts';
import { createExchangeRecords } from './exchange-record.ts';
import { createFaultyTable, type PutFault } from './faulty-table.ts';
import { createMemoryTable } from './memory-table.ts';
import type { Table } from './table.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const name = { userId: 'user-1', provider: 'plaid', publicToken: 'public-1' };
let ids = 0;
const recordsOf = (table: Table) =>
  createExchangeRecords(table, { newId: () => `run-${++ids}`, nowEpochMs: () => 5_000_000 });

describe('the record of an exchange', () => {
  it('lets one of many calls make it', async () => {
    const records = recordsOf(createMemoryTable());
    const begun = await Promise.all(Array.from({ length: 5 }, () => records.begin(name, within)));
    expect(begun.filter((state) => state === 'ours')).toHaveLength(1);
    expect(begun.filter((state) => state !== 'ours')).toEqual(Array(4).fill({ state: 'begun' }));
  });

  it('says what became of it, to its own user alone', async () => {
    const records = recordsOf(createMemoryTable());
    await records.begin(name, within);
    const exchanged = { state: 'exchanged', itemId: 'item-1', sealedToken: 'v1.x' } as const;
    await records.note(name, exchanged, within);
    expect(await records.begin(name, within)).toEqual(exchanged);
    await records.note(name, { state: 'linked', connectionId: 'c-1' }, within);
    expect(await records.begin(name, within)).toEqual({ state: 'linked', connectionId: 'c-1' });
    expect(await records.begin({ ...name, userId: 'user-2' }, within)).toBe('ours');
    await records.drop(name, within);
    expect(await records.begin(name, within)).toBe('ours');
  });

  it('has the hash of the token and an end, and is no difference to the audit', async () => {
    const table = createMemoryTable();
    await recordsOf(table).begin(name, within);
    const items = [];
    for await (const item of table.scan(within)) items.push(item);
    expect(JSON.stringify(items)).not.toContain('public-1');
    expect(items).toMatchObject([{ pk: 'USER#user-1', state: 'begun', expiresEpochSeconds: 5_000 + 86_400 }]);
    expect(await auditTable(table, within)).toMatchObject({ connections: 0, findings: [] });
  });

  it('counts a damaged one as begun', async () => {
    const table = createMemoryTable();
    const records = recordsOf(table);
    await records.begin(name, within);
    for await (const item of table.scan(within)) await table.put({ ...item, state: 'linked' }, undefined, within);
    expect(await records.begin(name, within)).toEqual({ state: 'begun' });
  });

  it('settles lost answers by reading back, and gives up when there are only such', async () => {
    const table = createMemoryTable();
    const faults: PutFault[] = ['lost-before', 'lost-after'];
    const faulty = recordsOf(createFaultyTable(table, { nextPutFault: () => faults.shift() }));
    expect(await faulty.begin(name, within)).toBe('ours');
    faults.push('lost-before');
    await faulty.note(name, { state: 'linked', connectionId: 'c-1' }, within);
    expect(await faulty.begin(name, within)).toEqual({ state: 'linked', connectionId: 'c-1' });
    const dead = recordsOf(createFaultyTable(createMemoryTable(), { nextPutFault: () => 'lost-before' }));
    await expect(dead.begin(name, within)).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE' });
    await expect(dead.note(name, { state: 'begun' }, within)).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE' });
  });
});
