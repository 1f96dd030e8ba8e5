import { describe, expect, it } from 'vitest';
import { createFoldMemory } from './fold-memory.ts';
import { type ConnectionFold, createConnectionFold } from './fold-transactions.ts';

/** A fold that says it holds so many records. */
const foldOf = (records: number): ConnectionFold => ({ ...createConnectionFold(), size: () => records });
const versionsOf = (memory: ReturnType<typeof createFoldMemory>, connectionId: string) => [
  ...memory.of(connectionId).keys(),
];

describe('the memory of folds', () => {
  it('holds a few versions of a connection, in their order, the newest of them', () => {
    const memory = createFoldMemory(1_000_000);
    for (const version of [3, 1, 2, 5, 4]) memory.keep('c-1', version, foldOf(1));
    expect(versionsOf(memory, 'c-1')).toEqual([2, 3, 4, 5]);
  });

  it('forgets the connections that were not asked for longest when their records are too many', () => {
    const memory = createFoldMemory(600_000); // 240 records
    memory.keep('c-1', 1, foldOf(99));
    memory.keep('c-2', 1, foldOf(99));
    memory.of('c-1');
    memory.keep('c-3', 1, foldOf(99));
    expect(['c-1', 'c-2', 'c-3'].map((id) => versionsOf(memory, id))).toEqual([[1], [], [1]]);
  });

  it('gives up older versions of a large connection rather than its newest', () => {
    const memory = createFoldMemory(280_000); // 112 records
    memory.keep('c-1', 1, foldOf(99));
    memory.keep('c-1', 2, foldOf(99));
    expect(versionsOf(memory, 'c-1')).toEqual([1, 2]);
    memory.keep('c-1', 3, foldOf(99));
    expect(versionsOf(memory, 'c-1')).toEqual([2, 3]);
  });

  it('holds nothing of a connection that is larger than all it may hold', () => {
    const memory = createFoldMemory(240_000);
    memory.keep('c-1', 1, foldOf(99));
    expect(versionsOf(memory, 'c-1')).toEqual([]);
    memory.keep('c-2', 1, foldOf(90));
    expect(versionsOf(memory, 'c-2')).toEqual([1]);
  });
});
