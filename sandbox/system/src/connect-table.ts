/** The table as the system's own tools reach it: in the sandbox with dummy credentials, on AWS with the caller's. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { createDynamoDbClient, createDynamoDbTable, createSdkSend, type Table } from '@quartersec/storage';

export interface TableAddress {
  readonly tableName: string;
  readonly region: string;
  /** `undefined`: DynamoDB of the region. */
  readonly endpoint: string | undefined;
}

export function connectTable({ tableName, region, endpoint }: TableAddress): {
  readonly client: ReturnType<typeof createDynamoDbClient>;
  readonly table: Table;
} {
  const local = { endpoint, credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' } };
  const client = createDynamoDbClient({
    region,
    ...(endpoint === undefined ? {} : (local as { endpoint: string } & typeof local)),
  });
  const sleep = async (ms: number) => {
    await sleepMs(ms);
  };
  return { client, table: createDynamoDbTable({ tableName, send: createSdkSend(client), random: Math.random, sleep }) };
}
