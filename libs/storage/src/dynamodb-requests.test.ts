import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import type { DynamoDbAnswer, DynamoDbRequest } from './dynamodb-requests.ts';
import { createDynamoDbTable } from './dynamodb-table.ts';

const deadline = createDeadline(600_000, () => performance.now());

/** A table whose client answers with these, in order, and keeps what it was asked. */
function scripted(...answers: DynamoDbAnswer[]) {
  const requests: DynamoDbRequest[] = [];
  const table = createDynamoDbTable({
    tableName: 'T',
    random: () => 0,
    sleep: async () => {},
    send: async (request) => {
      requests.push(request);
      return answers.shift() ?? {};
    },
  });
  return { table, requests };
}

describe('requests to DynamoDB', () => {
  it('are consistent reads, which cost twice, only when the read must be fresh', async () => {
    const { table, requests } = scripted();
    const range = { pk: 'a', fromSk: 'a', toSk: 'b' };
    for (const options of [{ deadline }, { deadline, fresh: true }]) {
      await table.get({ pk: 'a', sk: 'b' }, options);
      await table.query(range, options);
      await table.scan(options)[Symbol.asyncIterator]().next();
    }
    expect(
      requests.map(({ operation, input }) => [operation, 'ConsistentRead' in input && input.ConsistentRead]),
    ).toEqual([
      ['GetItem', false],
      ['Query', false],
      ['Scan', false],
      ['GetItem', true],
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
