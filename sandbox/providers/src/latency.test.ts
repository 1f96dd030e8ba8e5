import { describe, expect, it } from 'vitest';
import { Latency, realisticLatency } from './latency.ts';

function sorted(latency: Latency, draws: number): number[] {
  return Array.from({ length: draws }, () => latency.nextMs()).sort((one, other) => one - other);
}

describe('Latency', () => {
  it('is log-normal with the median and the 99th percentile asked for', () => {
    const drawn = sorted(new Latency(1, realisticLatency), 100_000);
    expect(drawn[50_000]).toBeGreaterThanOrEqual(59);
    expect(drawn[50_000]).toBeLessThanOrEqual(61);
    expect(drawn[99_000]).toBeGreaterThanOrEqual(174);
    expect(drawn[99_000]).toBeLessThanOrEqual(186);
    expect(drawn[95_000]).toBeGreaterThanOrEqual(127); // 60 exp(0.4723 x 1.645) = 130.5: what a log-normal must have there
    expect(drawn[95_000]).toBeLessThanOrEqual(134);
  });

  it('draws the same from the same seed, and 0 from a median of 0', () => {
    const draws = (seed: number) => sorted(new Latency(seed, realisticLatency), 50);
    expect(draws(5)).toEqual(draws(5));
    expect(draws(5)).not.toEqual(draws(6));
    expect(new Latency(1, { medianMs: 0, p99Ms: 0 }).nextMs()).toBe(0);
  });

  it('is constant when both are equal', () => {
    expect(new Set(sorted(new Latency(1, { medianMs: 25, p99Ms: 25 }), 100))).toEqual(new Set([25]));
  });

  it.each([
    [-1, 5, 'medianMs must be'],
    [10, 9, 'p99Ms must be'],
    [Number.NaN, 5, 'medianMs must be'],
    [10, Number.POSITIVE_INFINITY, 'p99Ms must be'],
  ])('refuses a median of %d with a p99 of %d', (medianMs, p99Ms, message) => {
    expect(() => new Latency(1, { medianMs, p99Ms })).toThrow(message);
  });
});
