/** The bytes of the protocol notes, through a running node. */
import { describe, expect, it } from 'vitest';
import { CborWriter } from './cbor-writer.ts';
import { startHarness } from './testing/harness.ts';
import { hex } from './testing/hex.ts';
import { connectRaw, PREAMBLE, type RawClient } from './testing/raw-client.ts';
import { getRequest, putRequest, request, TABLE_HEX, updateRequest } from './testing/requests.ts';
import { dynamoError } from './testing/scripted-backend.ts';

/** Sends a request and expects exactly these bytes, and nothing after them. */
async function exchange(client: RawClient, bytes: Buffer, answer: Buffer | string): Promise<void> {
  const expected = typeof answer === 'string' ? hex(answer) : answer;
  client.send(bytes);
  expect((await client.receive(expected.length)).toString('hex')).toBe(expected.toString('hex'));
  client.send(request('defineAttributeList', '01'));
  expect((await client.receive(2)).toString('hex')).toBe('8080');
}
const listId = async (client: RawClient, namesHex: string) => {
  client.send(request('defineAttributeListId', namesHex));
  return (await client.receive(10)).subarray(1);
};

describe('a connection', () => {
  it('starts with 58 bytes that are not answered', async () => {
    await using harness = await startHarness();
    const client = await harness.connect();
    expect(PREAMBLE.length).toBe(58);
    await exchange(client, request('defineAttributeList', '01'), '8080');
  });

  it.each([
    ['67"J7yne5G" 00 f6 a0 00', 'no session'],
    ['67"J7yne5G" 00 61"0" a1 69"UserAgent" 73"DaxGoV2Client-1.0.3" 00', 'a session as text'],
  ])('may start with %s (%s)', async (preamble) => {
    await using harness = await startHarness();
    const client = await connectRaw(harness.node.port);
    client.send(preamble);
    await exchange(client, request('defineAttributeList', '01'), '8080');
    client.close();
  });

  it('may arrive byte by byte', async () => {
    await using harness = await startHarness(() => ({}));
    const client = await harness.connect();
    for (const byte of getRequest('missing')) client.send(Buffer.from([byte]));
    expect(await client.receive(2)).toEqual(hex('80f6'));
  });

  it('is not answered when it authorizes itself, at any time', async () => {
    await using harness = await startHarness();
    const client = await harness.connect();
    const authorize = request('authorizeConnection', '62"id" 61"s" 41"x" f6 f6');
    await exchange(client, Buffer.concat([authorize, request('defineAttributeList', '01')]), '8080');
    await exchange(client, Buffer.concat([authorize, authorize, getRequest('missing')]), '80f6');
  });

  it('answers requests that come together in their order', async () => {
    await using harness = await startHarness(({ body }) => ({
      Item: (body.Key as { pk: { S: string } }).pk.S === 'a' ? body.Key : undefined,
    }));
    const client = await harness.connect();
    client.send(
      Buffer.concat([getRequest('a'), getRequest('b'), request('defineAttributeList', '01'), getRequest('a')]),
    );
    expect((await client.receive(14)).toString('hex')).toBe('80a1004101' + '80f6' + '8080' + '80a1004101');
  });
});

