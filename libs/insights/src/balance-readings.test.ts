import { describe, expect, it } from 'vitest';
import { type BalanceReadings, readingsWith, settledReadings } from './balance-readings.ts';

const reading = (day: number, minor = day) => ({ day, minor });
const after = (...days: readonly number[]) =>
  days.reduce<BalanceReadings | undefined>((known, day) => readingsWith(known, reading(day)), undefined) ?? [];
const daysOf = (list: BalanceReadings) => list.map(({ day }) => day);

describe('readings of a balance', () => {
  it('are kept, the newest first', () => {
    expect(daysOf(after(1))).toEqual([1]);
    expect(daysOf(after(1, 2))).toEqual([2, 1]);
  });

  it('of one day are the later one, and of an earlier day begin anew', () => {
    expect(readingsWith(after(1, 2), reading(2, 77))).toEqual([reading(2, 77), reading(1)]);
    expect(readingsWith(after(3, 9), reading(8))).toEqual([reading(8)]);
  });

  it('let the one before the newest stay until it is five days old', () => {
    expect(daysOf(after(1, 2, 5))).toEqual([5, 1]);
    expect(daysOf(after(1, 2, 6))).toEqual([6, 2, 1]);
  });

  it('are four at most', () => {
    expect(daysOf(after(0, 10, 20, 30, 40))).toEqual([40, 30, 20, 10]);
  });

  it('are compared where two are settled: five days behind the newest', () => {
    expect(settledReadings([])).toEqual({ settled: null, earlier: null });
    expect(settledReadings([reading(10), reading(6), reading(5)])).toEqual({ settled: reading(5), earlier: null });
    expect(settledReadings([reading(10), reading(5), reading(1), reading(0)])).toEqual({
      settled: reading(5),
      earlier: reading(1),
    });
  });
});
