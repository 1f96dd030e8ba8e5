/**
 * What AWS documents of DAX's two caches, each statement as a test: AWS's client at the node, and beside it a client of the table
 * itself, which writes around DAX.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.consistency.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.concepts.html
 */
import type { Dax } from '@amazon-dax-sdk/client-dax';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaxNode, startDaxNode } from './dax-node.ts';
import type { DaxNodeOptions } from './options.ts';
import { closeDaxClient, newDaxClient } from './testing/dax-client.ts';
import { createTables, newPrefix, startTestDynamo, type TestDynamo } from './testing/dynamodb.ts';

const TTL_MS = 300_000;
const prefix = newPrefix();
const single = `${prefix}-single`;
const composite = `${prefix}-composite`;
let dynamo: TestDynamo;
let keys = 0;

beforeAll(async () => {
  dynamo = await startTestDynamo();
  await createTables(dynamo.client, prefix);
});
afterAll(() => dynamo.close());

interface Reader {
  readonly node: DaxNode;
  readonly dax: Dax;
  readonly clock: { ms: number };
  /** A key that no other test has. */
  readonly pk: { readonly S: string };
  [Symbol.asyncDispose](): Promise<void>;
}

async function newReader(options: Partial<DaxNodeOptions> = {}): Promise<Reader> {
  const clock = { ms: 0 };
  const node = await startDaxNode({ endpoint: dynamo.endpoint, clock: { nowMs: () => clock.ms }, ...options });
  const dax = newDaxClient(node.url);
  keys += 1;
  return {
    node,
    dax,
    clock,
    pk: { S: `key ${keys}` },
    [Symbol.asyncDispose]: async () => {
      closeDaxClient(dax);
      await node.close();
    },
  };
}

const item = (pk: { S: string }, n: string) => ({ pk, n: { N: n } });
const entry = (pk: { S: string }, sk: string) => ({ pk, sk: { N: sk } });
const readOne = async ({ dax, pk }: Reader, ConsistentRead = false) =>
  (await dax.getItem({ TableName: single, Key: { pk }, ConsistentRead })).Item?.n?.N;
const count = async ({ dax, pk }: Reader) =>
  (
    await dax.query({
      TableName: composite,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    })
  ).Count;

