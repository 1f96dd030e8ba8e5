import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Providers, startProviders } from '../server.ts';
import { control, send } from '../test-client.ts';
import { messageCodes } from './error-body.ts';
import { ibanOf } from './resources.ts';
import { usualSettings } from './settings.ts';
import { faultsOf } from './testing/published-schemas.ts';

const NOW_EPOCH_MS = Date.UTC(2026, 10, 27, 18);
let providers: Providers;
let ids = 0;

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
  await control(providers, 'POST', '/berlin-group/berlin-sandbox-1', usualSettings);
});

type Json = Readonly<Record<string, unknown>>;
interface Report {
  readonly account: Json;
  readonly transactions: {
    readonly booked?: readonly Json[];
    readonly pending?: readonly Json[];
    readonly _links: { readonly next?: { readonly href: string } };
  };
}

const base = '/berlin-group/psd2/v1/accounts';
const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
const get = (path: string, headers: Record<string, string> = {}) =>
  send('GET', path.startsWith('http') ? path : providers.url + path, '', {
    'consent-id': 'berlin-sandbox-1',
    'x-request-id': newId(),
    ...headers,
  });
const read = async (path: string) => JSON.parse((await get(path)).text) as Json;
const set = (settings: object) => control(providers, 'POST', '/berlin-group/berlin-sandbox-1', settings);
const accounts = async () => (await read(base)).accounts as readonly (Json & { readonly resourceId: string })[];
const first = async () => (await accounts())[0]?.resourceId ?? '';
const reportPath = (id: string, query = 'bookingStatus=both&dateFrom=2000-01-01') =>
  `${base}/${id}/transactions?${query}`;
const codeOf = ({ text }: { readonly text: string }) =>
  (JSON.parse(text) as { readonly tppMessages: readonly { readonly code: string }[] }).tppMessages[0]?.code;
const holds = async () => {
  const { json } = await control(providers, 'GET', '/connections/berlin-sandbox-1/holds');
  return json.transactions as Readonly<Record<string, { account_id: string; date: string; pending: boolean }>>;
};

/** A whole report, page by page. */
async function all(path: string): Promise<{ readonly booked: readonly Json[]; readonly pending: readonly Json[] }> {
  const { transactions } = JSON.parse((await get(path)).text) as Report;
  const { booked = [], pending = [], _links } = transactions;
  if (_links.next === undefined) return { booked, pending };
  const rest = await all(_links.next.href);
  return { booked: [...booked, ...rest.booked], pending: [...pending, ...rest.pending] };
}

describe('what the published OpenAPI file says', () => {
  it('fits every list of every bank, and no other', async () => {
    for (const index of [0, 1, 2, 3]) {
      const consent = { 'consent-id': `berlin-sandbox-${index}` };
      const list = JSON.parse((await get(base, consent)).text) as { accounts: readonly { resourceId: string }[] };
      expect(faultsOf('accountList', list)).toEqual([]);
      expect(list.accounts.length).toBeGreaterThan(1);
      for (const { resourceId } of list.accounts) {
        const balances = JSON.parse((await get(`${base}/${resourceId}/balances`, consent)).text) as unknown;
        expect(faultsOf('readAccountBalanceResponse-200', balances)).toEqual([]);
        const report = JSON.parse((await get(reportPath(resourceId), consent)).text) as unknown;
        expect(faultsOf('transactionsResponse-200_json', report)).toEqual([]);
      }
    }
    expect(faultsOf('accountList', { accounts: [{ iban: 'DE1' }] })).not.toEqual([]);
    const unsigned = { transactions: { booked: [{ transactionAmount: { amount: 5, currency: 'EUR' } }], _links: {} } };
    expect(faultsOf('transactionsResponse-200_json', unsigned)).not.toEqual([]);
  });

  it.each([
    ['tpp-messages', 'NG_AIS', 'application/json'],
    ['problem', 'AIS', 'application/problem+json'],
  ])('fits the errors of the form %s', async (errors, form, contentType) => {
    await set({ errors, consent: 'expired' });
    const expired = await get(base);
    expect([expired.status, expired.headers['content-type']]).toEqual([401, contentType]);
    expect(faultsOf(`Error401_${form}`, JSON.parse(expired.text))).toEqual([]);
    await set({ consent: 'valid' });
    for (const [path, status] of [
      [`${base}/none/balances`, 404],
      [reportPath(await first(), 'bookingStatus=both'), 400],
    ] as const) {
      const answer = await get(path);
      expect(answer.status).toBe(status);
      expect(faultsOf(`Error${status}_${form}`, JSON.parse(answer.text))).toEqual([]);
    }
  });

  it('does not fit the bare list that it prints as an example', async () => {
    await set({ errors: 'bare-list', callsPerDay: 1 });
    await get(base);
    const { status, text } = await get(base);
    expect([status, JSON.parse(text)]).toMatchObject([429, [{ category: 'ERROR', code: 'ACCESS_EXCEEDED' }]]);
    expect(faultsOf('Error429_NG_AIS', JSON.parse(text))).not.toEqual([]);
  });
});

