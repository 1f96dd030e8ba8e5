import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketBoundsMs, bucketIndex, bucketIndexOfBound, objectiveBoundsMs } from './histogram-buckets.ts';
import { percentileOf } from './targets/live.ts';

describe('bucketBoundsMs', () => {
  it('ascends, in whole milliseconds, without repetition', () => {
    expect([...new Set(bucketBoundsMs)].sort((a, b) => a - b)).toEqual(bucketBoundsMs);
    expect(bucketBoundsMs.every(Number.isInteger)).toBe(true);
  });

  it.each([100, 250, 2_000])('has the bound %i', (boundMs) => {
    expect(bucketBoundsMs).toContain(boundMs);
  });

  it('gets finer where latencies lie', () => {
    const steps = bucketBoundsMs.slice(1).map((end, index) => {
      const start = bucketBoundsMs[index] ?? 0;
      return { start, end, growth: end / start };
    });
    const coarse = (fromMs: number, toMs: number, growth: number) =>
      steps.filter((step) => step.start >= fromMs && step.end <= toMs && step.growth > growth + 1e-9);
    expect(coarse(10, 2_000, 1.25)).toEqual([]);
    expect(coarse(90, 300, 1.112)).toEqual([]);
  });

  it('grows by the bounds of new objectives', () => {
    const more = {
      a: { shareAtLeast: 0.9, of: 'Store', bad: { metric: 'Store', overMs: 7 }, title: '', whenBroken: '' },
    } as const;
    expect(objectiveBoundsMs(more)).toEqual([7]);
    expect(objectiveBoundsMs({ b: { ...more.a, bad: { metric: 'Failed' } }, c: { atMost: 3 } })).toEqual([]);
    expect(objectiveBoundsMs()).toEqual([100, 250, 93_600_000]);
  });
});

describe('bucketIndex', () => {
  it.each([
    [0, 0],
    [1, 0],
    [1.01, 1],
    [2, 1],
    [93_600_000, bucketBoundsMs.length - 1],
    [93_600_001, bucketBoundsMs.length],
  ])('puts %d ms into bucket %i', (valueMs, index) => {
    expect(bucketIndex(valueMs)).toBe(index);
  });
});

describe('bucketIndexOfBound', () => {
  it('finds a bound', () => {
    expect(bucketIndexOfBound(2)).toBe(1);
  });
  it('refuses what is none, since counting up to it would be a guess', () => {
    expect(() => bucketIndexOfBound(251)).toThrow(expect.objectContaining({ code: 'SLA_BOUND_NOT_A_BUCKET' }));
  });
});

describe('a percentile read from the buckets', () => {
  const timings = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 200 });
  const histogram = (valuesMs: readonly number[]) =>
    [...bucketBoundsMs, Number.POSITIVE_INFINITY].map((boundMs) => valuesMs.filter((value) => value <= boundMs).length);

  it.each(objectiveBoundsMs())('is over %i ms exactly when more than 5 %% of the values are', (boundMs) => {
    fc.assert(
      fc.property(timings, (valuesMs) => {
        const slow = valuesMs.filter((valueMs) => valueMs > boundMs).length;
        fc.pre(slow * 20 !== valuesMs.length); // exactly 5 %: the last digit of 0.95 decides
        const p95Ms = percentileOf(histogram(valuesMs), 0.95) ?? 0;
        expect(p95Ms > boundMs).toBe(slow * 20 > valuesMs.length);
      }),
    );
  });

  it('is off by less than a quarter from 10 ms on', () => {
    fc.assert(
      fc.property(timings, (valuesMs) => {
        const exactMs = [...valuesMs].sort((a, b) => a - b)[Math.ceil(0.99 * valuesMs.length) - 1] ?? 0;
        fc.pre(exactMs > 10);
        const readMs = percentileOf(histogram(valuesMs), 0.99) ?? 0;
        expect(Math.abs(readMs - exactMs) / exactMs).toBeLessThan(0.25);
      }),
    );
  });
});
