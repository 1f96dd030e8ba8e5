import { describe, expect, it } from 'vitest';
import type { Found } from './citation.ts';
import { residualOf } from './residual-spending.ts';
import type { Category } from './view.ts';

const lastDay = 20_000;

/** @param rows days before the last one, minor units, category */
function residual(days: number, ...rows: readonly (readonly [ago: number, minor: number, category?: Category])[]) {
  const found = rows.map(([ago, minor, category = 'groceries']) => ({
    ledger: { direction: minor < 0 ? 'out' : 'in' },
    movement: { day: lastDay - ago, minor, category },
  })) as unknown as readonly Found[];
  return residualOf(found, lastDay - days + 1, lastDay);
}

/** Of each of so many weeks, the newest first. */
const weekly = (...minors: readonly number[]) => minors.map((minor, week) => [7 * week, -minor] as const);

describe('what is spent besides all that comes back', () => {
  it('is the mean of the weeks without the highest and the lowest', () => {
    const { dailyMinor, weeklySpreadMinor, outMinor, irregularInMinor } = residual(
      35,
      ...weekly(700, 700, 700, 70_000, 0),
    );
    expect({ dailyMinor, weeklySpreadMinor, irregularInMinor }).toEqual({
      dailyMinor: 100,
      weeklySpreadMinor: 0,
      irregularInMinor: 0,
    });
    expect(outMinor).toBe(3 * 700 + 70_000);
  });

  it('of one or two weeks leaves none out', () => {
    expect(residual(14, ...weekly(700, 1_400)).dailyMinor).toBe(150);
    expect(residual(21, ...weekly(700, 1_400, 70_000)).dailyMinor).toBe(200);
  });

  it('of thirteen weeks leaves one out on either end, and looks at no older ones', () => {
    const minors = [0, ...Array.from({ length: 11 }, () => 700), 70_000];
    expect(residual(91, ...weekly(...minors)).dailyMinor).toBe(100);
    expect(residual(200, ...weekly(...minors), [91, -9_000])).toEqual(residual(91, ...weekly(...minors)));
  });

  it('counts whole weeks alone, and nothing behind the last day', () => {
    expect(residual(13, [0, -700], [7, -7_000]).dailyMinor).toBe(100);
    expect(residual(14, [-1, -9_000], [0, -700], [13, -700]).dailyMinor).toBe(100);
    expect(residual(6, [0, -700])).toEqual({ dailyMinor: 0, weeklySpreadMinor: 0, irregularInMinor: 0, outMinor: 0 });
  });

  it('differs by the larger of the median distance and the deviation, and at least by half while the weeks are few', () => {
    expect(residual(28, ...weekly(700, 900, 1_100, 1_300)).weeklySpreadMinor).toBeCloseTo(1.4826 * 200, 6);
    expect(residual(21, ...weekly(700, 700, 700)).weeklySpreadMinor).toBe(350);
    const [few, spread] = [residual(14, ...weekly(0, 4_000)), 2_000];
    expect(few.weeklySpreadMinor).toBe(spread);
  });

  it('goes down by what is given back, and never below nothing', () => {
    expect(residual(14, [0, -1_400], [1, 700], [7, -700]).dailyMinor).toBe(100);
    expect(residual(14, [0, -100], [1, 5_000]).dailyMinor).toBe(0);
  });

  it('tells money in that is neither recurring nor given back, also from persons', () => {
    const { irregularInMinor, dailyMinor, outMinor } = residual(
      14,
      [0, 3_000, 'transfer'],
      [1, 200, 'other'],
      [2, -700],
      [9, -700],
    );
    expect({ irregularInMinor, dailyMinor, outMinor }).toEqual({
      irregularInMinor: 3_200,
      dailyMinor: 100,
      outMinor: 1_400,
    });
    expect(residual(14, [0, -700, 'transfer'], [8, -700]).dailyMinor).toBe(100);
  });
});
