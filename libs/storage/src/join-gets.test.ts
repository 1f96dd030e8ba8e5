import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { joinGets } from './join-gets.ts';
import { createMemoryTable } from './memory-table.ts';
import { StorageError } from './storage-error.ts';
import type { Table, TableKey } from './table.ts';

const deadlineOf = () => createDeadline(600_000, () => performance.now());
const keyOf = (index: number): TableKey => ({ pk: `p${index}`, sk: 's' });

async function counted(overrides: Partial<Table> = {}) {
  const table = createMemoryTable();
  for (let index = 0; index < 10; index++)
    await table.put({ ...keyOf(index), index }, undefined, { deadline: deadlineOf() });
  const calls: string[] = [];
  const joined = joinGets({
    ...table,
    get: (key, options) => {
      calls.push(`get ${key.pk}`);
      return (overrides.get ?? table.get)(key, options);
    },
    getAll: (keys, options) => {
      calls.push(`getAll ${keys.length}`);
      return (overrides.getAll ?? table.getAll)(keys, options);
    },
  });
  return { joined, calls };
}

describe('gets of one turn', () => {
  it('are one call, and each has its own item', async () => {
    const { joined, calls } = await counted();
    const options = { deadline: deadlineOf(), fresh: true };
    const asked = [3, 1, 999, 3].map((index) => joined.get(keyOf(index), options));
    expect((await Promise.all(asked)).map((item) => item?.index)).toEqual([3, 1, undefined, 3]);
    expect(calls).toEqual(['getAll 4']);
  });

  it('are gets where there is one, where they may be old, where deadlines differ, and a turn later', async () => {
    const { joined, calls } = await counted();
    const options = { deadline: deadlineOf(), fresh: true };
    expect(await joined.get(keyOf(1), options)).toMatchObject({ index: 1 });
    await Promise.all([2, 3].map((index) => joined.get(keyOf(index), { deadline: options.deadline })));
    await Promise.all([4, 5].map((index) => joined.get(keyOf(index), { deadline: deadlineOf(), fresh: true })));
    await joined.get(keyOf(6), options);
    expect(calls).toEqual(['get p1', 'get p2', 'get p3', 'get p4', 'get p5', 'get p6']);
  });

  it('fail together', async () => {
    const gone = new StorageError('TABLE_UNREACHABLE', {});
    const { joined } = await counted({ getAll: () => Promise.reject(gone) });
    const options = { deadline: deadlineOf(), fresh: true };
    const outcomes = await Promise.allSettled([1, 2].map((index) => joined.get(keyOf(index), options)));
    expect(outcomes).toEqual([1, 2].map(() => ({ status: 'rejected', reason: gone })));
  });
});
