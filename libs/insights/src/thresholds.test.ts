import { describe, expect, it } from 'vitest';
import { minorPerDollar, thresholdMinor } from './thresholds.ts';

describe('a threshold', () => {
  it.each([
    ['USD', 6_000],
    ['EUR', 6_000],
    ['JPY', 6_000],
    ['KRW', 60_000],
    ['INR', 300_000],
    ['KWD', 30_000],
    ['PLN', 30_000],
    ['XPF', 6_000],
    ['FJD', 6_000],
  ])('is in the money of %s', (currency, minor) => {
    expect(thresholdMinor('unusual', currency)).toBe(minor);
  });

  it('is one minor unit at least', () => {
    expect(thresholdMinor('priceRise', 'BIF')).toBe(30);
    expect(minorPerDollar('???')).toBe(100);
  });
});
