import type { Dax } from '@amazon-dax-sdk/client-dax';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaxNode, startDaxNode } from './dax-node.ts';
import { callClient } from './testing/client-calls.ts';
import { closeDaxClient, newDaxClient } from './testing/dax-client.ts';
import { createTables, newPrefix, startTestDynamo, type TestDynamo } from './testing/dynamodb.ts';
import { asDynamoDbAnswers, conflictingPaths } from './testing/dynoxide-differences.ts';
import { comparedPart, readInteropOperations } from './testing/interop-operations.ts';

const prefixes = { dax: newPrefix(), direct: newPrefix() };
let dynamo: TestDynamo;
let node: DaxNode;
let dax: Dax;

beforeAll(async () => {
  dynamo = await startTestDynamo();
  await createTables(dynamo.client, prefixes.dax);
  await createTables(dynamo.client, prefixes.direct);
  node = await startDaxNode({ endpoint: dynamo.endpoint });
  dax = newDaxClient(node.url);
});
afterAll(async () => {
  closeDaxClient(dax);
  await node.close();
  await dynamo.close();
});

// one after the other: later operations read what earlier ones wrote
describe('JavaScript client: through the node as directly', () => {
  const operations = (prefix: string) =>
    readInteropOperations(prefix).filter(({ differs }) => differs?.javascript === undefined);
  const throughNode = operations(prefixes.dax);
  const directly = operations(prefixes.direct);
  it.each(throughNode.map((operation, index) => ({ operation, index })))(
    '$operation.name',
    async ({ operation, index }) => {
      if (operation.needs === 'transactions' && !dynamo.isDynoxide) return;
      const { call, request, unordered } = operation;
      const answer = await callClient(dax, call, request, unordered);
      const direct = await callClient(dynamo.client, call, directly[index]?.request, unordered);
      const known = dynamo.isDynoxide ? asDynamoDbAnswers(operation, direct, answer) : direct;
      const expected = JSON.stringify(comparedPart(operation, 'javascript', known));
      expect(comparedPart(operation, 'javascript', answer)).toEqual(
        JSON.parse(expected.replaceAll(prefixes.direct, prefixes.dax)),
      );
    },
  );

  it('knows how the emulator differs from DynamoDB, and it still does', async () => {
    if (!dynamo.isDynoxide) return;
    const TableName = `${prefixes.direct}-single`;
    const pk = { S: 'known-differences' };
    await dynamo.client.putItem({ TableName, Item: { pk, n: { N: '1' } } });
    const projected = { TableName, Key: { pk }, ProjectionExpression: 'n' };
    const answers = await dynamo.client.transactGetItems({ TransactItems: [{ Get: projected }] });
    expect(answers.Responses).toEqual([{ Item: { pk, n: { N: '1' } } }]);
    const conflicting = dynamo.client.getItem({ ...projected, ProjectionExpression: conflictingPaths });
    await expect(conflicting).resolves.toMatchObject({ Item: {} });
  });

  it('answered repeated reads from the cache', () => {
    const { itemCache, queryCache, connections } = node.stats();
    expect(itemCache.hits).toBeGreaterThan(50);
    expect(itemCache.negativeHits).toBeGreaterThan(3);
    expect(queryCache.hits).toBeGreaterThan(0);
    expect(connections.refused).toBe(0);
  });
});
