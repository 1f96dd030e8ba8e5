import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categories } from './category-names.ts';
import {
  type AccountRow,
  accountsOfEachSort as accounts,
  buildView,
  day,
  type MovementRow,
} from './testing/build-view.ts';
import { byAmountOf, compareOfDay, isDebt, type Leg, legsOf, orderOf, personOf, spansOf } from './transfer-legs.ts';

const view = (movements: readonly MovementRow[], rows: readonly AccountRow[] = accounts) =>
  buildView({ today: '2026-06-30', accounts: rows, movements });

const legsFrom = (movements: readonly MovementRow[]) => legsOf(view(movements));
const textOf = ({ ledger, movement }: Leg) => `${ledger.accountId} ${movement.minor} ${movement.category}`;

describe('what may be one side of a transfer', () => {
  const robin = { on: '2026-06-01', who: 'Robin Costa' } as const;

  it('is of a category that own money may have', () => {
    const rows = categories.map((category, index) => ({ on: '2026-06-01', minor: -100 - index, category }));
    expect(legsFrom(rows).map(({ movement }) => movement.category)).toEqual(['other', 'housing', 'loan', 'transfer']);
  });

  it('is also of one that words take a name for, where that name pays on one account and is paid on another', () => {
    const rows = categories.map((category, index) => ({ ...robin, minor: -100 - index, category }));
    const found = legsFrom([...rows, { ...robin, minor: 50_00, account: 'savings', category: 'transfer' }]);
    const bought = found.filter(({ isBought }) => isBought).map(({ movement }) => movement.category);
    expect(bought.sort()).toEqual([
      'dining',
      'entertainment',
      'groceries',
      'health',
      'services',
      'shopping',
      'transport',
      'travel',
      'utilities',
    ]);
    const rest = found.filter(({ isBought }) => !isBought).map(textOf);
    expect(rest).toEqual([
      'current -118 other',
      'current -106 housing',
      'current -102 loan',
      'current -101 transfer',
      'savings 5000 transfer',
    ]);
  });

  it.each<[string, MovementRow, readonly string[]]>([
    ['alone', { on: '2026-06-03', minor: 9_00 }, []],
    ['with another name', { on: '2026-06-03', minor: 9_00, who: 'Noa Linden', account: 'savings' }, []],
    ['on the same account', { ...robin, minor: 9_00 }, []],
    ['in the same direction', { ...robin, minor: -9_00, account: 'savings' }, []],
    ['on another account', { ...robin, minor: 9_00, account: 'savings' }, ['current -700 dining']],
    [
      'with words around it',
      { on: '2026-06-03', minor: 9_00, who: 'Transfer from Costa Robin', account: 'savings' },
      ['current -700 dining'],
    ],
  ])('takes %s for what words call a cafe', (_, other, bought) => {
    const found = legsFrom([{ ...robin, minor: -7_00, category: 'dining' }, other]);
    expect(found.filter(({ isBought }) => isBought).map(textOf)).toEqual(bought);
  });

  it('needs one other account only, also where the name does both on its own', () => {
    const paid = { ...robin, minor: -7_00, category: 'dining' } as const;
    const here = { ...robin, minor: 9_00 };
    const found = legsFrom([paid, here, { ...here, account: 'savings' }]);
    expect(found.filter(({ isBought }) => isBought).map(textOf)).toEqual(['current -700 dining']);
  });

  it('is no payment of nothing, and of an account that the user has', () => {
    expect(legsFrom([{ ...robin, minor: 0 }])).toEqual([]);
    const built = view([{ ...robin, minor: -9_00 }]);
    expect(legsOf({ ...built, accounts: [] })).toEqual([]);
    expect(legsOf(built)).toHaveLength(1);
  });

  it('is no refund: what comes to a card from where it was used, unless it says that it is a transfer', () => {
    const used = { on: '2026-06-01', minor: -9_00, account: 'card', who: 'Corner' } as const;
    const back = { ...used, minor: 9_00 };
    expect(legsFrom([used, back]).map(textOf)).toEqual(['card -900 other']);
    expect(legsFrom([used, { ...back, transferLike: true }]).map(textOf)).toEqual([
      'card 900 other',
      'card -900 other',
    ]);
    expect(legsFrom([used, { ...back, who: 'Else' }]).map(textOf)).toEqual(['card -900 other', 'card 900 other']);
    const current = { ...used, account: 'current' };
    expect(legsFrom([current, { ...current, minor: 9_00 }]).map(textOf)).toEqual([
      'current 900 other',
      'current -900 other',
    ]);
  });

  it('knows its account, the bank, the sum without its sign, and whether it may be a person', () => {
    const [leg] = legsFrom([{ ...robin, minor: -1_50, account: 'savings' }]);
    expect(leg).toMatchObject({
      index: 0,
      isBought: false,
      isPerson: true,
      place: { type: 'SVGS', currency: 'EUR', name: 'Rainy Day bank-of-c2' },
      accountKey: 'c2|savings',
      ledgerKey: 'c2|savings|robin costa|',
      amountKey: 'EUR|150',
    });
    const [unnamed] = legsFrom([{ on: '2026-06-01', minor: 1_50, account: 'dollars', who: 'Shop 24' }]);
    expect(unnamed).toMatchObject({
      isPerson: false,
      place: { type: 'CACC', currency: 'USD', name: ' bank-of-c3' },
      amountKey: 'USD|150',
    });
    const built = view([{ ...robin, minor: -1_50 }]);
    expect(legsOf({ ...built, connections: [] })[0]?.place.name).toBe(' ');
  });

  it('counts its place in its ledger, with those that are no legs', () => {
    const rows = (['dining', 'other', 'dining', 'transfer'] as const).map((category, index) => {
      return { on: `2026-06-0${index + 1}`, minor: -1_00, who: 'Corner', category };
    });
    expect(legsFrom(rows).map(({ index }) => index)).toEqual([1, 3]);
  });
});

