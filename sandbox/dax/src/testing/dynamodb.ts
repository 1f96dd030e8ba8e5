/** A real DynamoDB endpoint for tests: Dynoxide when it runs (`DYNOXIDE_URL`), otherwise dynalite. */
import type { AddressInfo } from 'node:net';
import { type CreateTableCommandInput, DynamoDB } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';

export interface TestDynamo {
  readonly endpoint: string;
  /** Whether it is Dynoxide, which has transactions, and known differences; dynalite has no transactions. */
  readonly isDynoxide: boolean;
  readonly client: DynamoDB;
  close(): Promise<void>;
}

export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
export const REGION = 'us-east-1';

export async function startTestDynamo(): Promise<TestDynamo> {
  const url = process.env.DYNOXIDE_URL;
  if (url !== undefined && url !== '') {
    const client = newClient(url);
    return { endpoint: url, isDynoxide: true, client, close: async () => client.destroy() };
  }
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = newClient(endpoint);
  return {
    endpoint,
    isDynoxide: false,
    client,
    close: async () => {
      client.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function newClient(endpoint: string): DynamoDB {
  return new DynamoDB({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
}

/** The tables of the shared operations. Names start with the prefix, so that runs do not meet. */
export async function createTables(client: DynamoDB, prefix: string): Promise<void> {
  const tables: CreateTableCommandInput[] = [
    {
      TableName: `${prefix}-single`,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
    {
      TableName: `${prefix}-binary`,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'N' },
        { AttributeName: 'sk', AttributeType: 'B' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    },
    {
      TableName: `${prefix}-composite`,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
        { AttributeName: 'gpk', AttributeType: 'S' },
        { AttributeName: 'gsk', AttributeType: 'N' },
        { AttributeName: 'lsk', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'global',
          KeySchema: [
            { AttributeName: 'gpk', KeyType: 'HASH' },
            { AttributeName: 'gsk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'local',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'lsk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    },
  ];
  for (const table of tables) {
    await client.createTable(table);
    for (let status: string | undefined; status !== 'ACTIVE'; ) {
      status = (await client.describeTable({ TableName: table.TableName })).Table?.TableStatus;
    }
  }
}

let runs = 0;
/** A prefix that no other run on this machine uses. */
export function newPrefix(): string {
  runs += 1;
  return `t${process.pid.toString(36)}${Date.now().toString(36)}${runs}`;
}
