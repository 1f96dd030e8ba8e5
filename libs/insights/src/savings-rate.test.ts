import { describe, expect, it } from 'vitest';
import { savingsRate } from './savings-rate.ts';
import { buildView, type MovementRow, monthly } from './testing/build-view.ts';

const wage = monthly('2026-01-01', 6, { minor: 2000_00, who: 'Employer', category: 'income' });
const spent = (first: string, times: number, minor: number) =>
  monthly(first, times, { minor, who: 'Shops', category: 'shopping' });

function rate(movements: readonly MovementRow[], cut: readonly string[] = []) {
  const view = buildView({ today: '2026-07-10', movements, cut });
  return savingsRate(view, view);
}

describe('savingsRate', () => {
  it('compares three whole months with the three before', () => {
    const more = [...wage, ...spent('2026-01-05', 3, -1600_00), ...spent('2026-04-05', 3, -1800_00)];
    expect(rate(more)).toMatchObject([
      { beforePercent: 20, afterPercent: 10, currency: 'EUR', date: '2026-06-30', confidencePercent: 95 },
    ]);
    const less = [...wage, ...spent('2026-01-05', 3, -1800_00), ...spent('2026-04-05', 4, -1600_00)];
    expect(rate(less)).toMatchObject([{ beforePercent: 10, afterPercent: 20 }]);
    expect(rate(less)[0]?.fingerprint).not.toBe(rate(more)[0]?.fingerprint);
  });

  it('needs 5 points', () => {
    expect(rate([...wage, ...spent('2026-01-05', 3, -1600_00), ...spent('2026-04-05', 3, -1690_00)])).toEqual([]);
    expect(rate([...wage, ...spent('2026-01-05', 3, -1600_00), ...spent('2026-04-05', 3, -1700_00)])).toHaveLength(1);
  });

  it('is silent where money to and from elsewhere would turn the answer', () => {
    const more = [...wage, ...spent('2026-01-05', 3, -1600_00), ...spent('2026-04-05', 3, -1800_00)];
    const away = monthly('2026-01-15', 3, { minor: -300_00, who: 'Somebody', category: 'transfer' });
    expect(rate([...more, ...away])).toEqual([]);
    expect(rate([...more, ...away.map((row) => ({ ...row, minor: -150_00 }))])).toEqual([]);
    const both = monthly('2026-01-15', 6, { minor: -300_00, who: 'Somebody', category: 'transfer' });
    expect(rate([...more, ...both])).toMatchObject([{ beforePercent: 20, afterPercent: 10, confidencePercent: 80 }]);
  });

  it('counts a refund against the spending, and never money without an owner', () => {
    const refund: MovementRow = { on: '2026-05-05', minor: 600_00, who: 'Shops', category: 'shopping' };
    expect(rate([...wage, ...spent('2026-01-05', 3, -1600_00), ...spent('2026-04-05', 3, -1800_00), refund])).toEqual(
      [],
    );
  });

  it('says nothing unless all six months are known', () => {
    const more = [...wage, ...spent('2026-01-05', 3, -1600_00), ...spent('2026-04-05', 3, -1800_00)];
    expect(rate(more.filter(({ on }) => on > '2026-01-06'))).toEqual([]);
  });

  it('counts sums of months whose movements are no longer kept, and nothing older than they reach', () => {
    const more = [...wage, ...spent('2026-01-05', 3, -1600_00), ...spent('2026-04-05', 3, -1800_00)];
    const view = buildView({ today: '2026-07-10', movements: more });
    const dropped = {
      connectionId: 'c1',
      accountId: 'current',
      currency: 'EUR',
      earnedMinor: 0,
      spentMinor: 350_00,
      returnedMinor: 50_00,
      unclearInMinor: 0,
      unclearOutMinor: 0,
    };
    const withMonth = (month: number, sums: Partial<typeof dropped> = {}) => {
      const given = { ...view, droppedMonths: [{ ...dropped, ...sums, month }] };
      return savingsRate(given, given);
    };
    const march = 2026 * 12 + 2;
    expect(withMonth(march)).toMatchObject([{ beforePercent: 15, afterPercent: 10 }]);
    expect(withMonth(march + 1)).toMatchObject([{ beforePercent: 20, afterPercent: 5 }]);
    expect(withMonth(march - 3)).toMatchObject([{ beforePercent: 20, afterPercent: 10 }]);
    expect(withMonth(march, { unclearOutMinor: 600_00 })).toEqual([]);
    expect(withMonth(march, { currency: 'USD' })).toMatchObject([{ beforePercent: 20, afterPercent: 10 }]);
    const late: MovementRow = { on: '2026-09-01', minor: -1_00, who: 'Shops', category: 'shopping' };
    expect(rate([...more, late])).toEqual([]);
  });

  it('says nothing without an income', () => {
    expect(rate([...spent('2026-01-01', 3, -1600_00), ...spent('2026-04-05', 3, -1800_00)])).toEqual([]);
  });

  it('holds a rate far below zero', () => {
    expect(rate([...wage, ...spent('2026-01-05', 3, -1600_00), ...spent('2026-04-05', 3, -90_000_00)])).toMatchObject([
      { beforePercent: 20, afterPercent: -200 },
    ]);
  });
});
