/** A table of heads with a DAX node in front of it, read both ways by the functions' own code: to measure the cache alone. */

import { setTimeout as sleepMs } from 'node:timers/promises';
import { fixedCredentials } from '@quartersec/aws';
import { createDeadline } from '@quartersec/sla';
import {
  createDynamoDbTable,
  createSdkSend,
  createSignedSend,
  createTableIfMissing,
  type DynamoDbSend,
  openDaxTable,
  type Table,
} from '@quartersec/storage';
import { type CacheNode, startCacheNode } from './cache-node.ts';
import { connectTable } from './connect-table.ts';

export interface CacheStandOptions {
  readonly dynamoDbUrl: string;
  readonly items: number;
  /** About; a head of the sandbox has 2.8 KB. */
  readonly itemBytes: number;
}

/** `direct`: with the functions' own client; `sdk`: with AWS's client for DynamoDB, as AWS's client for DAX is compared with it. */
export type Way = 'dax' | DirectWay;
export type DirectWay = 'direct' | 'sdk';

export interface CacheStand {
  readonly tableName: string;
  readonly node: CacheNode;
  /** Of the items, all of one length. */
  readonly keys: readonly { readonly pk: string; readonly sk: string }[];
  /** One read of the item with this index, as a function makes it. @throws {Error} when the item is not as it was written */
  read(way: Way, index: number): Promise<void>;
  /** Reads meant for DAX that went to DynamoDB. */
  failures(): number;
  close(): Promise<void>;
}

const tableName = 'cache-stand';
const region = 'eu-west-1';
const deadlineMs = 10_000;
/** A machine short of CPU must not look like a node that hangs: the reads are measured, not ended. */
const patienceMs = 5_000;
const writesAtOnce = 16;

/** Writes the items around the cache. @throws {Error} when the node cannot be reached */
export async function startCacheStand({ dynamoDbUrl, items, itemBytes }: CacheStandOptions): Promise<CacheStand> {
  const { client } = connectTable({ tableName, region, endpoint: dynamoDbUrl });
  await createTableIfMissing(client, tableName);
  const credentials = fixedCredentials(await client.config.credentials());
  const table = (send: DynamoDbSend) =>
    createDynamoDbTable({ tableName, send, random: Math.random, sleep: (ms) => sleepMs(ms) });
  const direct = table(createSignedSend({ region, endpoint: new URL(dynamoDbUrl), credentials, nowEpochMs: Date.now }));
  const keys = Array.from({ length: items }, (_, index) => ({
    pk: `CONN#${String(index).padStart(6, '0')}`,
    sk: 'HEAD',
  }));
  const body = 'x'.repeat(itemBytes);
  const within = () => ({ deadline: createDeadline(deadlineMs, () => performance.now()) });
  for (let start = 0; start < items; start += writesAtOnce) {
    const batch = keys.slice(start, start + writesAtOnce);
    await Promise.all(batch.map((key) => direct.put({ ...key, version: 1, body }, undefined, within())));
  }

  const node = await startCacheNode({ endpoint: dynamoDbUrl, region });
  let failures = 0;
  const cache = openDaxTable({
    endpoint: node.url,
    region,
    credentials,
    tableName,
    direct,
    nowMs: () => performance.now(),
    random: Math.random,
    patienceMs,
    clientTimeoutMs: patienceMs,
    connectTimeoutMs: patienceMs,
    onFailure() {
      failures += 1;
    },
  });
  const close = async () => {
    cache.close();
    client.destroy();
    await node.close();
  };
  if (!(await cache.connected())) {
    await close();
    throw new Error(`the DAX node at ${node.url} does not answer`);
  }
  const tables: Readonly<Record<Way, Table>> = { dax: cache, direct, sdk: table(createSdkSend(client)) };
  return {
    tableName,
    node,
    keys,
    async read(way, index) {
      const key = keys[index];
      const item = key && (await tables[way].get(key, within()));
      if (item?.pk !== key?.pk || item?.body !== body)
        throw new Error(`${way}: item ${index} is not as it was written`);
    },
    failures: () => failures,
    close,
  };
}
