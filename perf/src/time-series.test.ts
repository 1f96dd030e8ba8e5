import { describe, expect, it } from 'vitest';
import { collect, distribution, quantile, slices, totalOf, valuesOf } from './time-series.ts';

const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('quantile', () => {
  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('%d of 1 to 100 is %d', (share, value) => {
    expect(quantile(oneToHundred, share)).toBe(value);
  });

  it('is nothing without values', () => {
    expect(quantile([], 0.95)).toBeUndefined();
  });
});

describe('distribution', () => {
  it('says all at once', () => {
    expect(distribution(oneToHundred)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 });
    expect(distribution([])).toBeUndefined();
  });
});

describe('slices', () => {
  it('cuts by time, in order, and leaves out what is empty', () => {
    const points = [
      [12_500, 9],
      [10_100, 4],
      [10_900, 2],
    ] as const;
    expect(slices(points, 10_000, 1_000)).toEqual([
      { atSeconds: 0.5, values: { count: 2, p50: 2, p95: 4, p99: 4, max: 4 } },
      { atSeconds: 2.5, values: { count: 1, p50: 9, p95: 9, p99: 9, max: 9 } },
    ]);
  });
});

describe('collect', () => {
  it('appends to what was there', () => {
    const series = { Store: [[1, 5] as const] };
    collect(series, { Store: [[2, 6]], Retries: [[2, 1]] });
    expect([valuesOf(series, 'Store'), totalOf(series, 'Retries'), totalOf(series, 'Failed')]).toEqual([[5, 6], 1, 0]);
  });
});
