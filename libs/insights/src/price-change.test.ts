import { describe, expect, it } from 'vitest';
import { priceChangeInsights } from './price-change.ts';
import { seriesOf } from './series.ts';
import { every, monthly, sampleView } from './testing/sample-view.ts';

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
});
