import { createDeadline } from '@quartersec/sla';
import type { QuarantinedRecord } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { createFaultyTable, type PutFault } from './faulty-table.ts';
import { createMemoryTable } from './memory-table.ts';
import { openQuarantined, putAllQuarantined, putQuarantined, readQuarantined } from './quarantine.ts';
import type { Table, TableItem } from './table.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const receivedEpochMs = Date.UTC(2026, 2, 1, 12, 0, 0, 250);
const record: QuarantinedRecord = {
  path: '$input.added[3].amount',
  reason: 'SCHEMA',
  expected: 'number',
  received: 'string',
  redacted: '{"amount":"12.50","name":"***"}',
};

async function itemsOf(table: Table): Promise<TableItem[]> {
  const items: TableItem[] = [];
  for await (const item of table.scan(within)) items.push(item);
  return items;
}

describe('putQuarantined', () => {
  it('keeps the record for 90 days under its connection, by time', async () => {
    const table = createMemoryTable();
    await putQuarantined(table, 'c-1', record, { ...within, receivedEpochMs });
    const [item] = await itemsOf(table);
    expect(item).toMatchObject({ pk: 'QUAR#c-1', expiresEpochSeconds: 1_780_142_400 });
    expect(item?.sk).toMatch(/^2026-03-01T12:00:00\.250Z#[0-9a-f]{32}$/);
    expect(JSON.parse(String(item?.body))).toEqual(record);
    expect(await readQuarantined(table, 'c-1', within)).toEqual([
      { receivedEpochMs, expiresEpochSeconds: 1_780_142_400, record },
    ]);
  });

  it('keeps it once when the event is delivered again, also after a lost answer', async () => {
    const table = createMemoryTable();
    const faults: (PutFault | undefined)[] = ['lost-after', 'lost-before', undefined];
    const faulty = createFaultyTable(table, { nextPutFault: () => faults.shift() });
    await putQuarantined(faulty, 'c-1', record, { ...within, receivedEpochMs });
    await putQuarantined(faulty, 'c-1', { ...record }, { ...within, receivedEpochMs });
    expect(await itemsOf(table)).toHaveLength(1);
  });

  it('keeps different records of one event apart, and lists them oldest event first', async () => {
    const table = createMemoryTable();
    const put = (changes: Partial<QuarantinedRecord>, atMs: number) =>
      putQuarantined(table, 'c-1', { ...record, ...changes }, { ...within, receivedEpochMs: atMs, ttlDays: 1 });
    await put({ path: '$input.added[4].amount' }, receivedEpochMs + 1);
    await put({}, receivedEpochMs);
    await put({ path: '$input.added[5].amount' }, receivedEpochMs + 1);
    const stored = await readQuarantined(table, 'c-1', within);
    expect(stored.map((each) => each.receivedEpochMs - receivedEpochMs)).toEqual([0, 1, 1]);
    expect(stored[0]).toMatchObject({ expiresEpochSeconds: 1_772_452_800 });
    expect(await readQuarantined(table, 'c-2', within)).toEqual([]);
  });

  it('gives up when every answer gets lost', async () => {
    const faulty = createFaultyTable(createMemoryTable(), { nextPutFault: () => 'lost-before' });
    const put = putQuarantined(faulty, 'c-1', record, { ...within, receivedEpochMs });
    await expect(put).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE', facts: { puts: 4 } });
  });

  it('keeps the original sealed, and nothing of it as it came', async () => {
    const table = createMemoryTable();
    const seal = (original: string) => Buffer.from(original).toString('base64');
    const original = '{"name":"Erika Mustermann"}';
    await putQuarantined(table, 'c-1', { ...record, original }, { ...within, receivedEpochMs, seal });
    const [stored] = await readQuarantined(table, 'c-1', within);
    expect(stored?.record).toEqual({ ...record, sealed: seal(original) });
    await putQuarantined(table, 'c-2', { ...record, original }, { ...within, receivedEpochMs });
    expect(JSON.stringify(await itemsOf(table))).not.toContain('Mustermann');
  });

  it('is seen to be damaged in any attribute', async () => {
    const table = createMemoryTable();
    await putQuarantined(table, 'c-1', record, { ...within, receivedEpochMs });
    const [item] = await itemsOf(table);
    if (!item) throw new Error('no item');
    expect(openQuarantined(item)).toBeDefined();
    const damages: Record<string, string | number>[] = [
      { pk: 'QUAR#c-2' },
      { sk: item.sk.replace('2026', '2027') },
      { body: '{}' },
      { body: 1 },
      { expiresEpochSeconds: 1 },
      { expiresEpochSeconds: 'x' },
      { extra: 1 },
    ];
    for (const damage of damages) expect(openQuarantined({ ...item, ...damage } as TableItem)).toBeUndefined();
  });
});

describe('putAllQuarantined', () => {
  it('writes 500 records of a page beside each other, not one by one', async () => {
    const table = createMemoryTable();
    let running = 0;
    let most = 0;
    const counting: Table = {
      ...table,
      async put(item, condition, options) {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return table.put(item, condition, options);
      },
    };
    const records = Array.from({ length: 500 }, (_, at) => ({ ...record, path: `$input.added[${at}].amount` }));
    await putAllQuarantined(counting, 'c-1', records, { ...within, receivedEpochMs });
    expect(await readQuarantined(table, 'c-1', within)).toHaveLength(500);
    expect(most).toBe(500);
  });
});
