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
    it('is served from the tables of its own region and access key', { timeout: RUN_TIMEOUT_MS }, async () => {
      await using harness = await startHarness();
      const get = { name: 'get', call: 'getItem', request: { TableName: 'table', Key: { pk: { S: 'a' } } } };
      const scope = { region: 'eu-west-2', accessKeyId: 'another' };
      await client.run('dax', harness.node.url, [get], scope);
      expect(harness.backend.requests.map(({ scope }) => scope)).toEqual(['another/eu-west-2']);
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
