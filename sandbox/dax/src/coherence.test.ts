/** What the cache does around slow, failing and concurrent calls of the backend: a node in front of a scripted one. */
import { describe, expect, it } from 'vitest';
import { startHarness } from './testing/harness.ts';
import { hex } from './testing/hex.ts';
import { deleteRequest, getRequest, putRequest, request, TABLE_HEX, updateRequest } from './testing/requests.ts';
import { type BackendRequest, dynamoError, type Scripted } from './testing/scripted-backend.ts';

const NONE = '80f6';
const KEY_ONLY = '80a1004101';
const item = { Item: { pk: { S: 'a' } } };

/** A backend whose answers the test gives by hand, in any order. */
function handBackend() {
  const waiting: { request: BackendRequest; answer: (scripted: Scripted) => void }[] = [];
  const arrivals: (() => void)[] = [];
  return {
    script: (request: BackendRequest) =>
      new Promise<Scripted>((answer) => {
        waiting.push({ request, answer });
        for (const arrived of arrivals.splice(0)) arrived();
      }),
    /** The call of this operation that waits longest, once there is one. */
    async next(operation: string) {
      for (;;) {
        const index = waiting.findIndex(({ request }) => request.operation === operation);
        if (index >= 0) return waiting.splice(index, 1)[0] as (typeof waiting)[number];
        await new Promise<void>((resolve) => arrivals.push(resolve));
      }
    },
    get waiting() {
      return waiting.length;
    },
  };
}

describe('a slow read', () => {
  it('does not overwrite a write that was faster', async () => {
    const hand = handBackend();
    await using harness = await startHarness(hand.script);
    const [reader, writer] = [await harness.connect(), await harness.connect()];
    reader.send(getRequest('a'));
    const slow = await hand.next('GetItem');
    writer.send(deleteRequest('a'));
    (await hand.next('DeleteItem')).answer({});
    expect((await writer.receive(2)).toString('hex')).toBe(NONE);
    slow.answer(item);
    expect((await reader.receive(5)).toString('hex')).toBe(KEY_ONLY); // it began before the delete: both are right
    reader.send(getRequest('a'));
    expect((await reader.receive(2)).toString('hex')).toBe(NONE);
    expect(harness.backend.requests.length).toBe(2);
  });

  it('is asked once for all who want the same', async () => {
    const hand = handBackend();
    await using harness = await startHarness(hand.script);
    const clients = await Promise.all([1, 2, 3, 4].map(() => harness.connect()));
    for (const client of clients) client.send(getRequest('a'));
    const read = await hand.next('GetItem');
    for (const client of clients) client.send(request('defineAttributeList', '01'));
    await expect.poll(() => harness.node.stats().itemCache.misses).toBe(4);
    expect(hand.waiting).toBe(0);
    read.answer(item);
    for (const client of clients) expect((await client.receive(7)).toString('hex')).toBe(`${KEY_ONLY}8080`);
  });

  it('that fails is told to all who wait, and asked again by the next', async () => {
    let calls = 0;
    await using harness = await startHarness(() => {
      calls += 1;
      return calls === 1 ? dynamoError('ThrottlingException', 'm') : item;
    });
    const client = await harness.connect();
    client.send(getRequest('a'));
    expect((await client.receive(10)).toString('hex')).toBe('85041825182618271832');
    const rest = 2 + 1 + 1 + 1 + 19 + 3;
    await client.receive(rest);
    client.send(getRequest('a'));
    expect((await client.receive(5)).toString('hex')).toBe(KEY_ONLY);
  });

  it('does not keep other connections waiting', async () => {
    const hand = handBackend();
    await using harness = await startHarness(hand.script);
    const [slow, fast] = [await harness.connect(), await harness.connect()];
    slow.send(getRequest('a'));
    await hand.next('GetItem');
    fast.send(request('defineAttributeList', '01'));
    expect((await fast.receive(2)).toString('hex')).toBe('8080');
  });
});

