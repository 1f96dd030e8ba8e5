import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { createMemoryTable } from './memory-table.ts';
import { putQuarantined } from './quarantine.ts';
import { summariseQuarantines } from './quarantine-summary.ts';

const within = { deadline: createDeadline(60_000, () => performance.now()) };
const record = (path: string, received: string) => ({
  path,
  reason: 'SCHEMA' as const,
  expected: 'a number',
  received,
  redacted: '{}',
  original: '{"name":"Erika Mustermann"}',
});

async function tableWith() {
  const table = createMemoryTable();
  const put = (connectionId: string, path: string, received: string, seal?: (text: string) => string) =>
    putQuarantined(table, connectionId, record(path, received), {
      ...within,
      receivedEpochMs: 1_764_000_000_000,
      ...(seal !== undefined && { seal }),
    });
  await put('c-2', '$input.added[0].amount', 'string', () => 'sealed');
  await put('c-1', '$input.added[0].amount', 'string', () => 'sealed');
  await put('c-1', '$input.added[17].amount', 'null');
  await put('c-1', '$input.added[3].date', 'string', () => 'sealed');
  await table.put({ pk: 'CONN#c-1', sk: 'HEAD' }, undefined, within);
  return table;
}

describe('the list of what is set aside', () => {
  it('counts by connection, reason and place, and shows nothing of a record', async () => {
    const rows = await summariseQuarantines(await tableWith(), within);
    const row = { reason: 'SCHEMA', records: 1, openable: 1 };
    expect(rows).toEqual([
      { ...row, connectionId: 'c-1', path: '$input.added[].amount', records: 2, openable: 1 },
      { ...row, connectionId: 'c-1', path: '$input.added[].date' },
      { ...row, connectionId: 'c-2', path: '$input.added[].amount' },
    ]);
  });

  it('counts one connection alone', async () => {
    const rows = await summariseQuarantines(await tableWith(), { ...within, connectionId: 'c-2' });
    expect(rows.map(({ connectionId, records }) => [connectionId, records])).toEqual([['c-2', 1]]);
    expect(await summariseQuarantines(await tableWith(), { ...within, connectionId: 'c-3' })).toEqual([]);
  });

  it('counts a damaged one as damaged', async () => {
    const table = createMemoryTable();
    await table.put({ pk: 'QUAR#c-1', sk: '2026#x', body: '{}', expiresEpochSeconds: 1 }, undefined, within);
    expect(await summariseQuarantines(table, within)).toMatchObject([{ reason: 'DAMAGED', records: 1, openable: 0 }]);
  });
});
