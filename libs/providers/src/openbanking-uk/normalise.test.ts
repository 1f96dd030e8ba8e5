import { readFileSync } from 'node:fs';
import type { Account } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { normaliseListPage } from '../list-read/normalise-page.ts';
import { encodePlace, wholeRead } from '../list-read/place.ts';
import { readListedAccounts } from '../list-read/read-accounts.ts';
import { validateListPage } from '../list-read/validate-page.ts';
import { obukStandard } from './standard.ts';

const settings = { listUrl: () => 'https://bank.example/aisp/accounts', overlapDays: 30 };
const example = (name: string) =>
  readFileSync(new URL(import.meta.resolve(`@quartersec/validation/openbanking-uk/examples/${name}.json`)), 'utf8');

function pageOf(step: 'balances' | 'transactions', text: string, knownAccounts: readonly Account[], id = 'a1') {
  const asked = encodePlace({ ...wholeRead, step, begun: '2026-11-27', all: [id] });
  const page = validateListPage({ text, requestId: null, asked }, obukStandard, settings);
  const context = { connectionId: 'conn-1', institutionId: 'ins-1', knownAccounts, today: '2026-11-27' };
  return normaliseListPage(page, context, obukStandard);
}

const accountsIn = (text: string) =>
  readListedAccounts({ text, requestId: null }, { institutionId: 'ins-1', knownAccounts: [] }, obukStandard).accounts;
const accountWith = (members: Record<string, unknown> = {}) =>
  accountsIn(JSON.stringify({ Data: { Account: [{ AccountId: 'a1', Currency: 'GBP', ...members }] } }));

const gbp = (Amount: string, Currency = 'GBP') => ({ Amount, Currency });
const one = (members: Record<string, unknown>) => {
  const record = {
    AccountId: 'a1',
    TransactionId: 't1',
    Amount: gbp('12.50'),
    CreditDebitIndicator: 'Debit',
    Status: 'Booked',
    BookingDateTime: '2026-11-20T10:43:07+00:00',
    ...members,
  };
  return pageOf('transactions', JSON.stringify({ Data: { Transaction: [record] } }), accountWith());
};
const balances = (list: Record<string, unknown>[], account = accountWith()) =>
  pageOf(
    'balances',
    JSON.stringify({
      Data: {
        Balance: list.map((each) => ({
          AccountId: 'a1',
          CreditDebitIndicator: 'Credit',
          Type: 'InterimBooked',
          Amount: gbp('1'),
          ...each,
        })),
      },
    }),
    account,
  );

