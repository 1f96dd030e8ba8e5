import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ExactNumber, parseExact } from '../exact-json.ts';
import { redactRecord } from '../redact-record.ts';
import {
  accountRecord,
  type BerlinAccount,
  type BerlinTransaction,
  balanceRecord,
  berlinRedactionPolicy,
  checkAccounts,
  checkBalances,
  checkTransactions,
  countAccountNews,
  countAccountsNews,
  countBalanceNews,
  countBalancesNews,
  countTransactionNews,
  countTransactionsNews,
  errorCodesOf,
  transactionRecord,
} from './index.ts';

const folder = new URL('examples/', import.meta.url);
const text = (name: string) => readFileSync(new URL(`${name}.json`, folder), 'utf8');
const example = (name: string) => parseExact(text(name));
const none = () => ({ unknownFields: 0, unknownEnums: 0 });

const entry = {
  transactionId: '1234567',
  transactionAmount: { currency: 'EUR', amount: '-256.67' },
  bookingDate: '2017-10-25',
  valueDate: '2017-10-26',
};
const number = new ExactNumber('-256.67');

describe('the published examples', () => {
  it.each([
    ['accounts-regular', 2],
    ['accounts-sub-accounts', 2],
    ['accounts-both-levels', 3],
  ])('%s lists %i accounts, with nothing new in them', (name, length) => {
    const checked = checkAccounts(example(name));
    if (!checked.ok) throw new Error(checked.issue.path);
    const drift = none();
    countAccountsNews(checked.value, drift);
    const accounts = checked.value.accounts.map((each) => accountRecord.check(each));
    for (const account of accounts) if (account.ok) countAccountNews(account.value, drift);
    expect(accounts.map(({ ok }) => ok)).toEqual(Array(length).fill(true));
    expect(drift).toEqual(none());
  });

  it.each([
    ['balances-regular', 2],
    ['balances-multicurrency', 4],
    ['balances-credit-limit', 3],
  ])('%s lists %i balances, with nothing new in them', (name, length) => {
    const checked = checkBalances(example(name));
    if (!checked.ok) throw new Error(checked.issue.path);
    const drift = none();
    countBalancesNews(checked.value, drift);
    const balances = checked.value.balances.map((each) => balanceRecord.check(each));
    for (const balance of balances) if (balance.ok) countBalanceNews(balance.value, true, drift);
    expect(balances.map(({ ok }) => ok)).toEqual(Array(length).fill(true));
    expect(drift).toEqual(none());
  });

  it.each([
    ['transactions-regular', 2, 1],
    ['transactions-multicurrency', 3, 1],
    ['transactions-standing-orders', 0, 0],
  ])('%s has %i booked and %i pending entries', (name, booked, pending) => {
    const checked = checkTransactions(example(name));
    if (!checked.ok) throw new Error(checked.issue.path);
    const drift = none();
    countTransactionsNews(checked.value, drift);
    const { transactions } = checked.value;
    const lists = [transactions.booked ?? [], transactions.pending ?? []];
    for (const record of lists.flat()) {
      const read = transactionRecord.check(record);
      expect(read.ok).toBe(true);
      if (read.ok) countTransactionNews(read.value, drift);
    }
    expect(lists.map((list) => list.length)).toEqual([booked, pending]);
    expect(drift).toEqual(none());
  });

  it('has no transactions in a report that is only to be downloaded', () => {
    expect(checkTransactions(example('transactions-download'))).toMatchObject({
      ok: false,
      issue: { path: '$input.transactions', expected: 'object', received: 'absent' },
    });
  });

  it('has an error that is printed as a bare list', () => {
    expect(errorCodesOf(JSON.parse(text('error-429-access-exceeded')))).toEqual(['ACCESS_EXCEEDED']);
  });

  it('are all looked at here', () => {
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toHaveLength(11);
  });
});

describe('the codes of an error', () => {
  it.each([
    [{ tppMessages: [{ category: 'ERROR', code: 'A' }, { code: 'B' }], _links: {} }, ['A', 'B']],
    [{ tppMessages: [{ category: 'WARNING', code: 'A' }] }, undefined],
    [
      {
        tppMessages: [
          { category: 'WARNING', code: 'A' },
          { category: 'ERROR', code: 'B' },
        ],
      },
      ['B'],
    ],
    [{ type: 'https://bank.example/e', code: 'A', additionalErrors: [{ code: 'B' }] }, ['A', 'B']],
    [{ type: 'https://bank.example/e', code: 'A', additionalErrors: null }, ['A']],
    [{ type: 'https://bank.example/e', title: 'No' }, undefined],
    [[{ category: 'ERROR', code: 'A' }], ['A']],
    [[], undefined],
    [null, undefined],
    ['A', undefined],
  ])('of %j are %j', (body, codes) => {
    expect(errorCodesOf(body)).toEqual(codes);
  });
});

