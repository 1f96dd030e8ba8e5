/** The table as the system's own tools reach it: in the sandbox with dummy credentials, on AWS with the caller's. */

import { setTimeout as sleepMs } from 'node:timers/promises';
import { fixedCredentials } from '@quartersec/aws';
import {
  createDynamoDbClient,
  createDynamoDbTable,
  createSdkSend,
  type DaxTable,
  openDaxTable,
  type Table,
} from '@quartersec/storage';

export interface TableAddress {
  readonly tableName: string;
  readonly region: string;
  /** `undefined`: DynamoDB of the region. */
  readonly endpoint: string | undefined;
}

/**
 * The same table through DAX, for what changes heads: otherwise the cluster goes on answering with what it has.
 * @returns `undefined` when the cluster cannot be reached
 */
export async function connectCache(
  { client, table }: ReturnType<typeof connectTable>,
  { tableName, region }: TableAddress,
  endpoint: string,
): Promise<DaxTable | undefined> {
  const credentials = fixedCredentials(await client.config.credentials());
  const nowMs = () => performance.now();
  const cache = openDaxTable({ endpoint, region, credentials, tableName, direct: table, nowMs, random: Math.random });
  if (await cache.connected()) return cache;
  cache.close();
  return undefined;
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
