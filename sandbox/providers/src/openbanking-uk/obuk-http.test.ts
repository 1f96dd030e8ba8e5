import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Providers, startProviders } from '../server.ts';
import { control, send } from '../test-client.ts';

const NOW_EPOCH_MS = Date.UTC(2026, 10, 27, 18);
let providers: Providers;

beforeAll(async () => {
  providers = await startProviders({
    seed: 7,
    connections: 4,
    latency: { medianMs: 0, p99Ms: 0 },
    published: 0,
    nowEpochMs: () => NOW_EPOCH_MS,
  });
});
afterAll(() => providers.close());
afterEach(async () => {
  await control(providers, 'DELETE', '/faults');
  const usual = {
    ids: 'given',
    links: 'absolute',
    times: 'midnight',
    pageSize: 100,
    callsPerDay: null,
    consent: 'authorised',
  };
  await control(providers, 'POST', '/open-banking/obuk-sandbox-1', usual);
});

interface Body {
  readonly Data: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly Links: { readonly Self: string; readonly Next?: string };
}

const get = (path: string, headers: Record<string, string> = {}, version = 'v3.1') =>
  send('GET', path.startsWith('http') ? path : `${providers.url}/open-banking/${version}/aisp${path}`, '', {
    authorization: 'Bearer obuk-sandbox-1',
    ...headers,
  });
const read = async (path: string, version = 'v3.1') => JSON.parse((await get(path, {}, version)).text) as Body;
const set = (settings: object) => control(providers, 'POST', '/open-banking/obuk-sandbox-1', settings);
const accountIds = async () => ((await read('/accounts')).Data.Account ?? []).map(({ AccountId }) => String(AccountId));
const errorOf = (text: string) => (JSON.parse(text) as { Errors: { ErrorCode: string }[] }).Errors[0]?.ErrorCode;

/** A whole list, page by page. */
async function all(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { Data, Links } = await read(path);
  const own = Object.values(Data)[0] ?? [];
  return Links.Next === undefined ? own : [...own, ...(await all(Links.Next))];
}

describe('the accounts of a bank', () => {
  it('are listed in the words of either version', async () => {
    const [three] = (await read('/accounts')).Data.Account ?? [];
    const [four] = (await read('/accounts', 'v4.0')).Data.Account ?? [];
    expect(three).toMatchObject({ Status: 'Enabled', AccountType: 'Personal', AccountSubType: 'CurrentAccount' });
    expect(four).toMatchObject({ AccountId: three?.AccountId, AccountCategory: 'Personal', AccountTypeCode: 'CACC' });
  });

  it('are the bank’s own, apart from those that the standard is not about', async () => {
    await control(providers, 'POST', '/connections/obuk-sandbox-1/changes', {
      changes: [
        { change: 'open', type: 'investment' },
        { change: 'open', currency: 'BTC' },
      ],
    });
    const { json } = await control(providers, 'GET', '/connections/access-sandbox-1/holds');
    const held = (json.accounts as { account_id: string; type: string; currency: string }[]).filter(
      ({ type, currency }) => type !== 'investment' && currency !== 'BTC',
    );
    expect(await accountIds()).toEqual(held.map(({ account_id }) => account_id));
  });

  it('have balances without a sign, which the indicator has', async () => {
    const balances = (await Promise.all((await accountIds()).map((id) => read(`/accounts/${id}/balances`)))).flatMap(
      ({ Data }) => Data.Balance ?? [],
    );
    expect(balances.length).toBeGreaterThan(1);
    for (const balance of balances) {
      expect(balance).toMatchObject({
        Amount: {
          Amount: expect.stringMatching(/^\d{1,13}(\.\d{1,5})?$/),
          Currency: expect.stringMatching(/^[A-Z]{3}$/),
        },
        CreditDebitIndicator: expect.stringMatching(/^(Credit|Debit)$/),
        Type: expect.stringMatching(/^Interim(Booked|Available)$/),
        DateTime: expect.stringMatching(/T06:00:00\+00:00$/),
      });
    }
  });
});

