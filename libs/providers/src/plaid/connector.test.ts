import { brotliCompressSync, deflateSync } from 'node:zlib';
import { createDeadline } from '@quartersec/sla';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeConnectorContract } from '../connector.contract.ts';
import type { CallLimits } from '../connector.ts';
import { createHttpClient, type HttpClient } from '../http-client.ts';
import { answers, type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import { createPlaidConnector } from './connector.ts';

const accountNumber = '4000123412341234';

const transaction = {
  transaction_id: 'tx-1',
  pending_transaction_id: null,
  account_id: 'acc-1',
  amount: 12.34,
  iso_currency_code: 'USD',
  unofficial_currency_code: null,
  date: '2026-11-20',
  authorized_date: null,
  datetime: null,
  authorized_datetime: null,
  pending: false,
  name: `Card ${accountNumber}`,
  merchant_name: null,
  payment_channel: 'in store',
  payment_meta: {},
  transaction_code: null,
  location: {},
  account_owner: null,
};

const account = {
  account_id: 'acc-1',
  name: 'Everyday',
  official_name: accountNumber,
  mask: '1234',
  type: 'depository',
  subtype: 'checking',
  balances: { available: 90.1, current: 100.1, limit: null, iso_currency_code: 'USD', unofficial_currency_code: null },
};

const page = JSON.stringify({
  added: [transaction],
  modified: [],
  removed: [],
  accounts: [account],
  next_cursor: 'cursor-2',
  has_more: true,
  transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE',
  request_id: 'HNTDNrA8F1shFEW',
});

const loginExpired = {
  status: 400,
  body: JSON.stringify({
    error_type: 'ITEM_ERROR',
    error_code: 'ITEM_LOGIN_REQUIRED',
    error_message: `the login details of ${accountNumber} have changed`,
    display_message: null,
    request_id: 'HNTDNrA8F1shFEW',
  }),
};

const open = (baseUrl: string, secret: string, transport: 'got' | 'node' = 'node') => {
  const http = createHttpClient({
    provider: 'plaid',
    allowedOrigins: [baseUrl],
    nowEpochMs: () => Date.UTC(2026, 10, 24),
    maxBodyBytes: 1_000_000,
    transport,
  });
  return { http, connector: createPlaidConnector({ baseUrl, clientId: 'client-1', secret, http }) };
};

for (const transport of ['got', 'node'] as const) {
  describeConnectorContract(`plaid over ${transport}`, {
    create(baseUrl, clientSecret) {
      const { http, connector } = open(baseUrl, clientSecret, transport);
      return { connector, close: () => http.close() };
    },
    page,
    pageCursor: 'cursor-2',
    accountNumber,
    loginExpired,
  });
}

describe('createPlaidConnector', () => {
  let server: ScriptedServer;
  let http: HttpClient;
  let connector: ReturnType<typeof createPlaidConnector>;

  const limits = (): CallLimits => ({
    attemptTimeoutMs: 20_000,
    deadline: createDeadline(600_000, () => performance.now()),
  });
  const lastCall = () => {
    const call = server.calls.at(-1);
    return { ...call, body: JSON.parse(call?.body ?? 'null') };
  };

  beforeEach(async () => {
    server = await startScriptedServer();
    ({ http, connector } = open(`${server.baseUrl}/`, 'secret-1'));
    server.script(answers.json(200, page));
  });
  afterEach(async () => {
    http.close();
    await server.close();
  });

  it('asks for the next 500 transactions behind the cursor', async () => {
    await connector.fetchPage({ accessToken: 'access-1', cursor: 'cursor-1' }, limits());
    expect(lastCall()).toMatchObject({
      method: 'POST',
      path: '/transactions/sync',
      headers: {
        'content-type': 'application/json',
        'plaid-client-id': 'client-1',
        'plaid-secret': 'secret-1',
        'plaid-version': '2020-09-14',
      },
    });
    expect(lastCall().body).toEqual({
      access_token: 'access-1',
      cursor: 'cursor-1',
      count: 500,
      options: { include_original_description: false },
    });
  });

  it('sends no cursor for the whole history', async () => {
    await connector.fetchPage({ accessToken: 'access-1', cursor: null }, limits());
    expect(lastCall().body).not.toHaveProperty('cursor');
  });

  it('asks for fewer where told', async () => {
    const small = createPlaidConnector({ baseUrl: server.baseUrl, clientId: 'c', secret: 's', http, count: 10 });
    await small.fetchPage({ accessToken: 'access-1', cursor: null }, limits());
    expect(lastCall().body.count).toBe(10);
  });

  it.each([
    [0, 500],
    [1, 250],
    [3, 62],
    [9, 25],
  ])('after %i timeouts asks for %i records', async (timeouts, count) => {
    await connector.fetchPage({ accessToken: 'access-1', cursor: null, timeouts }, limits());
    expect(lastCall().body.count).toBe(count);
  });

  it('asks for two years of history with the first call, and for what is configured', async () => {
    await connector.fetchPage({ accessToken: 'access-1', cursor: null }, limits());
    expect(lastCall().body.options).toMatchObject({ days_requested: 730 });
    const short = createPlaidConnector({
      baseUrl: server.baseUrl,
      clientId: 'c',
      secret: 's',
      http,
      daysRequested: 90,
    });
    await short.fetchPage({ accessToken: 'access-1', cursor: null }, limits());
    expect(lastCall().body.options).toMatchObject({ days_requested: 90 });
    await short.fetchPage({ accessToken: 'access-1', cursor: 'c1' }, limits());
    expect(lastCall().body.options).not.toHaveProperty('days_requested');
  });

  it('gives the exact text of the page', async () => {
    const raw = await connector.fetchPage({ accessToken: 'access-1', cursor: null }, limits());
    expect(raw).toEqual({ text: page, requestId: null });
  });

  it.each([
    ['fetchAccounts', '/accounts/get'],
    ['fetchBalances', '/accounts/balance/get'],
  ] as const)('%s reads %s', async (method, path) => {
    server.script(answers.json(200, '{"accounts":[]}'));
    const raw = await connector[method]({ accessToken: 'access-1' }, limits());
    expect(raw.text).toBe('{"accounts":[]}');
    expect(lastCall()).toMatchObject({ path, body: { access_token: 'access-1' } });
  });

  const invalidCursor = JSON.stringify({
    error_type: 'INVALID_REQUEST',
    error_code: 'INVALID_FIELD',
    error_message: 'cursor not associated with access_token',
  });

  it('knows a cursor that Plaid does not', async () => {
    server.script(answers.json(400, invalidCursor));
    const call = connector.fetchPage({ accessToken: 'access-1', cursor: 'cursor-1' }, limits());
    await expect(call).rejects.toMatchObject({ code: 'CURSOR_UNKNOWN', facts: { providerCode: 'INVALID_FIELD' } });
  });

  it.each([
    ['br', brotliCompressSync(page)],
    ['deflate', deflateSync(page)],
  ])('takes a body of the coding %s, which nobody asked for, for one that cannot be read', async (coding, body) => {
    server.script(
      (response) =>
        void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding }).end(body),
    );
    const read = async () =>
      connector.validatePage(await connector.fetchPage({ accessToken: 'access-1', cursor: null }, limits()));
    await expect(read()).rejects.toMatchObject({ code: 'BODY_UNREADABLE', outcome: 'soon' });
  });

  it('takes an error body under 200 for the error that it is', async () => {
    server.script(answers.json(200, loginExpired.body));
    const call = connector.fetchPage({ accessToken: 'access-1', cursor: null }, limits());
    await expect(call).rejects.toMatchObject({ code: 'LOGIN_REQUIRED', facts: { status: 200 } });
  });

  it('takes an error body for what it says under another content type', async () => {
    server.script(answers.as('text/plain', 400, loginExpired.body));
    const call = connector.fetchPage({ accessToken: 'access-1', cursor: null }, limits());
    await expect(call).rejects.toMatchObject({ code: 'LOGIN_REQUIRED', facts: { status: 400 } });
  });

  it.each([
    ['access-sandbox-1', 'WRONG_ENVIRONMENT'],
    ['access-production-1', 'TOKEN_REFUSED'],
  ])('tells a token of another environment from one that is refused: %s', async (accessToken, code) => {
    const body = JSON.stringify({ error_type: 'INVALID_INPUT', error_code: 'INVALID_ACCESS_TOKEN' });
    const refusing: HttpClient = {
      send: async () => ({ status: 400, headers: {}, text: body, retryAfterMs: undefined }),
      close: () => {},
    };
    const settings = { clientId: 'c', secret: 's', http: refusing, baseUrl: 'https://production.plaid.com' };
    const call = createPlaidConnector(settings).fetchPage({ accessToken, cursor: null }, limits());
    await expect(call).rejects.toMatchObject({ code, outcome: 'configuration' });
  });

  it('does not blame a cursor that it did not send', async () => {
    server.script(answers.json(400, invalidCursor));
    const call = connector.fetchPage({ accessToken: 'access-1', cursor: null }, limits());
    await expect(call).rejects.toMatchObject({ code: 'REQUEST_REJECTED' });
  });

  it('calls nothing but the allowed origin', async () => {
    const elsewhere = createPlaidConnector({ baseUrl: 'http://127.0.0.2:1', clientId: 'c', secret: 's', http });
    const call = elsewhere.fetchPage({ accessToken: 'access-1', cursor: null }, limits());
    await expect(call).rejects.toMatchObject({ code: 'URL_REFUSED' });
  });
});
