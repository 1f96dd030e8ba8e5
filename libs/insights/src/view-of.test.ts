import type { Balance } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateOf } from './state.ts';
import { sampleTransaction } from './testing/sample-transaction.ts';
import type { DroppedMonth } from './view.ts';
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

function dropped(accountId: string, month: number): DroppedMonth {
  const sums = { earnedMinor: month, spentMinor: 0, returnedMinor: 0, unclearInMinor: 0, unclearOutMinor: 0 };
  return { accountId, currency: 'EUR', month, ...sums };
}

function part(
  connectionId: string,
  accounts: readonly AccountFacts[],
  minors: readonly number[] = [-500],
  syncedDay = 20_000,
  months: readonly number[] = [],
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
  const droppedMonths = accounts.flatMap(({ accountId }) => months.map((month) => dropped(accountId, month)));
  return {
    state: { ...stateOf(transactions), droppedMonths },
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

  it('has the dropped months of open accounts, in their order', () => {
    const accounts = [account('b'), account('a'), account('closed', { state: 'closed' })];
    const view = viewOf(
      [part('c2', [account('z')], [], 20_000, [661]), part('c1', accounts, [], 20_000, [662, 660])],
      1,
    );
    expect(
      view.droppedMonths.map(({ connectionId, accountId, month }) => `${connectionId} ${accountId} ${month}`),
    ).toEqual(['c1 a 660', 'c1 a 662', 'c1 b 660', 'c1 b 662', 'c2 z 661']);
    expect(view.droppedMonths[1]).toEqual({ connectionId: 'c1', ...dropped('a', 662) });
    expect(viewOf([], 7)).toEqual({ today: 7, connections: [], accounts: [], ledgers: [], droppedMonths: [] });
  });

  it('has an account as the bank says it, in whatever state that is open', () => {
    const settledBalance = { minor: 4, day: 20_400 };
    const of = (more: Partial<AccountFacts>) => viewOf([part('c1', [account('a', more)])], 20_001).accounts[0];
    expect(of({ state: 'open', settledBalance, type: 'SVGS', name: 'Pots' })).toEqual({
      connectionId: 'c1',
      accountId: 'a',
      currency: 'EUR',
      type: 'SVGS',
      nature: 'asset',
      balanceMinor: null,
      earlierBalance: null,
      settledBalance,
      balanceDay: null,
      name: 'Pots',
    });
    expect(of({})?.settledBalance).toBeNull();
    const tooFine = balance('CLBD', 5, {
      amount: { minor: '99999999999999999999', exponent: 2, currency: 'EUR', unofficialCurrency: null },
    });
    expect(of({ balances: [tooFine] })?.balanceMinor).toBeNull();
  });

  it.each(['CLBD', 'ITBD', 'CLAV', 'ITAV', 'OPBD', 'PRCD'] as const)('takes a balance of type %s', (type) => {
    const [first, second] = [balance(type, 700), balance('FWAV', 900)];
    expect(viewOf([part('c1', [account('a', { balances: [second, first] })])], 1).accounts[0]?.balanceMinor).toBe(700);
  });

  it('takes the first of these types, whatever their order', () => {
    const order = ['CLBD', 'ITBD', 'CLAV', 'ITAV', 'OPBD', 'PRCD'] as const;
    for (let from = 0; from < order.length; from++) {
      const balances = order.slice(from).map((type, index) => balance(type, 100 * (from + index) + 1));
      const [found] = viewOf([part('c1', [account('a', { balances: balances.toReversed() })])], 1).accounts;
      expect(found?.balanceMinor).toBe(100 * from + 1);
    }
  });

  it('knows a ledger that was cut, and from when', () => {
    const built = part('c1', [account('a')]);
    const [ledger] = built.state.ledgers;
    const cut = { day: 20_100 } as NonNullable<NonNullable<typeof ledger>['cut']>;
    const state = { ...built.state, ledgers: built.state.ledgers.map((one) => ({ ...one, cut })) };
    expect(viewOf([built], 1).ledgers[0]).toMatchObject({ isCut: false, cutDay: null });
    expect(viewOf([{ ...built, state }], 1).ledgers[0]).toMatchObject({ isCut: true, cutDay: 20_100 });
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
      months: fc.subarray([660, 661, 662]),
    }),
    { maxLength: 5 },
  );
  const made = parts.map((given) =>
    given.map(({ id, accounts, minors, synced, months }) =>
      part(
        id,
        accounts.map((name) => account(name)),
        minors,
        synced,
        months,
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

  it('is of the later day, and has the months of both', () => {
    const [a, b] = [part('c1', [account('a')], [], 20_000, [661]), part('c2', [account('b')], [], 20_000, [660])];
    const merged = mergeViews(viewOf([b], 20_003), viewOf([a], 20_001));
    expect(merged.today).toBe(20_003);
    expect(merged.droppedMonths.map(({ connectionId, month }) => `${connectionId} ${month}`)).toEqual([
      'c1 661',
      'c2 660',
    ]);
  });

  it('counts a connection as its later reading has it', () => {
    const view = viewOf(
      [
        part('c1', [account('a')], [-900], 20_005, [662]),
        part('c1', [account('a'), account('b')], [-500], 20_000, [661]),
      ],
      20_010,
    );
    expect(view.droppedMonths.map(({ month }) => month)).toEqual([662]);
    expect(view.accounts.map(({ accountId }) => accountId)).toEqual(['a']);
    expect(view.ledgers.flatMap(({ movements }) => movements.map(({ minor }) => minor))).toEqual([-900]);
  });
});