describe('an entry of another shape', () => {
  it('is read with its amount as a text or as a number', () => {
    expect(transactionRecord.check(entry).ok).toBe(true);
    const drift = none();
    const numeric = { ...entry, transactionAmount: { currency: 'EUR', amount: number } };
    const read = transactionRecord.check(numeric);
    if (read.ok) countTransactionNews(read.value, drift);
    expect([read.ok, drift.unknownFields]).toEqual([true, 1]);
  });

  it.each([
    ['transactionAmount', undefined, '$input.transactionAmount'],
    ['transactionAmount', { currency: 'EUR', amount: {} }, '$input.transactionAmount.amount'],
    ['transactionAmount', { amount: '1' }, '$input.transactionAmount.currency'],
    ['transactionId', 5, '$input.transactionId'],
    ['entryReference', {}, '$input.entryReference'],
    ['bookingDate', {}, '$input.bookingDate'],
    ['valueDate', [], '$input.valueDate'],
  ])('is refused with %s = %j', (name, value, path) => {
    expect(transactionRecord.read({ ...entry, [name]: value })).toMatchObject({ ok: false, issue: { path } });
  });

  it('loses the member that no total depends on, and nothing else', () => {
    const spoilt = {
      ...entry,
      creditorName: 5,
      creditorAccount: { iban: 7, currency: 'EUR' },
      remittanceInformationStructured: { referenceType: 'SCOR' },
      remittanceInformationUnstructuredArray: ['a', 5],
      balanceAfterTransaction: { balanceAmount: { amount: '1', currency: 'EUR' } },
    };
    const read = transactionRecord.read(spoilt);
    expect(read).toMatchObject({ ok: true, value: { ...entry, creditorAccount: { currency: 'EUR' } } });
    expect(read.ok && Object.keys(read.value).sort()).toEqual([
      'bookingDate',
      'creditorAccount',
      'remittanceInformationUnstructuredArray',
      'transactionAmount',
      'transactionId',
      'valueDate',
    ]);
    expect(read.ok && read.value.remittanceInformationUnstructuredArray).toEqual(['a']);
    expect(read.ok && read.dropped.length).toBeGreaterThanOrEqual(4);
  });

  it('takes a structured reference as an object and as a text', () => {
    for (const reference of ['RF18', { reference: 'RF18', referenceType: 'SCOR' }]) {
      const read = transactionRecord.check({ ...entry, remittanceInformationStructured: reference });
      expect(read.ok).toBe(true);
    }
  });

  it('costs an account its bad name alone, stands without a currency, and a balance with an unreadable flag is none', () => {
    expect(accountRecord.read({ iban: 'DE1', currency: 'EUR', name: 5 })).toMatchObject({ ok: true });
    expect(accountRecord.read({ iban: 'DE1' })).toMatchObject({ ok: true, value: { currency: 'XXX' }, missing: 1 });
    expect(accountRecord.read({ iban: 5, currency: 'EUR' }).ok).toBe(false);
    const balance = { balanceAmount: { amount: '1', currency: 'EUR' }, balanceType: 'expected' };
    expect(balanceRecord.read({ ...balance, lastChangeDateTime: 5 }).ok).toBe(true);
    expect(balanceRecord.read({ ...balance, creditLimitIncluded: 'yes' }).ok).toBe(false);
  });
});

describe('what is new', () => {
  it('is counted, and refused nowhere', () => {
    const drift = none();
    const account = { currency: 'EUR', status: 'frozen', colour: 'red' } as BerlinAccount;
    countAccountNews(account, drift);
    countAccountsNews({ accounts: [], ...{ extra: 1 } }, drift);
    countBalancesNews({ balances: [], ...{ extra: 1 } }, drift);
    countTransactionsNews({ transactions: { booked: [], ...{ extra: 1 } } }, drift);
    const balance = { balanceAmount: { amount: number, currency: 'EUR' }, balanceType: 'authorised' };
    countBalanceNews(balance, false, drift);
    countTransactionNews({ ...entry, ...{ extra: 1 } } as BerlinTransaction, drift);
    expect(drift).toEqual({ unknownFields: 6, unknownEnums: 2 });
    expect(accountRecord.check(account).ok).toBe(true);
  });
});

describe('a record that is set aside', () => {
  it('shows amounts and dates, and nobody', () => {
    const iban = 'DE67100100101306118605';
    const record = {
      ...entry,
      transactionId: `${iban}-1`,
      entryReference: iban,
      creditorName: 'John Miles',
      creditorAccount: { iban, bban: '1306118605', msisdn: '+49 170 1234567', maskedPan: '1234xxxxxx5678' },
      debtorName: 'Paul Simpson',
      ultimateDebtor: 'Heike Mustermann',
      mandateId: 'Mandate-Miles',
      remittanceInformationUnstructured: 'Rent John Miles',
      additionalInformation: 'Rent',
    };
    const redacted = redactRecord(record, berlinRedactionPolicy);
    for (const shown of ['"-256.67"', '"EUR"', '"2017-10-25"']) expect(redacted).toContain(shown);
    expect(redacted).not.toMatch(/DE67|1306118605|1234|Miles|Simpson|Mustermann|Rent/);
    const account = { resourceId: iban, iban, ownerName: 'Heike Mustermann', name: 'Main', currency: 'EUR' };
    expect(redactRecord(account, berlinRedactionPolicy)).not.toMatch(/DE67|Mustermann|Main/);
  });
});
