/** Webhooks as a provider sends them, at the function's URL: forged ones are refused, genuine ones end as stored data. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { realisticLatency } from '@quartersec/sandbox-providers';
import type { System } from '@quartersec/sandbox-system';
import { queueNames } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOnCostPage } from './cost-page.ts';
import { expectCleanAudit, expectTruth, postEvent, readJournal, startJourneySystem, until } from './journey.ts';

const connections = 20;
let system: System;
let hookUrl: string;
const webhookLines: string[] = [];

beforeAll(async () => {
  const providers = { published: 2, webhookRetryMs: 500, latency: realisticLatency };
  system = await startJourneySystem({
    connections,
    dax: false,
    webhooks: true,
    maxEnvironments: 1,
    providers,
    onLog: (name, line) => {
      if (name === 'webhook') webhookLines.push(line);
    },
  });
  hookUrl = system.webhookUrl;
  for (let index = 0; index < connections; index += 1) await postEvent(system, { connectionId: `conn-${index}` });
});
afterAll(() => system?.close());

interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${system.controlUrl}${path}`, init);
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer as Answer;
}

const signed = (index: number, members: object = {}) =>
  control<Signed>('POST', `/connections/access-sandbox-${index}/webhook`, {
    type: 'TRANSACTIONS',
    code: 'SYNC_UPDATES_AVAILABLE',
    members: { initial_update_complete: true, historical_update_complete: true },
    deliver: false,
    ...members,
  });
const post = async ({ headers, body }: Signed) => {
  const response = await fetch(hookUrl, { method: 'POST', headers, body });
  return { status: response.status, code: ((await response.json()) as { code?: string }).code };
};
const token = ({ headers }: Signed) => headers['plaid-verification'] ?? '';
const withToken = (webhook: Signed, jwt: string): Signed => ({
  ...webhook,
  headers: { ...webhook.headers, 'plaid-verification': jwt },
});
const total = (metric: 'WebhookForged' | 'WebhooksQueued' | 'WebhooksRepeated' | 'Coalesced') =>
  system.metrics.totals.total(metric);
const queued = () => system.host.stats().queues[queueNames.sync]?.sent ?? 0;
const settled = () =>
  until('the queue is worked off', () => {
    const stats = system.host.stats().queues[queueNames.sync];
    return stats !== undefined && stats.visible + stats.inFlight + stats.delayed === 0;
  });
const calls = async () => (await control<{ byPath: Record<string, number> }>('GET', '/calls')).byPath;

const seconds = () => Math.floor(Date.now() / 1_000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function forgedToken(body: string, header: object = { alg: 'ES256', kid: 'made-up' }): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const claims = { iat: seconds(), request_body_sha256: createHash('sha256').update(body).digest('hex') };
  const text = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

describe('at the URL, before anything is used', () => {
  it('refuses what is forged, old, from the future, of another algorithm or with another body, and counts each', async () => {
    const sentBefore = queued();
    const forgedBefore = total('WebhookForged');
    const genuine = await signed(0);
    const { kid } = JSON.parse(Buffer.from(token(genuine).split('.')[0] ?? '', 'base64url').toString());
    const [header = '', payload = ''] = token(genuine).split('.');
    const attempts: [string, Signed][] = [
      ['KEY_UNKNOWN', withToken(genuine, forgedToken(genuine.body))],
      ['SIGNATURE_INVALID', withToken(genuine, forgedToken(genuine.body, { alg: 'ES256', kid }))],
      ['ALGORITHM_REFUSED', withToken(genuine, forgedToken(genuine.body, { alg: 'HS256', kid }))],
      ['ALGORITHM_REFUSED', withToken(genuine, `${encode({ alg: 'none', kid })}.${payload}.AA`)],
      ['TOKEN_MALFORMED', withToken(genuine, `${header}.${payload}.`)],
      ['TOKEN_MALFORMED', withToken(genuine, `${token(genuine)}, ${token(genuine)}`)],
      ['BODY_DIFFERS', { ...genuine, body: (await signed(1)).body }],
      ['BODY_DIFFERS', { ...genuine, body: `${genuine.body} ` }],
      ['TOO_OLD', await signed(0, { issuedEpochSeconds: seconds() - 302 })],
      ['FROM_THE_FUTURE', await signed(0, { issuedEpochSeconds: seconds() + 120 })],
    ];
    for (const [code, attempt] of attempts) expect(await post(attempt)).toEqual({ status: 401, code });
    await until('all are counted', () => total('WebhookForged') === forgedBefore + attempts.length);
    const bare = { headers: { 'content-type': 'application/json' }, body: genuine.body };
    expect(await post(bare)).toEqual({ status: 401, code: 'TOKEN_MISSING' });
    expect(queued()).toBe(sentBefore);
    expect(total('WebhookForged')).toBe(forgedBefore + attempts.length);
  });

  it('refuses a body that is too large: ours beyond 64 KB, Lambda itself at 10 MB', async () => {
    const genuine = await signed(0);
    expect(await post({ ...genuine, body: 'x'.repeat(65_537) })).toEqual({ status: 413, code: 'BODY_TOO_LARGE' });
    expect((await post({ ...genuine, body: 'x'.repeat(10_000_000) })).status).toBe(413);
  });

  it('refuses a key that Plaid has let expire', async () => {
    const { keyId } = await control<{ keyId: string }>('POST', '/webhook-keys', {});
    const old = await signed(0);
    expect(token(old)).toContain(encode({ alg: 'ES256', kid: keyId, typ: 'JWT' }));
    await control('POST', '/webhook-keys', { expireOld: true });
    expect(await post(old)).toEqual({ status: 401, code: 'KEY_EXPIRED' });
    expect(await post(await signed(0))).toEqual({ status: 200, code: 'QUEUED' });
    await settled();
  });

  it('takes a replay for taken, and makes no second message of it', async () => {
    const genuine = await signed(0);
    expect(await post(genuine)).toEqual({ status: 200, code: 'QUEUED' });
    const sentBefore = queued();
    const answers = [];
    // As many environments as there are may each take it once more; none takes it twice.
    for (let replay = 0; replay < 20; replay += 1) answers.push((await post(genuine)).code);
    expect(answers.filter((code) => code === 'REPEATED').length).toBeGreaterThanOrEqual(19);
    expect(queued() - sentBefore).toBeLessThanOrEqual(1);
    await settled();
  });
});

describe('a change at the bank', () => {
  it('is stored by the event of its webhook, whose round trip is measured from there', async () => {
    const before = (await readJournal(system, 'conn-3')).head.version;
    await control('POST', '/connections/access-sandbox-3/advance', { steps: 1 });
    await until('the change is stored', async () => (await readJournal(system, 'conn-3')).head.version > before);
    await settled();
    await expectTruth(system, 3);
    const lines = system.host.logs('process').filter((line) => line.includes('"conn-3"'));
    const last = JSON.parse(lines.at(-1) ?? '{}');
    // How long it may take is judged under load by npm run perf: a wall clock decides no test.
    expect(last).toMatchObject({ outcome: 'committed', round_trip_ms: expect.any(Number) });
  });

  it('is not lost while the queue refuses: the provider sends it again', async () => {
    const before = (await readJournal(system, 'conn-4')).head.version;
    let refusals = 0;
    system.host.queues.setSendFault(queueNames.sync, () => {
      refusals += 1;
      return true;
    });
    await control('POST', '/connections/access-sandbox-4/advance', { steps: 1 });
    await until('the queue has refused', () => refusals > 0);
    system.host.queues.setSendFault(queueNames.sync, undefined);
    await until('the change is stored', async () => (await readJournal(system, 'conn-4')).head.version > before);
    await settled();
    await expectTruth(system, 4);
  });

  it('told a thousand times in a burst: none is lost, and the provider is asked far less often', async () => {
    await settled();
    const syncsBefore = (await calls())['/transactions/sync'] ?? 0;
    const { taken: takenBefore, asked: askedBefore } = await control<{ taken: number; asked: number }>(
      'GET',
      '/webhooks',
    );
    const queuedBefore = total('WebhooksQueued');
    webhookLines.length = 0;
    for (let round = 0; round < 50; round += 1) await control('POST', '/connections/*/advance', { steps: 1 });
    await until('all are taken', async () => {
      const { taken, asked } = await control<{ taken: number; asked: number }>('GET', '/webhooks');
      return taken === asked && asked - askedBefore === 50 * connections && taken - takenBefore === 50 * connections;
    });
    await settled();
    expect(total('WebhooksQueued') - queuedBefore + total('WebhooksRepeated')).toBeGreaterThanOrEqual(1_000);
    const syncs = ((await calls())['/transactions/sync'] ?? 0) - syncsBefore;
    expect(syncs).toBeLessThan(500);
    for (let index = 0; index < connections; index += 1) await expectTruth(system, index);
    expect(system.host.stats().queues[queueNames.dead]?.visible).toBe(0);
    await expectCleanAudit(system);
    const logBytes = webhookLines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
    expectOnCostPage('webhookLogBytes', logBytes / (50 * connections));
  });
});

