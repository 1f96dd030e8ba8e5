import { createDeadline } from '@quartersec/sla';
import type { Account, CanonicalPage } from '@quartersec/validation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeConnectorContract } from '../connector.contract.ts';
import type { RawPage } from '../connector.ts';
import { createHttpClient } from '../http-client.ts';
import { answers, type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import { createObukConnector } from './connector.ts';

const startEpochMs = Date.UTC(2026, 10, 27, 9);
const money = (amount: string, currency = 'GBP') => ({ Amount: amount, Currency: currency });
const transaction = (members: Record<string, unknown> = {}) => ({
  AccountId: 'a1',
  TransactionId: 't1',
  Amount: money('12.50'),
  CreditDebitIndicator: 'Debit',
  Status: 'Booked',
  BookingDateTime: '2026-11-20T00:00:00+00:00',
  TransactionInformation: 'COFFEE',
  ...members,
});
const body = (data: Record<string, unknown>, next?: string) =>
  JSON.stringify({
    Data: data,
    Links: { Self: 'https://bank.example/x', ...(next !== undefined && { Next: next }) },
    Meta: {},
  });

function create(baseUrl: string, path = '') {
  const nowEpochMs = () => startEpochMs;
  const limits = { nowEpochMs, maxBodyBytes: 1_000_000 };
  const http = createHttpClient({ provider: 'openbanking-uk', allowedOrigins: [baseUrl], ...limits });
  let ids = 0;
  const newId = () => `interaction-${++ids}`;
  return {
    connector: createObukConnector({ baseUrl: `${baseUrl}${path}`, http, newId, nowEpochMs }),
    close: http.close,
  };
}

const inRead = { v: 1, step: 'transactions', begun: '2026-11-27', all: ['planted-cursor', 'a2'] };

describeConnectorContract('openbanking-uk', {
  create: (baseUrl) => create(baseUrl),
  cursor: JSON.stringify(inRead),
  page: body({
    Transaction: [transaction({ AccountId: 'planted-cursor', TransactionInformation: '4000123412341234' })],
  }),
  pageCursor:
    '{"v":1,"step":"balances","next":{"planted-cursor":"2026-10-21"},"begun":"2026-11-27","all":["planted-cursor","a2"],"at":1}',
  accountNumber: '4000123412341234',
  loginExpired: {
    status: 403,
    body: '{"Code":"403","Message":"4000123412341234","Errors":[{"ErrorCode":"UK.OBIE.Reauthenticate","Message":"4000123412341234"}]}',
  },
});

describe('a read of Open Banking UK', () => {
  let server: ScriptedServer;
  const limits = () => ({ attemptTimeoutMs: 60_000, deadline: createDeadline(60_000, () => performance.now()) });

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

  /** One page after the other, as the pipeline does. @returns what they say, and the paths that were asked for */
  async function read(cursor: string | null, bodies: readonly string[], known: readonly Account[] = []) {
    const { connector, close } = create(server.baseUrl, '/open-banking/v3.1/aisp/');
    const before = server.calls.length;
    server.script(...bodies.map((each) => answers.json(200, each)));
    const pages: CanonicalPage[] = [];
    const cursors: (string | null)[] = [];
    let at = cursor;
    let more = true;
    let history = '';
    for (let calls = 0; more && calls < bodies.length; calls += 1) {
      const raw = await connector.fetchPage({ accessToken: 'token-1', cursor: at }, limits());
      const page = connector.validatePage(raw);
      const accounts = [...known, ...pages.flatMap((each) => each.accounts)];
      pages.push(connector.normalisePage(page, context(accounts)));
      at = page.nextCursor;
      cursors.push(at);
      more = page.hasMore;
      history = page.history;
    }
    close();
    return { pages, cursors, end: at, more, history, calls: server.calls.slice(before) };
  }

  const list = (...ids: string[]) => body({ Account: ids.map((AccountId) => ({ AccountId, Currency: 'GBP' })) });
  const balance = (AccountId: string, amount = '230.00') =>
    body({
      Balance: [
        {
          AccountId,
          Amount: money(amount),
          CreditDebitIndicator: 'Credit',
          Type: 'InterimBooked',
          DateTime: '2026-11-27T08:00:00+00:00',
        },
      ],
    });
  const entries = (...members: Record<string, unknown>[]) => body({ Transaction: members.map(transaction) });

  it('goes over the list, and each account of it: balances, then transactions', async () => {
    const { pages, calls, more, history, end } = await read(null, [
      list('a1', 'a 2'),
      balance('a1'),
      entries({}),
      balance('a 2', '5'),
      entries({ AccountId: 'a 2', CreditDebitIndicator: 'Credit' }),
    ]);
    const base = '/open-banking/v3.1/aisp/accounts';
    expect(calls.map(({ path }) => path)).toEqual([
      base,
      `${base}/a1/balances`,
      `${base}/a1/transactions`,
      `${base}/a%202/balances`,
      `${base}/a%202/transactions`,
    ]);
    expect([more, history]).toEqual([false, 'complete']);
    expect(JSON.parse(end ?? '')).toEqual({
      v: 1,
      read: { a1: '2026-10-21', 'a 2': '2026-10-21' },
      all: ['a1', 'a 2'],
    });
    expect(pages.flatMap(({ added }) => added)).toMatchObject([
      { providerTransactionId: 't1', amount: { minor: '-1250' }, bookingDate: '2026-11-20', bookingDateTime: null },
      { providerTransactionId: 't1', amount: { minor: '1250' } },
    ]);
    expect(new Set(pages.flatMap(({ added }) => added.map(({ transactionId }) => transactionId))).size).toBe(2);
    expect(pages[1]?.accounts).toMatchObject([{ providerAccountId: 'a1', balances: [{ balanceType: 'ITBD' }] }]);
    expect(pages.map(({ covers }) => covers)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('says nothing of a window that has listed the same twice before, and all of it once that changes', async () => {
    let stored: string | null = null;
    let known: readonly Account[] = [];
    const told = async (...members: Record<string, unknown>[]) => {
      const { pages, end } = await read(stored, [list('a1'), balance('a1'), entries(...members)], known);
      stored = end;
      known = pages[1]?.accounts ?? [];
      return [pages[2]?.added.length, pages[2]?.covers?.length, pages[2]?.quarantined.length];
    };
    const [one, two, bad] = [{}, { TransactionId: 't2' }, { TransactionId: 't3', Status: 'Odd' }];
    expect(await told(one, two, bad)).toEqual([2, undefined, 1]); // the whole history
    expect(await told(one, two, bad)).toEqual([2, 1, 1]);
    expect(await told(two, bad, one)).toEqual([2, 1, 1]);
    expect(await told(one, two, bad)).toEqual([0, undefined, 0]);
    expect(await told(one, two, bad)).toEqual([0, undefined, 0]);
    expect(await told(one)).toEqual([1, 1, 0]);
    expect(await told(one)).toEqual([1, 1, 0]);
    expect(await told(one)).toEqual([0, undefined, 0]);
  });

  it('begins the next window before the newest entry of the account, whatever the day is', async () => {
    const end = async (stored: string | null, ...dates: string[]) => {
      const listed = dates.map((BookingDateTime, at) => ({ BookingDateTime, TransactionId: `t${at}` }));
      const { end } = await read(stored, [list('a1'), balance('a1'), entries(...listed)]);
      return (JSON.parse(end ?? '') as { readonly read: unknown }).read;
    };
    expect(await end(null, '2024-03-31T00:00:00Z', '2024-01-01T00:00:00Z')).toEqual({ a1: '2024-03-01' });
    expect(await end(null, '2027-03-31T00:00:00Z')).toEqual({ a1: '2026-10-28' }); // booked in the future
    expect(await end(null)).toEqual({ a1: '2026-10-28' });
    expect(await end('{"v":1,"read":{"a1":"2024-03-01"}}')).toEqual({ a1: '2024-03-01' }); // its last entry was taken back
  });

  it('sends the bearer token and a fresh interaction id with each call', async () => {
    const { calls } = await read(null, [list('a1'), balance('a1')]);
    expect(calls.map(({ headers }) => [headers.authorization, headers['x-fapi-interaction-id']])).toEqual([
      ['Bearer token-1', 'interaction-1'],
      ['Bearer token-1', 'interaction-2'],
    ]);
  });

  it('reads again by windows, says what they cover, and reads a new account whole', async () => {
    const stored = JSON.stringify({ v: 1, read: { a1: '2026-10-28' } });
    const { pages, calls } = await read(stored, [
      list('a1', 'new'),
      balance('a1'),
      entries({ TransactionId: 'before', BookingDateTime: '2026-10-28T23:30:00+00:00' }, {}),
      balance('new'),
      entries({ AccountId: 'new', BookingDateTime: '2020-01-01T00:00:00Z' }),
    ]);
    expect(calls[2]?.path).toMatch(/\/a1\/transactions\?fromBookingDateTime=2026-10-28T00:00:00$/);
    expect(calls[4]?.path).toMatch(/\/new\/transactions$/);
    const accountId = pages[0]?.accounts[0]?.accountId;
    expect(pages[2]?.covers).toEqual([{ accountId, fromDate: '2026-10-29' }]);
    expect(pages[2]?.added.map(({ providerTransactionId }) => providerTransactionId)).toEqual(['t1']);
    expect(pages[4]).toMatchObject({ added: [{ bookingDate: '2020-01-01' }] });
    expect(pages[4]?.covers).toBeUndefined();
  });

  it.each([
    ['an address', (base: string) => `${base}/open-banking/v3.1/aisp/accounts/a1/transactions?page=2`],
    ['a path', () => '/open-banking/v3.1/aisp/accounts/a1/transactions?page=2'],
    ['a query', () => '?page=2'],
    ['an address of a host called null', () => 'null/open-banking/v3.1/aisp/accounts/a1/transactions?page=2'],
  ])('follows a next link that is %s', async (_title, next) => {
    const { calls, pages } = await read(null, [
      list('a1'),
      balance('a1'),
      body({ Transaction: [transaction()] }, next(server.baseUrl)),
      entries({ TransactionId: 't2' }),
    ]);
    expect(calls[3]?.path).toBe('/open-banking/v3.1/aisp/accounts/a1/transactions?page=2');
    expect(pages[3]?.added).toMatchObject([{ providerTransactionId: 't2' }]);
  });

  it.each([
    ['another host', 'https://evil.example/open-banking/v3.1/aisp/accounts/a1/transactions?page=2', 'URL_REFUSED'],
    ['another list', '/open-banking/v3.1/aisp/accounts/a2/transactions?page=2', 'PAGE_INVALID'],
    ['nowhere', 'http://[', 'PAGE_INVALID'],
  ])('does not follow a next link to %s', async (_title, next, code) => {
    const pages = [list('a1'), balance('a1'), body({ Transaction: [] }, next)];
    await expect(read(null, pages)).rejects.toMatchObject({ code });
  });

  it('stands still where links go round, so that the loop ends as a broken one', async () => {
    const round = (page: number) => body({ Transaction: [] }, `?page=${page}`);
    const { cursors, more } = await read(null, [list('a1'), balance('a1'), ...[2, 3, 4, 2, 3, 4, 2, 3].map(round)]);
    expect(more).toBe(true);
    expect(new Set(cursors).size).toBeLessThan(cursors.length);
    const same = await read(null, [list('a1'), balance('a1'), round(2), round(2)]);
    expect(same.cursors.at(-1)).toBe(same.cursors.at(-2));
  });

  it('refuses a cursor that it did not make, so that everything is read again', async () => {
    for (const cursor of [
      'CAESJ',
      '{"v":2}',
      '{"v":1,"step":"transactions","all":["a"],"at":1}',
      'null',
      '{"v":1,"read":{"a":"soon"}}',
    ]) {
      await expect(read(cursor, [list('a1')])).rejects.toMatchObject({ code: 'CURSOR_UNKNOWN' });
    }
  });

  it('gives equal entries without ids one id each, the same at each reading, also across pages', async () => {
    const coffee = { TransactionId: undefined, BookingDateTime: '2026-11-20T00:00:00+00:00' };
    const other = { ...coffee, TransactionInformation: 'TEA' };
    const whole = await read(null, [
      list('a1'),
      balance('a1'),
      entries(coffee, other, coffee, { ...coffee, TransactionId: ' ' }),
    ]);
    const split = await read(null, [
      list('a1'),
      balance('a1'),
      body({ Transaction: [coffee, other].map(transaction) }, '?page=2'),
      entries(coffee, coffee),
    ]);
    const idsOf = ({ pages }: typeof whole) =>
      pages.flatMap(({ added }) => added.map(({ transactionId }) => transactionId));
    expect(new Set(idsOf(whole)).size).toBe(4);
    expect(idsOf(split).sort()).toEqual(idsOf(whole).sort());
    expect(whole.pages[2]?.added).toMatchObject([{ idBasis: 'content' }, {}, {}, { providerTransactionId: null }]);
  });

  it('counts them on over a page that ends within their day with an entry of another status', async () => {
    const coffee = { TransactionId: undefined };
    const { pages } = await read(null, [
      list('a1'),
      balance('a1'),
      body({ Transaction: [coffee, { ...coffee, Status: 'Pending' }].map(transaction) }, '?page=2'),
      entries(coffee, { ...coffee, Status: 'Pending' }),
    ]);
    const ids = pages.flatMap(({ added }) => added.map(({ transactionId }) => transactionId));
    expect(new Set(ids).size).toBe(4);
  });

  it('counts them on over a day that is on three pages', async () => {
    const coffee = { TransactionId: undefined };
    const tea = { ...coffee, TransactionInformation: 'TEA' };
    const { pages } = await read(null, [
      list('a1'),
      balance('a1'),
      body({ Transaction: [transaction(coffee)] }, '?page=2'),
      body({ Transaction: [transaction(tea)] }, '?page=3'),
      entries(coffee, tea),
    ]);
    const ids = pages.flatMap(({ added }) => added.map(({ transactionId }) => transactionId));
    expect(new Set(ids).size).toBe(4);
  });

  it('tells entries under one id apart by day and amount, and one entry on two pages as one', async () => {
    const { pages } = await read(null, [
      list('a1'),
      balance('a1'),
      body(
        {
          Transaction: [
            transaction({ TransactionId: '9998' }),
            transaction({ TransactionId: '9998', Amount: money('12.51') }),
            transaction({ TransactionId: '9998', BookingDateTime: '2026-10-20T00:00:00+00:00' }),
          ],
        },
        '?page=2',
      ),
      entries({ TransactionId: '9998' }),
    ]);
    const ids = pages.flatMap(({ added }) => added.map(({ transactionId }) => transactionId));
    expect([ids.length, new Set(ids).size]).toEqual([4, 3]);
  });

  it('lets a booked entry replace the pending one of its id', async () => {
    const waiting = await read(null, [
      list('a1'),
      balance('a1'),
      entries({ Status: 'Pending', Amount: money('10.00') }),
    ]);
    const booked = await read(null, [list('a1'), balance('a1'), entries({})]);
    const [pending] = waiting.pages[2]?.added ?? [];
    expect(pending).toMatchObject({ status: 'PDNG', bookingDate: null, executionDate: '2026-11-20', supersedes: null });
    expect(booked.pages[2]?.added[0]?.supersedes).toBe(pending?.transactionId);
    const both = await read(null, [list('a1'), balance('a1'), entries({ Status: 'Pending' }, {})]);
    expect(both.pages[2]?.added.map(({ supersedes }) => supersedes)).toEqual([null, null]);
  });

  it('keeps balances while the list is read again, and takes each new reading of them', async () => {
    const first = await read(null, [list('a1'), balance('a1', '230.00')]);
    const known = first.pages[1]?.accounts ?? [];
    const again = await read(null, [list('a1'), balance('a1', '-1')], known);
    expect(again.pages[0]?.accounts).toEqual(known);
    expect(again.pages[1]).toMatchObject({
      accounts: [{ balances: [], flags: ['BALANCE_SET_ASIDE'] }],
      quarantined: [{ path: '$input.Data.Balance[0].Amount.Amount', reason: 'SCHEMA' }],
    });
  });

  it('refuses a page with records of another account', async () => {
    const pages = [list('a1'), balance('a1'), entries({}, { AccountId: 'a2' })];
    await expect(read(null, pages)).rejects.toMatchObject({
      code: 'PAGE_INVALID',
      facts: {
        detail: '$input.Data.Transaction[1].AccountId: expected the account that was asked for, received string',
      },
    });
    await expect(read(null, [list('a1'), balance('a2')])).rejects.toMatchObject({ code: 'PAGE_INVALID' });
  });

  it.each([
    ['a list of another kind', balance('a1')],
    ['balances in place of transactions', body({ Balance: [] })],
  ])('refuses %s', async (_title, wrong) => {
    const at = wrong === balance('a1') ? [wrong] : [list('a1'), balance('a1'), wrong];
    await expect(read(null, at)).rejects.toMatchObject({ code: 'PAGE_INVALID' });
  });

  it('takes no list for no transactions, and reads nothing of an account that is deleted', async () => {
    const accounts = body({ Account: [{ AccountId: 'a1' }, { AccountId: 'gone', Status: 'Deleted' }] });
    const { pages, more } = await read(null, [accounts, balance('a1'), body({})]);
    expect(more).toBe(false);
    expect(pages[0]?.accounts.map(({ providerAccountId }) => providerAccountId)).toEqual(['a1']);
  });

  it('ends at once where no account is shared', async () => {
    const { more, end, history } = await read(null, [body({ Account: [] })]);
    expect([more, history]).toEqual([false, 'complete']);
    expect(JSON.parse(end ?? '')).toEqual({ v: 1 });
  });

  it('reads a list of accounts and of balances over several pages', async () => {
    const more = body({
      Balance: [{ AccountId: 'a1', Amount: money('1'), CreditDebitIndicator: 'Debit', Type: 'XPCD' }],
    });
    const first = JSON.parse(balance('a1')) as { Data: Record<string, unknown> };
    const { pages, calls } = await read(null, [
      body({ Account: [{ AccountId: 'a1' }] }, '?page=2'),
      list('a2'),
      body(first.Data, '?page=2'),
      more,
    ]);
    expect(calls.map(({ path }) => path.split('/accounts')[1])).toEqual([
      '',
      '?page=2',
      '/a1/balances',
      '/a1/balances?page=2',
    ]);
    expect(pages[3]?.accounts[0]?.balances.map(({ balanceType, amount }) => [balanceType, amount.minor])).toEqual([
      ['ITBD', '23000'],
      ['XPCD', '-100'],
    ]);
  });

  describe('its account list', () => {
    const { connector, close } = create('http://127.0.0.1:1');
    afterAll(close);
    const raw = (text: string): RawPage => ({ text, requestId: null });
    const read = (text: string) => connector.readAccounts(raw(text), { institutionId: 'ins-1', knownAccounts: [] });

    it('is whole where every account could be told, and no page follows', () => {
      expect(read(list('a1', 'a2'))).toMatchObject({ isWhole: true, accounts: [{}, {}] });
      expect(read(body({ Account: [{ AccountId: 'a1' }, { AccountId: 5 }] }))).toMatchObject({
        isWhole: false,
        accounts: [{}],
      });
      expect(read(body({ Account: [{ AccountId: 'a1' }] }, '?page=2')).isWhole).toBe(false);
      expect(read(body({ Account: [] })).isWhole).toBe(false);
      expect(read(body({ Account: [{ AccountId: 'a1', Nickname: 5 }] }))).toMatchObject({
        isWhole: true,
        accounts: [{ flags: ['MEMBER_DROPPED'] }],
      });
    });

    it('is one list, on however many pages', async () => {
      const fetched = async (...bodies: string[]) => {
        const opened = create(server.baseUrl);
        server.script(...bodies.map((each) => answers.json(200, each)));
        const list = await opened.connector.fetchAccounts({ accessToken: 'token-1' }, limits()).finally(opened.close);
        return opened.connector.readAccounts(list, { institutionId: 'ins-1', knownAccounts: [] });
      };
      const page = (id: string, next?: string) => body({ Account: [{ AccountId: id, Nickname: '"Next"' }] }, next);
      expect(await fetched(page('a1', '?page=2'), page('a2', '?page=3'), page('a3'))).toMatchObject({
        isWhole: true,
        accounts: [{ providerAccountId: 'a1' }, { providerAccountId: 'a2' }, { providerAccountId: 'a3' }],
      });
      expect(await fetched(page('a1'))).toMatchObject({ isWhole: true, accounts: [{}] });
      await expect(fetched(page('a1', '?page=2'), page('a2', '?page=2'))).rejects.toMatchObject({
        code: 'PAGE_INVALID',
      });
    });

    it('is refused where it is none', () => {
      expect(() => read(body({}))).toThrow(expect.objectContaining({ code: 'PAGE_INVALID' }));
      expect(() => read('{')).toThrow(expect.objectContaining({ code: 'BODY_UNREADABLE' }));
    });

    it('lets a record come back whose account is known by now', () => {
      const accounts = read(list('a1')).accounts;
      const record = JSON.stringify(transaction());
      expect(connector.readRecord(record, context([]))).toBeUndefined();
      expect(connector.readRecord(record, context(accounts))).toMatchObject({ amount: { minor: '-1250' } });
      expect(connector.readRecord(JSON.stringify(transaction({ Status: 5 })), context(accounts))).toBeUndefined();
      expect(connector.readRecord(JSON.stringify(transaction({ Status: 'Odd' })), context(accounts))).toBeUndefined();
    });

    it('says that a page was asked for by nobody', () => {
      expect(() => connector.validatePage(raw(list('a1')))).toThrow(
        expect.objectContaining({ code: 'CURSOR_UNKNOWN' }),
      );
    });
  });
});
