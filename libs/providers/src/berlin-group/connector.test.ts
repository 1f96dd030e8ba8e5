import type { Account } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { describeConnectorContract } from '../connector.contract.ts';
import {
  balance,
  base,
  body,
  create,
  entry,
  ibanB,
  limits,
  list,
  listed,
  money,
  type ReadOptions,
  report,
  tpp,
  useBerlinBank,
} from '../testing/berlin-bank.ts';

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
  const { read, scripted, open, baseUrl, calls } = useBerlinBank();

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
    const headersOf = async (options: ReadOptions) => {
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
    const opened = open();
    scripted([500, ''], list(listed('a1')));
    const before = calls().length;
    const ask = () => opened.connector.fetchPage({ accessToken: 'c', cursor: null }, limits());
    await expect(ask()).rejects.toMatchObject({ code: 'SERVER_ERROR', facts: { requestId: 'call-1' } });
    expect((await ask()).requestId).toBe('call-2');
    expect(
      calls()
        .slice(before)
        .map(({ headers }) => headers['x-request-id']),
    ).toEqual(['call-1', 'call-2']);
    opened.close();
  });

  describe('a bank that takes less than is wanted', () => {
    it('is asked for booked entries alone, at once and from then on', async () => {
      const opened = open();
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
      const opened = open();
      const start = [list(listed('a1')), balance()];
      const first = await read(null, [...start, [400, tpp('PERIOD_INVALID')], report([entry()])], { opened });
      expect(first.paths[3]).toContain('dateFrom=2026-08-30');
      expect(first.history).toBe('recent');
      const again = await read(first.end, [...start, report([entry()])], { opened });
      expect([again.history, again.paths[2]?.split('dateFrom=')[1]]).toEqual(['recent', '2026-10-21']);
      opened.close();
    });

    it('is asked for ten years, then two, then 89 days', async () => {
      const opened = open({});
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
      const opened = open();
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
    ['an object with an address', (to: string) => ({ href: `${baseUrl()}${to}` })],
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
});