describe('discovery', () => {
  it('names one leader with seven fields', async () => {
    await using harness = await startHarness();
    const client = await harness.connect();
    const port = new CborWriter().integer(harness.node.port).finish();
    const answer = Buffer.concat([
      hex('80 81 a7 00 00 01 69"127.0.0.1" 02 44 7f000001 03'),
      port,
      hex('04 01 05 68"local-1a" 06 07'),
    ]);
    await exchange(client, request('endpoints'), answer);
  });

  it('names the advertised address', async () => {
    await using harness = await startHarness(() => ({}), { advertise: '192.0.2.7:8111' });
    expect(harness.node.url).toBe('dax://192.0.2.7:8111');
    await exchange(
      await harness.connect(),
      request('endpoints'),
      '80 81 a7 00 00 01 69"192.0.2.7" 02 44 c0000207 03 191faf 04 01 05 68"local-1a" 06 07',
    );
  });

  it('names an IPv6 address by its 16 bytes', async () => {
    await using harness = await startHarness(() => ({}), { advertise: '[2001:db8::1]:8111' });
    const client = await harness.connect();
    await exchange(
      client,
      request('endpoints'),
      '80 81 a7 00 00 01 6b"2001:db8::1" 02 50 20010db8000000000000000000000001 03 191faf 04 01 05 68"local-1a" 06 07',
    );
  });

  it('gives the hash key first', async () => {
    await using harness = await startHarness(() => ({}), {
      key: [
        ['pk', 'S'],
        ['sk', 'N'],
      ],
    });
    await exchange(await harness.connect(), request('defineKeySchema', TABLE_HEX), '80 a2 62"pk" 61"S" 62"sk" 61"N"');
  });

  it('gives back the names of an id, and refuses an id of nobody', async () => {
    await using harness = await startHarness();
    const client = await harness.connect();
    const id = await listId(client, '82 61"s" 61"n"');
    await exchange(client, Buffer.concat([request('defineAttributeList'), id]), '80 82 61"s" 61"n"');
    client.send(request('defineAttributeList', '1903e8'));
    expect((await client.receive(10)).toString('hex')).toBe('8504182518261827182e');
  });
});

describe('items', () => {
  it('are an id of names and values', async () => {
    const item = { pk: { S: 'p' }, n: { N: '42' }, s: { S: 'hi' } };
    await using harness = await startHarness(() => ({ Item: item }));
    const client = await harness.connect();
    const id = await listId(client, '82 61"n" 61"s"');
    const streamItem = Buffer.concat([id, hex('182a 62"hi"')]);
    const answer = Buffer.concat([hex('80 a1 00'), new CborWriter().bytes(streamItem).finish()]);
    await exchange(client, getRequest('p'), answer);
    await exchange(client, getRequest('p'), answer);
    expect(harness.backend.requests.length).toBe(1);
  });

  it('are given in part by the place of a path', async () => {
    await using harness = await startHarness(() => ({
      Item: { pk: { S: 'p' }, l: { L: [{ S: 'x' }, { S: 'y' }, { S: 'z' }] }, m: { M: { a: { S: 'b' } } } },
    }));
    const client = await harness.connect();
    const paths = '8201 82 8312 61"l" d90cfc02 8312 61"m" 61"a"';
    const kwargs = new CborWriter().mapHeader(1).integer(0).bytes(hex(paths)).finish().toString('hex');
    await exchange(client, getRequest('p', kwargs), '80 bf 00 a2 00 61"z" 01 61"b" ff');
  });

  it('updated are answered as a list id and values by place', async () => {
    await using harness = await startHarness(() => ({ Attributes: { x: { S: 'UPDATED_NEW' } } }));
    const client = await harness.connect();
    const id = await listId(client, '81 61"x"');
    const partial = Buffer.concat([id, hex('bf 00 6b"UPDATED_NEW" ff')]);
    await exchange(
      client,
      updateRequest('p', 5),
      Buffer.concat([hex('80 bf 02'), new CborWriter().bytes(partial).finish(), hex('ff')]),
    );
  });

  it('updated without a value to tell are an empty map, of which clients make {}', async () => {
    await using harness = await startHarness();
    const client = await harness.connect();
    for (const returnValues of [3, 5]) {
      await exchange(client, updateRequest('p', returnValues), '80 bf 02 43 01bfff ff');
    }
    for (const returnValues of [1, 2, 4]) await exchange(client, updateRequest('p', returnValues), '80f6');
  });

  it('that were not there are left out of the answer', async () => {
    await using harness = await startHarness();
    const client = await harness.connect();
    await exchange(client, getRequest('p'), '80f6');
    await exchange(client, putRequest('p', 'a1 07 02'), '80f6');
  });
});

