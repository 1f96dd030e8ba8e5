import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Providers, startProviders } from '../server.ts';
import { control, credentials, pageOf, plaid, send, sync } from '../test-client.ts';

const token = 'access-sandbox-3';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders({ latency: { medianMs: 0, p99Ms: 0 }, multiPageShare: 0, connections: 100 });
});
afterAll(() => providers.close());

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  send('POST', providers.url + path, body, headers);

describe('the interface of Plaid', () => {
  it('answers a first sync with JSON of the published shape', async () => {
    const answer = await sync(providers, { access_token: token });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    const page = pageOf(answer);
    expect(Object.keys(page).sort()).toEqual([
      'accounts',
      'added',
      'has_more',
      'modified',
      'next_cursor',
      'removed',
      'request_id',
      'transactions_update_status',
    ]);
    expect([page.added.length, page.has_more, page.transactions_update_status]).toEqual([
      40,
      false,
      'HISTORICAL_UPDATE_COMPLETE',
    ]);
    for (const record of page.added) {
      // Members that the interface requires, and their types: PROVIDERS 2.4.
      expect(record).toMatchObject({
        transaction_id: expect.stringMatching(/^\w{37}$/),
        account_id: expect.stringMatching(/^\w{37}$/),
        amount: expect.any(Number),
        date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        pending: expect.any(Boolean),
        name: expect.any(String),
        payment_channel: expect.stringMatching(/^(online|in store|other)$/),
        payment_meta: expect.any(Object),
        location: expect.any(Object),
      });
      const members = [
        'pending_transaction_id',
        'authorized_date',
        'datetime',
        'authorized_datetime',
        'transaction_code',
        'account_owner',
      ];
      for (const member of members) expect(Object.hasOwn(record, member)).toBe(true);
      expect([record.iso_currency_code === null, record.unofficial_currency_code === null]).toEqual([false, true]);
      expect(record).not.toHaveProperty('original_description');
    }
  });

  it('adds the original description when asked', async () => {
    const options = { include_original_description: true };
    const page = pageOf(await plaid(providers, '/transactions/sync', { access_token: token, options }));
    expect(page.added.every((record) => typeof record.original_description === 'string')).toBe(true);
  });

  it('takes credentials from headers too, and the cursor "" or null as none', async () => {
    const headers = { 'PLAID-CLIENT-ID': credentials.client_id, 'PLAID-SECRET': credentials.secret };
    const without = await post('/transactions/sync', JSON.stringify({ access_token: token, cursor: null }), headers);
    const empty = await post('/transactions/sync', JSON.stringify({ access_token: token, cursor: '' }), headers);
    expect([without.status, empty.status]).toEqual([200, 200]);
    expect(pageOf(empty).added).toEqual(pageOf(without).added);
    expect(pageOf(empty).next_cursor).toEqual(pageOf(without).next_cursor);
  });

  it('sends the same bytes for the same request, and counts by 100 unless told', async () => {
    const fields = { access_token: token, count: 7 };
    const first = await sync(providers, fields);
    expect((await sync(providers, fields)).text).toBe(first.text);
    expect(pageOf(first).added).toHaveLength(7);
  });

  it.each([
    ['a wrong secret', { secret: 'x' }, 400, 'INVALID_API_KEYS', 'invalid client_id or secret provided'],
    ['a wrong client', { client_id: 'x' }, 400, 'INVALID_API_KEYS', 'invalid client_id or secret provided'],
    ['no secret', { secret: undefined }, 400, 'MISSING_FIELDS', 'missing: secret'],
    ['no token', { access_token: undefined }, 400, 'MISSING_FIELDS', 'missing: access_token'],
    [
      'an unknown token',
      { access_token: 'access-sandbox-100' },
      400,
      'INVALID_ACCESS_TOKEN',
      'could not find matching access token',
    ],
    [
      'a foreign token',
      { access_token: 'nobody' },
      400,
      'INVALID_ACCESS_TOKEN',
      'could not find matching access token',
    ],
    ['a cursor of no one', { cursor: 'AAAA' }, 400, 'INVALID_FIELD', 'cursor not associated with access_token'],
    ['a cursor that is no text', { cursor: 5 }, 400, 'INVALID_FIELD', 'cursor must be a string'],
    ['a long cursor', { cursor: 'A'.repeat(257) }, 400, 'INVALID_FIELD', 'cursor must be at most 256'],
    ['a count of 0', { count: 0 }, 400, 'INVALID_FIELD', 'count must be a whole number from 1 to 500'],
    ['a count of 501', { count: 501 }, 400, 'INVALID_FIELD', 'count must be'],
    ['options that are none', { options: 5 }, 400, 'INVALID_FIELD', 'options must be an object'],
    ['731 days', { options: { days_requested: 731 } }, 400, 'INVALID_FIELD', 'days_requested must be'],
    [
      'a describing text',
      { options: { include_original_description: 'yes' } },
      400,
      'INVALID_FIELD',
      'must be a boolean',
    ],
    ['a foreign account', { options: { account_id: 'x' } }, 400, 'INVALID_ACCOUNT_ID', 'not an account of this item'],
  ])('refuses %s', async (_, fields, status, code, message) => {
    const answer = await plaid(providers, '/transactions/sync', { access_token: token, ...fields });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({
      error_type: expect.stringMatching(/^INVALID_(INPUT|REQUEST)$/),
      error_code: code,
      error_message: expect.stringContaining(message),
      display_message: null,
      request_id: expect.any(String),
    });
  });

  it("refuses another connection's cursor, and names the cursor", async () => {
    const { next_cursor: cursor } = pageOf(await sync(providers, { access_token: 'access-sandbox-4' }));
    const answer = await sync(providers, { access_token: token, cursor });
    expect([answer.status, answer.text]).toEqual([
      400,
      expect.stringContaining('"error_message":"cursor not associated with access_token"'),
    ]);
  });

  it.each(['', 'null', '[]', '{"a":', '5'])('refuses the body %j', async (body) => {
    const answer = await post('/transactions/sync', body);
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([400, { error_code: 'INVALID_BODY' }]);
  });

  it('knows no other path and no other method', async () => {
    expect((await plaid(providers, '/transactions/get', {})).status).toBe(404);
    expect((await send('GET', `${providers.url}/transactions/sync`)).status).toBe(404);
  });

  it('refuses a body of more than 1 MB', async () => {
    const answer = await post('/transactions/sync', 'x'.repeat(1_000_001)).catch((error: unknown) => error);
    // The client may still be writing when the connection is closed: either way it is refused.
    expect(answer).toMatchObject(
      'status' in (answer as object) ? { status: 413 } : { code: expect.stringMatching(/EPIPE|ECONNRESET/) },
    );
  });

  it('gives accounts with balances as of the last step told, and filters them', async () => {
    const own = 'access-sandbox-8';
    let cursor = pageOf(await sync(providers, { access_token: own })).next_cursor;
    const opening = pageOf(await plaid(providers, '/accounts/get', { access_token: own })).accounts;
    const newest = new Map<unknown, unknown>();
    for (let i = 0; i < 8; i += 1) {
      const page = pageOf(await sync(providers, { access_token: own, cursor }));
      for (const account of page.accounts) newest.set(account.account_id, account);
      cursor = page.next_cursor;
    }
    const answer = await plaid(providers, '/accounts/balance/get', { access_token: own });
    const { accounts, item } = JSON.parse(answer.text) as { accounts: Record<string, unknown>[]; item: object };
    expect(accounts).not.toEqual(opening);
    for (const account of accounts) expect(newest.get(account.account_id) ?? account).toEqual(account);
    expect(item).toMatchObject({ item_id: 'item-sandbox-8', error: null });
    const [, card] = accounts;
    const one = await plaid(providers, '/accounts/get', {
      access_token: own,
      options: { account_ids: [card?.account_id] },
    });
    expect(pageOf(one).accounts).toEqual([card]);
    for (const options of [{ account_ids: ['x'] }, { account_ids: 'x' }, 7]) {
      expect((await plaid(providers, '/accounts/get', { access_token: own, options })).status).toBe(400);
    }
  });

  it('tells an item and when it was last updated', async () => {
    const own = 'access-sandbox-9';
    const item = async () => JSON.parse((await plaid(providers, '/item/get', { access_token: own })).text) as object;
    expect(await item()).toMatchObject({
      item: { item_id: 'item-sandbox-9', institution_id: expect.stringMatching(/^ins_10\d$/) },
      status: { transactions: { last_successful_update: '2024-12-31T06:00:00Z' } },
    });
    const { next_cursor: cursor } = pageOf(await sync(providers, { access_token: own }));
    await sync(providers, { access_token: own, cursor });
    expect(await item()).toMatchObject({
      status: { transactions: { last_successful_update: '2025-01-01T06:00:00Z' } },
    });
  });
});

describe('quotas', () => {
  it('refuse what is above a minute of one item, or of all, and pass again in the next minute', async () => {
    let nowEpochMs = 600_000;
    const limited = await startProviders({
      latency: { medianMs: 0, p99Ms: 0 },
      limits: { perItemPerMinute: 2, perClientPerMinute: 3 },
      nowEpochMs: () => nowEpochMs,
    });
    try {
      const statuses: number[] = [];
      for (const index of [1, 1, 1, 2, 2]) {
        statuses.push((await sync(limited, { access_token: `access-sandbox-${index}` })).status);
      }
      expect(statuses).toEqual([200, 200, 429, 200, 429]);
      nowEpochMs = 660_000;
      expect((await sync(limited, { access_token: 'access-sandbox-1' })).status).toBe(200);
      expect(
        (await control(limited, 'POST', '/limits', { perItemPerMinute: null, perClientPerMinute: null })).status,
      ).toBe(200);
      for (let i = 0; i < 4; i += 1)
        expect((await sync(limited, { access_token: 'access-sandbox-1' })).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});
