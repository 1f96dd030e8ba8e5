import { type Deadline, maxAttempts } from '@quartersec/sla';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHttpClient } from '../http-client.ts';
import { answers, type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import { createPlaidLinkCalls, type LinkTokenRequest, type PlaidLinkCalls } from './link-calls.ts';

const deadline: Deadline = { remainingMs: () => 5_000, elapsedMs: () => 0 };
const secret = 'secret-of-the-client';
let server: ScriptedServer;
let calls: PlaidLinkCalls;
const closers: (() => void)[] = [];

beforeEach(async () => {
  server = await startScriptedServer();
  const client = () => {
    const http = createHttpClient({ provider: 'plaid', allowedOrigins: [server.baseUrl], nowEpochMs: () => 0 });
    closers.push(http.close);
    return http;
  };
  const access = { baseUrl: server.baseUrl, clientId: 'client', secret };
  calls = createPlaidLinkCalls({
    ...access,
    http: client(),
    freshHttp: client,
    sleep: async () => {},
    random: () => 0,
  });
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await server.close();
});

const bodyOf = (call = 0) => JSON.parse(server.calls[call]?.body ?? '') as Record<string, unknown>;
const ok = (value: object) => answers.json(200, JSON.stringify({ ...value, request_id: 'r' }));
const refusal = (code: string, type = 'INVALID_INPUT', status = 400) =>
  answers.json(
    status,
    JSON.stringify({ error_type: type, error_code: code, error_message: 'm', display_message: null }),
  );

const request: LinkTokenRequest = {
  userRef: 'u-1',
  clientName: 'App',
  language: 'en',
  countryCodes: ['US', 'GB'],
  daysRequested: 730,
  webhookUrl: 'https://hooks.example/webhooks/plaid',
  redirectUri: 'https://app.example/back',
};

describe('a link token', () => {
  const answered = { link_token: 'link-1', expiration: '2026-12-01T10:00:00Z' };

  it('is asked for with products, countries, language, days, webhook and redirect', async () => {
    server.script(ok(answered));
    const made = await calls.createLinkToken(request, deadline);
    expect(made).toEqual({ linkToken: 'link-1', expiresEpochMs: Date.UTC(2026, 11, 1, 10) });
    expect(server.calls[0]).toMatchObject({ method: 'POST', path: '/link/token/create' });
    expect(bodyOf()).toEqual({
      client_name: 'App',
      language: 'en',
      country_codes: ['US', 'GB'],
      user: { client_user_id: 'u-1' },
      webhook: 'https://hooks.example/webhooks/plaid',
      redirect_uri: 'https://app.example/back',
      products: ['transactions'],
      transactions: { days_requested: 730 },
    });
  });

  it('in update mode names the Item and no products, and lets further accounts be shared', async () => {
    server.script(ok(answered));
    const { webhookUrl: _, redirectUri: __, ...rest } = request;
    const update = { ...rest, webhookUrl: undefined, redirectUri: undefined, accessToken: 'access-1' };
    await calls.createLinkToken(update, deadline);
    expect(bodyOf()).toEqual({
      client_name: 'App',
      language: 'en',
      country_codes: ['US', 'GB'],
      user: { client_user_id: 'u-1' },
      access_token: 'access-1',
      update: { account_selection_enabled: true },
    });
  });

  it('is asked for again after a failure that passes, four times at most', async () => {
    server.script(refusal('INTERNAL_SERVER_ERROR', 'API_ERROR', 500), answers.hangUp(), ok(answered));
    expect(await calls.createLinkToken(request, deadline)).toMatchObject({ linkToken: 'link-1' });
    server.script(refusal('INTERNAL_SERVER_ERROR', 'API_ERROR', 500));
    await expect(calls.createLinkToken(request, deadline)).rejects.toMatchObject({ code: 'SERVER_ERROR' });
    expect(server.calls).toHaveLength(3 + maxAttempts);
  });

  it('is not asked for again where our keys are refused, nor without time', async () => {
    server.script(refusal('INVALID_API_KEYS'));
    await expect(calls.createLinkToken(request, deadline)).rejects.toMatchObject({ outcome: 'configuration' });
    const over = { remainingMs: () => 0, elapsedMs: () => 9 };
    await expect(calls.createLinkToken(request, over)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(server.calls).toHaveLength(1);
  });

  it.each([
    ['without the token', ok({ expiration: 'x' }), 'PAGE_INVALID'],
    ['that is no JSON', answers.json(200, '{'), 'BODY_UNREADABLE'],
  ])('is refused from an answer %s', async (_, answer, code) => {
    server.script(answer);
    await expect(calls.createLinkToken(request, deadline)).rejects.toMatchObject({ code });
  });
});

describe('an exchange', () => {
  it('gives the token and the Item, over a connection of its own', async () => {
    server.script(ok({ link_token: 'l', expiration: '' }), ok({ access_token: 'access-1', item_id: 'item-1' }));
    await calls.createLinkToken(request, deadline);
    expect(await calls.exchange('public-1')).toEqual({
      outcome: 'exchanged',
      accessToken: 'access-1',
      itemId: 'item-1',
    });
    expect(bodyOf(1)).toEqual({ public_token: 'public-1' });
    expect(server.connections()).toBe(2);
  });

  it.each([
    ['the token is spent', refusal('INVALID_PUBLIC_TOKEN'), 'refused'],
    ['our keys are refused', refusal('INVALID_API_KEYS'), 'refused'],
    ['too many came', refusal('RATE_LIMIT', 'RATE_LIMIT_EXCEEDED', 429), 'refused'],
    ['Plaid failed inside', refusal('INTERNAL_SERVER_ERROR', 'API_ERROR', 500), 'unknown'],
    ['a gateway failed', answers.as('text/html', 502, '<html>'), 'unknown'],
    ['the connection broke', answers.hangUp(), 'unknown'],
    ['the answer lacks the token', ok({ item_id: 'item-1' }), 'unknown'],
    ['the answer is not JSON', answers.json(200, 'x'), 'unknown'],
  ])('is made once, when %s', async (_, answer, outcome) => {
    server.script(answer);
    const settled = await calls.exchange('public-1');
    expect(settled).toMatchObject({ outcome });
    expect(server.calls).toHaveLength(1);
    expect(JSON.stringify(settled)).not.toContain('public-1');
  });

  it('was surely not made where nobody listens', async () => {
    await server.close();
    expect(await calls.exchange('public-1')).toMatchObject({ outcome: 'refused', error: { code: 'UNREACHABLE' } });
  });

  it('lets a defect through', async () => {
    const broken = { send: vi.fn().mockRejectedValue(new RangeError('x')), close: vi.fn() };
    const options = { baseUrl: server.baseUrl, clientId: 'c', secret, sleep: async () => {}, random: () => 0 };
    const defective = createPlaidLinkCalls({ ...options, http: broken, freshHttp: () => broken });
    await expect(defective.exchange('public-1')).rejects.toThrow(RangeError);
    expect(broken.close).toHaveBeenCalledOnce();
    await expect(defective.readItem('access-1', deadline)).rejects.toThrow(RangeError);
  });
});

describe('an Item', () => {
  it('says its institution and when its consent ends', async () => {
    const item = { item_id: 'item-1', institution_id: 'ins_1', consent_expiration_time: '2026-12-01T10:00:00Z' };
    server.script(ok({ item }), ok({ item: { item_id: 'item-2', institution_id: null } }));
    expect(await calls.readItem('access-1', deadline)).toEqual({
      itemId: 'item-1',
      institutionId: 'ins_1',
      consentExpiresEpochMs: Date.UTC(2026, 11, 1, 10),
    });
    expect(await calls.readItem('access-2', deadline)).toEqual({
      itemId: 'item-2',
      institutionId: null,
      consentExpiresEpochMs: undefined,
    });
  });

  it('is removed, again after a failure that passes, and may be gone already', async () => {
    server.script(answers.hangUp(), ok({}));
    expect(await calls.removeItem('access-1', deadline)).toBe('removed');
    expect(server.calls.map(({ path }) => path)).toEqual(['/item/remove', '/item/remove']);
    server.script(refusal('ITEM_NOT_FOUND', 'ITEM_ERROR'));
    expect(await calls.removeItem('access-1', deadline)).toBe('gone');
    server.script(refusal('INVALID_API_KEYS'));
    await expect(calls.removeItem('access-1', deadline)).rejects.toMatchObject({ outcome: 'configuration' });
  });

  it('lists its accounts', async () => {
    const balances = {
      available: 1,
      current: 1,
      limit: null,
      iso_currency_code: 'USD',
      unofficial_currency_code: null,
    };
    const account = {
      account_id: 'a',
      mask: '0001',
      name: 'N',
      official_name: null,
      type: 'depository',
      subtype: 'checking',
    };
    server.script(ok({ accounts: [{ ...account, balances }], item: {} }));
    const { accounts, isWhole } = await calls.readAccounts('access-1', 'ins_1', deadline);
    expect([accounts.map(({ mask }) => mask), isWhole]).toEqual([['0001'], true]);
  });
});

describe('the look-up of a webhook key', () => {
  const key = {
    alg: 'ES256',
    crv: 'P-256',
    kid: 'k',
    kty: 'EC',
    use: 'sig',
    x: 'x',
    y: 'y',
    created_at: 1,
    expired_at: null,
  };

  it('finds it by its id', async () => {
    server.script(ok({ key }));
    expect(await calls.lookUpKey('k', deadline)).toEqual(key);
    expect(bodyOf()).toEqual({ key_id: 'k' });
  });

  it('takes it for unknown on the word of Plaid alone', async () => {
    server.script(refusal('INVALID_WEBHOOK_VERIFICATION_KEY_ID'));
    expect(await calls.lookUpKey('k', deadline)).toBeUndefined();
    server.script(answers.as('text/html', 403, '<html>'));
    await expect(calls.lookUpKey('k', deadline)).rejects.toMatchObject({ code: 'REQUEST_REJECTED' });
    server.script(refusal('INVALID_API_KEYS'));
    await expect(calls.lookUpKey('k', deadline)).rejects.toMatchObject({ outcome: 'configuration' });
  });
});