describe('the accounts of a bank', () => {
  it('are the bank’s own, each with a number whose check digits are right', async () => {
    const { json } = await control(providers, 'GET', '/connections/access-sandbox-1/holds');
    const held = (json.accounts as { account_id: string; type: string; currency: string }[]).filter(
      ({ type, currency }) => type !== 'investment' && currency !== 'BTC',
    );
    expect((await accounts()).map(({ resourceId }) => resourceId)).toEqual(held.map(({ account_id }) => account_id));
    const ibans = (await accounts()).map(({ iban }) => String(iban));
    expect(new Set(ibans).size).toBe(ibans.length);
    for (const iban of [...ibans, ibanOf('x')]) {
      expect(iban).toMatch(/^DE\d{20}$/);
      expect(BigInt(`${iban.slice(4)}1314${iban.slice(2, 4)}`) % 97n).toBe(1n);
    }
  });

  it.each([
    ['one-each', 3],
    ['sub-accounts', 2],
    ['both-levels', 3],
    ['sum-alone', 1],
  ])('in several currencies are of the form %s', async (currencies, numbers) => {
    await control(providers, 'POST', '/connections/berlin-sandbox-2/changes', {
      changes: [{ change: 'open', currency: 'KWD' }],
    });
    await control(providers, 'POST', '/berlin-group/berlin-sandbox-2', { currencies });
    const { accounts: listed } = JSON.parse((await get(base, { 'consent-id': 'berlin-sandbox-2' })).text) as {
      readonly accounts: readonly { readonly iban: string; readonly currency: string; readonly resourceId: string }[];
    };
    const shared = listed.filter(({ iban }) => iban === ibanOf('bank-2')).map(({ currency }) => currency);
    const expected = { 'one-each': 0, 'sub-accounts': 2, 'both-levels': 3, 'sum-alone': 1 }[currencies];
    expect([shared.length, shared.includes('XXX')]).toEqual([expected, numbers !== 2 && currencies !== 'one-each']);
    if (currencies !== 'both-levels') return;
    const sizes = await Promise.all(
      listed
        .filter(({ iban }) => iban === ibanOf('bank-2'))
        .map(async ({ resourceId }) => {
          const { text } = await get(reportPath(resourceId), { 'consent-id': 'berlin-sandbox-2' });
          return (JSON.parse(text) as Report).transactions.booked?.length ?? 0;
        }),
    );
    expect(sizes[0]).toBe(sizes.slice(1).reduce((sum, size) => sum + size, 0));
  });

  it('have other resource ids under the next consent', async () => {
    const before = await accounts();
    await set({ resourceIds: 'next-consent' });
    const after = await accounts();
    expect(after.map(({ iban }) => iban)).toEqual(before.map(({ iban }) => iban));
    expect(after.some(({ resourceId }, at) => resourceId === before[at]?.resourceId)).toBe(false);
    expect((await get(`${base}/${before[0]?.resourceId}/balances`)).status).toBe(404);
  });
});

