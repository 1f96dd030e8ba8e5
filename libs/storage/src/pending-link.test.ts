import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { auditTable } from './audit.ts';
import { createMemoryTable } from './memory-table.ts';
import { createPendingLinks, sealedFor } from './pending-link.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const name = { userId: 'anna', state: 'state-1' };

function setUp() {
  const table = createMemoryTable();
  let nowEpochMs = 1_000;
  const pending = createPendingLinks(table, { newId: () => 'run', nowEpochMs: () => nowEpochMs });
  return { table, pending, until: (epochMs: number) => (nowEpochMs = epochMs) };
}

describe('a link whose user is at the bank', () => {
  it('is found by its user and state until it is dropped', async () => {
    const { pending } = setUp();
    await pending.keep(name, 'sealed', 5_000, within);
    expect(await pending.read(name, within)).toBe('sealed');
    expect(await pending.read({ ...name, userId: 'bert' }, within)).toBeUndefined();
    expect(await pending.read({ ...name, state: 'state-2' }, within)).toBeUndefined();
    await pending.drop(name, within);
    expect(await pending.read(name, within)).toBeUndefined();
  });

  it('is over at its end, also while the table still has it', async () => {
    const { pending, until } = setUp();
    await pending.keep(name, 'sealed', 5_000, within);
    until(5_000);
    expect(await pending.read(name, within)).toBeUndefined();
  });

  it('stores no state, and ends by itself', async () => {
    const { table, pending } = setUp();
    await pending.keep(name, 'sealed', 5_001, within);
    const items = [];
    for await (const item of table.scan(within)) items.push(item);
    expect(JSON.stringify(items)).not.toContain('state-1');
    expect(items).toMatchObject([{ pk: 'USER#anna', expiresEpochSeconds: 6 }]);
    expect((await auditTable(table, within)).findings).toEqual([]);
  });

  it('is sealed for itself alone', () => {
    expect(sealedFor(name)).toMatch(/^link-[\w-]{43}$/);
    expect(sealedFor({ ...name, state: 'state-2' })).not.toBe(sealedFor(name));
  });
});
