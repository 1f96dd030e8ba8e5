import { describe, expect, it } from 'vitest';
import { dateOf } from './day.ts';
import { missedInsights } from './missed.ts';
import { recurringInsights } from './recurring.ts';
import { seriesOf } from './series.ts';
import { every, monthly, sampleDay, sampleView } from './testing/sample-view.ts';

type View = ReturnType<typeof sampleView>;
const sampleDate = (from: string, days: number) => dateOf(sampleDay(from) + days);
const missed = (view: View) => missedInsights(seriesOf(view), view);
const told = (view: View) =>
  missed(view).map(({ status, expectedToDate, typicalMinor }) => `${status} ${expectedToDate} ${typicalMinor}`);
/** Until 5 March. */
const rent = monthly('2025-10-05', 6, -95_000);

describe('a missed payment', () => {
  it('is told once its band is over, and not a day before', () => {
    expect(told(sampleView('2026-04-05', [{ of: rent, category: 'housing' }]))).toEqual([]);
    expect(told(sampleView('2026-04-10', [{ of: rent, category: 'housing' }]))).toEqual([]);
    expect(told(sampleView('2026-04-11', [{ of: rent, category: 'housing' }]))).toEqual(['late 2026-04-10 95000']);
  });

  it('is the end of it after two, and no payment that comes back any more', () => {
    const view = sampleView('2026-05-15', [{ of: rent, category: 'housing' }]);
    expect(told(view)).toEqual(['ended 2026-04-10 95000']);
    expect(recurringInsights(seriesOf(view), view)).toEqual([]);
    expect(
      recurringInsights(seriesOf(sampleView('2026-04-11', [{ of: rent }])), sampleView('2026-04-11', [{ of: rent }])),
    ).toHaveLength(1);
    expect(told(sampleView('2026-09-15', [{ of: rent, category: 'housing' }]))).toEqual([]);
  });

  it('is not known while the bank has not been asked since', () => {
    expect(told(sampleView('2026-04-20', [{ of: rent }], '2026-04-09'))).toEqual([]);
    expect(told(sampleView('2026-04-20', [{ of: rent }], null))).toEqual([]);
  });

  it('is a wage too', () => {
    const wages = every(14, '2025-11-07', 8, 140_000);
    expect(told(sampleView('2026-03-03', [{ of: wages, category: 'income' }]))).toEqual([]);
    expect(told(sampleView('2026-03-04', [{ of: wages, category: 'income' }]))).toEqual(['late 2026-03-03 140000']);
  });

  it('is no interest: nobody waits for it', () => {
    const interest = monthly('2025-10-05', 6, 244);
    expect(told(sampleView('2026-04-15', [{ of: interest, category: 'interest' }]))).toEqual([]);
    expect(told(sampleView('2026-04-15', [{ of: interest, category: 'government' }]))).toHaveLength(1);
  });

  it('is none where it came early, at another amount, on another account, or under another name', () => {
    const at = (...more: Parameters<typeof sampleView>[1]) =>
      told(sampleView('2026-04-14', [{ of: rent, category: 'housing' }, ...more]));
    expect(told(sampleView('2026-04-14', [{ of: [...rent, ['2026-03-30', -95_000]], category: 'housing' }]))).toEqual(
      [],
    );
    expect(told(sampleView('2026-04-14', [{ of: [...rent, ['2026-04-06', -70_000]], category: 'housing' }]))).toEqual(
      [],
    );
    expect(told(sampleView('2026-04-14', [{ of: [...rent, ['2026-04-06', -285_000]], category: 'housing' }]))).toEqual(
      [],
    );
    expect(at({ of: [['2026-04-07', -95_000]], accountId: 'a2', category: 'housing' })).toEqual([]);
    expect(at({ of: [['2026-04-07', -95_000]], key: 'other', category: 'housing' })).toEqual([]);
    // A name that is known for other payments is no other name of this one.
    expect(
      at({
        of: [
          ['2026-01-07', -4_000],
          ['2026-04-07', -95_000],
        ],
        key: 'other',
        label: 'Furniture',
      }),
    ).toEqual(['late 2026-04-10 95000']);
  });

  it('is none where the same name came with more words, though it was there before', () => {
    const longer = {
      of: [
        ['2026-01-07', -95_000],
        ['2026-04-07', -95_000],
      ],
      key: 'other',
      label: 'Name Ab Ocr',
    } as const;
    expect(told(sampleView('2026-04-14', [{ of: rent, category: 'housing' }, longer]))).toEqual([]);
    // Many of them are another thing, but for one of this price.
    const often = (minor: number) => ({
      ...longer,
      of: [...monthly('2025-05-02', 5, -4_000), ['2026-04-07', minor] as const],
    });
    expect(told(sampleView('2026-04-14', [{ of: rent, category: 'housing' }, often(-95_000)]))).toEqual([]);
    expect(told(sampleView('2026-04-14', [{ of: rent, category: 'housing' }, often(-70_000)]))).toHaveLength(1);
  });

  it('is none where the payment is there and was taken for an own transfer', () => {
    const whole = sampleView('2026-04-14', [{ of: [...rent, ['2026-04-06', -95_000]], category: 'transfer' }]);
    const household = sampleView('2026-04-14', [{ of: rent, category: 'transfer' }]);
    expect(missedInsights(seriesOf(household), household)).toHaveLength(1);
    expect(missedInsights(seriesOf(household), whole)).toEqual([]);
  });

  it('is none of two contracts of one merchant, whatever the price of one becomes', () => {
    const byDay = (...rows: readonly (readonly [string, number])[]) => rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
    const storage = monthly('2025-10-17', 8, -199);
    const music = [...monthly('2025-10-24', 5, -699), ...monthly('2026-03-24', 3, -1_399)];
    for (const today of ['2026-03-30', '2026-04-30', '2026-05-26'])
      expect(told(sampleView(today, [{ of: byDay(...storage, ...music), category: 'services' }]))).toEqual([]);
    // Two lines of one price, a week apart; both were late for a weekend.
    const lines = byDay(...monthly('2026-01-15', 6, -1_299), ...monthly('2026-01-22', 6, -1_299), [
      '2026-07-17',
      -1_299,
    ]);
    for (const today of ['2026-07-22', '2026-07-27'])
      expect(told(sampleView(today, [{ of: lines, category: 'utilities' }]))).toEqual([]);
    expect(told(sampleView('2026-07-28', [{ of: lines, category: 'utilities' }]))).toEqual(['late 2026-07-27 1299']);
  });

  it('is none of what comes in on a card', () => {
    const view = sampleView('2026-04-14', [{ of: monthly('2025-10-05', 6, 95_000), category: 'transfer' }]);
    expect(missed(view)).toHaveLength(1);
    const accounts = view.accounts.map((account) => ({ ...account, type: 'CARD', nature: 'liability' }) as const);
    expect(missed({ ...view, accounts })).toEqual([]);
  });

  it('is none of a series that is young, or often left out', () => {
    expect(told(sampleView('2026-04-14', [{ of: rent.slice(3) }]))).toEqual([]);
    const gappy = monthly('2025-05-05', 11, -1_299).filter((_, index) => index !== 3 && index !== 7);
    expect(told(sampleView('2026-04-14', [{ of: gappy }]))).toEqual([]);
  });

  it('is none of what is paid each week for who knows what: nobody has to buy a coffee', () => {
    const weekly = every(7, '2026-01-05', 12, -5_42);
    const at = (category: 'other' | 'services', of = weekly) => told(sampleView('2026-04-08', [{ of, category }]));
    expect(at('services')).toHaveLength(1);
    expect(at('other')).toEqual([]);
    expect(at('other', every(7, '2026-01-05', 12, 400_00))).toHaveLength(1); // money in
    const fortnightly = every(14, '2025-10-06', 12, -5_42);
    expect(told(sampleView('2026-04-01', [{ of: fortnightly, category: 'other' }]))).toHaveLength(1);
  });

  it('is told for four periods', () => {
    const weekly = every(7, '2026-01-05', 12, -2_500); // until 23 March
    const at = (today: string) => told(sampleView(today, [{ of: weekly, category: 'services' }]));
    const days = Array.from({ length: 60 }, (_, index) => sampleDate('2026-03-24', index));
    const said = days.map((today) => [today, at(today)[0]?.split(' ')[0] ?? ''] as const);
    expect(said.filter(([, what], index) => what !== said[index - 1]?.[1])).toEqual([
      ['2026-03-24', ''],
      ['2026-04-03', 'late'],
      ['2026-04-09', 'ended'],
      ['2026-04-30', ''],
    ]);
  });

  it('is dated, sized and as sure as its series', () => {
    const dear = [...monthly('2025-10-05', 5, -95_000), ['2026-03-05', -99_000]] as const;
    expect(missed(sampleView('2026-04-11', [{ of: dear, category: 'housing' }]))).toMatchObject([
      {
        typicalMinor: 99_000,
        date: '2026-04-10',
        expectedFromDate: '2026-03-31',
        expectedToDate: '2026-04-10',
        direction: 'out',
        cadence: 'monthly',
        counterparty: 'Name',
        status: 'late',
      },
    ]);
    const power = monthly('2025-10-05', 7, -9_100, -12_400, -10_300, -15_200, -11_700, -13_600, -10_900);
    const [late] = missed(sampleView('2026-05-14', [{ of: power, category: 'utilities' }]));
    expect(late?.typicalMinor).toBe(11_700); // of what varies the middle one
    const view = (today: string) => sampleView(today, [{ of: rent, category: 'housing' }]);
    const [sure = { confidencePercent: 0 }] = recurringInsights(seriesOf(view('2026-03-20')), view('2026-03-20'));
    expect(missed(view('2026-04-11'))[0]?.confidencePercent).toBe(Math.round(sure.confidencePercent * 0.9));
    expect(missed(view('2026-05-15'))[0]?.confidencePercent).toBe(Math.round(sure.confidencePercent * 0.97));
  });

  it('is none where half the sum came, or four times the price of an offer; nor beyond it', () => {
    const paid = (minor: number) =>
      told(
        sampleView('2026-04-14', [
          { of: rent, category: 'housing' },
          { of: [['2026-04-06', minor]], key: 'other', category: 'housing' },
        ]),
      );
    const sums = [-47_499, -47_500, -380_000, -380_001];
    expect(sums.map((minor) => paid(minor).length)).toEqual([1, 0, 0, 1]);
  });

  it('came under another name as a bill of its kind among its usual amounts, on its account, and is not missed; the second one is', () => {
    const phone = [
      ['2025-12-05', -19_12],
      ['2026-01-05', -15_62],
      ['2026-02-05', -16_07],
      ['2026-03-05', -18_67],
    ] as const;
    const at = (more: Parameters<typeof sampleView>[1][number], today = '2026-04-14') =>
      told(
        sampleView(today, [
          { of: phone, category: 'utilities' },
          { key: 'other', label: 'Telefonica', category: 'utilities', ...more },
        ]),
      );
    const amounts = [-14_19, -14_20, -21_03, -21_04];
    expect(amounts.map((minor) => at({ of: [['2026-04-07', minor]] }).length)).toEqual([1, 0, 0, 1]);
    expect(at({ of: [['2026-03-29', -17_00]] })).toHaveLength(1); // before it could come
    expect(at({ of: [['2026-04-07', -17_00]], category: 'insurance' })).toHaveLength(1);
    expect(at({ of: [['2026-04-07', -17_00]], accountId: 'second' })).toHaveLength(1);
    const next = [
      ['2026-04-07', -17_00],
      ['2026-05-07', -17_90],
    ] as const;
    expect(at({ of: next }, '2026-05-15')).toEqual(['ended 2026-04-10 1607']);
  });

  it('came otherwise only to the same side, in the same currency, since the last one and by now', () => {
    const at = (more: Parameters<typeof sampleView>[1][number]) =>
      told(
        sampleView('2026-04-14', [
          { of: rent, category: 'housing' },
          { key: 'other', category: 'housing', ...more },
        ]),
      );
    expect(at({ of: [['2026-04-07', -95_000]] })).toEqual([]);
    expect(at({ of: [['2026-04-07', 95_000]] })).toHaveLength(1);
    expect(at({ of: [['2026-04-07', -95_000]], currency: 'USD' })).toHaveLength(1);
    expect(at({ of: [['2026-03-30', -95_000]] })).toHaveLength(1); // before it could come
    expect(at({ of: [['2026-03-31', -95_000]] })).toEqual([]);
    expect(at({ of: [['2026-04-14', -95_000]] })).toEqual([]);
    expect(at({ of: [['2026-04-15', -95_000]] })).toHaveLength(1);
    expect(at({ of: [['2026-03-05', -95_000]] })).toHaveLength(1);
  });

  it('came under a new name at its own price alone, to a hundredth', () => {
    const at = (more: Parameters<typeof sampleView>[1][number]) =>
      told(
        sampleView('2026-04-14', [
          { of: rent, category: 'housing' },
          { key: 'other', label: 'Else', ...more },
        ]),
      );
    expect(at({ of: [['2026-04-07', -95_900]] })).toEqual([]);
    expect(at({ of: [['2026-04-07', -96_900]] })).toHaveLength(1);
    const often = [
      ['2026-03-06', -4_000],
      ['2026-03-20', -4_000],
    ] as const;
    expect(at({ of: [...often, ['2026-04-07', -95_000]] })).toEqual([]);
    expect(at({ of: [...often, ['2026-03-24', -4_000], ['2026-04-07', -95_000]] })).toHaveLength(1);
    expect(at({ of: [['2026-04-07', -95_000]], isCut: true })).toHaveLength(1);
  });

  it('has another fingerprint each time, and one of its own when it ends', () => {
    const [late] = missed(sampleView('2026-04-11', [{ of: rent }]));
    const [same] = missed(sampleView('2026-04-20', [{ of: rent }]));
    const [ended] = missed(sampleView('2026-05-15', [{ of: rent }]));
    const [next] = missed(sampleView('2026-05-11', [{ of: [...rent, ['2026-04-05', -95_000]] }]));
    expect(same?.fingerprint).toBe(late?.fingerprint);
    expect(new Set([late, ended, next].map((insight) => insight?.fingerprint)).size).toBe(3);
  });
});
