/** Random operations with AWS's JavaScript client; those of the other languages run them in their interop tests. */
import { describe, expect, it } from 'vitest';
import { startDaxNode } from './dax-node.ts';
import { type CallResult, callClient } from './testing/client-calls.ts';
import { closeDaxClient, newDaxClient } from './testing/dax-client.ts';
import { findDifferences, forTables, randomRun } from './testing/differential.ts';
import { createTables, newPrefix, startTestDynamo } from './testing/dynamodb.ts';

const { count, seed, timeoutMs, operations: randomOnes } = randomRun();

describe('javascript client: random operations', () => {
  it(`are answered equally, ${count} of them from seed ${seed}`, { timeout: timeoutMs }, async () => {
    const prefixes = { dax: newPrefix(), direct: newPrefix() };
    const dynamo = await startTestDynamo();
    await createTables(dynamo.client, prefixes.dax);
    await createTables(dynamo.client, prefixes.direct);
    // small enough to evict, and no query cache: writes do not invalidate it, as they do not in DAX
    const node = await startDaxNode({ endpoint: dynamo.endpoint, queryTtlMs: 0, memoryLimitBytes: 12_000 });
    const dax = newDaxClient(node.url);
    const { isDynoxide } = dynamo;
    const operations = randomOnes(isDynoxide);
    const throughNode: CallResult[] = [];
    const directly: CallResult[] = [];
    try {
      for (const operation of operations) {
        const { call, unordered } = operation;
        const [answer, direct] = await Promise.all([
          callClient(dax, call, forTables(operation, prefixes.dax), unordered),
          callClient(dynamo.client, call, forTables(operation, prefixes.direct), unordered),
        ]);
        throughNode.push(answer);
        directly.push(direct);
      }
      const compared = { seed, operations, isDynoxide, prefixes, throughNode, directly };
      expect(findDifferences({ language: 'javascript', ...compared })).toEqual([]);
      const { itemCache } = node.stats();
      expect(Math.min(itemCache.hits, itemCache.negativeHits, itemCache.evictions)).toBeGreaterThan(0);
    } finally {
      closeDaxClient(dax);
      await node.close();
      await dynamo.close();
    }
  });
});
