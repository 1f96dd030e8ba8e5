import { createHash, createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Providers, startProviders } from '../server.ts';
import { control, plaid, sync } from '../test-client.ts';

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let providers: Providers;
let got: Got[];
let statuses: number[];
let url: string;
const listener = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    got.push({ headers: request.headers, body });
    response.writeHead(statuses.shift() ?? 200).end();
  });
});

beforeEach(async () => {
  got = [];
  statuses = [];
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/webhooks/plaid`;
  providers = await startProviders({
    seed: 2,
    connections: 6,
    linkFrom: 3,
    published: 1,
    latency: { medianMs: 0, p99Ms: 0 },
    webhookRetryMs: 5,
  });
  await control(providers, 'POST', '/webhooks', { url });
});

afterEach(async () => {
  await providers.close();
  listener.closeAllConnections();
  await new Promise((resolve) => listener.close(resolve));
});

const token = 'access-sandbox-0';
const received = (count: number) => expect.poll(() => got.length).toBe(count);
const parts = (jwt: string) =>
  jwt.split('.').map((part, place) => (place < 2 ? JSON.parse(Buffer.from(part, 'base64url').toString()) : part));
const bodies = () => got.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

async function keyOf(keyId: string) {
  const { status, text } = await plaid(providers, '/webhook_verification_key/get', { key_id: keyId });
  return { status, ...(JSON.parse(text) as { key: Record<string, unknown>; error_code?: string }) };
}

describe('webhooks', () => {
  it('are signed over time and body with a key that can be looked up', async () => {
    await control(providers, 'POST', `/connections/${token}/webhook`, { type: 'ITEM', code: 'LOGIN_REPAIRED' });
    await received(1);
    const { headers, body } = got[0] as Got;
    const jwt = String(headers['plaid-verification']);
    const [header, claims] = parts(jwt);
    expect(header).toMatchObject({ alg: 'ES256', typ: 'JWT' });
    expect(claims.request_body_sha256).toBe(createHash('sha256').update(body).digest('hex'));
    expect(Math.abs(claims.iat - Date.now() / 1_000)).toBeLessThan(60);
    const { key } = await keyOf(header.kid);
    expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: header.kid, expired_at: null });
    const [signed, signature] = [jwt.slice(0, jwt.lastIndexOf('.')), jwt.slice(jwt.lastIndexOf('.') + 1)];
    const publicKey = createPublicKey({ key: key as never, format: 'jwk' });
    const isGood = verify(
      'sha256',
      Buffer.from(signed),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    expect(isGood).toBe(true);
    expect(JSON.parse(body)).toEqual({
      webhook_type: 'ITEM',
      webhook_code: 'LOGIN_REPAIRED',
      item_id: 'item-sandbox-0',
      environment: 'sandbox',
    });
  });

  it('come with the changes of Items that have been read, and of no others', async () => {
    await sync(providers, { access_token: token });
    await control(providers, 'POST', '/connections/*/advance', { steps: 1 });
    await received(1);
    expect(bodies()).toEqual([
      {
        webhook_type: 'TRANSACTIONS',
        webhook_code: 'SYNC_UPDATES_AVAILABLE',
        item_id: 'item-sandbox-0',
        initial_update_complete: true,
        historical_update_complete: true,
        environment: 'sandbox',
      },
    ]);
  });

  it('tell of a login that broke, and of its repair in update mode', async () => {
    await control(providers, 'POST', '/faults', { token, kind: 'login-required' });
    await received(1);
    expect(bodies()[0]).toMatchObject({
      webhook_code: 'ERROR',
      error: { error_code: 'ITEM_LOGIN_REQUIRED', status: 400 },
    });
    const user = { client_user_id: 'u' };
    const fields = { client_name: 'n', language: 'en', country_codes: ['US'], user, access_token: token };
    const { link_token } = JSON.parse((await plaid(providers, '/link/token/create', fields)).text);
    expect((await plaid(providers, '/sandbox/link/finish', { link_token })).status).toBe(200);
    await received(2);
    expect(bodies()[1]).toMatchObject({ webhook_code: 'LOGIN_REPAIRED' });
    expect((await sync(providers, { access_token: token })).status).toBe(200);
  });

  it('are sent again until they are taken with exactly 200', async () => {
    statuses.push(500, 204);
    await control(providers, 'POST', `/connections/${token}/webhook`, { type: 'ITEM', code: 'LOGIN_REPAIRED' });
    await received(3);
    const { json } = await control(providers, 'GET', '/webhooks');
    expect(json).toMatchObject({ asked: 1, taken: 1, pending: 0, byAnswer: { '500': 1, '204': 1, '200': 1 } });
  });

  it('are signed with the new key after a rotation; the old one can be made to expire', async () => {
    const signed = async () => {
      const call = { type: 'ITEM', code: 'LOGIN_REPAIRED', deliver: false, issuedEpochSeconds: 5 };
      const { json } = await control(providers, 'POST', `/connections/${token}/webhook`, call);
      return parts((json.headers as Record<string, string>)['plaid-verification'] ?? '');
    };
    const [before, claims] = await signed();
    expect(claims.iat).toBe(5);
    const { json } = await control(providers, 'POST', '/webhook-keys', { expireOld: true });
    const [after] = await signed();
    expect(after.kid).toBe(json.keyId);
    expect(after.kid).not.toBe(before.kid);
    expect((await keyOf(before.kid)).key.expired_at).toEqual(expect.any(Number));
    expect(await keyOf('nobody')).toMatchObject({ status: 400, error_code: 'INVALID_WEBHOOK_VERIFICATION_KEY_ID' });
    expect(got).toEqual([]);
  });

  it('refuse what cannot be sent', async () => {
    expect((await control(providers, 'POST', '/webhooks', { url: 'nowhere' })).status).toBe(400);
    await control(providers, 'POST', '/webhooks', { url: null });
    const call = { type: 'ITEM', code: 'LOGIN_REPAIRED' };
    expect((await control(providers, 'POST', `/connections/${token}/webhook`, call)).status).toBe(409);
    expect((await control(providers, 'POST', `/connections/${token}/webhook`, { type: 1 })).status).toBe(400);
  });
});