describe('consumed capacity and collection metrics', () => {
  it('are byte strings of floats', async () => {
    await using harness = await startHarness(() => ({
      ConsumedCapacity: { TableName: 'Hash', CapacityUnits: 0.5, Table: { CapacityUnits: 0.5 } },
      ItemCollectionMetrics: { ItemCollectionKey: { pk: { S: 'p' } }, SizeEstimateRangeGB: [0, 1] },
    }));
    const half = 'fb3fe0000000000000';
    const client = await harness.connect();
    await exchange(
      client,
      putRequest('p', 'a2 03 02 06 01'),
      `80 bf 01 5819 64"Hash" ${half} ${half} f6 f6 03 54 61"p" fb0000000000000000 fb3ff0000000000000 ff`,
    );
  });
});

describe('pages', () => {
  it('of an index end with an indefinite map', async () => {
    const answer = { Items: [], Count: 2, ScannedCount: 2, LastEvaluatedKey: { pk: { S: 'p' }, sk: { N: '1' } } };
    await using harness = await startHarness(() => answer, {
      key: [
        ['pk', 'S'],
        ['sk', 'N'],
      ],
    });
    const client = await harness.connect();
    await exchange(
      client,
      request('query', `${TABLE_HEX} f6 a1 0b 43"idx"`),
      '80 bf 07 80 08 02 09 4b bf 62"pk" 61"p" 62"sk" 01 ff 0a 02 ff',
    );
    await exchange(client, request('scan', `${TABLE_HEX} f6`), '80 bf 07 80 08 02 09 46 61"p" c11c0000 0a 02 ff');
  });

  it('of a count have no items', async () => {
    await using harness = await startHarness(() => ({ Count: 3, ScannedCount: 4 }));
    await exchange(await harness.connect(), request('scan', `${TABLE_HEX} a1 0f 03`), '80 bf 08 03 0a 04 ff');
    expect(harness.backend.requests[0]?.body.Select).toBe('COUNT');
  });
});

