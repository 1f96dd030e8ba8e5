import { describe, expect, it } from 'vitest';
import { incomeChange } from './income-change.ts';
import { buildSeries } from './testing/build-series.ts';
import { buildView, day, type MovementRow, monthly } from './testing/build-view.ts';
import { thresholdMinor } from './thresholds.ts';

const wages = (amounts: readonly number[]): MovementRow[] =>
  monthly('2026-01-28', amounts.length, { minor: 1, who: 'Employer', category: 'income' }).map((row, index) => ({
    ...row,
    minor: amounts[index] ?? 0,
  }));

function change(amounts: readonly number[], today = '2026-07-01', given: Parameters<typeof buildSeries>[1] = {}) {
  const accounts = buildView({ today, accounts: [{ id: 'current' }, { id: 'card', type: 'CARD' }] }).accounts;
  return incomeChange({ today: day(today), accounts }, [buildSeries(wages(amounts), given)]);
}

describe('incomeChange', () => {
  it('tells a rise that two payments prove', () => {
    expect(change([2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2150_00])).toMatchObject([
      {
        beforeMinor: 2000_00,
        afterMinor: 2150_00,
        date: '2026-05-28',
        cadence: 'monthly',
        counterparty: 'Employer',
        confidencePercent: 92,
      },
    ]);
  });

  it('tells a loss, and grows surer with each payment', () => {
    expect(change([2000_00, 2000_00, 2000_00, 1500_00, 1500_00, 1500_00])).toMatchObject([
      { beforeMinor: 2000_00, afterMinor: 1500_00, date: '2026-04-28', confidencePercent: 95 },
    ]);
  });

  it.each([
    ['a bonus', [2000_00, 2000_00, 2000_00, 2000_00, 2000_00, 4000_00]],
    ['a bonus in between', [2000_00, 2000_00, 2000_00, 4000_00, 2000_00, 2000_00]],
    ['less than 5 percent', [2000_00, 2000_00, 2000_00, 2000_00, 2090_00, 2090_00]],
    ['what varies as it used to', [1800_00, 2100_00, 1900_00, 2200_00, 2300_00, 2250_00]],
    ['two levels', [2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2600_00]],
    ['up and down', [2000_00, 2000_00, 2000_00, 2000_00, 2300_00, 1700_00]],
    ['too short a history', [2000_00, 2000_00, 2150_00, 2150_00]],
    ['small sums', [20_00, 20_00, 20_00, 20_00, 30_00, 30_00]],
  ])('is silent about %s', (_, amounts) => {
    expect(change(amounts)).toEqual([]);
  });

  it('is silent about what is paid, about interest, and about old news', () => {
    const rise = [2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2150_00];
    expect(change(rise, '2026-07-01', { direction: 'out' })).toEqual([]);
    expect(change(rise, '2026-07-01', { category: 'interest' })).toEqual([]);
    expect(change(rise, '2026-09-15')).toHaveLength(1);
    expect(change(rise, '2026-09-16')).toEqual([]);
    expect(change(rise, '2026-07-01', { currency: null })).toEqual([]);
  });

  it('is silent about transfers of other amounts to another account, and not about a wage that goes there', () => {
    const moved = wages([2000_00, 2000_00, 2000_00, 2000_00, 1500_00, 1500_00]).map((row, index) => ({
      ...row,
      ...(index > 3 && { account: 'card' }),
    }));
    const { accounts } = buildView({ today: '2026-07-01', accounts: [{ id: 'current' }, { id: 'card' }] });
    const told = (category: 'transfer' | 'income') =>
      incomeChange({ today: day('2026-07-01'), accounts }, [buildSeries(moved, { category })]);
    expect(told('transfer')).toEqual([]);
    expect(told('income')).toHaveLength(1);
  });

  it('is silent about pay by the hour that goes up and down as it used to, and tells what is beyond it', () => {
    const hours = [2000_00, 2250_00, 1800_00, 2100_00, 1950_00, 2200_00, 1850_00];
    const variable = { amountKind: 'variable' } as const;
    expect(change([...hours, 2260_00, 2280_00, 2270_00], '2026-11-05', variable)).toEqual([]);
    expect(change([...hours, 2700_00, 2750_00], '2026-10-05', variable)).toEqual([]);
    expect(change([...hours, 2700_00, 2750_00, 2690_00], '2026-11-05', variable)).toEqual([]);
    expect(change([...hours, 2700_00, 2750_00, 2690_00, 2710_00], '2026-12-02', variable)).toMatchObject([
      { date: '2026-08-28', beforeMinor: 2000_00, afterMinor: 2700_00 },
    ]);
  });

  it('is silent about what pays a card', () => {
    const rows = wages([2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2150_00]).map((row) => ({
      ...row,
      account: 'card',
    }));
    const { accounts } = buildView({ today: '2026-07-01', accounts: [{ id: 'card', type: 'CARD' }] });
    expect(incomeChange({ today: day('2026-07-01'), accounts }, [buildSeries(rows)])).toEqual([]);
  });

  it('stays one fact however many payments follow', () => {
    const rise = [2000_00, 2000_00, 2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2150_00];
    const found = [
      change(rise, '2026-09-01'),
      change([...rise, 2150_00], '2026-10-01'),
      change([...rise, 2150_00, 2150_00], '2026-11-01'),
    ].flat();
    expect(found.map(({ date }) => date)).toEqual(['2026-07-28', '2026-07-28', '2026-07-28']);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(change([...rise, 2150_00, 2150_00, 2150_00], '2026-12-07')).toEqual([]);
  });

  it.each(['interest', 'fees', 'shopping', 'groceries', 'dining', 'travel', 'loan'] as const)(
    'is silent about what comes in as %s',
    (category) => {
      expect(change([2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2150_00], '2026-07-01', { category })).toEqual([]);
    },
  );

  it.each(['income', 'transfer', 'other', 'government'] as const)('tells what comes in as %s', (category) => {
    const told = change([2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2150_00], '2026-07-01', { category });
    expect(told).toHaveLength(1);
  });

  it('asks for five percent of both payments, and for one level within five', () => {
    const before = [2000_00, 2000_00, 2000_00, 2000_00];
    const told = (...after: readonly number[]) => change([...before, ...after]).length;
    expect([told(2100_00, 2100_00), told(2099_00, 2099_00), told(1900_00, 1900_00), told(1901_00, 1901_00)]).toEqual([
      ...[1, 0],
      ...[1, 0],
    ]);
    expect(told(2000_00, 2101_00)).toBe(0);
    expect([told(3900_00, 4000_00, 4100_00), told(3899_00, 4000_00, 4101_00)]).toEqual([1, 0]);
  });

  it('asks for a wage’s sum before and after', () => {
    const least = thresholdMinor('income', 'EUR');
    const [above, below] = [least, least - 1].map((minor) => [minor, minor]);
    const more = Array.from({ length: 4 }, () => 3 * least);
    expect(change([...more, ...(above ?? [])])).toHaveLength(1);
    expect(change([...more, ...(below ?? [])])).toEqual([]);
    expect(change([...more.map(() => least), 2 * least, 2 * least])).toHaveLength(1);
    expect(change([...more.map(() => least - 1), 2 * least, 2 * least])).toEqual([]);
  });

  it('grows surer with each payment, never wholly, and is less so of what varies', () => {
    const sure = (count: number, amountKind: 'fixed' | 'variable' = 'fixed') =>
      change(
        [...Array.from({ length: 7 }, () => 2000_00), ...Array.from({ length: count }, () => 2500_00)],
        `2026-${String(7 + count).padStart(2, '0')}-30`,
        { amountKind },
      ).map(({ confidencePercent }) => confidencePercent);
    expect([2, 3, 4].map((count) => sure(count))).toEqual([[92], [95], [98]]);
    expect([3, 4].map((count) => sure(count, 'variable'))).toEqual([[], [88]]);
  });

  it('shows the new payments first, and twelve at most', () => {
    const [found] = change([...Array.from({ length: 10 }, () => 2000_00), 2500_00, 2500_00, 2500_00], '2027-02-01');
    expect(found?.evidence.map(({ minor }) => minor)).toEqual([
      ...[2500_00, 2500_00, 2500_00],
      ...Array.from({ length: 6 }, () => 2000_00),
    ]);
    expect(found).toMatchObject({ date: '2026-11-28', beforeMinor: 2000_00, afterMinor: 2500_00 });
  });

  it('is silent where one payment of several went to a card', () => {
    const rows = wages([2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2150_00]);
    const { accounts } = buildView({
      today: '2026-07-01',
      accounts: [{ id: 'current' }, { id: 'card', type: 'CARD' }],
    });
    const mixed = rows.map((row, index) => ({ ...row, ...(index === 2 && { account: 'card' }) }));
    expect(incomeChange({ today: day('2026-07-01'), accounts }, [buildSeries(rows)])).toHaveLength(1);
    expect(incomeChange({ today: day('2026-07-01'), accounts }, [buildSeries(mixed)])).toEqual([]);
  });

  it('stays one fact while more payments come', () => {
    const first = change([2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2150_00])[0];
    const next = change([2000_00, 2000_00, 2000_00, 2000_00, 2150_00, 2150_00, 2151_00], '2026-08-01')[0];
    expect(next?.fingerprint).toBe(first?.fingerprint);
  });
});
