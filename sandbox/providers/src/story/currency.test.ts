import { describe, expect, it } from 'vitest';
import { amountText, currencies, currencyOf, minorOf } from './currency.ts';

describe('amountText', () => {
  it.each([
    [-1250, 2, '-12.5'],
    [7210, 2, '72.1'],
    [10_000, 2, '100'],
    [5, 2, '0.05'],
    [-5, 3, '-0.005'],
    [1234, 3, '1.234'],
    [1500, 0, '1500'],
    [-0, 2, '0'],
    [-0, 0, '0'],
    [9_007_199_254_740_991, 2, '90071992547409.91'],
  ])('writes %i with exponent %i as %s', (minor, exponent, text) => {
    expect(amountText(minor, exponent)).toBe(text);
  });
});

describe('currencies', () => {
  it('are mostly USD, with shares that add up to 100', () => {
    expect(currencies.map(({ code, exponent, share }) => [code, exponent, share])).toEqual([
      ['USD', 2, 78],
      ['GBP', 2, 8],
      ['EUR', 2, 8],
      ['JPY', 0, 4],
      ['KWD', 3, 2],
    ]);
  });
});

describe('minorOf', () => {
  it.each([
    ['-12.5', 2, -1250],
    ['100', 2, 10_000],
    ['0.005', 3, 5],
    ['1500', 0, 1500],
    ['-0', 2, 0],
    ['1.234', 2, null],
    ['1500.0', 0, null],
    ['1e3', 2, null],
    ['+1', 2, null],
    ['', 2, null],
    ['.5', 2, null],
    ['999999999999999', 2, null],
  ])('reads %j with exponent %i as %s', (text, exponent, minor) => {
    expect(minorOf(text, exponent)).toBe(minor);
  });

  it('knows a currency that is none of ISO for scripts alone', () => {
    expect([currencyOf('BTC')?.unofficial, currencyOf('QQQ')]).toEqual([true, undefined]);
  });
});