describe('the item cache', () => {
  it('has a write that went through DAX, as the table has it', async () => {
    await using reader = await newReader();
    const { dax, node, pk } = reader;
    await dax.putItem({ TableName: single, Item: item(pk, '1') });
    expect((await dynamo.client.getItem({ TableName: single, Key: { pk } })).Item).toEqual(item(pk, '1'));
    await dax.updateItem({
      TableName: single,
      Key: { pk },
      UpdateExpression: 'ADD n :n',
      ExpressionAttributeValues: { ':n': { N: '1' } },
    });
    expect(await readOne(reader)).toBe('2');
    await dax.deleteItem({ TableName: single, Key: { pk } });
    expect(await readOne(reader)).toBeUndefined();
    expect(node.stats().itemCache).toMatchObject({ hits: 1, negativeHits: 1, misses: 0 });
  });

  it('has what a batch wrote, and answers a batch of reads key by key', async () => {
    await using reader = await newReader();
    const { dax, node, pk } = reader;
    const other = { S: `${pk.S} too` };
    await dynamo.client.putItem({ TableName: single, Item: item(other, '2') });
    await dax.batchWriteItem({ RequestItems: { [single]: [{ PutRequest: { Item: item(pk, '1') } }] } });
    const read = await dax.batchGetItem({ RequestItems: { [single]: { Keys: [{ pk }, { pk: other }] } } });
    expect(read.Responses?.[single]).toEqual(expect.arrayContaining([item(pk, '1'), item(other, '2')]));
    expect(await readOne(reader)).toBe('1');
    expect(node.stats().itemCache).toMatchObject({ hits: 2, misses: 1 });
  });

  it('does not see a write around DAX before the entry has expired', async () => {
    await using reader = await newReader();
    const { clock, dax, pk } = reader;
    await dax.putItem({ TableName: single, Item: item(pk, '1') });
    await dynamo.client.putItem({ TableName: single, Item: item(pk, '2') });
    clock.ms = TTL_MS - 1;
    expect(await readOne(reader)).toBe('1');
    clock.ms = TTL_MS;
    expect(await readOne(reader)).toBe('2');
  });

  it('remembers that an item is missing, until it expires or is written through DAX', async () => {
    await using reader = await newReader();
    const { clock, dax, pk } = reader;
    expect(await readOne(reader)).toBeUndefined();
    await dynamo.client.putItem({ TableName: single, Item: item(pk, '1') });
    expect(await readOne(reader)).toBeUndefined();
    clock.ms = TTL_MS;
    expect(await readOne(reader)).toBe('1');
    await dynamo.client.deleteItem({ TableName: single, Key: { pk } });
    await dax.deleteItem({ TableName: single, Key: { pk } });
    expect(await readOne(reader)).toBeUndefined();
    await dax.putItem({ TableName: single, Item: item(pk, '3') });
    expect(await readOne(reader)).toBe('3');
  });

  it('is passed by strongly consistent reads, which leave it as it is', async () => {
    await using reader = await newReader();
    const { dax, pk } = reader;
    await dax.putItem({ TableName: single, Item: item(pk, '1') });
    await dynamo.client.putItem({ TableName: single, Item: item(pk, '2') });
    expect(await readOne(reader, true)).toBe('2');
    expect(await readOne(reader)).toBe('1');
  });

  it('is not changed by a write that the table refuses', async () => {
    await using reader = await newReader();
    const { dax, node, pk } = reader;
    await dax.putItem({ TableName: single, Item: item(pk, '1') });
    const refused = dax.putItem({
      TableName: single,
      Item: item(pk, '2'),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await expect(refused).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
    expect(await readOne(reader)).toBe('1');
    expect(node.stats().itemCache).toMatchObject({ hits: 1, misses: 0 });
  });

  it('keeps items without end when their TTL is 0', async () => {
    await using reader = await newReader({ itemTtlMs: 0 });
    const { clock, dax, pk } = reader;
    await dax.putItem({ TableName: single, Item: item(pk, '1') });
    await dynamo.client.putItem({ TableName: single, Item: item(pk, '2') });
    clock.ms = 1_000 * TTL_MS;
    expect(await readOne(reader)).toBe('1');
  });

  it('lets the least recently used go when its bytes are used up, expired or not', async () => {
    await using reader = await newReader({ memoryLimitBytes: 20_000 });
    const { dax, node, pk } = reader;
    await dax.putItem({ TableName: single, Item: item(pk, '1') });
    const large = { S: 'x'.repeat(2_000) };
    for (let index = 0; index < 20; index += 1) {
      await dax.putItem({ TableName: single, Item: { pk: { S: `${pk.S} ${index}` }, large } });
      if (index < 10) expect(await readOne(reader)).toBe('1'); // used, so it stays
    }
    expect(node.stats().itemCache).toMatchObject({ hits: 10, misses: 0 });
    expect(node.stats().memory.usedBytes).toBeLessThanOrEqual(20_000);
    expect(await readOne(reader)).toBe('1');
    expect(node.stats().itemCache).toMatchObject({ hits: 10, misses: 1 });
  });
});

describe('the query cache', () => {
  it('is not touched by writes, through DAX or around it: a result lives until its TTL', async () => {
    await using reader = await newReader();
    const { clock, dax, pk } = reader;
    await dax.putItem({ TableName: composite, Item: entry(pk, '1') });
    expect(await count(reader)).toBe(1);
    await dax.putItem({ TableName: composite, Item: entry(pk, '2') });
    await dynamo.client.putItem({ TableName: composite, Item: entry(pk, '3') });
    clock.ms = TTL_MS - 1;
    expect(await count(reader)).toBe(1);
    clock.ms = TTL_MS;
    expect(await count(reader)).toBe(3);
  });

  it('keeps empty results too', async () => {
    await using reader = await newReader();
    const { dax, node, pk } = reader;
    expect(await count(reader)).toBe(0);
    await dax.putItem({ TableName: composite, Item: entry(pk, '1') });
    expect(await count(reader)).toBe(0);
    expect(node.stats().queryCache).toMatchObject({ negativeHits: 1, misses: 1 });
  });

  it('keeps nothing when its TTL is 0', async () => {
    await using reader = await newReader({ queryTtlMs: 0 });
    const { dax, pk } = reader;
    expect(await count(reader)).toBe(0);
    await dax.putItem({ TableName: composite, Item: entry(pk, '1') });
    expect(await count(reader)).toBe(1);
  });

  it('gives nothing to the item cache and takes nothing from it', async () => {
    await using reader = await newReader();
    const { dax, node, pk } = reader;
    await dynamo.client.putItem({ TableName: composite, Item: entry(pk, '1') });
    expect(await count(reader)).toBe(1);
    const read = await dax.getItem({ TableName: composite, Key: entry(pk, '1') });
    expect(read.Item).toEqual(entry(pk, '1'));
    expect(node.stats()).toMatchObject({ itemCache: { hits: 0, misses: 1 }, queryCache: { hits: 0, misses: 1 } });
  });

  it('loses results for want of room before they expire', async () => {
    await using reader = await newReader({ memoryLimitBytes: 20_000 });
    const { dax, node, pk } = reader;
    await count(reader);
    for (let index = 0; index < 20; index += 1) {
      await dax.putItem({
        TableName: single,
        Item: { pk: { S: `${pk.S} ${index}` }, large: { S: 'x'.repeat(2_000) } },
      });
    }
    expect(node.stats().queryCache).toMatchObject({ evictions: 1, entries: 0 });
  });
});
