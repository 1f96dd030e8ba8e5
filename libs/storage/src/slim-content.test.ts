import type { Account, Balance, Money, Transaction } from '@quartersec/validation';
import { canonicalJson, contentHash, transactionId } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleAccount, sampleLinked, samplePage, sampleStatus, sampleTransaction } from './journal-samples.ts';
import type { Head, PageEntry, StandingAccount } from './model.ts';
import { fullContent, fullHead, slimContent, slimHead } from './slim-content.ts';

const text = fc.oneof(fc.constantFrom('', 'a', '-', 'plaid'), fc.string({ maxLength: 8 }));
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const money: fc.Arbitrary<Money> = fc.record({
  minor: fc.bigInt({ min: -1_000_000_000_000n, max: 1_000_000_000_000n }).map(String),
  exponent: fc.constantFrom(0, 2, 3),
  currency: maybe(fc.constantFrom('EUR', 'USD')),
  unofficialCurrency: maybe(text),
});
const source = { provider: 'plaid', connectionId: 'c-1' };

/** Ids and hashes that follow from the rest, and such that do not. */
const transaction: fc.Arbitrary<Transaction> = fc
  .record({
    transactionId: text,
    accountId: text,
    providerTransactionId: maybe(text),
    idBasis: fc.constantFrom('provider' as const, 'content' as const),
    status: fc.constantFrom('BOOK' as const, 'PDNG' as const),
    amount: money,
    direction: fc.constantFrom('CRDT' as const, 'DBIT' as const),
    bookingDate: maybe(text),
    valueDate: maybe(text),
    executionDate: maybe(text),
    bookingDateTime: maybe(text),
    executionDateTime: maybe(text),
    counterpartyName: maybe(text),
    merchantName: maybe(text),
    description: maybe(text),
    remittance: fc.array(text, { maxLength: 2 }),
    category: maybe(fc.record({ primary: text, detailed: text })),
    channel: maybe(text),
    bankTransactionCode: maybe(text),
    supersedes: maybe(text),
    contentHash: text,
    flags: fc.subarray(['OVER_PRECISE', 'DATE_DROPPED'] as const) as fc.Arbitrary<Transaction['flags']>,
  })
  .chain((drawn) => {
    const follows = { ...drawn, contentHash: contentHash(drawn) };
    const { providerTransactionId } = drawn;
    if (providerTransactionId === null) return fc.constantFrom(drawn, follows);
    return fc.constantFrom(drawn, { ...follows, transactionId: transactionId({ ...source, providerTransactionId }) });
  });

const balance: fc.Arbitrary<Balance> = fc.record({
  balanceType: fc.constantFrom('ITBD' as const, 'ITAV' as const),
  sourceType: text,
  amount: money,
  creditLine: maybe(money),
  creditIncluded: fc.boolean(),
  asOf: maybe(text),
  asOfBasis: fc.constantFrom('provider' as const, 'item-update' as const),
});
const account: fc.Arbitrary<Account> = fc.record({
  accountId: text,
  identityBasis: fc.constantFrom('providerId' as const, 'iban' as const),
  providerAccountId: text,
  currency: maybe(text),
  type: fc.constantFrom('CACC' as const, 'CARD' as const),
  nature: fc.constantFrom('asset' as const, 'liability' as const),
  name: maybe(text),
  mask: maybe(text),
  balances: fc.array(balance, { maxLength: 2 }),
});
const page: fc.Arbitrary<PageEntry> = fc
  .record({
    added: fc.array(transaction, { maxLength: 3 }),
    modified: fc.array(transaction, { maxLength: 2 }),
    removed: fc.array(text, { maxLength: 2 }),
    accounts: fc.array(account, { maxLength: 2 }),
    quarantined: fc.nat(2),
    cursorBefore: maybe(text),
  })
  .map((changes) => samplePage(changes));

type HeadBody = Omit<Head, 'connectionId' | 'version' | 'hash'>;

const stored = (slim: object) => JSON.parse(canonicalJson(slim)) as Record<string, unknown>;

