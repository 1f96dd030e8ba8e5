/** The functions as they are composed for real, against the simulator, an embedded table and a queue, all on loopback. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type LambdaHost, startLambdaHost } from '@quartersec/sandbox-lambda';
import { type Providers, startProviders } from '@quartersec/sandbox-providers';
import { createDeadline } from '@quartersec/sla';
import {
  createDynamoDbClient,
  createDynamoDbTable,
  createJournal,
  createSdkSend,
  createTableIfMissing,
  linkConnection,
  readQuarantined,
  sealToken,
  type Table,
} from '@quartersec/storage';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import createDynalite from 'dynalite';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EventReport } from './process-event.ts';

const key = Buffer.alloc(32, 5).toString('base64');
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 300_000 };
/** Nobody waits: these have the function's time, however busy the machine is. */
const syncOf = (connectionId: string) => ({ connectionId, reason: 'schedule' });
const dynalite = createDynalite({ createTableMs: 0 });
const within = () => ({ deadline: createDeadline(600_000, () => performance.now()) });
const region = 'eu-west-1';
let providers: Providers;
let host: LambdaHost;
let table: Table;

beforeAll(async () => {
  dynalite.listen(0, '127.0.0.1');
  await once(dynalite, 'listening');
  const endpoint = `http://127.0.0.1:${(dynalite.address() as AddressInfo).port}`;
  providers = await startProviders({ seed: 3, connections: 4, latency: { medianMs: 0, p99Ms: 0 } });
  host = await startLambdaHost({ region, queues: [{ name: 'sync' }] });
  for (const [name, value] of Object.entries({
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    TABLE_NAME: 'functions',
    DYNAMODB_ENDPOINT: endpoint,
    QUEUE_URL: host.queueUrl('sync'),
    SQS_ENDPOINT: host.url,
    TOKEN_KEY: key,
    READ_TOKEN_KEY: key,
    PLAID_BASE_URL: providers.url,
    PLAID_CLIENT_ID: 'client-sandbox',
    PLAID_SECRET: 'secret-sandbox',
  })) {
    vi.stubEnv(name, value);
  }
  const client = createDynamoDbClient({ region, endpoint });
  await createTableIfMissing(client, 'functions');
  table = createDynamoDbTable({
    tableName: 'functions',
    send: createSdkSend(client),
    random: Math.random,
    sleep: async () => {},
  });
  for (const index of [0, 1, 2]) {
    const connectionId = `conn-${index}`;
    const sealedToken = sealToken(`access-sandbox-${index}`, { tokenKeys: key, connectionId });
    const link = {
      connectionId,
      userId: 'user-1',
      provider: index === 2 ? 'toString' : 'plaid',
      institutionId: 'ins-1',
      sealedToken,
    };
    await linkConnection(
      { journal: createJournal({ table }), table },
      { ...link, runId: 'link', writtenEpochMs: 1 },
      within(),
    );
  }
});

afterAll(async () => {
  await host?.close();
  await providers?.close();
  dynalite.close();
});

async function plant(token: string, kind: string, options = {}): Promise<void> {
  const body = JSON.stringify({ token, kind, times: 1, options });
  await fetch(`${providers.controlUrl}/faults`, { method: 'POST', body });
}

const bearer = async (sub: string) =>
  `Bearer ${await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setAudience('quartersec')
    .setExpirationTime('1 minute')
    .sign(Buffer.from(key, 'base64'))}`;

describe('the process and query functions', () => {
  it('store what the provider has and give it to its owner, and to nobody else', async () => {
    const { handler: process } = await import('./process.ts');
    const { handler: query } = await import('./query.ts');
    await plant('access-sandbox-0', 'bad-record');
    const report = (await process(syncOf('conn-0'), context)) as EventReport;
    expect(report).toMatchObject({ outcome: { kind: 'committed' }, version: 3, quarantined: 1 });
    expect(await readQuarantined(table, 'conn-0', within())).toHaveLength(1);

    const get = async (target: string, sub: string) => {
      const [what = '', rawQueryString = ''] = target.split('?');
      const request = { rawPath: `/v1/${what}`, rawQueryString, requestContext: { http: { method: 'GET' } } };
      const answer = await query({
        ...request,
        headers: { authorization: await bearer(sub) },
      } as unknown as LambdaFunctionURLEvent);
      return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') };
    };
    const accounts = await get('accounts', 'user-1');
    expect(accounts.body.accounts.length).toBeGreaterThanOrEqual(2);
    expect((await get('transactions?limit=500', 'user-1')).body.transactions).toHaveLength(report.added);
    const { body: feed } = await get('changes?limit=500', 'user-1');
    expect(feed.changes.filter(({ kind }: { kind: string }) => kind === 'transaction.added')).toHaveLength(
      report.added,
    );
    expect((await get('accounts', 'user-2')).body).toMatchObject({ accounts: [], connections: [] });
    expect(await get('connections/conn-0', 'user-2')).toMatchObject({ status: 404 });
  });

  it('sleeps between attempts and puts a throttled event back on the queue with its delay', async () => {
    const { handler: process } = await import('./process.ts');
    await plant('access-sandbox-1', 'status', { status: 503 });
    expect(await process(syncOf('conn-1'), context)).toMatchObject({
      outcome: { kind: 'committed' },
      attempts: 2,
    });
    await plant('access-sandbox-1', 'too-many', { retryAfterSeconds: 600 });
    expect(await process(syncOf('conn-1'), context)).toMatchObject({ outcome: { kind: 'postponed' } });
    expect(host.stats().queues.sync).toMatchObject({ sent: 1, delayed: 1 });
  });

  it('has connectors for its own names only, not for what every object has', async () => {
    const { handler: process } = await import('./process.ts');
    await expect(process(syncOf('conn-2'), context)).rejects.toMatchObject({ name: 'PROVIDER_UNSUPPORTED' });
  });
});