describe('what a webhook says beyond changes', () => {
  const send = (index: number, code: string, members: object = {}) =>
    control('POST', `/connections/access-sandbox-${index}/webhook`, { type: 'ITEM', code, members });
  const headOf = async (index: number) => (await readJournal(system, `conn-${index}`)).head;

  it('a login that broke and was mended stops the connection and starts it again', async () => {
    await control('POST', '/faults', { id: 'login', token: 'access-sandbox-5', kind: 'login-required' });
    await until('it is stopped', async () => (await headOf(5)).status === 'login-required');
    await control('DELETE', '/faults/login');
    await send(5, 'LOGIN_REPAIRED');
    await until('it works again', async () => (await headOf(5)).status === 'active');
  });

  it('the end of a consent is noted, and data go on', async () => {
    await send(6, 'PENDING_EXPIRATION', { consent_expiration_time: '2027-01-01T00:00:00Z' });
    await until('it is noted', async () => (await headOf(6)).consentExpiresEpochMs === Date.UTC(2027, 0, 1));
    expect((await headOf(6)).status).toBe('active');
  });

  it('a new account is read at once', async () => {
    const before = (await headOf(7)).accounts.length;
    await control('POST', '/connections/access-sandbox-7/changes', { changes: [{ change: 'open' }] });
    await send(7, 'NEW_ACCOUNTS_AVAILABLE');
    await until('it is there', async () => (await headOf(7)).accounts.length === before + 1);
  });

  it('a user who has revoked it ends it, on the answer of the provider alone', async () => {
    await send(8, 'USER_PERMISSION_REVOKED');
    await settled();
    expect((await headOf(8)).status).toBe('active');
    const options = { code: 'USER_PERMISSION_REVOKED' };
    await control('POST', '/faults', { token: 'access-sandbox-8', kind: 'plaid-error', options });
    await send(8, 'USER_PERMISSION_REVOKED');
    await until('it is ended', async () => (await headOf(8)).status === 'revoked');
  });

  it('a kind that is new, and an Item that is none of ours, are acknowledged', async () => {
    expect(await post(await signed(0, { type: 'HOLDINGS', code: 'DEFAULT_UPDATE', members: {} }))).toEqual({
      status: 200,
      code: 'KIND_UNKNOWN',
    });
    expect(await post(await signed(connections + 1))).toEqual({ status: 200, code: 'ITEM_UNKNOWN' });
  });
});

describe('the look-up of keys', () => {
  it('does not look up made-up keys more often than the cap', async () => {
    const { body } = await signed(0);
    const before = (await calls())['/webhook_verification_key/get'] ?? 0;
    const headers = { 'content-type': 'application/json' };
    const statuses = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const jwt = forgedToken(body, { alg: 'ES256', kid: `made-up-${index}` });
        return (await post({ headers: { ...headers, 'plaid-verification': jwt }, body })).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([401, 503]));
    const environments = system.host.environments().filter(({ functionName }) => functionName === 'webhook').length;
    expect(((await calls())['/webhook_verification_key/get'] ?? 0) - before).toBeLessThanOrEqual(10 * environments);
  });
});
