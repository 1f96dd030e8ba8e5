import type { Balance } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateOf } from './state.ts';
import { sampleTransaction } from './testing/sample-transaction.ts';
import { type AccountFacts, type ConnectionPart, mergeViews, viewOf } from './view-of.ts';

const balance = (balanceType: Balance['balanceType'], minor: number, more: Partial<Balance> = {}): Balance => ({
  balanceType,
  sourceType: 'current',
  amount: { minor: String(minor), exponent: 2, currency: 'EUR', unofficialCurrency: null },
  creditLine: null,
  creditIncluded: false,
  asOf: null,
  asOfBasis: 'fetch',
  ...more,
});

const account = (accountId: string, more: Partial<AccountFacts> = {}): AccountFacts => ({
  accountId,
  identityBasis: 'iban',
  providerAccountId: 'p',
  currency: 'EUR',
  type: 'CACC',
  nature: 'asset',
  name: 'Everyday',
  mask: null,
  balances: [],
  ...more,
});

function part(
  connectionId: string,
  accounts: readonly AccountFacts[],
  minors: readonly number[] = [-500],
  syncedDay = 20_000,
): ConnectionPart {
  const transactions = accounts.flatMap(({ accountId }) =>
    minors.map((minor, index) =>
      sampleTransaction({
        transactionId: `${accountId}${index}`,
        accountId,
        minor,
        merchantName: index % 2 ? 'Shop' : 'Netflix',
      }),
    ),
  );
  return {
    state: stateOf(transactions),
    facts: { connectionId, institutionId: 'i1', consentEndsDay: null, syncedDay, isHistoryComplete: true, accounts },
  };
}

describe('a view', () => {
  it('has the movements of open accounts, by connection, account, key and direction', () => {
    const accounts = [
      account('b'),
      account('a'),
      account('closed', { state: 'closed' }),
      account('replaced', { state: 'replaced' }),
      account('coins', { currency: null }),
    ];
    const view = viewOf([part('c2', [account('z')]), part('c1', accounts, [-500, 700])], 20_001);
    expect(view.accounts.map(({ connectionId, accountId }) => `${connectionId} ${accountId}`)).toEqual([
      'c1 a',
      'c1 b',
      'c2 z',
    ]);
    expect(view.connections.map(({ connectionId }) => connectionId)).toEqual(['c1', 'c2']);
    expect(
      view.ledgers.map(
        ({ connectionId, accountId, label, direction }) => `${connectionId} ${accountId} ${label} ${direction}`,
      ),
    ).toEqual(['c1 a Netflix out', 'c1 a Shop in', 'c1 b Netflix out', 'c1 b Shop in', 'c2 z Netflix out']);
    expect(view.ledgers[0]?.movements).toEqual([
      { day: 20_513, minor: -500, category: 'entertainment', isForeign: false, isTransferLike: false },
    ]);
  });

  it('gives a ledger the newest name that was given', () => {
    const given = (transactionId: string, bookingDate: string, merchantName: string | null) =>
      sampleTransaction({ transactionId, bookingDate, merchantName, merchantEntityId: 'e1' });
    const state = stateOf([
      given('1', '2026-01-01', 'Old'),
      given('2', '2026-02-01', 'New'),
      given('3', '2026-03-01', null),
    ]);
    const facts = part('c1', [account('a1')]).facts;
    expect(viewOf([{ state, facts }], 20_001).ledgers.map(({ label }) => label)).toEqual(['New']);
  });

  it.each([
    ['the booked balance first', [balance('CLAV', 900), balance('ITBD', 700)], 700],
    ['what is available where that is all', [balance('ITAV', 900)], 900],
    ['never borrowed money', [balance('ITAV', 90_000, { creditIncluded: true })], null],
    ['what is owed, below zero', [balance('CLBD', -63_000)], -63_000],
    [
      'no forecast, and nothing in another currency',
      [
        balance('XPCD', 900),
        balance('CLBD', 5, { amount: { minor: '5', exponent: 2, currency: 'USD', unofficialCurrency: null } }),
      ],
      null,
    ],
    ['none where there is none', [], null],
  ] as const)('has as balance %s', (_, balances, minor) => {
    expect(viewOf([part('c1', [account('a', { balances })])], 20_001).accounts[0]?.balanceMinor).toBe(minor);
  });

  it('says of which day a balance is, and what was read before it', () => {
    const of = (more: Partial<AccountFacts>) => viewOf([part('c1', [account('a', more)])], 20_001).accounts[0];
    expect(of({ balances: [balance('CLBD', 1, { asOf: '2026-03-18T06:00:00Z' })], readDay: 20_600 })?.balanceDay).toBe(
      20_530,
    );
    expect(of({ balances: [balance('CLBD', 1)], readDay: 20_600 })?.balanceDay).toBe(20_600);
    expect(of({ balances: [balance('CLBD', 1)] })?.balanceDay).toBe(null);
    expect(of({ readDay: 20_600 })?.balanceDay).toBe(null);
    expect(of({ earlierBalance: { minor: 5, day: 20_500 } })?.earlierBalance).toEqual({ minor: 5, day: 20_500 });
  });
});

describe('merging views', () => {
  const parts = fc.array(
    fc.record({
      id: fc.constantFrom('c1', 'c2', 'c3', 'c4'),
      accounts: fc.subarray(['a', 'b', 'd'], { minLength: 1 }),
      minors: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 4 }),
      synced: fc.integer({ min: 20_000, max: 20_002 }),
    }),
    { maxLength: 5 },
  );
  const made = parts.map((given) =>
    given.map(({ id, accounts, minors, synced }) =>
      part(
        id,
        accounts.map((name) => account(name)),
        minors,
        synced,
      ),
    ),
  );

  it('does not depend on the order, nor on what is merged first, nor on what is there twice', () => {
    fc.assert(
      fc.property(made, made, made, fc.nat(3), (a, b, c, later) => {
        const [x, y, z] = [viewOf(a, 20_001), viewOf(b, 20_001 + later), viewOf(c, 20_002)];
        expect(mergeViews(x, y)).toEqual(mergeViews(y, x));
        expect(mergeViews(mergeViews(x, y), z)).toEqual(mergeViews(x, mergeViews(y, z)));
        expect(mergeViews(x, x)).toEqual(x);
        expect(viewOf([...a, ...b], 20_001)).toEqual(viewOf([...b, ...a].reverse(), 20_001));
        const apart = a.map((each) => viewOf([each], 20_001));
        expect(viewOf(a.toReversed(), 20_001)).toEqual(apart.reduce(mergeViews, viewOf([], 20_001)));
      }),
      { numRuns: Number(process.env.QUARTERSEC_HISTORIES) || 300 },
    );
  });

  it('counts a connection as its later reading has it', () => {
    const view = viewOf(
      [part('c1', [account('a')], [-900], 20_005), part('c1', [account('a'), account('b')], [-500], 20_000)],
      20_010,
    );
    expect(view.accounts.map(({ accountId }) => accountId)).toEqual(['a']);
    expect(view.ledgers.flatMap(({ movements }) => movements.map(({ minor }) => minor))).toEqual([-900]);
  });
});