describe('the published examples', () => {
  it.each(['accounts-v3.1.11', 'accounts-v4.0'])('are two current accounts of one user (%s)', (name) => {
    expect(accountsIn(example(name))).toMatchObject([
      { providerAccountId: '22289', type: 'CACC', nature: 'asset', currency: 'GBP', name: 'Bills', mask: '3345' },
      { providerAccountId: '31820', name: 'Household', mask: '3348', identityBasis: 'providerId', balances: [] },
    ]);
  });

  it('are the same accounts in both versions', () => {
    const ids = (name: string) => accountsIn(example(name)).map(({ accountId }) => accountId);
    expect(ids('accounts-v4.0')).toEqual(ids('accounts-v3.1.11'));
  });

  it('are a balance that holds borrowed money', () => {
    const { Data } = JSON.parse(example('balances-v3.1.11')) as { Data: { Balance: Record<string, unknown>[] } };
    const text = JSON.stringify({ Data: { Balance: Data.Balance.slice(0, 1) } });
    const { accounts } = pageOf('balances', text, accountsIn(example('accounts-v3.1.11')), '22289');
    expect(accounts[0]?.balances).toEqual([
      {
        balanceType: 'ITAV',
        sourceType: 'InterimAvailable',
        amount: { minor: '123000', exponent: 2, currency: 'GBP', unofficialCurrency: null },
        creditLine: { minor: '100000', exponent: 2, currency: 'GBP', unofficialCurrency: null },
        creditIncluded: true,
        asOf: '2017-04-05T10:43:07+00:00',
        asOfBasis: 'provider',
      },
    ]);
  });

  it('are one transaction', () => {
    const known = accountsIn(example('accounts-v3.1.11'));
    const { added, quarantined } = pageOf('transactions', example('transactions-v3.1.11'), known, '22289');
    expect(quarantined).toEqual([]);
    expect(added).toEqual([
      {
        transactionId: expect.stringMatching(/^[\w-]{22}$/),
        accountId: known[0]?.accountId,
        providerTransactionId: '123',
        idBasis: 'provider',
        status: 'BOOK',
        amount: { minor: '1000', exponent: 2, currency: 'GBP', unofficialCurrency: null },
        direction: 'CRDT',
        bookingDate: '2017-04-05',
        valueDate: '2017-04-05',
        executionDate: null,
        bookingDateTime: '2017-04-05T10:43:07+00:00',
        executionDateTime: null,
        counterpartyName: null,
        merchantName: null,
        description: 'Cash from Aubrey',
        remittance: ['Ref 1'],
        category: null,
        channel: null,
        bankTransactionCode: 'ReceivedCreditTransfer/DomesticCreditTransfer',
        supersedes: expect.stringMatching(/^[\w-]{22}$/),
        contentHash: expect.stringMatching(/^[\w-]{22}$/),
        flags: [],
        runningBalance: { minor: '23000', exponent: 2, currency: 'GBP', unofficialCurrency: null },
      },
    ]);
  });
});

describe('an account', () => {
  it.each([
    ['CurrentAccount', 'CACC', 'asset'],
    ['Savings', 'SVGS', 'asset'],
    ['CreditCard', 'CARD', 'liability'],
    ['ChargeCard', 'CARD', 'liability'],
    ['Loan', 'LOAN', 'liability'],
    ['Mortgage', 'MORT', 'liability'],
    ['EMoney', 'OTHR', 'asset'],
  ])('of the subtype %s is %s', (AccountSubType, type, nature) => {
    expect(accountWith({ AccountSubType })).toMatchObject([{ type, nature }]);
  });

  it.each([
    ['CACC', 'CACC', 'asset'],
    ['SVGS', 'SVGS', 'asset'],
    ['CARD', 'CARD', 'liability'],
    ['LOAN', 'LOAN', 'liability'],
    ['MORT', 'MORT', 'liability'],
    ['EMON', 'OTHR', 'asset'],
  ])('of the code %s is %s', (AccountTypeCode, type, nature) => {
    expect(accountWith({ AccountTypeCode })).toMatchObject([{ type, nature }]);
  });

  it('may hold several currencies, and then has none of its own', () => {
    const [account] = accountWith({ Currency: undefined });
    expect(account).toMatchObject({ currency: null, name: null, mask: null });
    const { accounts } = balances(
      [{ Amount: gbp('10.00') }, { Amount: gbp('500', 'JPY') }],
      accountWith({ Currency: 'XXX' }),
    );
    expect(accounts[0]?.currency).toBeNull();
    expect(accounts[0]?.balances.map(({ amount }) => [amount.minor, amount.exponent, amount.currency])).toEqual([
      ['1000', 2, 'GBP'],
      ['500', 0, 'JPY'],
    ]);
  });
});

