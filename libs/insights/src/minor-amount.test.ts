import type { Money } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { minorOf } from './minor-amount.ts';

const money = (minor: string, exponent: number, currency: string | null): Money => ({
  minor,
  exponent,
  currency,
  unofficialCurrency: currency === null ? 'BTC' : null,
});

describe('an amount in minor units', () => {
  it.each([
    ['1299', 2, 'EUR', 1_299],
    ['-1299', 2, 'EUR', -1_299],
    ['1500', 0, 'JPY', 1_500],
    ['1234', 3, 'KWD', 1_234],
    ['12995', 3, 'EUR', 1_300],
    ['-12995', 3, 'EUR', -1_300],
    ['12994', 3, 'EUR', 1_299],
    ['5', 1, 'EUR', 50],
    ['9007199254740991', 2, 'EUR', 9_007_199_254_740_991],
    ['9007199254740992', 2, 'EUR', undefined],
    ['1', 2, 'XXX', undefined],
    ['1', 8, null, undefined],
  ])('%s at 10^-%i in %s is %s', (minor, exponent, currency, expected) => {
    expect(minorOf(money(minor, exponent, currency))).toBe(expected);
  });
});
