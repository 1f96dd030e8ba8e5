import { readFileSync } from 'node:fs';
import { createDeadline } from '@quartersec/sla';
import type { Account, CanonicalPage } from '@quartersec/validation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeConnectorContract } from '../connector.contract.ts';
import type { RawPage } from '../connector.ts';
import { createHttpClient } from '../http-client.ts';
import { answers, type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import { createBerlinConnector } from './connector.ts';

const startEpochMs = Date.UTC(2026, 10, 27, 9);
const iban = 'DE2310010010123456789';
const ibanB = 'DE2310010010123456788';
const other = 'NL76RABO0359400371';
const money = (amount: unknown, currency = 'EUR') => ({ amount, currency });
const entry = (members: Record<string, unknown> = {}) => ({
  transactionId: 't1',
  transactionAmount: money('-12.50'),
  bookingDate: '2026-11-20',
  creditorName: 'Cafe',
  remittanceInformationUnstructured: 'COFFEE',
  ...members,
});
const body = (value: unknown) => JSON.stringify(value);
const report = (booked: unknown[], { next, ...more }: Record<string, unknown> = {}) =>
  body({ transactions: { booked, _links: { account: { href: '/' }, ...(next !== undefined && { next }) }, ...more } });
const listed = (resourceId: string, members: Record<string, unknown> = {}) => ({
  resourceId,
  iban,
  currency: 'EUR',
  cashAccountType: 'CACC',
  ...members,
});
const list = (...accounts: Record<string, unknown>[]) => body({ accounts });
const balance = (amount: unknown = '230.00') =>
  body({ balances: [{ balanceAmount: money(amount), balanceType: 'interimBooked' }] });
const tpp = (code: string, category = 'ERROR') => body({ tppMessages: [{ category, code, text: 'of 12345678' }] });

function create(baseUrl: string, path = '', more: { readonly historyDays?: number } = { historyDays: 730 }) {
  const nowEpochMs = () => startEpochMs;
  const limits = { nowEpochMs, maxBodyBytes: 1_000_000 };
  const http = createHttpClient({ provider: 'berlin-group', allowedOrigins: [baseUrl], ...limits });
  let ids = 0;
  const newId = () => `call-${++ids}`;
  const options = { institutionId: 'ins-1', baseUrl: `${baseUrl}${path}`, http, newId, nowEpochMs, ...more };
  return { connector: createBerlinConnector(options), close: http.close };
}

describeConnectorContract('berlin-group', {
  create: (baseUrl) => create(baseUrl),
  cursor: body({ v: 1, step: 'transactions', begun: '2026-11-27', all: ['planted-cursor', 'a2'], keys: ['k1', 'k2'] }),
  page: report([entry({ remittanceInformationUnstructured: '4000123412341234' })]),
  pageCursor:
    '{"v":1,"step":"balances","next":{"k1":"2026-10-21"},"begun":"2026-11-27","all":["planted-cursor","a2"],"keys":["k1","k2"],"at":1}',
  accountNumber: '4000123412341234',
  loginExpired: {
    status: 401,
    body: '{"tppMessages":[{"category":"ERROR","code":"CONSENT_EXPIRED","text":"4000123412341234"}]}',
  },
});

describe('a read of the Berlin Group’s standard', () => {
  let server: ScriptedServer;
  const limits = () => ({ attemptTimeoutMs: 60_000, deadline: createDeadline(60_000, () => performance.now()) });
  const base = '/psd2/v1/accounts';

  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterAll(() => server.close());

  const context = (knownAccounts: readonly Account[]) => ({
    connectionId: 'conn-1',
    institutionId: 'ins-1',
    knownAccounts,
    today: '2026-11-27',
  });

  type Script = string | readonly [status: number, body: string, headers?: Readonly<Record<string, string>>];
  const scripted = (...script: readonly Script[]) =>
    server.script(
      ...script.map((each) => (typeof each === 'string' ? answers.json(200, each) : answers.json(...each))),
    );

  interface Options {
    readonly known?: readonly Account[];
    readonly secret?: string;
    readonly userIpAddress?: string;
    readonly opened?: ReturnType<typeof create>;
  }

  /** One page after the other, as the pipeline does. */
  async function read(cursor: string | null, script: readonly Script[], options: Options = {}) {
    const { known = [], secret = 'consent-1', userIpAddress } = options;
    const opened = options.opened ?? create(server.baseUrl, '/psd2/v1/');
    const before = server.calls.length;
    scripted(...script);
    const pages: CanonicalPage[] = [];
    const cursors: (string | null)[] = [];
    let [at, more, history, drift] = [cursor, true, '', 0];
    while (more && server.calls.length - before < script.length) {
      const request = { accessToken: secret, cursor: at, ...(userIpAddress !== undefined && { userIpAddress }) };
      const page = opened.connector.validatePage(await opened.connector.fetchPage(request, limits()));
      const accounts = [...known, ...pages.flatMap((each) => each.accounts)];
      pages.push(opened.connector.normalisePage(page, context(accounts)));
      at = page.nextCursor;
      cursors.push(at);
      more = page.hasMore;
      history = page.history;
      drift += page.unknownFields + page.unknownEnums;
    }
    if (options.opened === undefined) opened.close();
    const calls = server.calls.slice(before);
    return { pages, cursors, end: at, more, history, drift, calls, paths: calls.map(({ path }) => path) };
  }

  const one = async (...booked: Record<string, unknown>[]) =>
    (await read(null, [list(listed('a1')), balance(), report(booked.map(entry))])).pages[2] as CanonicalPage;

  it('goes over the list, and each account of it: balances, then transactions', async () => {
    const { pages, paths, more, history, end, drift } = await read(null, [
      list(listed('a1'), listed('a 2', { iban: ibanB, currency: 'USD' })),
      balance(),
      report([entry()], { pending: [entry({ transactionId: 'p1', bookingDate: undefined })] }),
      balance('5'),
      report([entry({ transactionAmount: money('1.00', 'USD') })]),
    ]);
    expect(paths).toEqual([
      base,
      `${base}/a1/balances`,
      `${base}/a1/transactions?bookingStatus=both&dateFrom=2024-11-27`,
      `${base}/a%202/balances`,
      `${base}/a%202/transactions?bookingStatus=both&dateFrom=2024-11-27`,
    ]);
    expect([more, history, drift]).toEqual([false, 'complete', 0]);
    expect(pages.flatMap(({ added }) => added)).toMatchObject([
      {
        providerTransactionId: 't1',
        status: 'BOOK',
        amount: { minor: '-1250', exponent: 2, currency: 'EUR' },
        direction: 'DBIT',
        bookingDate: '2026-11-20',
        counterpartyName: 'Cafe',
        remittance: ['COFFEE'],
      },
      { providerTransactionId: 'p1', status: 'PDNG', bookingDate: null, valueDate: null, executionDate: null },
      { providerTransactionId: 't1', amount: { minor: '100', currency: 'USD' } },
    ]);
    expect(new Set(pages.flatMap(({ added }) => added.map(({ transactionId }) => transactionId))).size).toBe(3);
    expect(pages[1]?.accounts).toMatchObject([{ providerAccountId: 'a1', balances: [{ balanceType: 'ITBD' }] }]);
    const windows = Object.values((JSON.parse(end ?? '') as { read: Record<string, string> }).read);
    expect(windows).toEqual(['2026-10-21', '2026-10-21']);
  });

  it('reads again by windows that outlive a consent and its resource ids, and says what they cover', async () => {
    const first = await read(null, [list(listed('a1')), balance(), report([entry()])]);
    const known = first.pages[1]?.accounts ?? [];
    const again = await read(
      first.end,
      [list(listed('r-9')), balance(), report([entry(), entry({ transactionId: 'old', bookingDate: '2026-10-20' })])],
      { known },
    );
    expect(again.paths[2]).toBe(`${base}/r-9/transactions?bookingStatus=both&dateFrom=2026-10-21`);
    const accountId = known[0]?.accountId;
    expect(again.pages[0]?.accounts).toMatchObject([{ accountId, providerAccountId: 'r-9', identityBasis: 'iban' }]);
    expect(again.pages[2]?.covers).toEqual([{ accountId, fromDate: '2026-10-21' }]);
    expect(again.pages[2]?.added.map(({ providerTransactionId: id }) => id)).toEqual(['t1']);
    expect(again.pages[2]?.added[0]?.transactionId).toBe(first.pages[2]?.added[0]?.transactionId);
    expect(first.pages[2]?.covers).toBeUndefined();
  });

  it('sends the consent, a fresh request id with each call, and the user’s address only while they are there', async () => {
    const headersOf = async (options: Options) => {
      const { calls } = await read(null, [list(listed('a1')), balance()], options);
      return calls.map(({ headers }) =>
        ['consent-id', 'authorization', 'x-request-id', 'psu-ip-address'].map((name) => headers[name]),
      );
    };
    expect(await headersOf({ secret: 'consent-1 token-1' })).toEqual([
      ['consent-1', 'Bearer token-1', 'call-1', undefined],
      ['consent-1', 'Bearer token-1', 'call-2', undefined],
    ]);
    expect(await headersOf({ userIpAddress: '203.0.113.7' })).toEqual([
      ['consent-1', undefined, 'call-1', '203.0.113.7'],
      ['consent-1', undefined, 'call-2', '203.0.113.7'],
    ]);
  });

  it('has a fresh request id for the same page asked for again', async () => {
    const opened = create(server.baseUrl, '/psd2/v1');
    scripted([500, ''], list(listed('a1')));
    const before = server.calls.length;
    const ask = () => opened.connector.fetchPage({ accessToken: 'c', cursor: null }, limits());
    await expect(ask()).rejects.toMatchObject({ code: 'SERVER_ERROR', facts: { requestId: 'call-1' } });
    expect((await ask()).requestId).toBe('call-2');
    expect(server.calls.slice(before).map(({ headers }) => headers['x-request-id'])).toEqual(['call-1', 'call-2']);
    opened.close();
  });

  describe('a bank that takes less than is wanted', () => {
    it('is asked for booked entries alone, at once and from then on', async () => {
      const opened = create(server.baseUrl, '/psd2/v1');
      const start = [list(listed('a1')), balance()];
      const refusal = [400, tpp('PARAMETER_NOT_SUPPORTED')] as const;
      const { paths, pages } = await read(null, [...start, refusal, report([entry()])], { opened });
      expect(paths.slice(2).map((path) => path.split('?')[1])).toEqual([
        'bookingStatus=both&dateFrom=2024-11-27',
        'bookingStatus=booked&dateFrom=2024-11-27',
      ]);
      expect(pages[2]?.added).toHaveLength(1);
      const again = await read(null, [...start, report([entry()])], { opened });
      expect(again.paths[2]).toContain('bookingStatus=booked');
      opened.close();
    });

    it('is asked for 89 days, and its history is called recent, also by later reads', async () => {
      const opened = create(server.baseUrl, '/psd2/v1');
      const start = [list(listed('a1')), balance()];
      const first = await read(null, [...start, [400, tpp('PERIOD_INVALID')], report([entry()])], { opened });
      expect(first.paths[3]).toContain('dateFrom=2026-08-30');
      expect(first.history).toBe('recent');
      const again = await read(first.end, [...start, report([entry()])], { opened });
      expect([again.history, again.paths[2]?.split('dateFrom=')[1]]).toEqual(['recent', '2026-10-21']);
      opened.close();
    });

    it('is asked for ten years, then two, then 89 days', async () => {
      const opened = create(server.baseUrl, '/psd2/v1', {});
      const refusal = [400, tpp('PERIOD_INVALID')] as const;
      const start = [list(listed('a1')), balance()];
      const { paths, history } = await read(null, [...start, refusal, refusal, report([])], { opened });
      const days = paths.slice(2).map((path) => path.split('dateFrom=')[1]);
      expect([days, history]).toEqual([['2016-11-29', '2024-11-27', '2026-08-30'], 'recent']);
      await expect(read(null, [...start, refusal], { opened })).rejects.toMatchObject({ code: 'REQUEST_REJECTED' });
      opened.close();
    });

    it('speaks of a window from the day on that it was asked for in the end', async () => {
      const start = [list(listed('a1')), balance()];
      const quiet = entry({ bookingDate: '2026-03-31' });
      const first = await read(null, [...start, report([quiet])]);
      const known = first.pages[1]?.accounts ?? [];
      const { paths, pages, history, end } = await read(
        first.end,
        [...start, [400, tpp('PERIOD_INVALID')], report([])],
        { known },
      );
      expect(paths.slice(2).map((path) => path.split('dateFrom=')[1])).toEqual(['2026-03-01', '2026-08-30']);
      expect(pages[2]?.covers).toEqual([{ accountId: known[0]?.accountId, fromDate: '2026-08-30' }]);
      expect(history).toBe('complete');
      expect(Object.values((JSON.parse(end ?? '') as { read: object }).read)).toEqual(['2026-03-01']);
    });

    it('is not taken to take less where that does not help', async () => {
      const opened = create(server.baseUrl, '/psd2/v1');
      const start = [list(listed('a1')), balance()];
      const refusal = [400, tpp('FORMAT_ERROR')] as const;
      await expect(read(null, [...start, refusal, refusal], { opened })).rejects.toMatchObject({
        code: 'REQUEST_REJECTED',
        facts: { providerCode: 'FORMAT_ERROR' },
      });
      const again = await read(null, [...start, report([entry()])], { opened });
      expect(again.paths[2]).toContain('bookingStatus=both');
      opened.close();
    });
  });

  it.each([
    ['an object with an address', (to: string) => ({ href: `${server.baseUrl}${to}` })],
    ['a path', (to: string) => ({ href: to })],
    ['a text', (to: string) => to],
    ['a path of before the gateway', (to: string) => ({ href: to.replace('/psd2', '') })],
    ['a host without a scheme', (to: string) => ({ href: `www.bank.example/xs2a${to}` })],
    ['a host called null', (to: string) => ({ href: `null${to}` })],
    ['a query', () => ({ href: '?page=2' })],
  ])('follows a next link that is %s', async (_title, next) => {
    const { paths, pages } = await read(null, [
      list(listed('a1')),
      balance(),
      report([entry()], { next: next('/psd2/v1/accounts/a1/transactions?page=2') }),
      report([entry({ transactionId: 't2' })]),
    ]);
    expect(paths[3]).toBe(`${base}/a1/transactions?page=2`);
    expect(pages[3]?.added).toMatchObject([{ providerTransactionId: 't2' }]);
  });

  it.each([
    ['another host', 'https://evil.example/psd2/v1/accounts/a1/transactions?page=2', 'URL_REFUSED'],
    ['another account', '/psd2/v1/accounts/a2/transactions?page=2', 'PAGE_INVALID'],
    ['another list', '/psd2/v1/accounts/a1/balances?page=2', 'PAGE_INVALID'],
    ['nowhere', 'http://[', 'PAGE_INVALID'],
    ['a number', { href: 5 }, 'PAGE_INVALID'],
  ])('does not follow a next link to %s', async (_title, next, code) => {
    const pages = [list(listed('a1')), balance(), report([], { next })];
    await expect(read(null, pages)).rejects.toMatchObject({ code });
  });

  it('stands still where links go round, so that the loop ends as a broken one', async () => {
    const round = (page: number) => report([], { next: `?page=${page}` });
    const script = [list(listed('a1')), balance(), ...[2, 3, 4, 2, 3, 4, 2, 3].map(round)];
    const { cursors, more } = await read(null, script);
    expect(more).toBe(true);
    expect(new Set(cursors).size).toBeLessThan(cursors.length);
    const same = await read(null, [list(listed('a1')), balance(), round(2), round(2)]);
    expect(same.cursors.at(-1)).toBe(same.cursors.at(-2));
  });

  it('gives equal entries without ids one id each, the same at each reading, also across pages', async () => {
    const coffee = { transactionId: undefined };
    const tea = { ...coffee, remittanceInformationUnstructured: 'TEA' };
    const waiting = entry({ ...coffee, bookingDate: undefined });
    const start = [list(listed('a1')), balance()];
    const whole = await read(null, [
      ...start,
      report([entry(coffee), entry(tea), entry(coffee), entry({ transactionId: ' ' })], {
        pending: [waiting, waiting],
      }),
    ]);
    const split = await read(null, [
      ...start,
      report([entry(coffee), entry(tea)], { pending: [waiting], next: '?page=2' }),
      report([entry(coffee)], { next: '?page=3' }),
      report([entry(coffee)], { pending: [waiting] }),
    ]);
    const idsOf = ({ pages }: typeof whole) =>
      pages.flatMap(({ added }) => added.map(({ transactionId }) => transactionId)).sort();
    expect(new Set(idsOf(whole)).size).toBe(6);
    expect(idsOf(split)).toEqual(idsOf(whole));
    expect(whole.pages[2]?.added).toMatchObject([
      { idBasis: 'content', providerTransactionId: null },
      {},
      {},
      {},
      {},
      {},
    ]);
  });

  it('tells entries under one id apart by day and amount, and takes the booking reference where there is no id', async () => {
    const { pages } = await read(null, [
      list(listed('a1')),
      balance(),
      report([entry({ transactionId: '9998' }), entry({ transactionId: '9998', bookingDate: '2026-11-19' })], {
        next: '?page=2',
      }),
      report([entry({ transactionId: '9998' }), entry({ transactionId: '', entryReference: 'E1' })]),
    ]);
    const added = pages.flatMap((page) => page.added);
    expect([added.length, new Set(added.map(({ transactionId }) => transactionId)).size]).toEqual([4, 3]);
    expect(added.at(-1)?.providerTransactionId).toBe('E1');
  });

  it('says nothing of a window that has listed the same twice before', async () => {
    let [stored, known]: [string | null, readonly Account[]] = [null, []];
    const told = async (...booked: Record<string, unknown>[]) => {
      const { pages, end } = await read(stored, [list(listed('a1')), balance(), report(booked.map(entry))], { known });
      [stored, known] = [end, pages[1]?.accounts ?? []];
      return [pages[2]?.added.length, pages[2]?.covers?.length];
    };
    expect(await told({})).toEqual([1, undefined]);
    expect(await told({})).toEqual([1, 1]);
    expect(await told({})).toEqual([1, 1]);
    expect(await told({})).toEqual([0, undefined]);
    expect(await told()).toEqual([0, 1]);
  });

  describe('an account', () => {
    it('of several currencies is its sub-accounts, and their sum where they are not listed', async () => {
      const euros = listed('eur');
      const dollars = listed('usd', { currency: 'USD' });
      const sum = listed('sum', { currency: 'XXX' });
      const idsOf = async (...accounts: Record<string, unknown>[]) => {
        const { pages, paths } = await read(null, [list(...accounts), balance()]);
        return [pages[0]?.accounts.map(({ providerAccountId }) => providerAccountId), paths[1]];
      };
      expect(await idsOf(sum, euros, dollars)).toEqual([['eur', 'usd'], `${base}/eur/balances`]);
      expect(await idsOf(sum)).toEqual([['sum'], `${base}/sum/balances`]);
      const { pages } = await read(null, [
        list(sum),
        body({
          balances: ['EUR', 'USD'].map((currency) => ({
            balanceAmount: money('1', currency),
            balanceType: 'expected',
          })),
        }),
        report([entry(), entry({ transactionId: 't2', transactionAmount: money('-1', 'USD') })]),
      ]);
      expect(pages[1]?.accounts).toMatchObject([{ currency: null, balances: [{ amount: { currency: 'EUR' } }, {}] }]);
      expect(pages[2]?.added.map(({ amount }) => amount.currency)).toEqual(['EUR', 'USD']);
    });

    it('has other ids in each currency and at each bank', async () => {
      const { pages } = await read(null, [
        list(listed('1'), listed('2', { currency: 'USD' }), listed('3', { iban: ibanB })),
      ]);
      expect(new Set(pages[0]?.accounts.map(({ accountId }) => accountId)).size).toBe(3);
    });

    it('is not asked for what its links do not name, and keeps its window', async () => {
      const half = listed('a1', { _links: { balances: { href: '/x' } } });
      const stored = (await read(null, [list(listed('a1')), balance(), report([entry()])])).end;
      const { paths, more, end } = await read(stored, [list(half), balance()]);
      expect([paths, more]).toEqual([[base, `${base}/a1/balances`], false]);
      expect(JSON.parse(end ?? '')).toMatchObject({ read: (JSON.parse(stored ?? '') as { read: object }).read });
      const closed = await read(null, [list(listed('a1', { _links: {} }), { iban: ibanB, currency: 'EUR' })]);
      expect([closed.more, closed.pages[0]?.accounts.length]).toEqual([false, 2]);
    });

    it('that is deleted is not one', async () => {
      const { pages } = await read(null, [list(listed('a1', { status: 'deleted' }), { currency: 'EUR' })]);
      expect(pages[0]?.accounts).toEqual([]);
    });
  });

  it('refuses a list that says that it is another account’s, however the number is printed', async () => {
    const of = (number: string) => body({ account: { iban: number }, balances: [] });
    await expect(read(null, [list(listed('a1')), of(ibanB)])).rejects.toMatchObject({
      code: 'PAGE_INVALID',
      facts: { detail: '$input.account: expected the account that was asked for, received object' },
    });
    const spaced = (await read(null, [list(listed('a1')), of('de23 1001 0010 1234 5678 9')])).pages;
    expect(spaced).toHaveLength(2);
  });

  it.each([
    ['an empty object', '{}'],
    ['a download', body({ _links: { download: { href: 'x' } } })],
    ['an empty report', body({ transactions: {} })],
    ['balances', balance()],
  ])('takes %s for no report', async (_title, wrong) => {
    await expect(read(null, [list(listed('a1')), balance(), wrong])).rejects.toMatchObject({ code: 'PAGE_INVALID' });
  });

  it('takes an error under status 200 for what it is, and a warning beside a list for none', async () => {
    await expect(read(null, [tpp('CONSENT_EXPIRED')])).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
    const warned = body({ accounts: [], tppMessages: [{ category: 'WARNING', code: 'WARNING' }] });
    expect((await read(null, [warned])).more).toBe(false);
  });

  it.each([
    ['without a time', {}, 54_000_000],
    ['with a time of its own', { 'retry-after': '7200' }, 7_200_000],
  ])('waits for the next day after ACCESS_EXCEEDED %s', async (_title, headers, retryAfterMs) => {
    const refusal = [429, tpp('ACCESS_EXCEEDED'), headers] as const;
    await expect(read(null, [refusal])).rejects.toMatchObject({ code: 'THROTTLED', facts: { retryAfterMs } });
  });

  describe('an entry', () => {
    it('has a number for an amount, exactly, and counted', async () => {
      const { pages, drift } = await read(null, [
        list(listed('a1')),
        balance(),
        report(['N1', 'N2'].map((id) => entry({ transactionId: id, transactionAmount: money(id) }))).replace(
          /"N([12])"(?=,"currency")/g,
          (_, digit) => `-144575.5${digit}`,
        ),
      ]);
      expect(pages[2]?.added.map(({ amount }) => amount.minor)).toEqual(['-14457551', '-14457552']);
      expect(drift).toBe(2);
    });

    it.each([
      [{ transactionAmount: money('-1,00') }, '.transactionAmount.amount', 'AMOUNT_INEXACT'],
      [{ transactionAmount: money('1', 'EUX') }, '.transactionAmount.currency', 'CURRENCY_UNKNOWN'],
      [{ transactionAmount: money('1', 'USD') }, '.transactionAmount.currency', 'SCHEMA'],
      [{ bookingDate: undefined }, '.bookingDate', 'DATE_INVALID'],
      [{ bookingDate: '31.03.2026' }, '.bookingDate', 'DATE_INVALID'],
      [{ bookingDate: '2020-06-31' }, '.bookingDate', 'DATE_INVALID'],
      [{ transactionId: '\ud800' }, '.transactionId', 'SCHEMA'],
      [{ transactionAmount: money('12.50'), creditorAccount: { iban: other } }, '.transactionAmount.amount', 'SCHEMA'],
      [{ transactionAmount: money('12.50'), debtorAccount: { iban } }, '.transactionAmount.amount', 'SCHEMA'],
      [{ debtorAccount: { iban: other } }, '.transactionAmount.amount', 'SCHEMA'],
      [{ creditorAccount: { iban } }, '.transactionAmount.amount', 'SCHEMA'],
    ])('with %j is set aside at %s', async (members, member, reason) => {
      const { added, quarantined } = await one(members);
      expect(added).toEqual([]);
      expect(quarantined).toMatchObject([{ path: `$input.transactions.booked[0]${member}`, reason }]);
      expect(quarantined[0]?.redacted).not.toMatch(/Cafe|COFFEE|RABO/);
    });

    it.each([
      [{ creditorAccount: { iban: other } }],
      [{ creditorAccount: { iban: other }, debtorAccount: { iban } }],
      [{ transactionAmount: money('12.50'), debtorAccount: { iban: other } }],
      [{ transactionAmount: money('12.50'), creditorAccount: { iban: iban.toLowerCase() } }],
      [{ creditorAccount: { iban }, debtorAccount: { iban } }],
      [{ creditorAccount: { iban: other }, debtorAccount: { iban: other } }],
      [{ transactionAmount: money('0.00'), creditorAccount: { iban: other } }],
      [{ creditorAccount: { maskedPan: '1234xxxx5678' } }],
    ])('with %j agrees with its sign, or says nothing of it', async (members) => {
      expect((await one(members)).added).toHaveLength(1);
    });

    it.each([
      [{ bookingDate: '2026-11-20T10:43:07+01:00' }, { bookingDate: '2026-11-20', flags: [] }],
      [
        { bookingDate: undefined, valueDate: '2026-11-19' },
        { bookingDate: '2026-11-19', valueDate: '2026-11-19' },
      ],
      [{ valueDate: 'soon' }, { valueDate: null, flags: ['DATE_DROPPED'] }],
      [{ bookingDate: '2026-12-24' }, { flags: ['IMPLAUSIBLE_DATE'] }],
      [{ bookingDate: '0001-01-01' }, { flags: ['IMPLAUSIBLE_DATE'] }],
      [{ transactionAmount: money('-1.005') }, { amount: { minor: '-1005', exponent: 3 }, flags: ['OVER_PRECISE'] }],
      [{ creditorName: 'half \ud800' }, { counterpartyName: null, flags: ['MEMBER_DROPPED'] }],
      [{ bankTransactionCode: 'PMNT-RCDT-ESCT' }, { bankTransactionCode: 'PMNT-RCDT-ESCT' }],
      [{ proprietaryBankTransactionCode: '020' }, { bankTransactionCode: '020' }],
      [{ checkId: '77' }, { checkNumber: '77' }],
      [
        {
          remittanceInformationStructured: { reference: 'RF18' },
          remittanceInformationUnstructuredArray: ['A', 'COFFEE'],
        },
        { remittance: ['COFFEE', 'A', 'RF18'] },
      ],
      [
        { balanceAfterTransaction: { balanceAmount: money('7.10'), balanceType: 'interimBooked' } },
        { runningBalance: { minor: '710' } },
      ],
      [
        { balanceAfterTransaction: { balanceAmount: money('x'), balanceType: 'interimBooked' } },
        { flags: ['MEMBER_DROPPED'] },
      ],
    ])('with %j is read', async (members, expected) => {
      expect((await one(members)).added).toMatchObject([expected]);
    });

    it('has no running balance where borrowed money is in it', async () => {
      const borrowed = { balanceAmount: money('7.10'), balanceType: 'interimBooked', creditLimitIncluded: true };
      expect((await one({ balanceAfterTransaction: borrowed })).added[0]).not.toHaveProperty('runningBalance');
    });

    it('of an account that is not known waits for it, and comes back with what its page said of it', async () => {
      const { connector, close } = create(server.baseUrl, '/psd2/v1');
      scripted(list(listed('a1')));
      const raw = await connector.fetchPage({ accessToken: 'c', cursor: null }, limits());
      const first = connector.validatePage(raw);
      const accounts = connector.normalisePage(first, context([])).accounts;
      const behind = { v: 1, step: 'transactions', begun: '2026-11-27', all: ['a1'] };
      const keys = (JSON.parse(first.nextCursor ?? '') as { keys: string[] }).keys;
      const asked = body({ ...behind, keys });
      const text = report([entry()], { pending: [entry({ transactionId: 'p1' })] });
      const page = connector.normalisePage(connector.validatePage({ text, requestId: null, asked }), context([]));
      expect(page.quarantined.map(({ reason }) => reason)).toEqual(['ACCOUNT_UNKNOWN', 'ACCOUNT_UNKNOWN']);
      const back = page.quarantined.map(({ original = '' }) => connector.readRecord(original, context(accounts)));
      expect(back).toMatchObject([
        { providerTransactionId: 't1', status: 'BOOK', accountId: accounts[0]?.accountId },
        { providerTransactionId: 'p1', status: 'PDNG' },
      ]);
      expect(connector.readRecord(page.quarantined[0]?.original ?? '', context([]))).toBeUndefined();
      expect(connector.readRecord(body(entry()), context(accounts))).toBeUndefined();
      expect(connector.readRecord('{}', context(accounts))).toBeUndefined();
      close();
    });

    it('that is a standing order is none', async () => {
      const text = body({ transactions: { information: [entry()], _links: {} } });
      const { pages } = await read(null, [list(listed('a1')), balance(), text]);
      expect(pages[2]).toMatchObject({ added: [], quarantined: [] });
    });
  });

  describe('a balance', () => {
    const balances = async (...members: Record<string, unknown>[]) => {
      const text = body({
        balances: members.map((each) => ({ balanceAmount: money('1'), balanceType: 'interimBooked', ...each })),
      });
      const { pages, drift } = await read(null, [list(listed('a1')), text]);
      return { ...(pages[1] as CanonicalPage), drift };
    };

    it.each([
      ['closingBooked', 'CLBD', 0],
      ['expected', 'XPCD', 0],
      ['interimAvailable', 'ITAV', 0],
      ['closingAvailable', 'CLAV', 0],
      ['authorised', 'OTHR', 0],
      ['imagined', 'OTHR', 1],
    ])('called %s is %s, and keeps its name', async (balanceType, ours, drift) => {
      const read = await balances({ balanceType });
      expect(read.accounts[0]?.balances).toMatchObject([{ balanceType: ours, sourceType: balanceType }]);
      expect(read.drift).toBe(drift);
    });

    it('says its day where it is of one, and that it was read now where it is not', async () => {
      const { accounts } = await balances(
        { referenceDate: '2026-11-26' },
        { lastChangeDateTime: '2026-05-01T08:00:00Z' },
      );
      expect(accounts[0]?.balances).toMatchObject([
        { asOf: '2026-11-26T00:00:00Z', asOfBasis: 'provider' },
        { asOf: null, asOfBasis: 'fetch' },
      ]);
    });

    it('that disagrees with another, or is in another currency, is kept as it came', async () => {
      const read = await balances({}, { balanceAmount: money('2') }, { balanceAmount: money('3', 'USD') });
      expect(read.accounts[0]?.balances.map(({ amount }) => amount.minor)).toEqual(['100', '200', '300']);
      expect(read.quarantined).toEqual([]);
    });

    it('that cannot be read exactly is set aside, and costs the account no other one', async () => {
      const read = await balances({ balanceAmount: money('1.000,00') }, { balanceAmount: money({}) }, {});
      expect(read.accounts[0]).toMatchObject({ balances: [{}], flags: ['BALANCE_SET_ASIDE'] });
      expect(read.quarantined.map(({ path }) => path).sort()).toEqual([
        '$input.balances[0].balanceAmount.amount',
        '$input.balances[1].balanceAmount.amount',
      ]);
    });
  });

  describe('its account list', () => {
    it('and the first page of a read that is beside it are one call, in whatever order, and no more than once', async () => {
      const opened = create(server.baseUrl, '/psd2/v1');
      const calls = () => server.calls.length;
      const before = calls();
      scripted(list(listed('a1')));
      const page = () => opened.connector.fetchPage({ accessToken: 'c', cursor: null }, limits());
      const accounts = () => opened.connector.fetchAccounts({ accessToken: 'c' }, limits());
      await Promise.all([page(), accounts()]);
      expect(calls() - before).toBe(1);
      await Promise.all([accounts(), page()]);
      expect(calls() - before).toBe(2);
      await page();
      await page();
      await accounts();
      expect(calls() - before).toBe(4);
      await opened.connector.fetchAccounts({ accessToken: 'another' }, limits());
      expect(calls() - before).toBe(5);
      scripted([500, ''], list(listed('a1')));
      await expect(page()).rejects.toMatchObject({ code: 'SERVER_ERROR' });
      await accounts();
      expect(calls() - before).toBe(7);
      opened.close();
    });

    const { connector, close } = create('http://127.0.0.1:1');
    afterAll(close);
    const raw = (text: string): RawPage => ({ text, requestId: null });
    const accountsIn = (text: string) =>
      connector.readAccounts(raw(text), { institutionId: 'ins-1', knownAccounts: [] });

    it('is whole where every account could be told', () => {
      expect(accountsIn(list(listed('a1'), listed('a2', { iban: ibanB })))).toMatchObject({ isWhole: true });
      expect(accountsIn(list(listed('a1'), { iban: 5, currency: 'EUR' }))).toMatchObject({
        isWhole: false,
        accounts: [{}],
      });
      expect(accountsIn(list()).isWhole).toBe(false);
      expect(accountsIn(list(listed('a1', { name: 5 })))).toMatchObject({
        isWhole: true,
        accounts: [{ flags: ['MEMBER_DROPPED'], mask: '6789' }],
      });
      expect(() => accountsIn('{}')).toThrow(expect.objectContaining({ code: 'PAGE_INVALID' }));
    });

    it('is one list, on however many pages', async () => {
      const opened = create(server.baseUrl, '/psd2/v1');
      const next = { _links: { next: { href: '/psd2/v1/accounts?page=2' } } };
      scripted(body({ accounts: [listed('a1')], ...next }), list(listed('a2', { iban: ibanB })));
      const fetched = await opened.connector.fetchAccounts({ accessToken: 'c' }, limits());
      expect(opened.connector.readAccounts(fetched, context([]))).toMatchObject({ isWhole: true, accounts: [{}, {}] });
      opened.close();
    });

    it.each([
      ['a number', { bban: 'BARC12345612345678' }, 'iban', '5678'],
      ['a masked card', { maskedPan: '5409050000xx3241' }, 'masked', '3241'],
      ['a telephone', { msisdn: '+49 170 1234321' }, 'persistentId', null],
      ['its resource alone', {}, 'providerId', null],
    ])('may name an account by %s', (_title, members, identityBasis, mask) => {
      const { accounts } = accountsIn(list({ resourceId: 'a1', currency: 'EUR', ...members }));
      expect(accounts).toMatchObject([{ identityBasis, mask, type: 'CACC', nature: 'asset' }]);
    });
  });

  describe('the published examples', () => {
    const example = (name: string) =>
      readFileSync(new URL(import.meta.resolve(`@quartersec/validation/berlin-group/examples/${name}.json`)), 'utf8');
    const eur = list(listed('3dc3d5b3', { iban: ibanB }));

    it('of accounts are two, one of them without transactions', async () => {
      const { pages, paths, more } = await read(null, [example('accounts-regular'), balance(), report([]), balance()]);
      expect(pages[0]?.accounts).toMatchObject([
        { name: 'Main Account', currency: 'EUR', mask: '6789', type: 'CACC', identityBasis: 'iban' },
        { name: 'US Dollar Account', currency: 'USD', mask: '6788' },
      ]);
      expect([paths.length, more]).toEqual([4, false]);
    });

    it.each(['accounts-sub-accounts', 'accounts-both-levels'])(
      'of an account in two currencies are two (%s)',
      async (name) => {
        const { pages } = await read(null, [example(name)]);
        expect(pages[0]?.accounts.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
      },
    );

    it('of a report set aside what contradicts its sides, and nothing else', async () => {
      const { pages } = await read(null, [eur, balance(), example('transactions-regular')]);
      expect(pages[2]?.quarantined).toMatchObject([
        {
          path: '$input.transactions.booked[0].transactionAmount.amount',
          expected: 'an amount whose sign agrees with the accounts of creditor and debtor',
        },
      ]);
      expect(pages[2]?.added).toMatchObject([
        {
          providerTransactionId: '1234568',
          status: 'BOOK',
          amount: { minor: '34301', exponent: 2, currency: 'EUR' },
          direction: 'CRDT',
          bookingDate: '2017-10-25',
          valueDate: '2017-10-26',
          counterpartyName: 'Paul Simpson',
          remittance: ['Example 2'],
        },
        {
          providerTransactionId: '1234569',
          status: 'PDNG',
          amount: { minor: '-10003' },
          direction: 'DBIT',
          bookingDate: null,
          valueDate: '2017-10-26',
          counterpartyName: 'Claude Renault',
        },
      ]);
    });

    it('of a report on several currencies are four entries', async () => {
      const sum = list(listed('3dc3d5b3', { iban: 'DE40100100103307118608', currency: 'XXX' }));
      const { pages } = await read(null, [
        sum,
        example('balances-multicurrency'),
        example('transactions-multicurrency'),
      ]);
      expect(pages[1]?.accounts[0]?.balances.map(({ amount }) => `${amount.minor} ${amount.currency}`)).toEqual([
        '50000 EUR',
        '90000 EUR',
        '35000 USD',
        '35000 USD',
      ]);
      expect(pages[2]?.added.map(({ amount, status }) => `${status} ${amount.minor} ${amount.currency}`)).toEqual([
        'BOOK -25667 EUR',
        'BOOK 34301 EUR',
        'BOOK 10000 USD',
        'PDNG -10003 EUR',
      ]);
    });

    it('of balances have their days, and borrowed money is nobody’s', async () => {
      const french = list(listed('3dc3d5b3', { iban: 'FR7612345987650123456789014' }));
      const regular = await read(null, [french, example('balances-regular')]);
      expect(regular.pages[1]?.accounts[0]?.balances).toMatchObject([
        { balanceType: 'CLBD', amount: { minor: '50000' }, asOf: '2017-10-25T00:00:00Z' },
        { balanceType: 'XPCD', amount: { minor: '90000' }, asOf: null },
      ]);
      const limit = await read(null, [eur, example('balances-credit-limit')]);
      expect(limit.pages[1]?.accounts[0]?.balances).toMatchObject([
        { balanceType: 'ITBD', amount: { minor: '100000' }, creditIncluded: false },
        { balanceType: 'ITAV', amount: { minor: '30000' }, creditIncluded: false },
        { balanceType: 'ITAV', amount: { minor: '530000' }, creditIncluded: true },
      ]);
    });

    it('of standing orders are no transactions, and of a download no report', async () => {
      const standing = await read(null, [eur, balance(), example('transactions-standing-orders')]);
      expect(standing.pages[2]).toMatchObject({ added: [], quarantined: [] });
      await expect(read(null, [eur, balance(), example('transactions-download')])).rejects.toMatchObject({
        code: 'PAGE_INVALID',
      });
    });

    it('of an exceeded quota wait for the next day', async () => {
      await expect(read(null, [[429, example('error-429-access-exceeded')]])).rejects.toMatchObject({
        code: 'THROTTLED',
        facts: { providerCode: 'ACCESS_EXCEEDED', retryAfterMs: 54_000_000 },
      });
    });
  });
});
