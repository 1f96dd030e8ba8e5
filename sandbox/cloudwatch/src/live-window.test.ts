import { describe, expect, it } from 'vitest';
import { createLiveWindow, percentileOf } from './live-window.ts';

const sample = (name: string, ...values: number[]) => ({ namespace: 'n', name, unit: 'Count', values, dimensions: {} });

describe('live window', () => {
  it('keeps the last seconds and forgets older ones, while the total goes on', () => {
    const window = createLiveWindow({ windowSeconds: 60 });
    window.record([sample('Orders', 1, 2)], 1_000_000);
    window.record([sample('Orders', 4)], 1_059_999);
    expect(window.sum('Orders', 1_059_999)).toBe(7);
    expect(window.sum('Orders', 1_060_000)).toBe(4);
    window.record([sample('Orders', 8)], 1_060_500);
    expect(window.values('Orders', 1_060_500)).toEqual([4, 8]);
    expect(window.total('Orders')).toBe(15);
    expect(window.count('Orders')).toBe(4);
  });

  it('has nothing to say about a metric it never saw', () => {
    const window = createLiveWindow({ windowSeconds: 60 });
    expect(window.values('Orders', 5)).toEqual([]);
    expect(window.sum('Orders', 5)).toBe(0);
    expect(window.total('Orders')).toBe(0);
    expect(window.count('Orders')).toBe(0);
  });

  it('bounds what one second can hold', () => {
    const window = createLiveWindow({ windowSeconds: 60 });
    window.record([sample('Orders', ...Array.from({ length: 6_000 }, () => 1))], 1_000);
    expect(window.values('Orders', 1_000)).toHaveLength(5_000);
    expect(window.total('Orders')).toBe(6_000);
  });
});

describe('percentileOf', () => {
  it.each([
    [0.5, 3],
    [0.95, 5],
    [0, 1],
    [1, 5],
  ])('takes the nearest rank at %f', (quantile, expected) => {
    expect(percentileOf([5, 1, 4, 2, 3], quantile)).toBe(expected);
  });

  it('is undefined without values', () => {
    expect(percentileOf([], 0.95)).toBeUndefined();
  });

  it('starts anew, and keeps its totals', () => {
    const window = createLiveWindow({ windowSeconds: 60 });
    const sample = { namespace: 'n', name: 'RoundTrip', unit: 'None', values: [900], dimensions: {} };
    window.record([sample], 1_000);
    window.restart();
    expect(window.values('RoundTrip', 1_000)).toEqual([]);
    expect(window.count('RoundTrip')).toBe(1);
  });
});