describe('the transactions of a bank', () => {
  it('are what it holds, the newest first, over pages and from a day on', async () => {
    await set({ pageSize: 3 });
    const [id = ''] = await accountIds();
    const whole = await all(`/accounts/${id}/transactions`);
    const { json } = await control(providers, 'GET', '/connections/obuk-sandbox-1/holds');
    const held = Object.entries(json.transactions as Record<string, { account_id: string; date: string }>).filter(
      ([, { account_id }]) => account_id === id,
    );
    expect(whole.map(({ TransactionId }) => TransactionId).sort()).toEqual(held.map(([each]) => each).sort());
    const times = whole.map(({ BookingDateTime }) => String(BookingDateTime));
    expect(times).toEqual(times.toSorted().reverse());
    const from = held[0]?.[1].date ?? '';
    const later = await all(`/accounts/${id}/transactions?fromBookingDateTime=${from}T00:00:00`);
    expect(later).toHaveLength(held.filter(([, { date }]) => date >= from).length);
    expect((await get(`/accounts/${id}/transactions?fromBookingDateTime=soon`)).status).toBe(400);
  });

  it.each([
    ['none', undefined],
    ['blank', ' '],
    ['reused', '9998'],
  ])('may have ids that are %s', async (ids, id) => {
    await set({ ids });
    const [account = ''] = await accountIds();
    const list = await all(`/accounts/${account}/transactions`);
    expect(new Set(list.map(({ TransactionId }) => TransactionId))).toEqual(new Set([id]));
  });

  it('may have other ids with each answer, and times of the day', async () => {
    await set({ ids: 'reissued', times: 'local' });
    const [account = ''] = await accountIds();
    const ids = async () => (await all(`/accounts/${account}/transactions`)).map(({ TransactionId }) => TransactionId);
    expect(await ids()).not.toEqual(await ids());
    const [newest] = await all(`/accounts/${account}/transactions`);
    expect(newest?.BookingDateTime).toMatch(/T\d\d:30:00[+]0[01]:00$/);
  });

  it.each([
    ['path', /^\/open-banking/],
    ['null-host', /^null\/open-banking/],
    ['self', /page=1$/],
    ['foreign-host', /^https:\/\/elsewhere/],
    ['other-list', /statements\?/],
  ])('may be linked by a next that is %s', async (links, form) => {
    await set({ links, pageSize: 1 });
    expect((await read('/accounts')).Links.Next).toMatch(form);
  });
});

describe('a call that is refused', () => {
  it.each([
    ['of another path', '/parties', {}, 404],
    ['without a token', '/accounts', { authorization: '' }, 401],
    ['of a token that nobody has', '/accounts', { authorization: 'Bearer obuk-sandbox-4' }, 401],
  ])('%s has no body', async (_title, path, headers, status) => {
    expect(await get(path, headers)).toMatchObject({ status, text: '' });
  });

  it('of an account that nobody has is a 400 with the code of its version', async () => {
    const three = await get('/accounts/none/balances');
    expect([three.status, errorOf(three.text)]).toEqual([400, 'UK.OBIE.Resource.NotFound']);
    expect(errorOf((await get('/accounts/none/balances', {}, 'v4.0')).text)).toBe('U011');
    expect((await send('POST', `${providers.url}/open-banking/v3.1/aisp/accounts`)).status).toBe(405);
  });

  it('for its consent says how: expired, or taken back', async () => {
    await set({ consent: 'expired' });
    expect(await get('/accounts')).toMatchObject({ status: 401, text: '' });
    await set({ consent: 'revoked' });
    const { status, text } = await get('/accounts');
    expect([status, errorOf(text)]).toEqual([403, 'UK.OBIE.Resource.InvalidConsentStatus']);
  });

  it('for its quota says when the next day begins', async () => {
    await set({ callsPerDay: 1 });
    expect((await get('/accounts')).status).toBe(200);
    expect(await get('/accounts')).toMatchObject({ status: 429, text: '', headers: { 'retry-after': '21600' } });
  });

  it('has the interaction id that it was asked with', async () => {
    const { headers } = await get('/accounts', { 'x-fapi-interaction-id': 'id-1' });
    expect(headers['x-fapi-interaction-id']).toBe('id-1');
  });
});

describe('a fault', () => {
  const plant = (fault: object) =>
    control(providers, 'POST', '/faults', { token: 'obuk-sandbox-1', times: 1, ...fault });

  it('of the standard’s own words is an OBErrorResponse1', async () => {
    await plant({ kind: 'obie-error', options: { code: 'UK.OBIE.Reauthenticate', status: 403 } });
    const { status, text } = await get('/accounts', {}, 'v4.0');
    expect([status, errorOf(text)]).toEqual([403, 'U028']);
    expect((await get('/accounts')).status).toBe(200);
  });

  it('of no provider’s words acts here too, and on the path that it names', async () => {
    await plant({ kind: 'too-many', path: '/balances' });
    expect((await get('/accounts')).status).toBe(200);
    const [id = ''] = await accountIds();
    expect(await get(`/accounts/${id}/balances`)).toMatchObject({
      status: 429,
      text: '',
      headers: { 'retry-after': '1' },
    });
  });

  it('in Plaid’s words leaves these calls alone, and one of these leaves Plaid’s alone', async () => {
    await control(providers, 'POST', '/faults', { token: '*', kind: 'login-required' });
    await control(providers, 'POST', '/faults', { token: 'access-sandbox-1', kind: 'obie-error' });
    expect((await get('/accounts')).status).toBe(200);
  });
});

it.each([[{ ids: 'odd' }], [{ pageSize: 0 }], [{ callsPerDay: 1.5 }], [{ colour: 'red' }]])(
  'refuses the settings %j',
  async (settings) => {
    const { status, json } = await set(settings);
    expect([status, typeof json.error]).toEqual([400, 'string']);
  },
);

it('tells a day on with each read of the account list where no horizon is published', async () => {
  const token = { authorization: 'Bearer obuk-sandbox-2' };
  await control(providers, 'POST', '/connections/obuk-sandbox-2', { published: null });
  const holds = async () => JSON.stringify((await control(providers, 'GET', '/connections/obuk-sandbox-2/holds')).json);
  const before = await holds();
  await get('/accounts', token);
  expect(await holds()).not.toBe(before);
});
