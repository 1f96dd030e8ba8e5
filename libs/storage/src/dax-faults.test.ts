import { createServer, type Server, type Socket } from 'node:net';
import { createDeadline } from '@quartersec/sla';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectDax } from './dax-client.ts';
import type { DaxAnswer, DaxLink } from './dax-link.ts';
import { type DaxStand, startDaxStand, startDynalite } from './dax-node.contract.ts';
import { createDaxTable } from './dax-table.ts';
import { createMemoryTable } from './memory-table.ts';

const key = { pk: 'a', sk: 'HEAD' };
const within = () => ({ deadline: createDeadline(600_000, () => performance.now()) });

describe('a table through DAX whose link', () => {
  let failures = 0;
  beforeEach(() => {
    failures = 0;
  });

  /** Every call through DAX comes to `answer`; the table behind it works. */
  function tableWith(answer: DaxAnswer) {
    const direct = createMemoryTable();
    const asked: string[] = [];
    const link: DaxLink = {
      async send({ operation }) {
        asked.push(operation);
        return answer;
      },
      connected: async () => true,
      close: () => {},
    };
    const onFailure = () => {
      failures += 1;
    };
    return { direct, asked, table: createDaxTable({ tableName: 't', link, direct, onFailure }) };
  }

  it.each([
    ['loses the answer', 'lost', 1],
    ['is not open', 'not-done', 1],
    ['is throttled', 'throttled', 1],
    ['refuses the request', 'rejected', 1],
    ['is still being made', 'not-ready', 0],
  ] as const)('%s (%s): reads from DynamoDB, and counts %i a read', async (_, kind, counted) => {
    const { direct, table, asked } = tableWith({ kind });
    await direct.put({ ...key, version: 1 }, undefined, within());
    expect(await table.get(key, within())).toEqual({ ...key, version: 1 });
    expect(failures).toBe(counted);
    expect(await table.query({ pk: 'a', fromSk: 'A', toSk: 'Z' }, within())).toEqual([{ ...key, version: 1 }]);
    expect(failures).toBe(2 * counted);
    await table.delete(key, within());
    expect(await direct.get(key, within())).toBeUndefined();
    expect(failures).toBe(2 * counted); // a delete is no read
    expect(asked).toEqual(['GetItem', 'Query', 'DeleteItem']);
  });

  it.each([
    ['answers', { kind: 'answered', answer: {} }, 'written', undefined],
    ['says that the condition did not hold', { kind: 'refused' }, 'refused', undefined],
    ['loses the answer', { kind: 'lost' }, 'unknown', undefined],
    ['is not open', { kind: 'not-done' }, 'written', 1],
    ['is throttled', { kind: 'throttled' }, 'written', 1],
    ['refuses the request', { kind: 'rejected' }, 'written', 1],
    ['is still being made', { kind: 'not-ready' }, 'written', 1],
  ] as const)('%s: a put is %s', async (_, answer, outcome, storedByDynamoDb) => {
    const { direct, table } = tableWith(answer);
    expect(await table.put({ ...key, version: 1 }, { kind: 'absent' }, within())).toBe(outcome);
    expect((await direct.get(key, within()))?.version).toBe(storedByDynamoDb);
    expect(failures).toBe(0);
  });
});

describe('a node that', () => {
  let dynamo: Awaited<ReturnType<typeof startDynalite>>;
  let stand: DaxStand;

  beforeAll(async () => {
    dynamo = await startDynalite();
    stand = await startDaxStand(dynamo.url);
  });

  afterAll(async () => {
    await stand?.close();
    await dynamo?.close();
  });

  it('is killed and comes back: reads and puts go on without it, and through it again', async () => {
    let failures = 0;
    let nowMs = 0;
    const { cache } = await stand.open({
      nowMs: () => nowMs,
      patienceMs: 250,
      onFailure: () => {
        failures += 1;
      },
    });
    expect(await cache.connected()).toBe(true);
    await cache.put({ ...key, version: 1 }, undefined, within());
    const many = Array.from({ length: 8 }, () => cache.get(key, within()));
    expect(await Promise.all(many)).toEqual(Array.from({ length: 8 }, () => ({ ...key, version: 1 })));
    expect(failures).toBe(0);

    await stand.stopNode();
    for (let version = 2; version <= 6; version++) {
      expect(await cache.get(key, within())).toEqual({ ...key, version: version - 1 });
      const condition = { kind: 'below', attribute: 'version', value: version } as const;
      const outcome = await cache.put({ ...key, version }, condition, within());
      if (outcome === 'unknown') await cache.put({ ...key, version }, condition, within());
    }
    expect(failures).toBe(5);

    await stand.startNode();
    nowMs += 10_000;
    expect(await cache.connected()).toBe(true);
    const hitsBefore = stand.node().stats().itemCache.hits;
    expect(await cache.get(key, within())).toEqual({ ...key, version: 6 });
    expect(await cache.get(key, within())).toEqual({ ...key, version: 6 });
    expect(stand.node().stats().itemCache.hits - hitsBefore).toBe(1);
    expect(failures).toBe(5);
  });

  it('is not there from the beginning is done without', async () => {
    const { cache } = await stand.open({ endpoint: 'dax://127.0.0.1:1' });
    expect(await cache.connected()).toBe(false);
    expect(await cache.put({ ...key, version: 1 }, { kind: 'absent' }, within())).toBe('written');
    expect(await cache.get(key, within())).toEqual({ ...key, version: 1 });
  });
});

describe('a node that accepts and never answers', () => {
  let silent: Server;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent?.close(resolve));
  });

  it('does not take the listeners of warnings with it', async () => {
    const listener = () => {};
    process.on('warning', listener);
    const { port } = silent.address() as { port: number };
    const connection = await connectDax({
      endpoint: `dax://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials: { current: () => ({ accessKeyId: 'local', secretAccessKey: 'local' }) },
    });
    connection.close();
    expect(process.listeners('warning')).toContain(listener);
    process.off('warning', listener);
  });
});