describe('personOf', () => {
  it.each([
    ['Betalning Sam Winter', 'sam winter'],
    ['Winter, Sam', 'sam winter'],
    ['Shop', undefined],
    [null, undefined],
  ])('reads of %s %s', (who, name) => {
    const [ledger] = view([{ on: '2026-06-01', minor: -1, who }]).ledgers;
    expect(ledger && personOf(ledger)).toBe(name);
  });
});

describe('the order of legs', () => {
  const row = fc.record({
    on: fc.constantFrom('2026-06-01', '2026-06-02'),
    minor: fc.constantFrom(-1_00, 1_00, -2_00),
    account: fc.constantFrom('current', 'savings'),
    who: fc.constantFrom('a', 'ab', 'a b', 'b'),
  });

  it('of one day is the one among all', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), (rows) => {
        const legs = legsFrom(rows);
        for (const a of legs) {
          for (const b of legs) {
            if (a.movement.day !== b.movement.day || a === b) continue;
            const isOneMovement = a.ledgerKey === b.ledgerKey && a.index === b.index;
            if (isOneMovement) continue; // in and out of one counterparty
            const before = orderOf(a) < orderOf(b);
            expect(compareOfDay(a, b)).toBe(before ? -1 : 1);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is by ledger, then day, then place', () => {
    const rows = ['b', 'a', 'a'].map((who, index) => ({ on: `2026-06-0${index + 1}`, minor: -1_00, who }));
    const legs = legsFrom(rows);
    expect(legs.map(orderOf)).toEqual([
      `c1|current|a|${day('2026-06-02')}|0`,
      `c1|current|a|${day('2026-06-03')}|1`,
      `c1|current|b|${day('2026-06-01')}|0`,
    ]);
  });
});

describe('byAmountOf', () => {
  it('has what comes and what goes, each by currency and amount, in the order given', () => {
    const legs = legsFrom([
      { on: '2026-06-01', minor: -5_00, who: 'a' },
      { on: '2026-06-02', minor: -5_00, who: 'b' },
      { on: '2026-06-02', minor: -5_00, who: 'c', account: 'dollars' },
      { on: '2026-06-03', minor: 5_00, who: 'd', account: 'savings' },
    ]);
    const keys = (groups: ReadonlyMap<string, readonly Leg[]>) =>
      Object.fromEntries([...groups].map(([amount, of]) => [amount, of.map(({ ledger }) => ledger.key)]));
    const { incoming, outgoing } = byAmountOf(legs.toReversed());
    expect(keys(incoming)).toEqual({ 'EUR|500': ['d'] });
    expect(keys(outgoing)).toEqual({ 'EUR|500': ['b', 'a'], 'USD|500': ['c'] });
  });
});

describe('spansOf', () => {
  it('has the first and the last movement of each account, of all its ledgers', () => {
    const built = view([
      { on: '2026-06-05', minor: -1, who: 'a' },
      { on: '2026-06-09', minor: -1, who: 'a' },
      { on: '2026-06-02', minor: -1, who: 'b' },
      { on: '2026-06-07', minor: -1, who: 'b' },
      { on: '2026-06-06', minor: 1, who: 'b', account: 'savings' },
    ]);
    const empty = { ...built.ledgers[0], accountId: 'second', movements: [] };
    const spans = spansOf({ ...built, ledgers: [...built.ledgers, empty as (typeof built.ledgers)[number]] });
    expect(Object.fromEntries(spans)).toEqual({
      'c1|current': { first: day('2026-06-02'), last: day('2026-06-09') },
      'c2|savings': { first: day('2026-06-06'), last: day('2026-06-06') },
    });
  });
});

it.each([
  ['CARD', true],
  ['LOAN', true],
  ['MORT', true],
  ['CACC', false],
  ['SVGS', false],
] as const)('an account of type %s is a debt: %s', (type, expected) => {
  expect(isDebt({ type })).toBe(expected);
});
