/** What a client in another language must show: through the node as directly, the table of operations and random ones. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaxNode, startDaxNode } from '../dax-node.ts';
import { type CallResult, comparableFailure } from './client-calls.ts';
import type { ClientKind, ClientProcess } from './client-process.ts';
import { comparable } from './comparable.ts';
import { asProcessOperations, findDifferences, randomRun } from './differential.ts';
import { createTables, newPrefix, startTestDynamo, type TestDynamo } from './dynamodb.ts';
import { asDynamoDbAnswers } from './dynoxide-differences.ts';
import { startHarness } from './harness.ts';
import { comparedPart, readInteropOperations } from './interop-operations.ts';
import { newLocalAuthority } from './local-authority.ts';
import { startMovingNode } from './moving-node.ts';
import { startScriptedBackend } from './scripted-backend.ts';

const PREPARE_TIMEOUT_MS = 600_000;
const RUN_TIMEOUT_MS = 120_000;

/** Leaves the client out where it cannot be had, with a word on how to get it; in CI that is an error. */
export async function describeClientProcess(client: ClientProcess): Promise<void> {
  const leftOut = await client.prepare();
  if (leftOut !== undefined) {
    if (process.env.CI === 'true') throw new Error(leftOut);
    process.stdout.write(`${leftOut}\n`);
  }
  const { language } = client;
  const asCompared = (result: CallResult, unordered: boolean | undefined): CallResult =>
    result.error === undefined
      ? { answer: comparable(result.answer, unordered) }
      : { error: comparableFailure(result.error) };

  describe.skipIf(leftOut !== undefined)(
    `${language} client: through the node as directly`,
    {
      timeout: PREPARE_TIMEOUT_MS,
    },
    async () => {
      if (leftOut !== undefined) return;
      const prefixes = { dax: newPrefix(), direct: newPrefix() };
      const dynamo = await startTestDynamo();
      const node = await startDaxNode({ endpoint: dynamo.endpoint });
      afterAll(async () => {
        await node.close();
        await dynamo.close();
      });
      const operationsOf = (prefix: string) =>
        readInteropOperations(prefix).filter(
          ({ needs, differs }) => differs?.[language] === undefined && (needs !== 'transactions' || dynamo.isDynoxide),
        );
      const operations = operationsOf(prefixes.dax);
      let answers: CallResult[] = [];
      let direct: CallResult[] = [];

      it('runs all operations', { timeout: RUN_TIMEOUT_MS }, async () => {
        await createTables(dynamo.client, prefixes.dax);
        await createTables(dynamo.client, prefixes.direct);
        [answers, direct] = await Promise.all([
          client.run('dax', node.url, operations),
          client.run('direct', dynamo.endpoint, operationsOf(prefixes.direct)),
        ]);
        expect([answers.length, direct.length]).toEqual([operations.length, operations.length]);
      });

      it.each(operations.map((operation, index) => ({ operation, index })))(
        '$operation.name',
        ({ operation, index }) => {
          const resultOf = (results: readonly CallResult[]) =>
            asCompared(results[index] as CallResult, operation.unordered);
          const compared = (result: CallResult) => JSON.stringify(comparedPart(operation, language, result));
          const [throughNode, directly] = [resultOf(answers), resultOf(direct)];
          const known = dynamo.isDynoxide ? asDynamoDbAnswers(operation, directly, throughNode) : directly;
          expect(JSON.parse(compared(throughNode))).toEqual(
            JSON.parse(compared(known).replaceAll(prefixes.direct, prefixes.dax)),
          );
        },
      );

      it('kept its connections in order', () => {
        expect(node.stats().connections.refused).toBe(0);
        expect(node.stats().itemCache.hits).toBeGreaterThan(50);
      });
    },
  );

  describe.skipIf(leftOut !== undefined)(`${language} client`, () => {
    const get = { name: 'get', call: 'getItem', request: { TableName: 'table', Key: { pk: { S: 'a' } } } };

    it('is served from the tables of its own region and access key', { timeout: RUN_TIMEOUT_MS }, async () => {
      await using harness = await startHarness();
      await client.run('dax', harness.node.url, [get], { region: 'eu-west-2', accessKeyId: 'another' });
      expect(harness.backend.requests.map(({ scope }) => scope)).toEqual(['another/eu-west-2']);
    });

    it('is told of capacity where the table used some, and makes its own of reads that the cache answers', {
      timeout: RUN_TIMEOUT_MS,
    }, async () => {
      const consumed = { TableName: 'table', CapacityUnits: 2.5 };
      const answers: Record<string, object> = {
        GetItem: { Item: { pk: { S: 'a' } }, ConsumedCapacity: consumed },
        Query: { Items: [], Count: 0, ScannedCount: 0, ConsumedCapacity: consumed },
        BatchGetItem: { Responses: { table: [{ pk: { S: 'b' } }] }, ConsumedCapacity: [consumed] },
      };
      await using harness = await startHarness(({ operation }) => answers[operation] ?? { ConsumedCapacity: consumed });
      const asked = { ReturnConsumedCapacity: 'TOTAL' };
      const keys = [{ pk: { S: 'b' } }];
      const reads = {
        getItem: { ...get.request, ...asked },
        query: {
          TableName: 'table',
          KeyConditionExpression: 'pk = :a',
          ExpressionAttributeValues: { ':a': { S: 'a' } },
          ...asked,
        },
        batchGetItem: { RequestItems: { table: { Keys: keys } }, ...asked },
      };
      const calls = Object.entries(reads).flatMap(([call, request]) =>
        [0, 1].map(() => ({ name: call, call, request })),
      );
      const put = { name: 'put', call: 'putItem', request: { TableName: 'table', Item: { pk: { S: 'c' } }, ...asked } };
      const results = await client.run('dax', harness.node.url, [put, ...calls]);
      const units = results.map(({ answer }) => {
        const told = (answer as { ConsumedCapacity?: unknown }).ConsumedCapacity;
        const [one] = (Array.isArray(told) ? told : [told]) as ({ CapacityUnits: number } | undefined)[];
        return one?.CapacityUnits;
      });
      const { getItem, query, batchGetItem } = client.capacityOfCachedReads;
      expect(units).toEqual([2.5, 2.5, getItem, 2.5, query, 2.5, batchGetItem]);
    });

    it('goes on when the node restarts between and within its calls', { timeout: RUN_TIMEOUT_MS }, async () => {
      const stored: unknown[] = [];
      let restart = async () => {};
      let restarts = 0;
      const backend = await startScriptedBackend(async ({ operation, body }) => {
        const { pk } = (body.Key ?? body.Item) as { pk: { S: string } };
        // in the middle of a read, which the client is to repeat
        if (pk.S === 'restart' && restarts === 0) {
          restarts += 1;
          await restart();
        }
        if (operation === 'PutItem') stored.push(body.Item);
        return operation === 'GetItem' ? { Item: { pk, n: { N: '1' } } } : {};
      });
      await using node = await startMovingNode(backend.endpoint);
      restart = () => node.restart();
      const table = { TableName: 'table' };
      const put = (n: string) => ({ call: 'putItem', request: { ...table, Item: { pk: { S: 'a' }, n: { N: n } } } });
      const read = (pk: string) => ({ call: 'getItem', request: { ...table, Key: { pk: { S: pk } } } });
      const calls = [put('1'), read('b'), read('restart'), put('2'), read('b'), read('a')];
      const results = await client.run(
        'dax',
        node.url,
        calls.map((call, index) => ({ name: `${index}`, ...call })),
      );
      await backend.close();
      expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(results.at(-1)).toMatchObject({ answer: { Item: { pk: { S: 'a' }, n: { N: '2' } } } });
      // the ids of attribute lists that the client has kept mean the same names
      expect(stored).toEqual(['1', '2'].map((N) => ({ pk: { S: 'a' }, n: { N } })));
      expect(node.current.stats()).toMatchObject({ itemCache: { hits: 1, misses: 2 }, connections: { refused: 0 } });
    });

    it('reaches an encrypted node by a local authority, and no other', { timeout: RUN_TIMEOUT_MS }, async () => {
      using authority = newLocalAuthority();
      using other = newLocalAuthority();
      await using harness = await startHarness(() => ({ Item: { pk: { S: 'a' } } }), { tls: authority.tls });
      const read = (caFile: string) => client.run('dax', harness.node.url, [get], { caFile });
      expect(await read(authority.caFile)).toMatchObject([{ answer: { Item: { pk: { S: 'a' } } } }]);
      // one client fails when it is made, another at its first call
      const refused = await read(other.caFile).catch((error: Error) => [{ error: error.message }]);
      expect(refused).toEqual([expect.objectContaining({ error: expect.anything() })]);
      expect(harness.backend.requests.length).toBe(1);
    });
  });

  const { count, seed, timeoutMs, operations: randomOnes } = randomRun();
  describe.skipIf(leftOut !== undefined)(`${language} client: random operations`, () => {
    const prefixes = { dax: newPrefix(), direct: newPrefix() };
    let dynamo: TestDynamo;
    let node: DaxNode;
    beforeAll(async () => {
      dynamo = await startTestDynamo();
      await createTables(dynamo.client, prefixes.dax);
      await createTables(dynamo.client, prefixes.direct);
      // small enough to evict, and no query cache: writes do not invalidate it, as they do not in DAX
      node = await startDaxNode({ endpoint: dynamo.endpoint, queryTtlMs: 0, memoryLimitBytes: 12_000 });
    });
    afterAll(async () => {
      await node.close();
      await dynamo.close();
    });

    it(`are answered equally, ${count} of them from seed ${seed}`, { timeout: timeoutMs }, async () => {
      const { isDynoxide } = dynamo;
      const operations = randomOnes(isDynoxide);
      const run = async (kind: ClientKind, endpoint: string, prefix: string) => {
        const results = await client.run(kind, endpoint, asProcessOperations(operations, prefix));
        return results.map((result, index) => asCompared(result, operations[index]?.unordered));
      };
      const [throughNode, directly] = await Promise.all([
        run('dax', node.url, prefixes.dax),
        run('direct', dynamo.endpoint, prefixes.direct),
      ]);
      expect([throughNode.length, directly.length]).toEqual([count, count]);
      const compared = { language, seed, operations, isDynoxide, prefixes, throughNode, directly };
      expect(findDifferences(compared)).toEqual([]);
      const { itemCache, connections } = node.stats();
      expect(Math.min(itemCache.hits, itemCache.negativeHits, itemCache.evictions)).toBeGreaterThan(0);
      expect(connections.refused).toBe(0);
    });
  });
}
