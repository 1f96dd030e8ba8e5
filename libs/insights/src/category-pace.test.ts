import { describe, expect, it } from 'vitest';
import { categoryPace } from './category-pace.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { RecurringInsight } from './insight.ts';
import { withoutOwnTransfers } from './own-transfers.ts';
import { buildSeries } from './testing/build-series.ts';
import { type AccountRow, buildView, day, every, type MovementRow, monthly } from './testing/build-view.ts';
import type { View } from './view.ts';

const dining = { who: 'Bistro', category: 'dining' } as const;
/** 20.00 every third day from February to the end of May. */
const usual = every(3, '2026-02-01', 40, { ...dining, minor: -20_00 });

function paceIn(view: View, series: Parameters<typeof categoryPace>[2] = []) {
  return categoryPace(view, withoutOwnTransfers(view), series);
}

function pace(
  movements: readonly MovementRow[],
  today = '2026-06-15',
  series: Parameters<typeof categoryPace>[2] = [],
  accounts: readonly AccountRow[] = [],
) {
  return paceIn(buildView({ today, movements, accounts }), series);
}

describe('categoryPace', () => {
  it('tells a category that runs ahead', () => {
    const june = every(3, '2026-06-01', 5, { ...dining, minor: -45_00 });
    expect(pace([...usual, ...june])).toMatchObject([
      {
        kind: 'category-pace',
        category: 'dining',
        month: '2026-06',
        spentMinor: 225_00,
        usualMinor: 200_00,
        currency: 'EUR',
      },
    ]);
    const [told] = pace([...usual, ...june]);
    // Between 100.00 more at the usual pace and 225.00 more at this month's.
    expect(told?.projectedMinor).toBeGreaterThan(325_00);
    expect(told?.projectedMinor).toBeLessThan(450_00);
    expect(told?.evidence).toHaveLength(5);
  });

  it('does not tell what few purchases make likely by chance', () => {
    const few: MovementRow[] = [
      { ...dining, on: '2026-06-02', minor: -45_00 },
      { ...dining, on: '2026-06-05', minor: -45_00 },
      { ...dining, on: '2026-06-08', minor: -45_00 },
    ];
    // 135.00 in 9 days: 450.00 by the month's end if it went on, and it seldom does.
    expect(pace([...usual, ...few], '2026-06-09')).toEqual([]);
    expect(pace([...usual, ...every(1, '2026-06-01', 9, { ...dining, minor: -15_00 })], '2026-06-09')).toEqual([]);
    expect(pace([...usual, ...every(1, '2026-06-01', 9, { ...dining, minor: -20_00 })], '2026-06-09')).toHaveLength(1);
  });

  it('is silent of one purchase that is more than four usual months, and tells it where the rest runs ahead too', () => {
    const large: MovementRow = { ...dining, on: '2026-06-05', minor: -801_00 };
    const same = every(3, '2026-06-01', 5, { ...dining, minor: -20_00 });
    expect(pace([...usual, ...same, large])).toEqual([]);
    expect(pace([...usual, ...same, { ...large, minor: -799_00 }])).toHaveLength(1);
    expect(pace([...usual, ...every(3, '2026-06-01', 5, { ...dining, minor: -60_00 }), large])).toHaveLength(1);
  });

  it('is silent of a rent that began within the three months', () => {
    const rent = monthly('2026-04-01', 3, { minor: -500_00, who: 'Landlord', category: 'housing' });
    const bread: MovementRow = { on: '2026-02-01', minor: -4_00, who: 'Bakery', category: 'groceries' };
    expect(pace([...rent, bread])).toEqual([]);
    const risen: MovementRow = { on: '2026-06-01', minor: -700_00, who: 'Landlord', category: 'housing' };
    expect(pace([...monthly('2026-03-01', 3, { ...risen, minor: -500_00 }), risen, bread])).toHaveLength(1);
  });

  it('is silent at the usual pace, and in the first week', () => {
    const same = every(3, '2026-06-01', 5, { ...dining, minor: -20_00 });
    const wild = every(1, '2026-06-01', 7, { ...dining, minor: -80_00 });
    expect(pace([...usual, ...same])).toEqual([]);
    expect(pace([...usual, ...wild], '2026-06-07')).toEqual([]);
    expect(pace([...usual, ...wild], '2026-06-08')).toHaveLength(1);
  });

  it('does not carry a single large purchase on, nor what comes back each month', () => {
    const single: MovementRow = { ...dining, on: '2026-06-08', minor: -60_00 };
    const same = every(3, '2026-06-01', 3, { ...dining, minor: -20_00 });
    // 120.00 in 9 days would be 400.00 in 30.
    expect(pace([...usual, ...same, single], '2026-06-09')).toEqual([]);
    const box = monthly('2026-02-05', 5, { minor: -90_00, who: 'Meal Box', category: 'dining' });
    const weekly = { cadence: 'weekly', nextDate: '2026-07-05' } as const;
    expect(pace([...usual, ...same, ...box], '2026-06-09', [buildSeries(box, weekly)])).toEqual([]);
  });

  it('is not above what one of the three months was', () => {
    // 250.00 a month on the mean, 350.00 in April.
    const feast: MovementRow = { ...dining, on: '2026-04-20', minor: -150_00 };
    const june = (minor: number) => every(2, '2026-06-01', 15, { ...dining, minor });
    expect(pace([...usual, feast, ...june(-22_00)], '2026-06-30')).toEqual([]);
    expect(pace([...usual, feast, ...june(-24_00)], '2026-06-30')).toHaveLength(1);
  });

  it('counts a refund against, and needs an excess that matters', () => {
    const june = every(3, '2026-06-01', 5, { ...dining, minor: -45_00 });
    expect(pace([...usual, ...june, { ...dining, on: '2026-06-14', minor: 200_00 }])).toEqual([]);
    const cents = [...usual, ...june].map((row) => ({ ...row, minor: row.minor / 100 }));
    expect(pace(cents)).toEqual([]);
  });

  it('adds to housing what is known to come, and no more', () => {
    const rent = monthly('2026-02-03', 5, { minor: -800_00, who: 'Landlord', category: 'housing' });
    const repair: MovementRow = { on: '2026-06-10', minor: -260_00, who: 'Plumber', category: 'housing' };
    const heating = monthly('2026-02-20', 4, { minor: -100_00, who: 'Heating', category: 'housing' });
    const series = [buildSeries(heating, { nextDate: '2026-06-20' }), buildSeries(rent, { nextDate: '2026-07-03' })];
    expect(pace([...rent, ...heating], '2026-06-15', series)).toEqual([]);
    expect(pace([...rent, ...heating, repair], '2026-06-15', series)).toMatchObject([
      { category: 'housing', spentMinor: 1060_00, projectedMinor: 1160_00, usualMinor: 900_00 },
    ]);
  });

  it.each([
    ['weekly', 3],
    ['fortnightly', 2],
    ['semimonthly', 1],
    ['monthly', 0], // paid this month already: the next one is of the next month, whatever day it falls on
  ] as const)('counts a %s payment as often as it still comes: %i times', (cadence, times) => {
    const rent = monthly('2026-02-03', 5, { minor: -1000_00, who: 'Landlord', category: 'housing' });
    const repair: MovementRow = { on: '2026-06-10', minor: -400_00, who: 'Plumber', category: 'housing' };
    const series = [buildSeries(rent, { cadence, nextDate: '2026-06-16' })];
    expect(pace([...rent, repair], '2026-06-15', series)[0]?.projectedMinor).toBe(1400_00 + times * 1000_00);
  });

  it('is none where a quarter’s bill is in one of the three months before as well', () => {
    const power = monthly('2026-02-05', 5, { minor: -40_00, who: 'Power', category: 'utilities' });
    const water = (june: number): readonly MovementRow[] => [
      { on: '2026-03-09', minor: -116_00, who: 'Waterworks', category: 'utilities' },
      { on: '2026-06-09', minor: june, who: 'Waterworks', category: 'utilities' },
    ];
    expect(pace([...power, ...water(-118_50)])).toEqual([]);
    expect(pace([...power, ...water(-190_00)])).toMatchObject([{ category: 'utilities', projectedMinor: 230_00 }]);
  });

  it('says nothing where the months before are not known', () => {
    const june = every(3, '2026-06-01', 5, { ...dining, minor: -45_00 });
    const view = buildView({ today: '2026-06-15', movements: [...usual.slice(15), ...june] });
    expect(paceIn(view)).toEqual([]);
    const whole = { today: '2026-06-15', movements: [...usual, ...june] };
    expect(paceIn(buildView({ ...whole, connections: { c1: { isHistoryComplete: false } } }))).toEqual([]);
    expect(paceIn(buildView({ ...whole, connections: { c1: { syncedDay: null } } }))).toEqual([]);
  });

  it('knows the months also where an account has nothing but own transfers', () => {
    const june = every(3, '2026-06-01', 5, { ...dining, minor: -45_00 });
    const order = monthly('2026-02-05', 5, { minor: -100_00, who: 'To savings', category: 'transfer' });
    const saved = order.map((row) => ({ ...row, minor: 100_00, account: 'savings' }));
    const accounts: AccountRow[] = [
      { id: 'current' },
      { id: 'savings', type: 'SVGS', connection: 'c2' },
      { id: 'unused', connection: 'c3' },
    ];
    expect(pace([...usual, ...june, ...order, ...saved], '2026-06-15', [], accounts)).toHaveLength(1);
  });

  it('says nothing of what seldom comes', () => {
    const trip: MovementRow = { on: '2026-04-02', minor: -300_00, who: 'Rail', category: 'travel' };
    expect(pace([...usual, trip, { ...trip, on: '2026-06-02', minor: -900_00 }])).toEqual([]);
  });

  it('is one fact a month', () => {
    const june = every(3, '2026-06-01', 5, { ...dining, minor: -45_00 });
    const first = pace([...usual, ...june])[0]?.fingerprint;
    expect(pace([...usual, ...june], '2026-06-14')[0]?.fingerprint).toBe(first);
  });

  it('carries a pace on between this month’s and the usual one, and says how likely it is', () => {
    const before = every(1, '2026-03-01', 92, { ...dining, minor: -10_00 });
    const [told] = pace([...before, ...every(1, '2026-06-01', 15, { ...dining, minor: -18_00 })]);
    // 10.00 a day before: so by chance 15 days are off by 2.58 a day, by their month by 2.00. 4.00 / (4.00 + 6.67) of the pace is believed.
    expect(told).toMatchObject({ spentMinor: 270_00, usualMinor: 306_67, projectedMinor: 465_00 });
    // 465.00 is 81.67 above 1.25 usual months, of a deviation of 45.41.
    expect(told?.confidencePercent).toBe(96);
    expect(told?.fingerprint).toBe(fingerprintOf('category-pace', ['dining', 'EUR'], '2026-06'));
  });

  it.each(['housing', 'insurance', 'loan', 'government', 'utilities'] as const)(
    'takes %s for what is paid on few days: small sums are not carried on',
    (category) => {
      const before = every(3, '2026-03-01', 31, { who: 'Office', category, minor: -10_00 });
      const june = every(1, '2026-06-01', 15, { who: 'Office', category, minor: -12_00 });
      expect(pace([...before, ...june])).toMatchObject([
        { category, spentMinor: 180_00, projectedMinor: 180_00, confidencePercent: 98 },
      ]);
    },
  );

  it.each(['income', 'transfer', 'fees', 'interest'] as const)('leaves %s to others', (category) => {
    const rows = (minor: number, first: string, days: number) =>
      every(1, first, days, { who: 'Office', category, minor, transferLike: false });
    expect(pace([...rows(-10_00, '2026-03-01', 92), ...rows(-40_00, '2026-06-01', 15)])).toEqual([]);
  });

  it('says nothing while the newest day that is known is of the month before', () => {
    const before = every(1, '2026-02-01', 99, { ...dining, minor: -10_00 });
    const june = every(1, '2026-06-01', 15, { ...dining, minor: -40_00 });
    const view = buildView({
      today: '2026-06-15',
      movements: [...before, ...june],
      connections: { c1: { syncedDay: day('2026-05-10') } },
    });
    expect(paceIn(view)).toEqual([]);
  });

  it('does not carry a recurring payment on, and adds only what comes in its category, currency and direction', () => {
    const before = every(1, '2026-03-01', 92, { ...dining, minor: -10_00 });
    const june = every(1, '2026-06-01', 15, { ...dining, minor: -18_00 });
    const box = monthly('2026-03-05', 4, { minor: -30_00, who: 'Meal Box', category: 'dining' });
    const projected = (...series: Parameters<typeof categoryPace>[2]) =>
      pace([...before, ...june, ...box], '2026-06-15', series)[0]?.projectedMinor ?? 0;
    const repeated = projected(buildSeries(box, { nextDate: '2026-07-05' }));
    // 270.00 and 30.00 are spent; of the days alone 195.00 come.
    expect(repeated).toBe(495_00);
    expect(projected()).not.toBe(repeated);
    const other = { nextDate: '2026-06-20', lastDate: '2026-05-20', evidence: [] } as const;
    const more = (given: Partial<RecurringInsight>) =>
      projected(buildSeries(box, { nextDate: '2026-07-05' }), buildSeries(box, { ...other, ...given })) - repeated;
    expect(more({})).toBe(30_00);
    expect(more({ category: 'groceries' })).toBe(0);
    expect(more({ currency: 'USD' })).toBe(0);
    expect(more({ direction: 'in' })).toBe(0);
  });

  it.each([
    ['on the newest day that is known', { nextDate: '2026-06-15' }, 0],
    ['the day after', { nextDate: '2026-06-16' }, 1],
    ['on the last day', { nextDate: '2026-06-30' }, 1],
    ['in the next month', { nextDate: '2026-07-01' }, 0],
    ['though one was paid on the first', { nextDate: '2026-06-20', lastDate: '2026-06-01' }, 0],
    ['for the second time in two weeks', { nextDate: '2026-06-16', cadence: 'fortnightly' }, 2],
    ['for the second time, but in the next month', { nextDate: '2026-06-17', cadence: 'fortnightly' }, 1],
  ] as const)('counts a rent that comes %s', (_, given, times) => {
    const rent = monthly('2026-02-25', 4, { minor: -1000_00, who: 'Landlord', category: 'housing' });
    const repairs = every(5, '2026-06-02', 2, { minor: -900_00, who: 'Plumber', category: 'housing' });
    const [told] = pace([...rent, ...repairs], '2026-06-15', [buildSeries(rent, given)]);
    expect(told?.projectedMinor).toBe(1800_00 + times * 1000_00);
  });

  it('needs an excess that matters, whatever the sum is', () => {
    const rent = monthly('2026-02-03', 4, { minor: -60_00, who: 'Garage', category: 'housing' });
    const june = (minor: number): MovementRow => ({ on: '2026-06-03', minor, who: 'Garage', category: 'housing' });
    expect(pace([...rent, june(-99_00)])).toEqual([]);
    expect(pace([...rent, june(-100_00)])).toHaveLength(1);
  });

  it('shows purchases as evidence, and no refund', () => {
    const june = every(3, '2026-06-01', 5, { ...dining, minor: -60_00 });
    const [told] = pace([...usual, ...june, { ...dining, on: '2026-06-10', minor: 1_00 }]);
    expect(told?.evidence.map(({ minor }) => minor)).toEqual(Array(5).fill(-60_00));
  });
});
