import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountId } from './account-id.ts';
import { connectionIdOf } from './connection-id.ts';
import { contentHash, type TransactionContent } from './content-hash.ts';
import { transactionId } from './transaction-id.ts';
import { tupleHash } from './tuple-hash.ts';

const startOfSha256 = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);

const source = {
  provider: 'plaid',
  connectionId: 'conn-1',
  providerTransactionId: 'tx-1',
};

describe('transactionId', () => {
  it('is the start of SHA-256 over the length-prefixed tuple, and stays so: stored ids depend on it', () => {
    expect(transactionId(source)).toBe(startOfSha256('2:t25:plaid6:conn-14:tx-1'));
    expect(transactionId(source)).toBe('3rRGDF3JE3wTGW2vucJpV2');
  });

  it.each([
    { provider: 'other' },
    { connectionId: 'conn-2' },
    { providerTransactionId: 'TX-1' },
    { providerTransactionId: ' tx-1' },
  ])('differs with %j', (change) => {
    expect(transactionId({ ...source, ...change })).not.toBe(transactionId(source));
  });
});

describe('tupleHash', () => {
  it('never confuses two tuples that join to the same text', () => {
    expect(tupleHash(['ab', 'c'])).not.toBe(tupleHash(['a', 'bc']));
    expect(tupleHash(['1:a'])).not.toBe(tupleHash(['1', 'a']));
    const tuple = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(tuple, tuple, (a, b) => {
        expect(tupleHash(a) === tupleHash(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});

describe('accountId', () => {
  const account = {
    provider: 'plaid',
    institutionId: 'ins_1',
    identityBasis: 'providerId',
    identifier: 'acc-1',
    currency: null,
  } as const;

  it('is stable', () => {
    expect(accountId(account)).toBe(startOfSha256('2:a15:plaid5:ins_110:providerId5:acc-10:'));
    expect(accountId(account)).toBe('5RXCJHdJ2gydXJslEZ5Tqg');
  });

  it.each([
    { provider: 'other' },
    { institutionId: 'ins_2' },
    { identityBasis: 'persistentId' as const },
    { identifier: 'acc-2' },
    { currency: 'EUR' },
  ])('differs with %j', (change) => {
    expect(accountId({ ...account, ...change })).not.toBe(accountId(account));
  });
});

describe('contentHash', () => {
  const content: TransactionContent = {
    status: 'BOOK',
    amount: { minor: '-1890', exponent: 2, currency: 'USD', unofficialCurrency: null },
    bookingDate: '2026-03-17',
    valueDate: null,
    executionDate: '2026-03-15',
    bookingDateTime: null,
    executionDateTime: null,
    counterpartyName: null,
    merchantName: 'Harbour Books',
    description: 'POS 8841 HARBOUR BOOKS',
    remittance: [],
    bankTransactionCode: 'purchase',
  };

  it('is stable: a change of it rewrites every record once', () => {
    const text =
      'c1{"amount":["-1890",2,"USD",null],"bankTransactionCode":"purchase","bookingDate":"2026-03-17",' +
      '"description":"POS 8841 HARBOUR BOOKS","executionDate":"2026-03-15","merchantName":"Harbour Books",' +
      '"remittance":[],"status":"BOOK"}';
    expect(contentHash(content)).toBe(startOfSha256(text));
    expect(contentHash(content)).toBe('Jh1BG2CCr2sNz0aFyCY0OE');
  });

  it('does not depend on who says it: reissued ids, categories and flags leave it alone (fault 18)', () => {
    const reissued = {
      ...content,
      transactionId: 'new',
      providerTransactionId: 'new',
      supersedes: 'old',
      category: { primary: 'A', detailed: 'B' },
      channel: 'online',
      flags: ['OVER_PRECISE'],
    };
    expect(contentHash(reissued)).toBe(contentHash(content));
  });

  it('takes composed and decomposed text for the same', () => {
    const hashOf = (merchantName: string, remittance: string[]) =>
      contentHash({ ...content, merchantName, remittance });
    expect(hashOf('Caf\u00e9', ['\u00e9'])).toBe(hashOf('Cafe\u0301', ['e\u0301']));
  });

  it.each([
    { status: 'PDNG' as const },
    { amount: { ...content.amount, minor: '1890' } },
    { amount: { ...content.amount, exponent: 3 } },
    { amount: { ...content.amount, currency: 'CAD' } },
    { amount: { ...content.amount, currency: null, unofficialCurrency: 'USD' } },
    { bookingDate: null },
    { bookingDate: null, valueDate: '2026-03-17' },
    { executionDate: '2026-03-16' },
    { bookingDateTime: '2026-03-17T10:00:00Z' },
    { executionDateTime: '2026-03-17T10:00:00Z' },
    { counterpartyName: 'Harbour Books' },
    { merchantName: null },
    { description: 'pos 8841 harbour books' },
    { remittance: ['a'] },
    { bankTransactionCode: null },
  ])('differs with %j', (change) => {
    expect(contentHash({ ...content, ...change })).not.toBe(contentHash(content));
  });
});

describe('connectionIdOf', () => {
  it('follows from provider and Item, and fits a key, a log line and a command line', () => {
    const id = connectionIdOf({ provider: 'plaid', itemId: 'item-1' });
    expect(id).toBe(connectionIdOf({ provider: 'plaid', itemId: 'item-1' }));
    expect(id).toMatch(/^c[A-Za-z0-9_-]{22}$/);
    expect(id).not.toBe(connectionIdOf({ provider: 'plaid', itemId: 'item-2' }));
    expect(id).not.toBe(connectionIdOf({ provider: 'plaidi', itemId: 'tem-1' }));
  });
});
