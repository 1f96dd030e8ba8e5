/** What the table looks like: for the sandbox, tests and whoever deploys without the CDK app. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { StorageError } from './storage-error.ts';

/** Attribute after whose time (epoch seconds) DynamoDB may drop an item. Only quarantined records carry it. */
export const timeToLiveAttribute = 'expiresEpochSeconds';

const pollMs = 100;
const polls = 300;

export function tableDefinition(tableName: string): CreateTableCommandInput {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  };
}

/**
 * Safe to repeat and to race.
 * @returns whether this call created the table
 * @throws {StorageError} `TABLE_UNREACHABLE` when it is not active within 30 s
 */
export async function createTableIfMissing(client: DynamoDBClient, tableName: string): Promise<boolean> {
  const created = await client.send(new CreateTableCommand(tableDefinition(tableName))).then(
    () => true,
    (error: unknown) => {
      if (nameOf(error) === 'ResourceInUseException') return false;
      throw error;
    },
  );
  await untilActive(client, tableName);
  if (created) await switchOnTimeToLive(client, tableName);
  return created;
}

async function untilActive(client: DynamoDBClient, tableName: string): Promise<void> {
  for (let poll = 0; poll < polls; poll++) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(pollMs);
  }
  throw new StorageError('TABLE_UNREACHABLE', { table: tableName, reason: 'not active' });
}

/** dynalite has no time to live: nothing expires there, which only keeps more than needed. */
async function switchOnTimeToLive(client: DynamoDBClient, tableName: string): Promise<void> {
  const specification = { AttributeName: timeToLiveAttribute, Enabled: true };
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName: tableName, TimeToLiveSpecification: specification }));
  } catch (error) {
    if (nameOf(error) !== 'UnknownOperationException') throw error;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
