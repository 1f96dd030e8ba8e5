/** Keys that rotate while an environment lives, against the simulator. */
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
  rekeyTable,
  sealToken,
  type Table,
} from '@quartersec/storage';
import createDynalite from 'dynalite';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { composeConnect } from './compose-connect.ts';
import { composeProcess } from './compose-process.ts';
import { composeWebhook } from './compose-webhook.ts';
import { type ConnectEnvironment, readConnectEnvironment } from './environment.ts';
import { processEvent } from './process-event.ts';
import { parseSyncRequested } from './sync-event.ts';

const [old, fresh] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));
const within = () => ({ deadline: createDeadline(600_000, () => performance.now()) });
const dynalite = createDynalite({ createTableMs: 0 });
let providers: Providers;
let host: LambdaHost;
let table: Table;
let variables: Record<string, string>;
let links = 0;

beforeAll(async () => {
  dynalite.listen(0, '127.0.0.1');
  await once(dynalite, 'listening');
  const endpoint = `http://127.0.0.1:${(dynalite.address() as AddressInfo).port}`;
  providers = await startProviders({ seed: 3, connections: 9, latency: { medianMs: 0, p99Ms: 0 } });
  host = await startLambdaHost({ region: 'eu-west-1', queues: [{ name: 'sync' }] });
  const client = createDynamoDbClient({ region: 'eu-west-1', endpoint });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  await createTableIfMissing(client, 'renewed');
  const send = createSdkSend(client);
  table = createDynamoDbTable({ tableName: 'renewed', send, random: Math.random, sleep: async () => {} });
  variables = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    TABLE_NAME: 'renewed',
    DYNAMODB_ENDPOINT: endpoint,
    QUEUE_URL: host.queueUrl('sync'),
    SQS_ENDPOINT: host.url,
    TOKEN_KEY: String(old),
    READ_TOKEN_KEY: String(old),
    PLAID_BASE_URL: providers.url,
    PLAID_CLIENT_ID: 'client-sandbox',
    PLAID_SECRET: 'secret-sandbox',
  };
});
afterAll(async () => {
  await host?.close();
  await providers?.close();
  dynalite.close();
});

let connectionId: string;
beforeEach(async () => {
  connectionId = `conn-${links}`;
  const sealedToken = sealToken(`access-sandbox-${links}`, { tokenKeys: String(old), connectionId });
  links += 1;
  const link = { connectionId, userId: 'user-1', provider: 'plaid', institutionId: 'i', sealedToken };
  const request = { ...link, runId: 'link', writtenEpochMs: 1 };
  await linkConnection({ journal: createJournal({ table }), table }, request, within());
});

const environment = (changes: Record<string, string> = {}): ConnectEnvironment =>
  readConnectEnvironment({ ...variables, ...changes });

async function runWith(start: ConnectEnvironment, later: ConnectEnvironment) {
  const readAgain = vi.fn(async () => later);
  const deps = await composeProcess(start, {}, readAgain);
  const run = async () => {
    const event = parseSyncRequested({ connectionId }, { correlationId: 'c', requestedEpochMs: Date.now() });
    return (await processEvent(event, { hardDeadlineMs: 5_000 }, deps)).outcome;
  };
  return { run, readAgain };
}

describe('the process function', () => {
  it('goes on with the secret that replaced its own at the provider, within the same event', async () => {
    const { run, readAgain } = await runWith(environment({ PLAID_SECRET: 'rotated away' }), environment());
    expect(await run()).toMatchObject({ kind: 'committed' });
    expect(await run()).toMatchObject({ kind: 'committed' });
    expect(readAgain).toHaveBeenCalledOnce();
  });

  it('holds the event where the secret is wrong for good, and does not read it with every event', async () => {
    const wrong = environment({ PLAID_SECRET: 'wrong' });
    const { run, readAgain } = await runWith(wrong, wrong);
    expect(await run()).toMatchObject({ kind: 'postponed', misconfigured: true });
    expect(readAgain).toHaveBeenCalledOnce();
  });

  it('opens tokens that were sealed anew while it lives', async () => {
    const both = environment({ TOKEN_KEY: `new:${fresh},${old}` });
    const { run, readAgain } = await runWith(environment(), both);
    expect(await run()).toMatchObject({ kind: 'committed' });
    const options = { ...within(), tokenKeys: both.tokenKey, newId: () => 'rekey', nowEpochMs: Date.now };
    expect(await rekeyTable(table, options)).toMatchObject({ unreadable: [] });
    expect(readAgain).not.toHaveBeenCalled();
    expect(await run()).toMatchObject({ kind: 'committed' });
    expect(readAgain).toHaveBeenCalledOnce();
  });
});

describe('the connect and webhook functions', () => {
  const request = { userRef: 'u', clientName: 'App', language: 'en', countryCodes: ['US'], daysRequested: 1 };
  const noAddresses = { webhookUrl: undefined, redirectUri: undefined };

  it('go on with the secret that replaced theirs', async () => {
    const { calls } = composeConnect(environment({ PLAID_SECRET: 'rotated away' }), async () => environment());
    const token = await calls.createLinkToken({ ...request, ...noAddresses }, within().deadline);
    expect(token.linkToken).toMatch(/^link-sandbox-/);
    const { accounts } = await calls.readAccounts('access-sandbox-0', 'i', within().deadline);
    expect(accounts.length).toBeGreaterThan(0);
    expect(await calls.readItem('access-sandbox-0', within().deadline)).toMatchObject({ itemId: 'item-sandbox-0' });
    expect(await calls.lookUpKey('none', within().deadline)).toBeUndefined();
    expect(await calls.removeItem('access-sandbox-8', within().deadline)).toBe('removed');
  });

  it('make an exchange once: keys that it finds refused are renewed for the next', async () => {
    const { calls } = composeConnect(environment({ PLAID_SECRET: 'rotated away' }), async () => environment());
    expect(await calls.exchange('public-none')).toMatchObject({ error: { code: 'CONFIGURATION_REFUSED' } });
    expect(await calls.exchange('public-none')).toMatchObject({ error: { code: 'REQUEST_REJECTED' } });
  });

  it('look up the key of a webhook with it', async () => {
    const start = { ...environment({ PLAID_SECRET: 'rotated away' }), banks: {} };
    const provider = composeWebhook(start, async () => ({ ...environment(), banks: {} })).providerFor('plaid');
    const header = Buffer.from('{"alg":"ES256","kid":"none"}').toString('base64url');
    const verified = await provider?.verify(`${header}.e30.AA`, Buffer.from('{}'), Date.now());
    expect(verified).toEqual({ outcome: 'refused', refusal: 'KEY_UNKNOWN' });
    expect(composeWebhook(start).providerFor('constructor')).toBeUndefined();
  });
});
