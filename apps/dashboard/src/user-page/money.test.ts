import { describe, expect, it } from 'vitest';
import { decimalText, money, shortMoney } from './money.ts';

describe('money', () => {
  it.each([
    [-123456, 'GBP', 2, '−£1,234.56'],
    [5, 'USD', 2, '$0.05'],
    [-5, 'USD', 2, '−$0.05'],
    [0, 'EUR', 2, '€0.00'],
    [1500, 'JPY', 0, '¥1,500'],
    [1234567, 'KWD', 3, 'KWD 1,234.567'],
    [12345, 'CAD', 2, 'CA$123.45'],
    [12345, 'USD', 3, '$12.345'],
  ])('of %i %s with %i decimals is %s', (minor, currency, exponent, text) => {
    expect(money(minor, currency, exponent).replaceAll('\u00a0', ' ')).toBe(text);
  });

  it('holds what no float does', () => {
    expect(money('900719925474099301', 'USD', 2)).toBe('$9,007,199,254,740,993.01');
    expect(money(-9007199254740993n, 'USD', 0)).toBe('−$9,007,199,254,740,993');
  });

  it('has a plus where asked for, and none before nothing', () => {
    expect(money(1, 'USD', 2, { signed: true })).toBe('+$0.01');
    expect(money(0, 'USD', 2, { signed: true })).toBe('$0.00');
    expect(money(-1, 'USD', 2, { signed: true })).toBe('−$0.01');
  });

  it.each([
    [149, '$1'],
    [150, '$2'],
    [-150, '−$2'],
    [-49, '$0'],
  ])('%i to the whole unit is %s', (minor, text) => {
    expect(money(minor, 'USD', 2, { whole: true })).toBe(text);
  });

  it('names what is no currency of ISO 4217 by its own name', () => {
    expect(money(150_000_000, 'DOGE', 8)).toBe('1.50000000 DOGE');
    expect(money(12, null, null).trim()).toBe('12');
  });
});

it.each([
  [1234, 2, '12.34'],
  [-7, 3, '-0.007'],
  ['-120', 0, '-120'],
] as const)('%s with %i decimals is %s', (minor, exponent, text) => {
  expect(decimalText(minor, exponent)).toBe(text);
});

it('is short on an axis', () => {
  expect(shortMoney(660_031, 'GBP', 2)).toBe('£6.6k');
  expect(shortMoney(-125_000_000, 'USD', 2)).toBe('−$1.25m');
  expect(shortMoney(0, 'USD', 2)).toBe('$0');
  expect(shortMoney(150_000, 'DOGE', null)).toBe('150K');
});