describe('strongly consistent reads', () => {
  it('go through every time and leave nothing', async () => {
    await using harness = await startHarness(() => item);
    const client = await harness.connect();
    for (const kwargs of ['a1 02 f5', 'a1 02 f5', 'bfff', 'bfff']) {
      client.send(getRequest('a', kwargs));
      await client.receive(5);
    }
    expect(harness.backend.requests.map(({ body }) => body.ConsistentRead)).toEqual([true, true, undefined]);
  });

  it('of queries too', async () => {
    await using harness = await startHarness(() => ({ Items: [], Count: 0, ScannedCount: 0 }));
    const client = await harness.connect();
    for (const kwargs of ['a1 02 01', 'a1 02 01', 'a1 02 00', 'bfff']) {
      client.send(request('scan', `${TABLE_HEX} ${kwargs}`));
      await client.receive(8);
    }
    expect(harness.backend.requests.map(({ body }) => body.ConsistentRead)).toEqual([true, true, undefined]);
  });
});

describe('writes', () => {
  it('to one key run one after the other', async () => {
    const hand = handBackend();
    await using harness = await startHarness(hand.script);
    const [first, second] = [await harness.connect(), await harness.connect()];
    first.send(putRequest('a'));
    const put = await hand.next('PutItem');
    second.send(deleteRequest('a'));
    second.send(request('defineAttributeList', '01'));
    await expect.poll(() => harness.node.stats().connections.accepted).toBe(2);
    expect(hand.waiting).toBe(0);
    put.answer({});
    (await hand.next('DeleteItem')).answer({});
    expect((await first.receive(2)).toString('hex')).toBe(NONE);
    expect((await second.receive(4)).toString('hex')).toBe(`${NONE}8080`);
  });

  it('fill the cache: put, delete, and update by its whole new item', async () => {
    await using harness = await startHarness(({ operation }) =>
      operation === 'UpdateItem' ? { Attributes: { pk: { S: 'a' } } } : {},
    );
    const client = await harness.connect();
    const read = async (bytes: number) => {
      client.send(getRequest('a'));
      return (await client.receive(bytes)).toString('hex');
    };
    for (const [write, expected] of [
      [putRequest('a'), KEY_ONLY],
      [deleteRequest('a'), NONE],
      [updateRequest('a'), KEY_ONLY],
    ] as const) {
      client.send(write);
      await client.receive(2);
      expect(await read(expected.length / 2)).toBe(expected);
    }
    expect(harness.backend.requests.map(({ operation }) => operation)).toEqual(['PutItem', 'DeleteItem', 'UpdateItem']);
    expect(harness.backend.requests[2]?.body.ReturnValues).toBe('ALL_NEW');
  });

  it('whose new item is not known are followed by a consistent read', async () => {
    await using harness = await startHarness(({ operation }) => (operation === 'GetItem' ? item : {}));
    const client = await harness.connect();
    client.send(putRequest('a'));
    await client.receive(2);
    client.send(updateRequest('a', 2)); // ALL_OLD
    await client.receive(2);
    client.send(getRequest('a'));
    await client.receive(5);
    expect(harness.backend.requests.at(-1)?.body).toMatchObject({ Key: { pk: { S: 'a' } }, ConsistentRead: true });
  });

  it('that DynamoDB refuses leave the cache as it is', async () => {
    let refuse = false;
    await using harness = await startHarness(() => (refuse ? dynamoError('ConditionalCheckFailedException', '') : {}));
    const client = await harness.connect();
    client.send(putRequest('a'));
    await client.receive(2);
    refuse = true;
    client.send(deleteRequest('a'));
    await client.receive(10 + 1 + 1 + 1 + 33 + 3);
    client.send(getRequest('a'));
    expect((await client.receive(5)).toString('hex')).toBe(KEY_ONLY);
  });

  it('whose answer is lost empty the entry, and say that nobody knows', async () => {
    let lose = false;
    await using harness = await startHarness(({ operation }) => {
      if (lose && operation === 'PutItem') return (response) => response.socket?.destroy();
      return operation === 'GetItem' ? { Item: { pk: { S: 'a' } } } : {};
    });
    const [client, other] = [await harness.connect(), await harness.connect()];
    client.send(deleteRequest('a'));
    await client.receive(2);
    lose = true;
    client.send(putRequest('a'));
    expect((await client.receive(10)).toString('hex')).toBe('8504182518261827182f');
    for (const _ of [1, 2]) {
      other.send(getRequest('a'));
      expect((await other.receive(5)).toString('hex')).toBe(KEY_ONLY);
    }
    const reads = harness.backend.requests.filter(({ operation }) => operation === 'GetItem');
    expect(reads.map(({ body }) => body.ConsistentRead)).toEqual([true, true]);
  });
});

