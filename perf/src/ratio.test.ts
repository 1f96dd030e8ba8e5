import { describe, expect, it } from 'vitest';
import { isResolved, median, ratioOf, renderRatios } from './ratio.ts';

const figure = (...pairs: (readonly [number, number])[]) => ratioOf({ name: 'CPU', unit: 'ms', pairs });

describe('ratioOf', () => {
  it('compares pair by pair, so that a drift of the machine cancels out', () => {
    expect(figure([10, 5], [20, 10], [40, 20])).toEqual({
      name: 'CPU',
      unit: 'ms',
      before: 20,
      after: 10,
      median: 0.5,
      lowest: 0.5,
      highest: 0.5,
      noise: 4,
    });
  });

  it('is nothing without pairs', () => {
    expect(figure()).toBeUndefined();
  });
});

describe('isResolved', () => {
  const resolved = (...pairs: (readonly [number, number])[]) => {
    const ratio = figure(...pairs);
    return ratio !== undefined && isResolved(ratio);
  };

  it('believes a difference beyond what one tree differs from itself', () => {
    expect(resolved([10, 8], [10.2, 8.1], [9.9, 7.9])).toBe(true);
    expect(resolved([10, 12], [10.2, 12.1])).toBe(true);
  });

  it('does not believe a difference within the noise, nor pairs that disagree', () => {
    expect(resolved([10, 9], [12, 11], [14, 13])).toBe(false);
    expect(resolved([10, 8], [10, 10.1])).toBe(false);
  });
});

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe('renderRatios', () => {
  it('says which way it went, or that nobody knows', () => {
    const rows = [figure([10, 8], [10, 8]), figure([10, 10.1], [10, 9.9])].flatMap((ratio) => ratio ?? []);
    const lines = renderRatios(rows).split('\n');
    expect(lines[2]).toBe('| CPU | 10.00 ms | 8.00 ms | 0.800 | 0.800 to 0.800 | x 1.000 | less |');
    expect(lines[3]).toContain('within noise');
  });
});