describe('the transactions of a bank', () => {
  it('are what it holds, the newest first, over pages and from a day on', async () => {
    await set({ pageSize: 3 });
    const id = await first();
    const held = Object.entries(await holds()).filter(([, { account_id }]) => account_id === id);
    const { booked, pending } = await all(reportPath(id));
    const idsOf = (list: readonly Json[]) => list.map(({ transactionId }) => String(transactionId)).sort();
    const heldIds = (isPending: boolean) =>
      held
        .filter(([, each]) => each.pending === isPending)
        .map(([each]) => each)
        .sort();
    expect([idsOf(booked), idsOf(pending)]).toEqual([heldIds(false), heldIds(true)]);
    const days = booked.map(({ bookingDate }) => String(bookingDate));
    expect(days).toEqual(days.toSorted().reverse());
    expect(pending.every((each) => !('bookingDate' in each))).toBe(true);
    const from = days.at(-2) ?? '';
    const later = await all(reportPath(id, `bookingStatus=booked&dateFrom=${from}`));
    expect(later.booked).toHaveLength(days.filter((day) => day >= from).length);
    expect(later.pending).toEqual([]);
  });

  it.each([
    ['none', undefined],
    ['blank', ' '],
    ['reused', '9998'],
  ])('may have ids that are %s', async (form, id) => {
    await set({ ids: form });
    const { booked } = await all(reportPath(await first()));
    expect(new Set(booked.map(({ transactionId }) => transactionId))).toEqual(new Set([id]));
  });

  it('may have other ids with each answer', async () => {
    await set({ ids: 'reissued' });
    const id = await first();
    const idsOf = async () => (await all(reportPath(id))).booked.map(({ transactionId }) => transactionId);
    expect(await idsOf()).not.toEqual(await idsOf());
  });

  it.each([
    ['number', /"amount":-?[\d.]+[,}]/, false],
    ['mixed', /"amount":"[\s\S]*"amount":-?\d|"amount":-?\d[\s\S]*"amount":"/, true],
  ])('may have amounts that are of the form %s', async (amounts, form, hasTexts) => {
    await set({ amounts });
    const { text } = await get(reportPath(await first()));
    expect(text).toMatch(form);
    expect(text.includes('"amount":"')).toBe(hasTexts);
  });

  it('may leave it to their sides what goes out', async () => {
    const amounts = async () => {
      const { booked } = await all(reportPath(await first()));
      return booked.map(({ transactionAmount }) => (transactionAmount as { readonly amount: string }).amount);
    };
    const signed = await amounts();
    expect(signed.some((amount) => amount.startsWith('-'))).toBe(true);
    await set({ signs: 'unsigned' });
    expect(await amounts()).toEqual(signed.map((amount) => amount.replace('-', '')));
  });

  it.each([
    ['path', /^\/berlin-group\/psd2/],
    ['gateway-path', /^\/internal\/psd2/],
    ['no-scheme', /^www\.bank\.example\/berlin-group/],
    ['null-host', /^null\/berlin-group/],
    ['self', /page=1$/],
    ['foreign-host', /^https:\/\/elsewhere/],
    ['other-list', /balances\?/],
    ['malformed', /^http:\/\/\[/],
  ])('may be linked by a next that is %s', async (links, form) => {
    await set({ links, pageSize: 1 });
    const { transactions } = JSON.parse((await get(reportPath(await first()))).text) as Report;
    expect(transactions._links.next?.href).toMatch(form);
  });

  it.each([
    ['download', /^\{"_links":\{"download":\{"href":"www/],
    ['empty', /^\{\}$/],
  ])('may be answered by a report that is %s', async (report, form) => {
    await set({ report });
    expect((await get(reportPath(await first()))).text).toMatch(form);
  });

  it.each([
    ['bookingStatus=both', {}, 'FORMAT_ERROR'],
    ['dateFrom=2000-01-01', {}, 'FORMAT_ERROR'],
    ['bookingStatus=both&dateFrom=soon', {}, 'FORMAT_ERROR'],
    ['bookingStatus=both&dateFrom=2000-01-01', { pending: 'refused' }, 'PARAMETER_NOT_SUPPORTED'],
    ['bookingStatus=both&dateFrom=2000-01-01', { history: '90-days' }, 'PERIOD_INVALID'],
  ])('are refused for the query %s and the settings %j', async (query, settings, code) => {
    await set(settings);
    const answer = await get(reportPath(await first(), query));
    expect([answer.status, codeOf(answer)]).toEqual([400, code]);
  });

  it('are given for the query that a bank of few abilities takes', async () => {
    await set({ pending: 'refused', history: '90-days' });
    expect((await get(reportPath(await first(), 'bookingStatus=booked&dateFrom=2024-12-01'))).status).toBe(200);
  });
});

describe('a call that is refused', () => {
  it.each([
    ['of another path', `${base}/x/statements`, {}, 404, 'RESOURCE_UNKNOWN'],
    ['without a consent', base, { 'consent-id': '' }, 403, 'CONSENT_UNKNOWN'],
    ['of a consent that nobody gave', base, { 'consent-id': 'berlin-sandbox-4' }, 403, 'CONSENT_UNKNOWN'],
    ['without a request id', base, { 'x-request-id': '' }, 400, 'FORMAT_ERROR'],
    ['with one that is no UUID', base, { 'x-request-id': 'call-1' }, 400, 'FORMAT_ERROR'],
    ['of an account that nobody has', `${base}/none/balances`, {}, 404, 'RESOURCE_UNKNOWN'],
  ])('%s says why', async (_title, path, headers, status, code) => {
    const answer = await get(path, headers);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });

  it('is one that comes under the same request id again, or by another method', async () => {
    const id = { 'x-request-id': newId() };
    expect((await get(base, id)).headers['x-request-id']).toBe(id['x-request-id']);
    expect((await get(base, id)).status).toBe(400);
    expect((await send('POST', providers.url + base)).status).toBe(405);
  });

  it('for its consent says how', async () => {
    await set({ consent: 'unknown' });
    const answer = await get(base);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'CONSENT_UNKNOWN']);
  });

  it('for its quota is one without the user alone, and each path has its own', async () => {
    const consent = { 'consent-id': 'berlin-sandbox-0' };
    await control(providers, 'POST', '/berlin-group/berlin-sandbox-0', { callsPerDay: 1 });
    const { accounts: listed } = JSON.parse((await get(base, consent)).text) as { accounts: { resourceId: string }[] };
    expect((await get(base, consent)).status).toBe(429);
    expect((await get(base, { ...consent, 'psu-ip-address': '203.0.113.7' })).status).toBe(200);
    expect((await get(`${base}/${listed[0]?.resourceId}/balances`, consent)).status).toBe(200);
  });
});

describe('a fault', () => {
  const plant = (fault: object) =>
    control(providers, 'POST', '/faults', { token: 'berlin-sandbox-1', times: 1, ...fault });

  it.each(messageCodes)('of the message code %s is an error of the standard', async (code) => {
    await plant({ kind: 'tpp-error', options: { code, status: 400 } });
    const answer = await get(base);
    expect([answer.status, codeOf(answer)]).toEqual([400, code]);
    expect((await get(base)).status).toBe(200);
  });

  it('of no provider’s words acts here too, and on the path that it names', async () => {
    await plant({ kind: 'too-many', path: '/balances' });
    const id = await first();
    const { status, headers, text } = await get(`${base}/${id}/balances`);
    expect([status, headers['retry-after'], codeOf({ text })]).toEqual([429, '1', 'ACCESS_EXCEEDED']);
  });

  it('in the words of another standard leaves these calls alone', async () => {
    for (const kind of ['login-required', 'obie-error'])
      await control(providers, 'POST', '/faults', { token: '*', kind });
    expect((await get(base)).status).toBe(200);
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
  const consent = { 'consent-id': 'berlin-sandbox-3' };
  await control(providers, 'POST', '/connections/berlin-sandbox-3', { published: null });
  const told = async () =>
    JSON.stringify((await control(providers, 'GET', '/connections/berlin-sandbox-3/holds')).json);
  const before = await told();
  await get(base, consent);
  expect(await told()).not.toBe(before);
});