describe('a balance', () => {
  it.each([
    ['ClosingAvailable', 'CLAV'],
    ['PreviouslyClosedBooked', 'PRCD'],
    ['InterimCleared', 'OTHR'],
    ['ITBD', 'ITBD'],
    ['Imagined', 'OTHR'],
  ])('called %s is %s, and keeps its name', (Type, balanceType) => {
    expect(balances([{ Type }]).accounts[0]?.balances).toMatchObject([{ balanceType, sourceType: Type }]);
  });

  it('is negative where the indicator says debit', () => {
    const { accounts } = balances([{ CreditDebitIndicator: 'Debit', Amount: gbp('57.36') }]);
    expect(accounts[0]?.balances[0]?.amount.minor).toBe('-5736');
  });

  it('of a card says what may still be borrowed, which is not the holder’s', () => {
    const card = accountWith({ AccountSubType: 'CreditCard' });
    const read = (Type: string) => balances([{ Type }], card).accounts[0]?.balances[0]?.creditIncluded;
    expect([read('InterimAvailable'), read('InterimBooked')]).toEqual([true, false]);
  });

  it('has a credit line that is not in it, and none that is only what is left of one', () => {
    const line = { Included: false, Type: 'Pre-Agreed', Amount: gbp('500.00') };
    const left = { Included: false, Type: 'Available', Amount: gbp('400.00') };
    expect(balances([{ CreditLine: [left, line] }]).accounts[0]?.balances[0]).toMatchObject({
      creditIncluded: false,
      creditLine: { minor: '50000' },
    });
    expect(balances([{ CreditLine: [left] }]).accounts[0]?.balances[0]?.creditLine).toBeNull();
  });

  it('says when it was, or that it was read now', () => {
    const read = (DateTime: unknown) => balances([{ DateTime }]).accounts[0]?.balances[0];
    expect(read('yesterday')).toMatchObject({ asOf: null, asOfBasis: 'fetch' });
    expect(read('2026-11-27T08:00:00Z')).toMatchObject({ asOf: '2026-11-27T08:00:00Z', asOfBasis: 'provider' });
  });

  it('that cannot be read exactly is set aside, and costs the account no other one', () => {
    const { accounts, quarantined } = balances([{ Amount: gbp('1,00') }, { Amount: { Amount: 5 } }, {}]);
    expect(accounts[0]).toMatchObject({ balances: [{}], flags: ['BALANCE_SET_ASIDE'] });
    expect(quarantined.map(({ path, reason }) => [path, reason]).sort()).toEqual([
      ['$input.Data.Balance[0].Amount.Amount', 'AMOUNT_INEXACT'],
      ['$input.Data.Balance[1].Amount.Amount', 'SCHEMA'],
    ]);
    expect(quarantined.every(({ original }) => original === undefined)).toBe(true);
  });

  it('of an account that is not known goes nowhere', () => {
    expect(balances([{}], [])).toEqual({ added: [], modified: [], removed: [], accounts: [], quarantined: [] });
  });
});

