import { createMemoryTable, type Table } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { createApiSystem } from '../testing/api-system.ts';

/** A table that tells what is under way when a user's ids are asked for. */
function watched() {
  const table = createMemoryTable();
  const besideIds: string[] = [];
  let isAsking = false;
  let failing: Error | undefined;
  const { query, get, getAll } = table;
  const heads = async <Answer>(name: string, answer: () => Promise<Answer>): Promise<Answer> => {
    if (isAsking) besideIds.push(name);
    if (failing !== undefined) throw failing;
    return answer();
  };
  const over: Table = {
    ...table,
    async query(...args) {
      isAsking = true;
      await new Promise(setImmediate);
      const answer = await query(...args);
      isAsking = false;
      return answer;
    },
    get: (...args) => heads('get', () => get(...args)),
    getAll: (...args) => heads('getAll', () => getAll(...args)),
  };
  return { over, besideIds, fail: (error: Error | undefined) => (failing = error) };
}

const idsOf = ({ body }: { readonly body: { connections: readonly { connectionId: string }[] } }) =>
  body.connections.map(({ connectionId }) => connectionId);

describe('the heads of a user', () => {
  it('are asked for beside the ids once those have been read, and are of the ids that the user has now', async () => {
    const { over, besideIds } = watched();
    const system = createApiSystem({ table: over });
    await system.link('c1');
    await system.link('c2');
    expect(idsOf(await system.get('/v1/connections'))).toEqual(['c1', 'c2']);
    expect(besideIds).toEqual([]);
    expect(idsOf(await system.get('/v1/connections'))).toEqual(['c1', 'c2']);
    expect(besideIds).toEqual(['getAll']);
    await system.link('c3');
    expect(idsOf(await system.get('/v1/connections'))).toEqual(['c1', 'c2', 'c3']);
    await system.forget('c1');
    await system.forget('c2');
    expect(idsOf(await system.get('/v1/connections'))).toEqual(['c3']);
    besideIds.length = 0;
    expect(idsOf(await system.get('/v1/insights'))).toEqual(['c3']);
    expect(besideIds).toEqual(['get']);
  });

  it('that could not be read ahead fail the read only where they are still of the user', async () => {
    const { over, fail } = watched();
    const system = createApiSystem({ table: over });
    await system.link('c1');
    await system.get('/v1/connections');
    fail(new Error('the table is gone'));
    expect((await system.get('/v1/connections')).status).toBe(500);
    fail(undefined);
    await system.forget('c1');
    fail(new Error('the table is gone'));
    expect(await system.get('/v1/connections')).toMatchObject({ status: 200, body: { connections: [] } });
  });
});