describe('batches', () => {
  it('of reads ask for what the cache does not have', async () => {
    await using harness = await startHarness(({ operation }) =>
      operation === 'BatchGetItem' ? { Responses: { table: [{ pk: { S: 'b' } }] } } : {},
    );
    const client = await harness.connect();
    client.send(putRequest('a'));
    await client.receive(2);
    const batch = request('batchGetItem', 'a1 65"table" 83 f4 f6 83 41"a" 41"b" 41"c" f6');
    for (const _ of [1, 2]) {
      client.send(batch);
      expect((await client.receive(20)).toString('hex')).toBe(
        hex('8082 a1 65"table" 84 41"a" 4101 41"b" 4101 a0 80').toString('hex'),
      );
    }
    const [, asked, ...more] = harness.backend.requests;
    expect(asked?.body).toEqual({ RequestItems: { table: { Keys: [{ pk: { S: 'b' } }, { pk: { S: 'c' } }] } } });
    expect(more).toEqual([]);
    expect(harness.node.stats().tables.table).toEqual({ hits: 3, negativeHits: 1, misses: 2 });
  });

  it('of reads refuse what DynamoDB would refuse, cached or not', async () => {
    await using harness = await startHarness();
    const keys = Array.from(
      { length: 101 },
      (_, index) => `43${Buffer.from(String(index + 100)).toString('hex')}`,
    ).join('');
    for (const list of ['82 41"a" 41"a"', `9865 ${keys}`]) {
      const other = await harness.connect();
      other.send(request('batchGetItem', `a1 65"table" 83 f4 f6 ${list} f6`));
      expect((await other.receive(10)).toString('hex')).toBe('8504182518261827182e');
    }
    expect(harness.backend.requests).toEqual([]);
  });

  it('of writes are sent again until nothing is left', async () => {
    let calls = 0;
    const left = { UnprocessedItems: { table: [{ DeleteRequest: { Key: { pk: { S: 'b' } } } }] } };
    await using harness = await startHarness(() => {
      calls += 1;
      return calls < 3 ? left : {};
    });
    const client = await harness.connect();
    client.send(request('batchWriteItem', 'a1 65"table" 84 41"a" 4101 41"b" f6 f6'));
    expect((await client.receive(4)).toString('hex')).toBe('80a080a0');
    expect(harness.backend.requests[2]?.body).toEqual({ RequestItems: left.UnprocessedItems });
    client.send(Buffer.concat([getRequest('a'), getRequest('b')]));
    expect((await client.receive(7)).toString('hex')).toBe(KEY_ONLY + NONE);
    expect(calls).toBe(3);
  });
});

describe('a write that DynamoDB has not processed yet', () => {
  it('is not in the cache', async () => {
    const hand = handBackend();
    await using harness = await startHarness(hand.script);
    const [writer, reader] = [await harness.connect(), await harness.connect()];
    writer.send(request('batchWriteItem', 'a1 65"table" 82 41"a" 4101 f6'));
    const left = { table: [{ PutRequest: { Item: { pk: { S: 'a' } } } }] };
    (await hand.next('BatchWriteItem')).answer({ UnprocessedItems: left });
    const again = await hand.next('BatchWriteItem');
    reader.send(getRequest('a'));
    (await hand.next('GetItem')).answer({});
    expect((await reader.receive(2)).toString('hex')).toBe(NONE);
    again.answer({});
    expect((await writer.receive(4)).toString('hex')).toBe('80a080a0');
    reader.send(getRequest('a'));
    expect((await reader.receive(5)).toString('hex')).toBe(KEY_ONLY);
  });
});

