import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExact } from '../exact-json.ts';
import { redactRecord } from '../redact-record.ts';
import {
  accountRecord,
  balanceRecord,
  checkEnvelope,
  checkError,
  countAccountNews,
  countBalanceNews,
  countEnvelopeNews,
  countTransactionNews,
  type ObukEnvelope,
  type ObukTransaction,
  obukRedactionPolicy,
  transactionRecord,
} from './index.ts';

const { check: checkAccount, salvage: salvageAccount } = accountRecord;
const { check: checkBalance, salvage: salvageBalance } = balanceRecord;
const { check: checkTransaction, salvage: salvageTransaction } = transactionRecord;

function example(name: string): unknown {
  return parseExact(readFileSync(new URL(`examples/${name}.json`, import.meta.url), 'utf8'));
}

function envelope(name: string): ObukEnvelope {
  const checked = checkEnvelope(example(name));
  if (!checked.ok) throw new Error(checked.issue.path);
  return checked.value;
}

const published = {
  AccountId: '22289',
  Amount: { Amount: '10.00', Currency: 'GBP' },
  CreditDebitIndicator: 'Credit',
  Status: 'Booked',
  BookingDateTime: '2017-04-05T10:43:07+00:00',
};
const without = (name: keyof typeof published) =>
  Object.fromEntries(Object.entries(published).filter(([each]) => each !== name));

describe('the published examples', () => {
  it.each(['accounts-v3.1.11', 'accounts-v4.0'])('has the accounts of %s, odd opening date and all', (name) => {
    const accounts = envelope(name).Data.Account ?? [];
    const news = { unknownFields: 0, unknownEnums: 0 };
    for (const account of accounts) {
      const checked = checkAccount(account);
      expect(checked).toMatchObject({ ok: true });
      if (checked.ok) countAccountNews(checked.value, news);
    }
    expect(accounts).toHaveLength(2);
    expect(news).toEqual({ unknownFields: 0, unknownEnums: 0 });
  });

  it('has balances and transactions', () => {
    const balances = envelope('balances-v3.1.11').Data.Balance ?? [];
    expect(balances.map((each) => checkBalance(each).ok)).toEqual([true, true]);
    const [transaction] = envelope('transactions-v3.1.11').Data.Transaction ?? [];
    expect(checkTransaction(transaction)).toMatchObject({ ok: true, value: { TransactionId: '123' } });
  });

  it.each([
    ['error-400-v3.1.11', ['UK.OBIE.Field.Missing', 'UK.OBIE.Unsupported.Scheme']],
    ['error-400-v4.0', ['U004', 'U027']],
  ])('has the errors of %s', (name, codes) => {
    const checked = checkError(example(name));
    expect(checked.ok && checked.value.Errors.map(({ ErrorCode }) => ErrorCode)).toEqual(codes);
  });
});

describe('a record of another shape', () => {
  it.each(['AccountId', 'Amount', 'CreditDebitIndicator', 'Status', 'BookingDateTime'] as const)(
    'is refused without its %s',
    (name) => {
      expect(checkTransaction(published).ok).toBe(true);
      expect(checkTransaction(without(name)).ok).toBe(false);
      expect(salvageTransaction(without(name))).toMatchObject({ ok: false, issue: { path: `$input.${name}` } });
    },
  );

  it('is refused where its amount is a number, or its id is not a text', () => {
    const amount = parseExact('{"Amount":10.00,"Currency":"GBP"}');
    expect(salvageTransaction({ ...published, Amount: amount })).toMatchObject({
      ok: false,
      issue: { path: '$input.Amount.Amount', expected: 'string (up to 128)', received: 'number' },
    });
    expect(salvageTransaction({ ...published, TransactionId: parseExact('7') }).ok).toBe(false);
  });

  it('loses the member that no total depends on, and nothing else', () => {
    const record = {
      ...published,
      TransactionInformation: 5,
      MerchantDetails: { MerchantName: 'Shop', MerchantCategoryCode: {} },
      Balance: { Amount: { Amount: '1.00', Currency: 'GBP' }, Type: 'InterimBooked' },
    };
    const salvaged = salvageTransaction(record);
    expect(salvaged).toMatchObject({ ok: true, value: { ...published, MerchantDetails: { MerchantName: 'Shop' } } });
    expect(salvaged.ok && Object.keys(salvaged.value)).not.toContain('Balance');
    expect(salvaged.ok && salvaged.dropped.map(({ path }) => path).sort()).toEqual([
      '$input.Balance',
      '$input.MerchantDetails.MerchantCategoryCode',
      '$input.TransactionInformation',
    ]);
  });

  it('costs an account its bad name alone, and a balance with an unreadable credit line itself', () => {
    expect(salvageAccount({ AccountId: 'a', Nickname: 5 })).toMatchObject({ ok: true, value: { AccountId: 'a' } });
    expect(salvageAccount({ Nickname: 'x' }).ok).toBe(false);
    const balance = { ...published, Type: 'InterimBooked', CreditLine: [{ Included: 'yes' }] };
    expect(salvageBalance(balance)).toMatchObject({ ok: false, issue: { path: '$input.CreditLine[0].Included' } });
  });
});

describe('what is new', () => {
  it('is counted, and refused nowhere', () => {
    const news = { unknownFields: 0, unknownEnums: 0 };
    const account = { AccountId: 'a', Status: 'Frozen', Colour: 'red' };
    countEnvelopeNews({ Data: {}, ...{ Extra: 1 } }, news);
    countAccountNews(account, news);
    const { AccountId, Amount, CreditDebitIndicator } = published;
    countBalanceNews({ AccountId, Amount, CreditDebitIndicator, Type: 'Imagined', ...{ Extra: 1 } }, false, news);
    countTransactionNews({ ...published, ...{ Extra: 1 } } as ObukTransaction, news);
    expect(news).toEqual({ unknownFields: 4, unknownEnums: 2 });
    expect(checkAccount(account).ok).toBe(true);
  });
});

describe('a record that is set aside', () => {
  it('shows amounts, dates and ids, and nobody', () => {
    const record = {
      ...published,
      TransactionInformation: 'Cash from Aubrey',
      CreditorAccount: { Identification: '80200110203345', Name: 'Mr Kevin' },
    };
    const redacted = redactRecord(record, obukRedactionPolicy);
    expect(redacted).toContain('"10.00"');
    expect(redacted).toContain('2017-04-05T10:43:07');
    expect(redacted).not.toMatch(/Aubrey|80200110203345|Kevin/);
  });
});
