import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { fixedCredentials } from '@quartersec/aws';
import { createDeadline } from '@quartersec/sla';
import dynalite from 'dynalite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbClient, createSdkSend } from './dynamodb-client.ts';
import { createDynamoDbTable, type DynamoDbSend } from './dynamodb-table.ts';
import { type FaultProxy, findClosedUrl, startFaultProxy } from './fault-proxy.contract.ts';
import { describeRemoteTable } from './remote-table.contract.ts';
import { createSignedSend } from './signed-send.ts';
import { describeTable } from './table.contract.ts';
import { createTableIfMissing } from './table-definition.ts';

const dynoxideUrl = process.env.DYNOXIDE_URL;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
/** A noisy machine must not look like a hung table. */
const attemptTimeoutMs = 20_000;
const soon = () => createDeadline(600_000, () => performance.now());

it('runs against Dynoxide wherever CI is set', () => {
  expect(process.env.CI !== 'true' || dynoxideUrl, 'CI needs DYNOXIDE_URL').toBeTruthy();
});

function clientOf(endpoint: string) {
  return createDynamoDbClient({ endpoint, region: 'eu-west-1', credentials });
}

/** Both clients keep the same contract: the SDK's, and our own thin one. */
const senders: Readonly<Record<string, (endpoint: string) => { send: DynamoDbSend; destroy(): void }>> = {
  'the SDK': (endpoint) => {
    const client = clientOf(endpoint);
    return { send: createSdkSend(client), destroy: () => client.destroy() };
  },
  'signed requests': (endpoint) => {
    const send = createSignedSend({
      endpoint: new URL(endpoint),
      region: 'eu-west-1',
      credentials: fixedCredentials(credentials),
      nowEpochMs: Date.now,
    });
    return { send, destroy: () => {} };
  },
};

function describeDynamoDb(name: string, startEndpoint: () => Promise<string>): void {
  const tableName = `contract-${process.pid}-${Math.random().toString(36).slice(2)}`;
  let endpoint: string;
  let proxy: FaultProxy;
  const open: { destroy(): void }[] = [];

  beforeAll(async () => {
    endpoint = await startEndpoint();
    proxy = await startFaultProxy(endpoint);
    open.push(clientOf(endpoint));
  });

  afterAll(async () => {
    const client = clientOf(endpoint);
    await client.send(new DeleteTableCommand({ TableName: tableName }));
    for (const each of [...open, client]) each.destroy();
    await proxy.close();
  });

  describe(`the table in ${name}`, () => {
    it('is created once, however many ask for it', async () => {
      const client = clientOf(endpoint);
      open.push(client);
      const created = await Promise.all([1, 2, 3].map(() => createTableIfMissing(client, tableName)));
      expect(created.filter(Boolean)).toHaveLength(1);
      expect(await createTableIfMissing(client, tableName)).toBe(false);
    });
  });

  for (const [through, connectTo] of Object.entries(senders)) {
    describeTable(`${name} through ${through}`, async () => {
      const client = clientOf(endpoint);
      await createTableIfMissing(client, tableName);
      const sender = connectTo(endpoint);
      open.push(client, sender);
      return createDynamoDbTable({ tableName, send: sender.send, random: Math.random, sleep, attemptTimeoutMs });
    });

    describeRemoteTable(`${name} through ${through}`, async () => {
      const { send, destroy } = connectTo(proxy.url);
      open.push({ destroy });
      return {
        proxy,
        connect: (options) => createDynamoDbTable({ tableName, send, random: () => 0.5, attemptTimeoutMs, ...options }),
      };
    });
  }
}

describe('dynalite', () => {
  let server: Server;

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  describeDynamoDb('dynalite', async () => {
    server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
    server.keepAliveTimeout = 0; // closing an idle connection can meet the next request half-way: a put is then unknown
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
});

describe.runIf(dynoxideUrl !== undefined)('Dynoxide', () => {
  describeDynamoDb('Dynoxide', async () => String(dynoxideUrl));

  it('drops quarantined records by their time to live', async () => {
    const client = clientOf(String(dynoxideUrl));
    const TableName = `ttl-${process.pid}-${Math.random().toString(36).slice(2)}`;
    await createTableIfMissing(client, TableName);
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'expiresEpochSeconds' });
    expect(['ENABLED', 'ENABLING']).toContain(TimeToLiveDescription?.TimeToLiveStatus);
    await client.send(new DeleteTableCommand({ TableName }));
    client.destroy();
  });
});

describe('a table that is not there', () => {
  const key = { pk: 'a', sk: 'a' };

  it.each(Object.entries(senders))(
    'is unreachable through %s, also for a put, which cannot have been carried out',
    async (_through, connectTo) => {
      const sender = connectTo(await findClosedUrl());
      let nowMs = 0;
      const sleepFor = async (ms: number) => {
        nowMs += ms;
      };
      const deps = { tableName: 'none', send: sender.send, random: () => 0.5, sleep: sleepFor };
      const table = createDynamoDbTable(deps);
      const deadline = createDeadline(1_000, () => nowMs);
      const expected = { code: 'TABLE_UNREACHABLE', facts: { table: 'none', operation: 'PutItem' } };
      await expect(table.put(key, undefined, { deadline })).rejects.toMatchObject(expected);
      expect(nowMs).toBeGreaterThan(0);
      sender.destroy();
    },
  );

  it.each(Object.entries(senders))(
    'is refused as such through %s where the endpoint does not know its name',
    async (_through, connectTo) => {
      const server = dynalite({});
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { send, destroy } = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const table = createDynamoDbTable({ tableName: 'none', send, random: () => 0, sleep });
      const expected = { code: 'TABLE_REJECTED', facts: { reason: 'ResourceNotFoundException' } };
      await expect(table.get(key, { deadline: soon() })).rejects.toMatchObject(expected);
      destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  );
});
