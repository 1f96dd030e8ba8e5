import { describe, expect, it } from 'vitest';
import { bandsOf, isDrawn, xRangeOf, yRangeOf } from './chart-scale.ts';
import type { ChartData, RangeData } from './snapshot.ts';

const chart = (values: readonly (number | null)[], more: Partial<ChartData> = {}): ChartData => ({
  id: 'one',
  title: 'One',
  explains: '',
  unit: 'ms',
  limits: [],
  lines: [{ name: 'p95', values }],
  ...more,
});
const promise = [{ name: 'promise', value: 250, bad: 'above' }] as const;

describe('yRangeOf', () => {
  it.each([
    ['data alone', chart([10, null, 100]), { min: 0, max: 112 }],
    ['a limit in sight', chart([100], { limits: promise }), { min: 0, max: 280 }],
    ['data above the limit', chart([500], { limits: promise }), { min: 0, max: 560 }],
    ['no limit far above', chart([20], { limits: promise }), { min: 0, max: 22.4 }],
    ['a limit without data', chart([null], { limits: promise }), { min: 0, max: 280 }],
    ['nothing at all', chart([]), { min: 0, max: 1 }],
    ['a small share', chart([0.25], { unit: 'share' }), { min: 0, max: 0.28 }],
    ['a whole share', chart([0.99], { unit: 'share' }), { min: 0, max: 1 }],
    ['a budget that is overdrawn', chart([1, -25], { unit: 'share' }), { min: -28, max: 1 }],
    ['nothing above 0', chart([0, -25], { unit: 'share' }), { min: -28, max: 0 }],
  ])('fits %s', (_, data, range) => {
    const { min, max } = yRangeOf(data);
    expect({ min: Number(min.toFixed(6)), max: Number(max.toFixed(6)) }).toEqual(range);
  });
});

describe('isDrawn', () => {
  it('leaves out a limit more than four times above the highest value', () => {
    expect([isDrawn(chart([62.5]), 250), isDrawn(chart([62]), 250), isDrawn(chart([0]), 1)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([isDrawn(chart([null]), 250), isDrawn(chart([0]), 0)]).toEqual([true, true]);
  });
});

describe('bandsOf', () => {
  it('is the side of each limit where the promise is broken', () => {
    expect(bandsOf(chart([200], { limits: promise }))).toEqual([{ min: 250, max: expect.closeTo(280) }]);
    const atLeast = [{ name: 'at least', value: 0.2, bad: 'below' }] as const;
    expect(bandsOf(chart([0.8], { unit: 'share', limits: atLeast }))).toEqual([{ min: 0, max: 0.2 }]);
  });

  it('is none out of sight, and none for a limit that is no promise', () => {
    expect(bandsOf(chart([20], { limits: promise }))).toEqual([]);
    expect(bandsOf(chart([null], { limits: promise }))).toEqual([]);
    expect(bandsOf(chart([200], { limits: [{ name: 'load', value: 250 }] }))).toEqual([]);
    const usedUp = [{ name: 'used up', value: 0, bad: 'below' }] as const;
    expect(bandsOf(chart([0.5], { unit: 'share', limits: usedUp }))).toEqual([]);
  });
});

describe('xRangeOf', () => {
  const range = (times: readonly number[], values: readonly (number | null)[]): RangeData => ({
    range: '15m',
    spanMs: 900_000,
    stepMs: 5_000,
    toEpochMs: 10_000_000,
    times,
    charts: [chart(values)],
  });

  it.each([
    ['the whole range', range([9_000, 9_995], [1, 2]), 9_100],
    ['what there is of it', range([9_600, 9_995], [1, 2]), 9_600],
    ['from the first value on', range([9_200, 9_700, 9_995], [null, 1, 2]), 9_700],
    ['two minutes at least', range([9_995], [1]), 9_880],
    ['the whole range without any value', range([9_995], [null]), 9_100],
    ['the whole range without any time', range([], []), 9_100],
  ])('is %s', (_, data, min) => {
    expect(xRangeOf(data)).toEqual({ min, max: 10_000 });
  });
});
