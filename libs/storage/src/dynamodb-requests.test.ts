import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import type { DynamoDbAnswer, DynamoDbRequest } from './dynamodb-requests.ts';
import { createDynamoDbTable } from './dynamodb-table.ts';

const deadline = createDeadline(600_000, () => performance.now());

/** A table whose client answers with these, in order, and keeps what it was asked. */
function scripted(...answers: DynamoDbAnswer[]) {
  const requests: DynamoDbRequest[] = [];
  const waits: number[] = [];
  const table = createDynamoDbTable({
    tableName: 'T',
    random: () => 0,
    sleep: async (ms) => waits.push(ms),
    send: async (request) => {
      requests.push(request);
      return answers.shift() ?? {};
    },
  });
  return { table, requests, waits };
}

describe('requests to DynamoDB', () => {
  it('are consistent reads, which cost twice, only when the read must be fresh', async () => {
    const { table, requests } = scripted();
    const range = { pk: 'a', fromSk: 'a', toSk: 'b' };
    for (const options of [{ deadline }, { deadline, fresh: true }]) {
      await table.get({ pk: 'a', sk: 'b' }, options);
      await table.getAll([{ pk: 'a', sk: 'b' }], options);
      await table.query(range, options);
      await table.scan(options)[Symbol.asyncIterator]().next();
    }
    expect(
      requests.map(({ operation, input }) => [operation, /"ConsistentRead":true/.test(JSON.stringify(input))]),
    ).toEqual([
      ['GetItem', false],
      ['BatchGetItem', false],
      ['Query', false],
      ['Scan', false],
      ['GetItem', true],
      ['BatchGetItem', true],
      ['Query', true],
      ['Scan', true],
    ]);
  });

  it('ask for the rest of a limit from where the page before ended, and stop at the limit', async () => {
    const item = (sk: string) => ({ pk: { S: 'a' }, sk: { S: sk } });
    const { table, requests } = scripted(
      { Items: [item('1'), item('2')], LastEvaluatedKey: item('2') },
      { Items: [item('3')], LastEvaluatedKey: item('3') },
    );
    const items = await table.query({ pk: 'a', fromSk: '1', toSk: '9', limit: 3 }, { deadline });
    expect(items.map(({ sk }) => sk)).toEqual(['1', '2', '3']);
    expect(requests.map(({ input }) => input)).toMatchObject([
      { Limit: 3 },
      { Limit: 1, ExclusiveStartKey: item('2') },
    ]);
    expect(requests[0]?.input).not.toHaveProperty('ExclusiveStartKey');
  });

  it('ask again, after a pause, for the keys that an answer leaves out, and for no others', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((sk) => ({ pk: { S: 'p' }, sk: { S: sk } }));
    const left = (...keys: unknown[]) => ({ UnprocessedKeys: { T: { Keys: keys } } }) as DynamoDbAnswer;
    const { table, requests, waits } = scripted(
      { Responses: { T: [{ ...a, n: { N: '1' } }] }, ...left(b, c) } as DynamoDbAnswer,
      left(b, c),
      { Responses: { T: [{ ...c }, { ...b }] }, UnprocessedKeys: {} } as DynamoDbAnswer,
    );
    const keys = ['a', 'b', 'c'].map((sk) => ({ pk: 'p', sk, body: 'of the caller' }));
    const items = await table.getAll(keys, { deadline });
    expect(items).toEqual([
      { pk: 'p', sk: 'a', n: 1 },
      { pk: 'p', sk: 'c' },
      { pk: 'p', sk: 'b' },
    ]);
    const asked = (...Keys: unknown[]) => ({ RequestItems: { T: { Keys, ConsistentRead: false } } });
    expect(requests.map(({ input }) => input)).toEqual([asked(a, b, c), asked(b, c), asked(b, c)]);
    expect(waits).toEqual([2, 2]);
  });

  it('name throttling when keys are left out until the deadline', async () => {
    const key = { pk: { S: 'p' }, sk: { S: 'a' } };
    const answers = Array.from({ length: 5 }, () => ({ UnprocessedKeys: { T: { Keys: [key] } } }) as DynamoDbAnswer);
    const { table } = scripted(...answers);
    let nowMs = 0;
    const soon = createDeadline(60, () => {
      nowMs += 10;
      return nowMs;
    });
    const reading = table.getAll([{ pk: 'p', sk: 'a' }], { deadline: soon });
    await expect(reading).rejects.toMatchObject({ code: 'TABLE_THROTTLED', facts: { operation: 'BatchGetItem' } });
  });

  it('carry nothing but the key, whatever else the caller holds', async () => {
    const { table, requests } = scripted();
    const head = { pk: 'a', sk: 'HEAD', body: 'secret' };
    await table.get(head, { deadline });
    await table.delete(head, { deadline });
    const key = { pk: { S: 'a' }, sk: { S: 'HEAD' } };
    expect(requests).toEqual([
      { operation: 'GetItem', input: { TableName: 'T', Key: key, ConsistentRead: false } },
      { operation: 'DeleteItem', input: { TableName: 'T', Key: key } },
    ]);
  });
});