describe('batches and transactions', () => {
  it('of reads announce two values and send three', async () => {
    await using harness = await startHarness(() => ({
      Responses: { table: [{ pk: { S: 'a' } }] },
      UnprocessedKeys: { table: { Keys: [{ pk: { S: 'b' } }] } },
    }));
    const keys = '65"table" 83 f4 f6 83 41"a" 41"b" 41"c"';
    await exchange(
      await harness.connect(),
      request('batchGetItem', `a1 ${keys} f6`),
      '80 82 a1 65"table" 82 41"a" 4101 a1 65"table" 81 41"b" 80',
    );
  });

  it('of writes answer with empty containers', async () => {
    await using harness = await startHarness(() => ({ UnprocessedItems: {} }));
    const client = await harness.connect();
    await exchange(client, request('batchWriteItem', 'a1 65"table" 84 41"a" 4101 41"b" f6 f6'), '80 a0 80 a0');
    expect(harness.backend.requests[0]?.body).toEqual({
      RequestItems: {
        table: [{ PutRequest: { Item: { pk: { S: 'a' } } } }, { DeleteRequest: { Key: { pk: { S: 'b' } } } }],
      },
    });
  });

  it('of transactional reads answer with items and capacity', async () => {
    await using harness = await startHarness(() => ({
      Responses: [{ Item: { pk: { S: 'a' } } }, {}],
      ConsumedCapacity: [{ TableName: 'table', CapacityUnits: 2, ReadCapacityUnits: 2 }],
    }));
    const two = 'fb4000000000000000';
    await exchange(
      await harness.connect(),
      request('transactGetItems', `82 ${TABLE_HEX} ${TABLE_HEX} 82 41"a" 41"b" 82 f6 f6 a1 03 01`),
      `80 82 82 4101 f6 81 bf 01 ${two} 02 ${two} 04 65"table" ff`,
    );
  });

  it('of transactional writes answer with three empty containers', async () => {
    await using harness = await startHarness();
    const nine = `82 02 0c 82 ${TABLE_HEX} ${TABLE_HEX} 82 41"a" 41"b" 82 4101 f6 82 f6 f6 82 01 02 82 f6 4a 8301820b8212 62"pk" 80 82 f6 f6 a1 13 63"tok"`;
    await exchange(await harness.connect(), request('transactWriteItems', nine), '80 83 80 80 a0');
    expect(harness.backend.requests[0]?.body).toEqual({
      ClientRequestToken: 'tok',
      TransactItems: [
        { Put: { TableName: 'table', Item: { pk: { S: 'a' } } } },
        {
          ConditionCheck: {
            TableName: 'table',
            Key: { pk: { S: 'b' } },
            ConditionExpression: 'attribute_exists(#n0)',
            ExpressionAttributeNames: { '#n0': 'pk' },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ],
    });
  });
});

describe('errors', () => {
  it('carry a vector, the message, and details', async () => {
    await using harness = await startHarness(() =>
      dynamoError('ConditionalCheckFailedException', 'The conditional request failed'),
    );
    await exchange(
      await harness.connect(),
      putRequest('p'),
      '85 04 1825 1826 1827 182b 781e"The conditional request failed" 83 f6 781f"ConditionalCheckFailedException" 190190',
    );
  });

  it.each([
    ['ProvisionedThroughputExceededException', 400, '8504182518261827 1828'],
    ['ResourceNotFoundException', 400, '8504182518261827 1829'],
    ['ThrottlingException', 400, '8504182518261827 1832'],
    ['ValidationException', 400, '8504182518261827 182e'],
    ['ItemCollectionSizeLimitExceededException', 400, '8504182518261827 1830'],
    ['TransactionConflictException', 400, '8504182518261827 1839'],
    ['InternalServerError', 500, '8504182518261827 182f'],
    ['RequestLimitExceeded', 400, '8504182518261827 183d'],
    ['AccessDeniedException', 400, '84041825 1826 182a'],
    ['SomethingNewException', 400, '8504182518261827 00'],
  ])('%s has a vector of its own', async (code, status, vector) => {
    await using harness = await startHarness(() => dynamoError(code, 'm', status));
    const client = await harness.connect();
    client.send(putRequest('p'));
    const expected = Buffer.concat([
      hex(`${vector} 61"m" 83 f6`),
      new CborWriter().text(code).integer(status).finish(),
    ]);
    expect((await client.receive(expected.length)).toString('hex')).toBe(expected.toString('hex'));
  });

  it('of a cancelled transaction name a reason for each item', async () => {
    const body = {
      __type: 'x#TransactionCanceledException',
      Message: 'no',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Message: 'failed', Item: { pk: { S: 'b' } } },
      ],
    };
    await using harness = await startHarness(() => ({ status: 400, body }));
    const nine = `82 07 07 82 ${TABLE_HEX} ${TABLE_HEX} 82 41"a" 41"b" 82 f6 f6 82 f6 f6 82 01 02 82 f6 f6 82 f6 f6 f6`;
    const reasons = '86 64"None" f6 f6 76"ConditionalCheckFailed" 66"failed" 4101';
    await exchange(
      await harness.connect(),
      request('transactWriteItems', nine),
      `85 04 1825 1826 1827 183a 62"no" 84 f6 781c"TransactionCanceledException" 190190 ${reasons}`,
    );
  });

  it('of a backend without a list of reasons take them from its message', async () => {
    const message =
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, TransactionConflict]';
    await using harness = await startHarness(() => dynamoError('TransactionCanceledException', message));
    const nine = `82 07 07 82 ${TABLE_HEX} ${TABLE_HEX} 82 41"a" 41"b" 80 80 80 80 80 f6`;
    const client = await harness.connect();
    client.send(request('transactWriteItems', nine));
    const tail = hex('86 64"None" f6 f6 73"TransactionConflict" f6 f6');
    const length = 10 + 2 + message.length + 2 + 2 + 28 + 3 + tail.length;
    expect((await client.receive(length)).subarray(-tail.length).toString('hex')).toBe(tail.toString('hex'));
  });

  it('of a backend that is not there may be repeated by every client', async () => {
    await using harness = await startHarness(() => ({}));
    await harness.backend.close();
    const client = await harness.connect();
    client.send(getRequest('p'));
    expect((await client.receive(8)).toString('hex')).toBe('8501182518261827');
  });
});