describe('slim content', () => {
  it('is made whole again, with and without the source of the ids', () => {
    fc.assert(
      fc.property(page, fc.boolean(), (content, withSource) => {
        const slim = slimContent(content, withSource ? source : undefined);
        expect(fullContent(stored(slim), source.connectionId)).toEqual(content);
      }),
      { numRuns: 400 },
    );
  });

  it('is made whole again where it is the list of accounts', () => {
    fc.assert(
      fc.property(fc.array(account, { maxLength: 3 }), (accounts) => {
        const content = {
          ...{ kind: 'accounts' as const, runId: 'r', writtenEpochMs: 1, list: { id: 'l', last: true } },
          ...{ readEpochMs: 2, accounts, accountsSeen: ['a'] },
        };
        expect(fullContent(stored(slimContent(content, source)), source.connectionId)).toEqual(content);
      }),
    );
  });

  it('leaves out of a record what follows from the rest, and what is as usual', () => {
    const drawn = sampleTransaction('t-1', { remittance: ['a'] });
    const providerTransactionId = 'prov-t-1';
    const whole = {
      ...drawn,
      transactionId: transactionId({ ...source, providerTransactionId }),
      contentHash: contentHash(drawn),
    };
    expect(slimContent(samplePage({ added: [whole] }), source).added).toEqual([
      {
        accountId: 'acc-1',
        providerTransactionId: 'prov-t-1',
        amount: { minor: '-1250', currency: 'EUR' },
        bookingDate: '2026-03-01',
        merchantName: 'Café Zoë',
        remittance: ['a'],
      },
    ]);
  });

  it('keeps members that it does not know', () => {
    const content = {
      ...samplePage({ added: [{ ...sampleTransaction('t-1'), ...{ merchantEntityId: 'm-1' } }] }),
      extra: 1,
    };
    expect(fullContent(stored(slimContent(content, source)), source.connectionId)).toEqual(content);
  });

  it.each([sampleLinked(), sampleStatus()])('leaves an entry without records as it is: $kind', (content) => {
    expect(slimContent(content, source)).toEqual(content);
    expect(fullContent(stored(content as object), source.connectionId)).toEqual(content);
  });

  it.each([
    ['no list', { added: 1 }],
    ['a record without an amount', { added: [{ transactionId: 't' }] }],
    ['a record whose id is gone', { added: [{ amount: { minor: '1' } }] }],
  ])('refuses what it never makes: %s', (_, damaged) => {
    expect(() => fullContent({ kind: 'page', ...damaged }, 'c-1')).toThrow(TypeError);
  });
});

describe('a slim head', () => {
  const standing: fc.Arbitrary<StandingAccount> = fc
    .tuple(account, fc.constantFrom('open' as const, 'closed' as const, 'replaced' as const), maybe(text))
    .map(([drawn, state, replacedBy]) => ({ ...drawn, state, replacedBy, readEpochMs: 7, sinceVersion: 2 }));
  const body = (changes: Partial<HeadBody> = {}): HeadBody => ({
    userId: 'user-1',
    provider: 'plaid',
    institutionId: 'ins-1',
    sealedToken: 'v1.sealed',
    status: 'active',
    statusReason: null,
    nextAttemptEpochMs: null,
    cursor: 'c1',
    history: 'complete',
    loop: null,
    lastSync: null,
    accounts: [],
    accountsReadEpochMs: null,
    accountsListVersion: 0,
    openList: null,
    aside: 0,
    ...changes,
  });

  it('is made whole again', () => {
    const others = fc.array(account, { maxLength: 2 });
    fc.assert(
      fc.property(fc.array(standing, { maxLength: 3 }), maybe(others), maybe(others), (accounts, inLoop, inList) => {
        const loop = inLoop && {
          ...{ id: 'l', kind: 'delta' as const, cursor: null, pages: 1, checkpoint: null, startedEpochMs: 5 },
          ...{ queuedEpochMs: null, accounts: inLoop, accountsSeen: [] },
        };
        const openList = inList && { id: 'list', accounts: inList, accountsSeen: ['a'] };
        const head = body({ accounts, loop, openList });
        expect(fullHead(stored(slimHead(head)))).toEqual(head);
      }),
    );
  });

  it('says nothing of a connection that works as usual', () => {
    const of = { state: 'open', replacedBy: null, readEpochMs: 7, sinceVersion: 2 } as const;
    expect(slimHead(body({ accounts: [{ ...sampleAccount('a'), ...of }] }))).toEqual({
      userId: 'user-1',
      provider: 'plaid',
      institutionId: 'ins-1',
      sealedToken: 'v1.sealed',
      cursor: 'c1',
      accountsListVersion: 0,
      accounts: [
        {
          accountId: 'a',
          providerAccountId: 'prov-a',
          currency: 'EUR',
          type: 'CACC',
          balances: [
            {
              balanceType: 'CLBD',
              sourceType: 'current',
              amount: { minor: '100', currency: 'EUR' },
              asOfBasis: 'fetch',
            },
          ],
          readEpochMs: 7,
          sinceVersion: 2,
        },
      ],
    });
  });
});
