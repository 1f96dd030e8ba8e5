import { describe, expect, it } from 'vitest';
import { type HarnessOptions, startHarness } from './testing/harness.ts';
import { hex } from './testing/hex.ts';
import { connectRaw } from './testing/raw-client.ts';
import { request, TABLE_HEX } from './testing/requests.ts';

const EMPTY_PAGE = { Items: [], Count: 0, ScannedCount: 0 };
const EMPTY_ANSWER = '80bf07800800 0a00ff'.replaceAll(' ', '');
const GO_PREAMBLE = hex('67"J7yne5G" 00 61"0" a1 69"UserAgent" 73"DaxGoV2Client-1.0.3" 00');
const COMPOSITE: HarnessOptions = {
  key: [
    ['pk', 'S'],
    ['sk', 'N'],
  ],
};

describe('query and scan', () => {
  it('are asked once, and again when their life is over', async () => {
    const clock = { ms: 0 };
    await using harness = await startHarness(() => EMPTY_PAGE, { queryTtlMs: 100, clock: { nowMs: () => clock.ms } });
    const client = await harness.connect();
    for (const ms of [0, 99, 100]) {
      clock.ms = ms;
      client.send(request('scan', `${TABLE_HEX} bfff`));
      expect((await client.receive(9)).toString('hex')).toBe(EMPTY_ANSWER);
    }
    expect(harness.backend.requests.length).toBe(2);
    expect(harness.node.stats().queryCache).toMatchObject({ hits: 0, negativeHits: 1, misses: 2 });
  });

  it('are not touched by writes, as in DAX', async () => {
    await using harness = await startHarness(({ operation }) => (operation === 'Scan' ? EMPTY_PAGE : {}));
    const client = await harness.connect();
    client.send(request('scan', `${TABLE_HEX} bfff`));
    await client.receive(9);
    client.send(request('putItem', `${TABLE_HEX} 41"a" 4101 bfff`));
    await client.receive(2);
    client.send(request('scan', `${TABLE_HEX} bfff`));
    await client.receive(9);
    expect(harness.backend.requests.map(({ operation }) => operation)).toEqual(['Scan', 'PutItem']);
  });

  it('are the same question whether or not capacity is asked for, which only the first consumed', async () => {
    const consumed = { ConsumedCapacity: { TableName: 'table', CapacityUnits: 0.5 } };
    await using harness = await startHarness(() => ({ ...EMPTY_PAGE, ...consumed }));
    const client = await harness.connect();
    client.send(request('scan', `${TABLE_HEX} a1 03 01`));
    expect((await client.receive(2)).toString('hex')).toBe('80bf');
    await client.receive(9 - 2 + 1 + 1 + 18);
    client.send(request('scan', `${TABLE_HEX} a1 03 01`));
    expect((await client.receive(9)).toString('hex')).toBe(EMPTY_ANSWER);
  });

  it('are different questions when anything else differs', async () => {
    await using harness = await startHarness(() => EMPTY_PAGE);
    const client = await harness.connect();
    const kwargs = [
      'bfff',
      'a1 0d 01',
      'a1 0d 02',
      'a2 10 00 11 02',
      'a2 10 01 11 02',
      'a1 0b 41"i"',
      'a1 0f 02',
      'a1 00 47 8201 81 8212 61"a"',
      'a1 00 47 8201 81 8212 61"b"',
      'a1 0a 49 8301 820b8212 61"a" 80',
      'a1 09 41"k"',
    ];
    for (const each of kwargs) {
      client.send(request('scan', `${TABLE_HEX} ${each}`));
      await client.receive(9);
    }
    expect(harness.backend.requests.length).toBe(kwargs.length);
  });

  it('pass a Select on, but not the one that the Go client sends unasked', async () => {
    await using harness = await startHarness(() => EMPTY_PAGE);
    const javascript = await harness.connect();
    javascript.send(request('scan', `${TABLE_HEX} a1 0f 01`));
    await javascript.receive(9);
    const go = await connectRaw(harness.node.port);
    go.send(Buffer.concat([GO_PREAMBLE, request('scan', `${TABLE_HEX} a1 0f 01`)]));
    await go.receive(9);
    go.close();
    expect(harness.backend.requests.map(({ body }) => body.Select)).toEqual(['ALL_ATTRIBUTES', undefined]);
  });

  it('fetch whole lists and give places in them', async () => {
    const item = { l: { L: [{ N: '0' }, { N: '1' }, { N: '2' }] } };
    await using harness = await startHarness(() => ({ Items: [item], Count: 1, ScannedCount: 1 }), COMPOSITE);
    const client = await harness.connect();
    client.send(request('scan', `${TABLE_HEX} a1 00 53 8201 82 8312 61"l" d90cfc02 8312 61"l" d90cfc00`));
    expect(await client.receive(14)).toEqual(hex('80 bf 07 81 a2 00 02 01 00 08 01 0a 01 ff'));
    expect(harness.backend.requests[0]?.body).toMatchObject({
      ProjectionExpression: '#n0',
      ExpressionAttributeNames: { '#n0': 'l' },
    });
  });

  it.each([
    ['46 61"p" c11c0000', 'the form of a table'],
    ['4b bf 62"pk" 61"p" 62"sk" 01 ff', 'the form of an index'],
  ])('start after a key in %s (%s)', async (startKey) => {
    await using harness = await startHarness(() => EMPTY_PAGE, COMPOSITE);
    const client = await harness.connect();
    client.send(request('scan', `${TABLE_HEX} a1 09 ${startKey}`));
    await client.receive(9);
    expect(harness.backend.requests[0]?.body.ExclusiveStartKey).toEqual({ pk: { S: 'p' }, sk: { N: '1' } });
  });
});
