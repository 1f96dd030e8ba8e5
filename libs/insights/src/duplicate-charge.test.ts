import { describe, expect, it } from 'vitest';
import { duplicateChargeInsights } from './duplicate-charge.ts';
import { every, monthly, sampleView } from './testing/sample-view.ts';

type Ledger = Parameters<typeof sampleView>[1][number];
const twice = [
  ['2026-06-10', -4_990],
  ['2026-06-11', -4_990],
] as const;
const told = (ledger: Ledger, ...more: readonly Ledger[]) =>
  duplicateChargeInsights(sampleView('2026-06-20', [{ category: 'shopping', ...ledger }, ...more]));

describe('a duplicate charge', () => {
  it('is the same amount on the same account within two days', () => {
    expect(told({ of: twice })).toMatchObject([
      {
        kind: 'duplicate-charge',
        minor: 4_990,
        times: 2,
        date: '2026-06-11',
        evidence: [{ date: '2026-06-11' }, { date: '2026-06-10' }],
      },
    ]);
    expect(
      told({
        of: [
          ['2026-06-10', -4_990],
          ['2026-06-13', -4_990],
        ],
      }),
    ).toEqual([]);
    expect(
      told({
        of: [
          ['2026-06-10', -4_990],
          ['2026-06-11', -4_991],
        ],
      }),
    ).toEqual([]);
    expect(told({ of: twice.slice(0, 1) }, { of: twice.slice(1), accountId: 'a2' })).toEqual([]);
  });

  it('is one of a subscription too', () => {
    expect(
      told({ of: [...monthly('2025-11-10', 8, -1_299), ['2026-06-11', -1_299]], category: 'entertainment' }),
    ).toMatchObject([{ times: 2 }]);
  });

  it('is one of a subscription whose price has changed', () => {
    const paid = [
      ...monthly('2025-09-10', 6, -1_299),
      ...monthly('2026-03-10', 4, -1_499),
      ['2026-06-11', -1_499],
    ] as const;
    expect(told({ of: paid, category: 'services' })).toMatchObject([{ minor: 1_499, times: 2 }]);
  });

  it('is one of a pair under two names of one merchant', () => {
    const named = {
      of: [...monthly('2026-01-10', 4, -2_310, -4_870, -1_290, -8_120), ['2026-06-10', -5_339]],
      label: 'H&M',
    } as const;
    const other = { of: [['2026-06-11', -5_339]], key: 'x', label: 'H&M6735', category: 'shopping' } as const;
    expect(told(named, other)).toMatchObject([
      { minor: 5_339, counterparty: 'H&M', evidence: [{ date: '2026-06-11' }, { date: '2026-06-10' }] },
    ]);
    expect(told(named, { ...other, label: 'Zara' })).toEqual([]);
    expect(told(named, { ...other, accountId: 'a2' })).toEqual([]);
    expect(told(named, { ...other, of: [['2026-06-14', -5_339]] })).toEqual([]);
  });

  it('is a mistake again where the one before was given back', () => {
    const before = [
      ['2026-05-20', -7_750],
      ['2026-05-21', -7_750],
    ] as const;
    const back = { of: [['2026-05-25', 7_750]] } as const;
    expect(told({ of: [...before, ...twice] }, back)).toMatchObject([{ minor: 4_990 }]);
    expect(told({ of: [...before, ...twice] })).toEqual([]);
  });

  it('is none of small things from the shop at the corner: they are bought again', () => {
    const small = (minor: number) =>
      [
        ['2026-06-10', minor],
        ['2026-06-10', minor],
      ] as const;
    expect(told({ of: small(-1_254), category: 'groceries' })).toEqual([]);
    expect(told({ of: small(-8_254), category: 'groceries' })).toHaveLength(1);
    expect(told({ of: small(-1_254) })).toHaveLength(1);
  });

  it('is one though there was one months ago, among many payments; at once it is a habit', () => {
    const bought = (from: string) => every(8, from, 18, -2_310, -4_870, -1_290, -8_120, -3_355);
    const before = (day: string) => [...bought('2026-01-20'), [day, -6_529], [day, -6_529]] as const;
    const sorted = (of: readonly (readonly [string, number])[]) => of.toSorted(([a], [b]) => (a < b ? -1 : 1));
    expect(told({ of: sorted([...before('2026-03-10'), ...twice]) })).toMatchObject([{ minor: 4_990 }]);
    expect(told({ of: sorted([...before('2026-05-10'), ...twice]) })).toEqual([]);
    expect(told({ of: sorted([['2026-03-10', -6_529], ['2026-03-10', -6_529], ...twice]) })).toEqual([]);
  });

  it('is none where so many payments at so few prices meet by chance', () => {
    // Each third day, for one of a few prices.
    const prices = Array.from({ length: 17 }, (_, index) => -3_000 - 130 * index);
    const visits = [...every(5, '2026-02-20', 20, ...prices), ...every(7, '2026-02-21', 14, ...prices.toReversed())];
    const sorted = (of: readonly (readonly [string, number])[]) => of.toSorted(([a], [b]) => (a < b ? -1 : 1));
    const paid = (of: readonly (readonly [string, number])[]) =>
      told({ of: sorted([...of, ...twice]), category: 'dining' });
    expect(paid(visits)).toEqual([]);
    expect(paid(every(9, '2026-02-20', 12, ...prices))).toMatchObject([{ minor: 4_990 }]);
  });

  it('is none of two contracts of one price that a weekend brings together', () => {
    const lines = [
      ['2026-04-20', -41_400],
      ['2026-04-25', -41_400],
      ['2026-05-20', -41_400],
      ['2026-05-25', -41_400],
      ['2026-06-09', -41_400],
    ] as const;
    const [one, other] = [lines.slice(0, 4), lines.slice(1, 3)];
    const now = [
      ['2026-06-17', -41_400],
      ['2026-06-19', -41_400],
    ] as const;
    expect(told({ of: [...one, ...now], category: 'utilities' })).toEqual([]);
    expect(told({ of: [...other, ...now], category: 'utilities' })).toMatchObject([{ times: 2 }]);
  });

  it('is one where two small meals were the same before', () => {
    const lunches = [
      ['2026-03-10', -1_970],
      ['2026-03-10', -1_970],
    ] as const;
    expect(told({ of: [...lunches, ...twice], category: 'dining' })).toMatchObject([{ minor: 4_990 }]);
  });

  it('is less sure of a round price, and none of a round sum for who knows what', () => {
    const round = {
      of: [
        ['2026-06-10', -5_000],
        ['2026-06-10', -5_000],
      ],
    } as const;
    expect(told({ of: twice })).toMatchObject([{ confidencePercent: 60 }]);
    expect(told(round)).toMatchObject([{ confidencePercent: 50 }]);
    expect(told({ of: twice, category: 'other' })).toMatchObject([{ confidencePercent: 30 }]);
    expect(told({ ...round, category: 'other' })).toEqual([]);
    const small = [
      ['2026-06-10', -1_483],
      ['2026-06-10', -1_483],
    ] as const;
    expect(told({ of: small })).toHaveLength(1);
    expect(told({ of: small, category: 'other' })).toEqual([]);
  });

  it.each(['fees', 'cash', 'transport', 'transfer', 'travel', 'interest'] as const)('is none among %s', (category) => {
    expect(told({ of: twice, category })).toEqual([]);
  });

  it.each([
    [
      'two coffees',
      {
        of: [
          ['2026-06-10', -450],
          ['2026-06-10', -450],
        ],
        category: 'dining',
      },
    ],
    [
      'what is hardly worth a word',
      {
        of: [
          ['2026-06-10', -120],
          ['2026-06-10', -120],
        ],
      },
    ],
    ['money moved', { of: twice, isTransferLike: true }],
    [
      'money in',
      {
        of: [
          ['2026-06-10', 4_990],
          ['2026-06-11', 4_990],
        ],
      },
    ],
    [
      'one of months ago',
      {
        of: [
          ['2026-02-10', -4_990],
          ['2026-02-10', -4_990],
          ['2026-06-19', -100],
        ],
      },
    ],
    ['two contracts of one price', { of: monthly('2026-01-10', 6, -1_299).flatMap((one) => [one, one]) }],
    ['the first two payments of two contracts', { of: twice, category: 'utilities' }],
    ['a habit', { of: [['2026-03-01', -2_000], ['2026-03-04', -2_000], ...twice] }],
    [
      'where one pays every day',
      { of: [...every(2, '2026-05-20', 8, -1_000, -1_200, -1_500, -1_100, -1_900, -1_700, -2_100, -900), ...twice] },
    ],
    [
      'one of the prices of a shop',
      {
        of: [
          ['2026-02-01', -4_990],
          ['2026-03-09', -1_000],
          ['2026-03-20', -2_300],
          ['2026-04-02', -4_990],
          ['2026-04-20', -700],
          ...twice,
        ],
      },
    ],
    ['many at once', { of: [...twice, ['2026-06-11', -4_990], ['2026-06-11', -4_990]] }],
  ] as const satisfies readonly (readonly [string, Ledger])[])('is none: %s', (_, ledger) => {
    expect(told(ledger)).toEqual([]);
  });

  it('is told for 60 days from its first charge', () => {
    const at = (today: string) =>
      duplicateChargeInsights(sampleView(today, [{ of: [...twice, ['2026-06-15', -1_000]], category: 'shopping' }]));
    expect(at('2026-08-09')).toHaveLength(1);
    expect(at('2026-08-10')).toEqual([]);
    const alone = (today: string) =>
      duplicateChargeInsights(sampleView(today, [{ of: [twice[0], twice[0]], category: 'shopping' }]));
    expect(alone('2026-08-09')).toHaveLength(1);
    expect(alone('2026-08-10')).toEqual([]);
  });

  it('may be taken three times', () => {
    expect(told({ of: [...twice, ['2026-06-12', -4_990]] })).toMatchObject([{ times: 3, date: '2026-06-12' }]);
  });

  it('is no habit 61 days after another, and one 60 days after', () => {
    const others = every(6, '2025-10-01', 24, -2_310, -4_870, -1_290, -8_120, -3_355);
    const sorted = (of: readonly (readonly [string, number])[]) => of.toSorted(([a], [b]) => (a < b ? -1 : 1));
    const before = (day: string) => told({ of: sorted([...others, [day, -6_529], [day, -6_529], ...twice]) });
    expect(before('2026-04-10')).toHaveLength(1);
    expect(before('2026-04-11')).toEqual([]);
  });

  it('is a habit where an eighth of all payments and more come in pairs', () => {
    // Two pairs, of 15 and of 16 payments.
    const sorted = (of: readonly (readonly [string, number])[]) => of.toSorted(([a], [b]) => (a < b ? -1 : 1));
    const pair = [
      ['2026-01-10', -6_529],
      ['2026-01-10', -6_529],
    ] as const;
    const others = (count: number) =>
      every(9, '2025-10-02', count, ...Array.from({ length: 12 }, (_, index) => -2_000 - 137 * index));
    expect(told({ of: sorted([...others(12), ...pair, ...twice]) })).toMatchObject([{ minor: 4_990 }]);
    expect(told({ of: sorted([...others(11), ...pair, ...twice]) })).toEqual([]);
  });

  describe('under two names', () => {
    const named = {
      of: [...monthly('2026-01-10', 4, -2_310, -4_870, -1_290, -8_120), ['2026-06-10', -5_339]],
      label: 'H&M',
    } as const satisfies Ledger;
    const other = {
      of: [['2026-06-11', -5_339]],
      key: 'x',
      label: 'H&M6735',
      category: 'shopping',
    } as const satisfies Ledger;

    it('is of the name that has more payments, whichever was first', () => {
      const later = { ...named, of: [...named.of.slice(0, 4), ['2026-06-12', -5_339]] } as const;
      const [insight] = told(later, other);
      expect(insight).toMatchObject({ counterparty: 'H&M', date: '2026-06-12', times: 2 });
      const aside = { ...other, category: 'shopping' as const, key: 'a' };
      expect(told({ ...aside, of: other.of }, { ...named, key: 'x', category: 'shopping' })).toMatchObject([
        { counterparty: 'H&M', date: '2026-06-11' },
      ]);
    });

    it('is one where the second name was seen once or twice, and none where it is a name of its own', () => {
      const seen = (...more: readonly (readonly [string, number])[]) =>
        told(named, { ...other, of: [...more, ['2026-06-11', -5_339]] });
      expect(seen(['2026-05-01', -900])).toHaveLength(1);
      expect(seen(['2026-04-01', -800], ['2026-05-01', -900])).toEqual([]);
      expect(told(named, { ...other, isCut: true })).toEqual([]);
    });

    it('is none of three equal ones, of a price that came twice before, of what was given back', () => {
      expect(told(named, other, { ...other, key: 'y', label: 'H&M 1234' })).toEqual([]);
      const again = [
        ['2026-03-01', -5_339],
        ['2026-03-02', -5_339],
      ] as const;
      expect(told({ ...named, of: [...named.of.slice(0, 2), ...again, ...named.of.slice(2)] }, other)).toEqual([]);
      expect(told(named, other, { of: [['2026-06-15', 5_339]] })).toEqual([]);
      expect(told(named, other, { of: [['2026-06-15', 5_340]] })).toHaveLength(1);
    });

    it('is none of small meals, nor where one goes every day', () => {
      const meal = { category: 'dining', of: [['2026-06-10', -1_239]], label: 'Taco' } as const;
      expect(told(meal, { ...meal, key: 'x', label: 'Taco 4711' })).toEqual([]);
      const daily = every(2, '2026-05-20', 10, -3_100, -3_200, -3_300, -3_400);
      const lunch = { category: 'dining', of: [...daily, ['2026-06-10', -5_339]], label: 'H&M' } as const;
      expect(told(lunch, { ...other, category: 'dining' })).toEqual([]);
    });

    it('is none of two months ago', () => {
      const at = (today: string) =>
        duplicateChargeInsights(sampleView(today, [{ ...named, category: 'shopping' }, other]));
      expect(at('2026-08-09')).toHaveLength(1);
      expect(at('2026-08-10')).toEqual([]);
    });
  });

  it('is none where a month before it was paid as often', () => {
    const before = (...days: readonly string[]) =>
      told({
        of: [['2025-01-01', -4_990], ...days.map((day) => [day, -4_990] as const), ...twice],
        category: 'utilities',
      });
    expect(before('2026-05-03', '2026-05-21')).toEqual([]); // 38 and 20 days before
    expect(before('2026-05-02', '2026-05-21')).toHaveLength(1);
    expect(before('2026-05-03', '2026-05-22')).toHaveLength(1);
  });

  it('is none where one pays each two and a half days', () => {
    // Five payments in ten days, and in eleven.
    const paid = (...days: readonly string[]) =>
      told({ of: [...days.map((day, index) => [day, -1_000 - 137 * index] as const), ...twice] });
    expect(paid('2026-05-01', '2026-05-04', '2026-05-07', '2026-05-10', '2026-05-11')).toEqual([]);
    expect(paid('2026-05-01', '2026-05-04', '2026-05-07', '2026-05-10', '2026-05-12')).toHaveLength(1);
  });

  it('is over only by the same sum, to the same account, after it was taken', () => {
    const back = { of: [['2026-06-15', 4_990]] } as const satisfies Ledger;
    expect(told({ of: twice }, { ...back, of: [['2026-06-10', 4_990]] })).toEqual([]);
    expect(told({ of: twice }, { ...back, of: [['2026-06-09', 4_990]] })).toHaveLength(1);
    expect(told({ of: twice }, { ...back, of: [['2026-06-15', 4_991]] })).toHaveLength(1);
    expect(told({ of: twice }, { ...back, accountId: 'a2' })).toHaveLength(1);
    expect(told({ of: twice }, { ...back, currency: 'USD' })).toHaveLength(1);
    expect(
      told(
        { of: twice },
        {
          of: [
            ['2026-06-12', 100],
            ['2026-06-15', 4_990],
          ],
        },
      ),
    ).toEqual([]);
  });

  it('is round in whole units, and in hundreds where a currency has no smaller ones', () => {
    const yen = (minor: number) => told({ of: [twice[0], twice[0]].map(([day]) => [day, minor]), currency: 'JPY' });
    expect(yen(-5_000)).toMatchObject([{ confidencePercent: 50 }]);
    expect(yen(-5_010)).toMatchObject([{ confidencePercent: 65 }]);
  });

  it('is over when the money came back', () => {
    expect(told({ of: twice }, { of: [['2026-06-15', 4_990]] })).toEqual([]);
    expect(told({ of: twice }, { of: [['2026-06-15', 4_990]], key: 'other' })).toHaveLength(1);
  });
});