describe('transactions', () => {
  it('empty the entries that they touched, and only when they succeed', async () => {
    let cancel = true;
    await using harness = await startHarness(({ operation }) => {
      if (operation === 'TransactWriteItems' && cancel) return dynamoError('TransactionCanceledException', 'no [None]');
      return operation === 'GetItem' ? item : {};
    });
    const client = await harness.connect();
    const write = request('transactWriteItems', `81 07 81 ${TABLE_HEX} 81 41"a" 81 f6 81 f6 81 01 81 f6 81 f6 f6`);
    client.send(putRequest('a'));
    await client.receive(2);
    client.send(write);
    await client.receive(10 + 10 + 2 + 30 + 3 + 1 + 7);
    client.send(getRequest('a'));
    await client.receive(5);
    expect(harness.node.stats().itemCache).toMatchObject({ hits: 1, misses: 0 });
    cancel = false;
    client.send(write);
    expect((await client.receive(5)).toString('hex')).toBe('80838080a0');
    client.send(getRequest('a'));
    await client.receive(5);
    expect(harness.node.stats().itemCache).toMatchObject({ hits: 1, misses: 1 });
    const reads = harness.backend.requests.filter(({ operation }) => operation === 'GetItem');
    expect(reads.map(({ body }) => body.ConsistentRead)).toEqual([true]);
  });

  it('are followed by a transaction that reads what they touched into the cache', async () => {
    const hand = handBackend();
    await using harness = await startHarness(hand.script);
    const { node } = harness;
    const client = await harness.connect();
    const write = request(
      'transactWriteItems',
      `82 07 02 82 ${TABLE_HEX} ${TABLE_HEX} 82 41"a" 41"b" 82 f6 4101 82 f6 f6 82 01 01 82 f6 f6 82 f6 f6 f6`,
    );
    client.send(write);
    (await hand.next('TransactWriteItems')).answer({});
    expect((await client.receive(5)).toString('hex')).toBe('80838080a0');
    const emptied = node.stats().itemCache.bytes;
    const refresh = await hand.next('TransactGetItems');
    const gets = ['a', 'b'].map((S) => ({ Get: { TableName: 'table', Key: { pk: { S } } } }));
    expect(refresh.request.body).toEqual({ TransactItems: gets });
    refresh.answer({ Responses: [{}, { Item: { pk: { S: 'b' } } }] });
    await expect.poll(() => node.stats().itemCache.bytes).toBeGreaterThan(emptied);
    client.send(Buffer.concat([getRequest('a'), getRequest('b')]));
    expect((await client.receive(7)).toString('hex')).toBe(NONE + KEY_ONLY);
    expect(node.stats().itemCache).toMatchObject({ hits: 1, negativeHits: 1, misses: 0 });
  });

  it('leave the cache to the next reads when that fails', async () => {
    await using harness = await startHarness(({ operation }) =>
      operation === 'TransactGetItems' ? dynamoError('TransactionConflictException', 'busy') : item,
    );
    const client = await harness.connect();
    client.send(request('transactWriteItems', `81 07 81 ${TABLE_HEX} 81 41"a" 81 f6 81 f6 81 01 81 f6 81 f6 f6`));
    await client.receive(5);
    await expect.poll(() => harness.node.stats().backend.errors).toBe(1);
    client.send(getRequest('a'));
    expect((await client.receive(5)).toString('hex')).toBe(KEY_ONLY);
    expect(harness.node.stats().itemCache).toMatchObject({ hits: 0, misses: 1 });
  });
});

describe('reads of a transaction', () => {
  it('are neither taken from the cache nor kept', async () => {
    await using harness = await startHarness(({ operation }) =>
      operation === 'TransactGetItems' ? { Responses: [item] } : item,
    );
    const client = await harness.connect();
    const transactGet = request('transactGetItems', `81 ${TABLE_HEX} 81 41"a" 81 f6 f6`);
    for (const call of [transactGet, getRequest('a'), transactGet, getRequest('a')]) {
      client.send(call);
      await client.receive(call === transactGet ? 6 : 5);
    }
    expect(harness.backend.requests.map(({ operation }) => operation)).toEqual([
      'TransactGetItems',
      'GetItem',
      'TransactGetItems',
    ]);
  });
});

describe('a table', () => {
  it('that was made anew is asked for again, and its cached items are not found', async () => {
    let exists = true;
    await using harness = await startHarness(() => (exists ? item : dynamoError('ResourceNotFoundException', '')));
    const client = await harness.connect();
    client.send(getRequest('a'));
    await client.receive(5);
    exists = false;
    client.send(deleteRequest('b'));
    await client.receive(10 + 1 + 1 + 1 + 27 + 3);
    exists = true;
    client.send(getRequest('a'));
    await client.receive(5);
    expect(harness.node.stats().itemCache).toMatchObject({ hits: 0, misses: 2 });
  });
});
