/**
 * Random operations, each through the node and directly: the answers must be equal; 10,000 in CI, fewer elsewhere
 * (DAX_DIFFERENTIAL_OPERATIONS). Failures name the seed; replay with DAX_DIFFERENTIAL_SEED. Prefers Dynoxide (DYNOXIDE_URL) over dynalite.
 */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startDaxNode } from './dax-node.ts';
import { callClient } from './testing/client-calls.ts';
import { closeDaxClient, newDaxClient } from './testing/dax-client.ts';
import { createTables, newPrefix, startTestDynamo } from './testing/dynamodb.ts';
import { asDynamoDbAnswers } from './testing/dynoxide-differences.ts';
import { type RandomOperation, randomOperations } from './testing/random-operations.ts';

const IN_CI = process.env.CI === 'true';
const OPERATIONS = Number(process.env.DAX_DIFFERENTIAL_OPERATIONS ?? (IN_CI ? 10_000 : 300));
const SEED = Number(process.env.DAX_DIFFERENTIAL_SEED ?? Date.now() % 1_000_000_000);
const MS_AN_OPERATION = 200;
const DIFFERENCES_MAX = 5; // one is often followed by others

const named = (operation: RandomOperation, prefix: string): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(operation.request)
      .replaceAll('"SINGLE"', `"${prefix}-single"`)
      .replaceAll('"COMPOSITE"', `"${prefix}-composite"`),
  );

describe('random operations', () => {
  it(`are answered equally, ${OPERATIONS} of them from seed ${SEED}`, {
    timeout: 300_000 + OPERATIONS * MS_AN_OPERATION,
  }, async () => {
    const prefixes = { dax: newPrefix(), direct: newPrefix() };
    const dynamo = await startTestDynamo();
    await createTables(dynamo.client, prefixes.dax);
    await createTables(dynamo.client, prefixes.direct);
    // small enough to evict, and no query cache: writes do not invalidate it, as they do not in DAX
    const node = await startDaxNode({ endpoint: dynamo.endpoint, queryTtlMs: 0, memoryLimitBytes: 12_000 });
    const differences: object[] = [];
    const dax = newDaxClient(node.url);
    try {
      for (const [index, operation] of randomOperations(OPERATIONS, SEED, dynamo.isDynoxide).entries()) {
        const { call, unordered } = operation;
        const [answer, direct] = await Promise.all([
          callClient(dax, call, named(operation, prefixes.dax), unordered),
          callClient(dynamo.client, call, named(operation, prefixes.direct), unordered),
        ]);
        const known = dynamo.isDynoxide ? asDynamoDbAnswers(operation, direct, answer) : direct;
        const expected = JSON.stringify(known).replaceAll(prefixes.direct, prefixes.dax);
        if (!isDeepStrictEqual(JSON.parse(JSON.stringify(answer)), JSON.parse(expected))) {
          differences.push({ index, seed: SEED, operation, answer, direct });
        }
        if (differences.length === DIFFERENCES_MAX) break;
      }
      expect(differences).toEqual([]);
      const { itemCache } = node.stats();
      expect(Math.min(itemCache.hits, itemCache.negativeHits, itemCache.evictions)).toBeGreaterThan(0);
    } finally {
      closeDaxClient(dax);
      await node.close();
      await dynamo.close();
    }
  });
});
