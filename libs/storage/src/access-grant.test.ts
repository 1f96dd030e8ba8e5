import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { createGrantRecords, grantKey, type StoredGrant } from './access-grant.ts';
import { auditTable } from './audit.ts';
import { createFaultyTable, type PutFault } from './faulty-table.ts';
import { forgetConnection } from './forget.ts';
import { createJournal } from './journal.ts';
import { linkConnection } from './link-connection.ts';
import { createMemoryTable } from './memory-table.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const first = { consentId: 'aac-1', sealedTokens: 'v1.a', leaseUntilEpochMs: 0 };

function recordsOver(table = createMemoryTable()) {
  let ids = 0;
  return createGrantRecords(table, { newId: () => `run-${++ids}` });
}

describe('the tokens of a connection that are renewed', () => {
  it('are none before the first renewal, and then the last that were written', async () => {
    const records = recordsOver();
    expect(await records.read('c-1', within)).toBeUndefined();
    const written = await records.follow('c-1', undefined, first, within);
    expect(written).toEqual({ ...first, revision: 1 });
    const second = await records.follow('c-1', written, { ...first, sealedTokens: 'v1.b' }, within);
    expect(second).toMatchObject({ revision: 2 });
    expect(await records.read('c-1', within)).toEqual(second);
  });

  it('are written by one of two who began from the same ones', async () => {
    const records = recordsOver();
    const written = (await records.follow('c-1', undefined, first, within)) as StoredGrant;
    const both = await Promise.all([
      records.follow('c-1', written, { ...first, leaseUntilEpochMs: 5 }, within),
      records.follow('c-1', written, { ...first, leaseUntilEpochMs: 6 }, within),
    ]);
    expect(both.filter((each) => each === undefined)).toHaveLength(1);
    expect(await records.follow('c-1', undefined, first, within)).toBeUndefined();
  });

  it.each(['lost-after', 'lost-before'] as const)('are known to be written where the answer is %s', async (fault) => {
    const table = createMemoryTable();
    const faults: PutFault[] = [fault];
    const faulty = createFaultyTable(table, { nextPutFault: () => faults.shift() });
    expect(await recordsOver(faulty).follow('c-1', undefined, first, within)).toMatchObject({ revision: 1 });
    expect(await recordsOver(table).read('c-1', within)).toMatchObject({ revision: 1 });
  });

  it('are not believed where the item is damaged', async () => {
    const table = createMemoryTable();
    await table.put({ ...grantKey('c-1'), revision: 'one' }, undefined, within);
    expect(await recordsOver(table).read('c-1', within)).toBeUndefined();
  });

  it('go with their connection, and are no finding of the audit', async () => {
    const table = createMemoryTable();
    const journal = createJournal({ table });
    const link = { userId: 'u', provider: 'openbanking-uk', institutionId: 'b', sealedToken: 's', runId: 'r' };
    await linkConnection({ journal, table }, { ...link, connectionId: 'c-1', writtenEpochMs: 1 }, within);
    await recordsOver(table).follow('c-1', undefined, first, within);
    expect((await auditTable(table, within)).findings).toEqual([]);
    await forgetConnection(table, 'c-1', within);
    expect(await recordsOver(table).read('c-1', within)).toBeUndefined();
    expect(await forgetConnection(table, 'c-1', within)).toBe(0);
  });
});
