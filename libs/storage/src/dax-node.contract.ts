/** A DAX node in front of a DynamoDB endpoint, and tables through it. For tests. */

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixedCredentials } from '@quartersec/aws';
import { type DaxNode, type DaxNodeOptions, startDaxNode } from '@quartersec/sandbox-dax/source';
import dynalite from 'dynalite';
import { type DaxTable, type DaxTableOptions, openDaxTable } from './dax-table.ts';
import { createDynamoDbClient } from './dynamodb-client.ts';
import { createDynamoDbTable } from './dynamodb-table.ts';
import { createSignedSend } from './signed-send.ts';
import type { Table } from './table.ts';
import { createTableIfMissing } from './table-definition.ts';

export interface CachedTable {
  readonly tableName: string;
  readonly table: Table;
  readonly cache: DaxTable;
}

export interface DaxStand {
  readonly endpoint: string;
  node(): DaxNode;
  /** Makes a table, and reaches it both ways. */
  open(options?: Partial<DaxTableOptions>): Promise<CachedTable>;
  /** Ends the node and everything it has cached, and starts another one at the same address. */
  stopNode(): Promise<void>;
  startNode(): Promise<void>;
  close(): Promise<void>;
}

const region = 'eu-west-1';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const place = { region, credentials: fixedCredentials(credentials) };
/** A noisy machine must not look like a hung table, nor like a hung node. */
const attemptTimeoutMs = 60_000;
const patienceMs = 60_000;

export async function startDynalite(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  server.keepAliveTimeout = 0; // closing an idle connection can meet the next request half-way: a put is then unknown
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @param endpoint of DynamoDB */
export async function startDaxStand(endpoint: string, options: Partial<DaxNodeOptions> = {}): Promise<DaxStand> {
  const client = createDynamoDbClient({ region, credentials, endpoint });
  const start = (port: number) => startDaxNode({ endpoint, region, accessKeyId: 'local', ...options, port });
  let node = await start(0);
  const opened: DaxTable[] = [];
  let tables = 0;
  return {
    endpoint,
    node: () => node,
    async open(tableOptions = {}) {
      tables += 1;
      const tableName = `dax-${process.pid}-${Math.random().toString(36).slice(2)}-${tables}`;
      await createTableIfMissing(client, tableName);
      const send = createSignedSend({ ...place, endpoint: new URL(endpoint), nowEpochMs: Date.now });
      const table = createDynamoDbTable({ tableName, send, random: Math.random, sleep, attemptTimeoutMs });
      const cache = openDaxTable({
        ...place,
        endpoint: node.url,
        tableName,
        direct: table,
        nowMs: () => performance.now(),
        random: () => 0,
        patienceMs,
        clientTimeoutMs: patienceMs,
        connectTimeoutMs: patienceMs,
        ...tableOptions,
      });
      opened.push(cache);
      return { tableName, table, cache };
    },
    stopNode: () => node.close(),
    async startNode() {
      node = await start(node.port);
    },
    async close() {
      for (const cache of opened) cache.close();
      await node.close();
      client.destroy();
    },
  };
}
