import { createDeadline } from '@quartersec/sla';
import type { QuarantinedRecord } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { createFaultyTable, type PutFault } from './faulty-table.ts';
import { createMemoryTable } from './memory-table.ts';
import { openQuarantined, putAllQuarantined, putQuarantined, readQuarantined } from './quarantine.ts';
import { StorageError } from './storage-error.ts';
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
    await expect(put).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE', facts: { puts: 8 } });
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
  const records = Array.from({ length: 500 }, (_, at) => ({ ...record, path: `$input.added[${at}].amount` }));

  it('writes 500 records of a page beside each other, and leaves connections to others', async () => {
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
    await putAllQuarantined(counting, 'c-1', records, { ...within, receivedEpochMs });
    expect(await readQuarantined(table, 'c-1', within)).toHaveLength(500);
    expect(most).toBe(48);
  });

  it('gets further with each delivery where the table is slow, and writes nothing twice though each seal is another', async () => {
    const table = createMemoryTable();
    const slow = createSlowTable(table, { writeMs: 400, connections: 64 });
    let seals = 0;
    const seal = () => `sealed-${++seals}`;
    const sealed = records.map((each) => ({ ...each, original: 'as it came', asideVersion: 4 }));
    const deliver = async () => {
      const options = { receivedEpochMs, seal, deadline: createDeadline(2_000, slow.nowMs) };
      return await putAllQuarantined(slow.table, 'c-1', sealed, options).then(
        () => 'kept',
        (error: StorageError) => error.code,
      );
    };
    const kept = async () => (await readQuarantined(table, 'c-1', within)).length;
    expect([await deliver(), await kept()]).toEqual(['DEADLINE_EXCEEDED', 240]);
    expect([await deliver(), await kept()]).toEqual(['DEADLINE_EXCEEDED', 480]);
    expect([await deliver(), await kept()]).toEqual(['kept', 500]);
    expect([await deliver(), await kept()]).toEqual(['kept', 500]);
    const paths = (await readQuarantined(table, 'c-1', within)).map((each) => each.record.path);
    expect(new Set(paths).size).toBe(500);
  });

  it('fits 500 into the two seconds of an event at 150 ms a write', async () => {
    const table = createMemoryTable();
    const slow = createSlowTable(table, { writeMs: 150, connections: 64 });
    await putAllQuarantined(slow.table, 'c-1', records, {
      receivedEpochMs,
      deadline: createDeadline(2_000, slow.nowMs),
    });
    expect([(await readQuarantined(table, 'c-1', within)).length, slow.nowMs()]).toEqual([500, 1_650]);
  });

  it('keeps as many as there are of records that look alike, also when some of them are there', async () => {
    const table = createMemoryTable();
    let seals = 0;
    const options = { ...within, receivedEpochMs, seal: () => `sealed-${++seals}` };
    const alike = Array.from({ length: 3 }, () => ({ ...record, original: 'one of three' }));
    const bare = Array.from({ length: 2 }, () => ({ ...record, path: '$input.removed[0]' }));
    await putAllQuarantined(table, 'c-1', alike.slice(0, 1), options);
    await putAllQuarantined(table, 'c-1', [...alike, ...bare], options);
    await putAllQuarantined(table, 'c-1', [...alike, ...bare], options);
    const kept = (await readQuarantined(table, 'c-1', within)).map((each) => each.record);
    expect(kept.map(({ path, occurrence }) => `${path} ${occurrence}`).toSorted()).toEqual([
      '$input.added[3].amount 2',
      '$input.added[3].amount 3',
      '$input.added[3].amount undefined',
      '$input.removed[0] 2',
      '$input.removed[0] undefined',
    ]);
  });

  it('begins no write after one that failed, and ends when those under way have', async () => {
    const table = createMemoryTable();
    let puts = 0;
    const failing: Table = {
      ...table,
      async put(item, condition, options) {
        puts += 1;
        if (puts === 1) throw new StorageError('TABLE_REJECTED', { pk: item.pk });
        await new Promise((resolve) => setImmediate(resolve));
        return table.put(item, condition, options);
      },
    };
    const all = putAllQuarantined(failing, 'c-1', records, { ...within, receivedEpochMs });
    await expect(all).rejects.toMatchObject({ code: 'TABLE_REJECTED' });
    expect(puts).toBe(48);
    expect(await readQuarantined(table, 'c-1', within)).toHaveLength(47);
  });
});

/** Its clock moves only when every call waits: by then to the end of the write that ends first. */
function createSlowTable(table: Table, { writeMs, connections }: { writeMs: number; connections: number }) {
  let nowMs = 0;
  const underWay: { readonly endsMs: number; readonly end: () => void }[] = [];
  const waiting: (() => void)[] = [];
  let isTicking = false;
  const tick = () => {
    const [first] = underWay;
    if (first === undefined) {
      isTicking = false;
      return;
    }
    nowMs = first.endsMs;
    while (underWay[0]?.endsMs === nowMs) underWay.shift()?.end();
    setImmediate(tick);
  };
  const connection = async () => {
    if (underWay.length >= connections) await new Promise<void>((resolve) => waiting.push(resolve));
    await new Promise<void>((resolve) => {
      underWay.push({ endsMs: nowMs + writeMs, end: resolve });
      if (!isTicking) setImmediate(tick);
      isTicking = true;
    });
    waiting.shift()?.();
  };
  const slow: Table = {
    ...table,
    async put(item, condition, options) {
      const overMs = nowMs + options.deadline.remainingMs();
      if (overMs < nowMs + writeMs) throw new StorageError('DEADLINE_EXCEEDED', { pk: item.pk });
      await connection();
      if (nowMs > overMs) throw new StorageError('DEADLINE_EXCEEDED', { pk: item.pk });
      return table.put(item, condition, { ...options, deadline: within.deadline });
    },
    query: (range, options) => table.query(range, { ...options, deadline: within.deadline }),
  };
  return { table: slow, nowMs: () => nowMs };
}
