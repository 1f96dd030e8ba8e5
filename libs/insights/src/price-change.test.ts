import { describe, expect, it } from 'vitest';
import { dateOf } from './day.ts';
import { priceChangeInsights } from './price-change.ts';
import { seriesOf } from './series.ts';
import { every, monthly, sampleDay, sampleView } from './testing/sample-view.ts';
import { thresholdMinor } from './thresholds.ts';

type Of = Parameters<typeof sampleView>[1][number]['of'];

function changes(
  of: Of,
  today: string,
  more: { readonly isCut?: boolean; readonly currency?: string; readonly category?: 'utilities' } = {},
) {
  // The history of the account begins earlier than what is looked at.
  const view = sampleView(today, [
    { of, ...more },
    { of: [['2024-01-01', -100]], key: 'other' },
  ]);
  return priceChangeInsights(seriesOf(view), view);
}
const told = (...given: Parameters<typeof changes>) =>
  changes(...given).map(({ reason, beforeMinor, afterMinor }) => `${reason} ${beforeMinor} ${afterMinor}`);

describe('a price change', () => {
  it('is told from the first higher payment on, with its history and what it costs in a year', () => {
    const [change] = changes(monthly('2025-10-05', 8, -999, -999, -999, -999, -999, -999, -999, -1_299), '2026-05-10');
    expect(change).toMatchObject({
      reason: 'rise',
      beforeMinor: 999,
      afterMinor: 1_299,
      yearlyMinor: 3_600,
      date: '2026-05-05',
      history: [
        { sinceDate: '2025-10-05', minor: 999 },
        { sinceDate: '2026-05-05', minor: 1_299 },
      ],
    });
    expect(change?.evidence[0]).toEqual({ connectionId: 'c1', accountId: 'a1', date: '2026-05-05', minor: -1_299 });
  });

  it('is a small one too where the price had been the same to the unit', () => {
    expect(
      told(monthly('2025-10-05', 8, -95_000, -95_000, -95_000, -95_000, -95_000, -95_000, -97_850), '2026-05-10'),
    ).toEqual(['rise 95000 97850']);
  });

  it('is one of a price that had fallen before', () => {
    const fell = monthly(
      '2025-04-05',
      14,
      -1_120,
      -940,
      -940,
      -940,
      -940,
      -940,
      -940,
      -940,
      -940,
      -940,
      -940,
      -940,
      -940,
      -1_010,
    );
    expect(told(fell, '2026-05-10')).toEqual(['rise 940 1010']);
  });

  it('keeps its fingerprint while the higher price goes on', () => {
    const at = (count: number, today: string) =>
      changes(monthly('2025-10-05', count, -999, -999, -999, -999, -999, -999, -1_299), today)[0]?.fingerprint;
    expect(at(7, '2026-04-10')).toMatch(/^[\w-]{22}$/);
    expect(at(8, '2026-05-10')).toBe(at(7, '2026-04-10'));
  });

  it.each([
    [
      'exchange rates',
      monthly('2025-10-05', 8, -999, -1_021, -988, -1_010, -1_003, -1_040, -1_015, -1_043),
      '2026-05-10',
    ],
    [
      'a bill that differs a little each time',
      monthly('2025-09-05', 9, -3_322, -3_660, -3_439, -3_573, -3_435, -3_333, -3_322, -3_349, -3_864),
      '2026-05-10',
    ],
    [
      'one payment of another contract',
      monthly('2025-10-05', 8, -150, -150, -150, -150, -150, -150, -150, -2_340),
      '2026-05-10',
    ],
    ['a fall', monthly('2025-10-05', 8, -1_299, -1_299, -1_299, -1_299, -1_299, -1_299, -999), '2026-05-10'],
    ['less than anyone minds', monthly('2025-10-05', 8, -99, -99, -99, -99, -99, -99, -105), '2026-05-10'],
    ['one too long ago', monthly('2025-07-05', 11, -999, -999, -999, -999, -1_299), '2026-05-10'],
    [
      'higher bills that go back now and then',
      monthly('2025-07-05', 11, -2_000, -2_000, -2_000, -2_000, -2_600, -2_000, -2_000, -2_000, -2_000, -2_000, -2_600),
      '2026-05-10',
    ],
    [
      'a contract that has ended since',
      monthly('2025-07-05', 8, -999, -999, -999, -999, -999, -999, -999, -1_299),
      '2026-05-25',
    ],
  ] as const)('is none: %s', (_, of, today) => {
    expect(told(of, today)).toEqual([]);
  });

  it('is none of bills that differ each time, nor of an income', () => {
    expect(
      told(monthly('2025-10-05', 8, -8_500, -5_200, -11_800, -7_400, -9_900, -6_100, -7_000, -15_000), '2026-05-10', {
        category: 'utilities',
      }),
    ).toEqual([]);
    expect(told(monthly('2025-10-05', 8, 250_000, 250_000, 250_000, 250_000, 250_000, 310_000), '2026-05-10')).toEqual(
      [],
    );
  });

  it('is the end of a promotion where it was lower at first, or for a while', () => {
    expect(told(monthly('2025-11-05', 5, -499, -499, -499, -999), '2026-03-10')).toEqual(['promotion-ended 499 999']);
    expect(told(monthly('2025-08-05', 9, -999, -999, -999, -499, -499, -499, -499, -999), '2026-04-10')).toEqual([
      'promotion-ended 499 999',
    ]);
    // Its beginning is not known: it may have been the price for years.
    expect(told(monthly('2025-11-05', 5, -499, -499, -499, -999), '2026-03-10', { isCut: true })).toEqual([
      'rise 499 999',
    ]);
  });

  it('is measured in the money of its currency', () => {
    expect(
      told(monthly('2025-10-05', 8, -500, -500, -500, -500, -500, -500, -520), '2026-05-10', { currency: 'JPY' }),
    ).toEqual([]);
    expect(
      told(monthly('2025-10-05', 8, -1_500, -1_500, -1_500, -1_500, -1_500, -1_500, -1_700), '2026-05-10', {
        currency: 'JPY',
      }),
    ).toEqual(['rise 1500 1700']);
  });

  it('is told of what is paid each week', () => {
    const of = [...every(7, '2026-02-02', 10, -1_000), ...every(7, '2026-04-13', 3, -1_200)];
    expect(told(of, '2026-05-01')).toEqual(['rise 1000 1200']);
  });

  type Prices = readonly (readonly [count: number, minor: number])[];
  const paid = (...prices: Prices) => prices.flatMap(([count, minor]) => Array.from({ length: count }, () => -minor));
  /** Monthly on the fifth, the last one on 5 May. */
  const until = (...prices: Prices) => {
    const all = paid(...prices);
    const first = new Date(Date.UTC(2026, 5 - all.length, 5)).toISOString().slice(0, 10);
    return monthly(first, all.length, ...all);
  };

  it('is worth a word from a threshold on', () => {
    const least = thresholdMinor('priceRise', 'EUR');
    const rises = [least - 1, least].map((rise) => told(until([6, 200], [2, 200 + rise]), '2026-05-10').length);
    expect(rises).toEqual([0, 1]);
  });

  it('is none of one payment more than three times as high, and one of two of them', () => {
    const at = (count: number, minor: number) => told(until([7, 1_000], [count, minor]), '2026-05-10').length;
    expect([at(1, 3_000), at(1, 3_001), at(2, 3_001)]).toEqual([1, 0, 1]);
  });

  it('is told for 62 days, and for half as long again as its period', () => {
    const since = (count: number, today: string) => told(until([8, 999], [count, 1_299]), today).length;
    // The first higher one was on 5 March.
    expect([since(3, '2026-05-06'), since(3, '2026-05-07')]).toEqual([1, 0]);
    const quarterly = monthly('2024-02-05', 28, -4_000)
      .filter((_, index) => index % 3 === 0)
      .map(([date, minor], index, all) => [date, index > all.length - 3 ? -5_000 : minor] as const);
    const last = quarterly.at(-2)?.[0] ?? '';
    const found = (days: number) => told(quarterly, dateOf(sampleDay(last) + days)).length;
    expect([found(130), found(145)]).toEqual([1, 0]);
  });

  it('is surer of a second payment', () => {
    const [one] = changes(until([8, 999], [1, 1_299]), '2026-05-10');
    const [two] = changes(until([7, 999], [2, 1_299]), '2026-05-10');
    const [three] = changes(until([6, 999], [3, 1_299]), '2026-05-06');
    expect(one?.confidencePercent).toBe(Math.round((two?.confidencePercent ?? 0) * 0.9));
    expect(three?.confidencePercent).toBe(two?.confidencePercent);
  });

  it('parts exact prices by one and a half percent, and others by eight', () => {
    expect(told(until([6, 20_000], [2, 20_305]), '2026-05-10')).toEqual(['rise 20000 20305']);
    expect(told(until([6, 20_000], [2, 20_304]), '2026-05-10')).toEqual([]);
    const floating = [
      [1, 20_000],
      [1, 20_100],
      [1, 20_000],
      [1, 20_050],
      [1, 20_000],
      [1, 20_100],
    ] as const;
    expect(told(until(...floating, [2, 21_500]), '2026-05-10')).toEqual([]);
    expect(told(until(...floating, [2, 21_860]), '2026-05-10')).toEqual(['rise 20100 21860']);
  });

  it('needs three payments of the price before', () => {
    expect(told(until([5, 999], [3, 1_099], [2, 1_299]), '2026-05-10')).toEqual(['rise 1099 1299']);
    expect(told(until([5, 999], [2, 1_099], [2, 1_299]), '2026-05-10')).toEqual([]);
  });

  it('is a habit only where a single higher bill went back', () => {
    // 20.00 once at 26.00 for less than three payments, and back, and up again.
    expect(told(until([4, 2_000], [1, 2_600], [4, 2_000], [1, 2_600]), '2026-05-10')).toEqual([]);
    expect(told(until([4, 2_000], [2, 2_600], [4, 2_000], [1, 2_600]), '2026-05-10')).toEqual([]);
    expect(told(until([4, 2_000], [3, 2_600], [4, 2_000], [1, 2_600]), '2026-05-10')).toEqual(['rise 2000 2600']);
  });

  describe('where a promotion ends', () => {
    it('is from 1.4 times on', () => {
      expect(told(until([4, 1_000], [2, 1_400]), '2026-05-10')).toEqual(['promotion-ended 1000 1400']);
      expect(told(until([4, 1_000], [2, 1_399]), '2026-05-10')).toEqual(['rise 1000 1399']);
    });

    it('had three payments at the lower price, or two at the higher', () => {
      const at = (before: number, after: number) =>
        told(until([before, 500], [after, 1_000]), '2026-05-10').map((text) => text.split(' ')[0]);
      expect([at(3, 2), at(3, 1)]).toEqual([['promotion-ended'], ['promotion-ended']]);
      expect(at(2, 1)).toEqual([]);
    });

    it('is no promotion of more than a year', () => {
      const of = (count: number) => told(until([count, 500], [2, 1_000]), '2026-05-10');
      expect([of(12), of(13)]).toEqual([['promotion-ended 500 1000'], ['rise 500 1000']]);
    });

    it('goes back to the price before it, to three percent, and there was one such time', () => {
      const at = (earlier: number, ...more: Prices) =>
        told(until(...more, [4, earlier], [4, 500], [2, 1_000]), '2026-05-10');
      expect(at(970)).toEqual(['promotion-ended 500 1000']);
      expect(at(960)).toEqual(['rise 500 1000']);
      expect(at(1_000, [3, 400])).toEqual(['rise 500 1000']);
    });

    it('has a beginning that is known by the account’s earlier movements', () => {
      const seen = (before: string, accountId = 'a1') => {
        const view = sampleView('2026-05-10', [
          { of: until([4, 500], [2, 1_000]) },
          { of: [[before, -100]], key: 'other', accountId },
        ]);
        return priceChangeInsights(seriesOf(view), view).map(({ reason }) => reason);
      };
      // The first payment was on 5 December: 1.3 periods before it are some forty days.
      expect(seen('2025-10-26')).toEqual(['promotion-ended']);
      expect(seen('2025-10-27')).toEqual(['rise']);
      expect(seen('2025-01-01', 'a2')).toEqual(['rise']);
    });
  });
});
