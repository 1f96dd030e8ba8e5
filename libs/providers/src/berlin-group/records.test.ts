import type { CanonicalPage } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import {
  balance,
  base,
  body,
  context,
  entry,
  iban,
  ibanB,
  limits,
  list,
  listed,
  money,
  other,
  report,
  useBerlinBank,
} from '../testing/berlin-bank.ts';

describe('of the Berlin Group’s records', () => {
  const { read, one, scripted, open } = useBerlinBank();

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
      const { connector, close } = open();
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
});
