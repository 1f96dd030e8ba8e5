import { createJournal, createMemoryTable, type Table } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { account } from '../scripted-pipeline.ts';
import { createApiSystem, nowEpochMs } from '../testing/api-system.ts';

describe('the connections of a user', () => {
  it('say what stands, what the user can do, how far the history goes and how fresh it is', async () => {
    const system = createApiSystem();
    await system.link('c1');
    await system.link('c2');
    await system.append('c1', system.page([], { accounts: [account('100')] }));
    await system.append('c2', {
      kind: 'status',
      runId: 's',
      writtenEpochMs: nowEpochMs,
      status: 'consent-expired',
      reason: 'CONSENT_EXPIRED',
      nextAttemptEpochMs: null,
    });
    const first = {
      connectionId: 'c1',
      version: 2,
      status: 'active',
      userAction: 'none',
      history: 'complete',
      syncedEpochMs: nowEpochMs,
      provider: 'plaid',
      institutionId: 'ins-1',
      consentExpiresEpochMs: null,
      accounts: 1,
    };
    const { body } = await system.get('/v1/connections');
    expect(body).toEqual({
      connections: [
        first,
        expect.objectContaining({
          connectionId: 'c2',
          status: 'consent-expired',
          userAction: 're-consent',
          syncedEpochMs: null,
        }),
      ],
      unreadable: [],
    });
    expect((await system.get('/v1/connections/c1')).body).toEqual(first);
    expect(JSON.stringify(body)).not.toContain('sealed');
  });

  it('are none of another user, nor one that is only being linked, nor one that a forged link names', async () => {
    const system = createApiSystem();
    await system.link('theirs', 'user-2');
    const within = { deadline: { remainingMs: () => 1_000, elapsedMs: () => 0 } };
    for (const sk of ['CONN#theirs', 'CONN#coming'])
      await system.table.put({ pk: 'USER#user-1', sk }, undefined, within);
    expect((await system.get('/v1/connections')).body).toEqual({ connections: [], unreadable: [] });
    for (const id of ['theirs', 'coming', 'absent'])
      expect(await system.get(`/v1/connections/${id}`)).toEqual(await system.get('/v1/connections/never-there'));
  });

  it('cost two calls of the table however many they are, and one more each where a head is missing or damaged', async () => {
    const table = createMemoryTable();
    const calls: string[] = [];
    const counted = new Proxy(table, {
      get: (target, name, receiver) => {
        if (!['scan', 'put'].includes(String(name))) calls.push(String(name));
        return Reflect.get(target, name, receiver);
      },
    });
    const system = createApiSystem({ table: counted });
    for (const connectionId of ['c1', 'c2', 'c3', 'c4']) await system.link(connectionId);
    const idsAndCalls = async () => {
      calls.length = 0;
      const { connections } = (await system.get('/v1/connections')).body;
      const ids = connections.map(({ connectionId }: { connectionId: string }) => connectionId);
      return { ids, calls: [...calls] };
    };
    const ids = ['c1', 'c2', 'c3', 'c4'];
    expect(await idsAndCalls()).toEqual({ ids, calls: ['query', 'getAll'] });
    const within = { deadline: { remainingMs: () => 1_000, elapsedMs: () => 0 } };
    await table.delete({ pk: 'CONN#c2', sk: 'HEAD' }, within);
    const head = await table.get({ pk: 'CONN#c3', sk: 'HEAD' }, within);
    await table.put({ ...head, pk: 'CONN#c3', sk: 'HEAD', version: 9 }, undefined, within);
    const mended = ['get', 'query'];
    const again = await idsAndCalls();
    expect(again.ids).toEqual(ids);
    expect(again.calls.toSorted()).toEqual(['query', 'getAll', ...mended, ...mended].toSorted());
  });

  it('are read with the next request after they changed, whatever a cache still has of them', async () => {
    const table = createMemoryTable();
    const plain = createApiSystem({ table });
    const first = new Map<string, Awaited<ReturnType<Table['get']>>>();
    const cache: Table = {
      ...table,
      async get(key, options) {
        const name = JSON.stringify(key);
        if (!first.has(name)) first.set(name, await table.get(key, options));
        return first.get(name);
      },
    };
    const system = createApiSystem({ table, journal: createJournal({ table, cache }) });
    await plain.link('c1');
    for (let version = 2; version < 6; version += 1) {
      await plain.append('c1', plain.page([]));
      expect((await system.get('/v1/connections/c1')).body.version).toBe(version);
    }
    await plain.forget('c1');
    expect((await system.get('/v1/connections')).body.connections).toEqual([]);
  });
});