describe('a transaction', () => {
  it.each([
    ['Booked', 'BOOK'],
    ['BOOK', 'BOOK'],
    ['Pending', 'PDNG'],
    ['PDNG', 'PDNG'],
    ['Rejected', 'RJCT'],
    ['RJCT', 'RJCT'],
    ['INFO', 'INFO'],
    ['FUTR', 'FUTR'],
  ])('of the status %s is %s', (Status, status) => {
    expect(one({ Status }).added).toMatchObject([{ status }]);
  });

  it.each([
    [{ Status: 'Imagined' }, '.Status', 'SCHEMA'],
    [{ CreditDebitIndicator: 'Both' }, '.CreditDebitIndicator', 'SCHEMA'],
    [{ Amount: gbp('-12.50') }, '.Amount.Amount', 'SCHEMA'],
    [{ Amount: gbp('1e3') }, '.Amount.Amount', 'AMOUNT_INEXACT'],
    [{ Amount: gbp('12.50', 'GPB') }, '.Amount.Currency', 'CURRENCY_UNKNOWN'],
    [{ Amount: gbp('15.25', 'JPY') }, '.Amount.Amount', 'SUSPECT_SCALE'],
    [{ Amount: { Amount: 12.5, Currency: 'GBP' } }, '.Amount.Amount', 'SCHEMA'],
    [{ BookingDateTime: '01-05-2002' }, '.BookingDateTime', 'DATE_INVALID'],
    [{ BookingDateTime: '2026-02-30T00:00:00Z' }, '.BookingDateTime', 'DATE_INVALID'],
    [{ TransactionId: '\ud800' }, '.TransactionId', 'SCHEMA'],
  ])('with %j is set aside at %s', (members, member, reason) => {
    const { added, quarantined } = one(members);
    expect(added).toEqual([]);
    expect(quarantined).toMatchObject([{ path: `$input.Data.Transaction[0]${member}`, reason }]);
    expect(quarantined[0]?.original).toContain('"AccountId":"a1"');
  });

  it.each([
    ['2026-11-20T00:00:00+00:00', null, []],
    ['2026-11-20T01:00:00+01:00', '2026-11-20T01:00:00+01:00', []],
    ['2026-11-20', null, []],
    ['2026-11-20T10:43:07', null, ['DATE_DROPPED']],
    ['2026-12-20T10:43:07Z', '2026-12-20T10:43:07Z', ['IMPLAUSIBLE_DATE']],
    ['0001-01-01T00:00:00Z', null, ['IMPLAUSIBLE_DATE']],
  ])('booked at %s is of the day that the bank prints', (BookingDateTime, bookingDateTime, flags) => {
    expect(one({ BookingDateTime }).added).toMatchObject([
      { bookingDate: BookingDateTime.slice(0, 10), bookingDateTime, flags },
    ]);
  });

  it('may be expected later than today while it is pending', () => {
    expect(one({ Status: 'Pending', BookingDateTime: '2026-12-20T00:00:00Z' }).added).toMatchObject([
      { bookingDate: null, executionDate: '2026-12-20', flags: [] },
    ]);
  });

  it('names who is on the other side, by its direction', () => {
    const sides = { CreditorAccount: { Name: 'Shop Ltd' }, DebtorAccount: { Name: 'Employer' } };
    expect(one(sides).added[0]?.counterpartyName).toBe('Shop Ltd');
    expect(one({ ...sides, CreditDebitIndicator: 'Credit' }).added[0]?.counterpartyName).toBe('Employer');
  });

  it('keeps merchant, code and category code, and leaves out what it cannot read', () => {
    const members = {
      MerchantDetails: { MerchantName: 'Shop', MerchantCategoryCode: '5411' },
      ProprietaryBankTransactionCode: { Code: 'POS' },
      ValueDateTime: 'soon',
      Balance: { Amount: gbp('x'), CreditDebitIndicator: 'Credit' },
    };
    expect(one(members).added).toMatchObject([
      {
        merchantName: 'Shop',
        merchantCategoryCode: '5411',
        bankTransactionCode: 'POS',
        valueDate: null,
        flags: ['DATE_DROPPED', 'MEMBER_DROPPED'],
      },
    ]);
    expect(one({ BankTransactionCode: { Code: 'A' } }).added[0]?.bankTransactionCode).toBe('A');
    expect(one({ TransactionInformation: 'half \ud800' }).added).toMatchObject([
      { description: null, flags: ['MEMBER_DROPPED'] },
    ]);
  });

  it('of an account that is not known waits for it', () => {
    const text = JSON.stringify({ Data: { Transaction: [{ AccountId: 'a1' }] } });
    expect(pageOf('transactions', text, []).quarantined).toMatchObject([{ reason: 'SCHEMA' }]);
    const record = {
      AccountId: 'a1',
      Amount: gbp('1'),
      CreditDebitIndicator: 'Debit',
      Status: 'Booked',
      BookingDateTime: '2026-11-20',
    };
    expect(pageOf('transactions', JSON.stringify({ Data: { Transaction: [record] } }), []).quarantined).toMatchObject([
      { reason: 'ACCOUNT_UNKNOWN' },
    ]);
  });

  it('keeps more decimals than its currency has', () => {
    expect(one({ Amount: gbp('12.505') }).added).toMatchObject([
      { amount: { minor: '-12505', exponent: 3 }, flags: ['OVER_PRECISE'] },
    ]);
  });
});
