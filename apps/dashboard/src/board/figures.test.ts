import { describe, expect, it } from 'vitest';
import { age, milliseconds, percent, percentileName, plural, quantity } from './figures.ts';

describe('figures', () => {
  it.each([
    [0.04, '0.0 ms'],
    [249.94, '249.9 ms'],
    [999.9, '999.9 ms'],
    [1_000, '1.00 s'],
    [58_990, '58.99 s'],
  ])('%d ms are told as %s', (value, text) => {
    expect(milliseconds(value)).toBe(text);
  });

  it.each([
    [1, '100 %'],
    [0.99999, '99.99 %'],
    [0.99, '99 %'],
    [0.999, '99.9 %'],
    [0.9975, '99.75 %'],
    [0.29, '29 %'],
    [0, '0 %'],
    [-0.5, '-50 %'],
  ])('the share %d is told as %s, never rounded up', (value, text) => {
    expect(percent(value)).toBe(text);
  });

  it.each([
    [10_302.4, '10,302'],
    [9.96, '10.0'],
    [0.2, '0.2'],
    [3, '3'],
  ])('the quantity %d is told as %s', (value, text) => {
    expect(quantity(value)).toBe(text);
  });

  it.each([
    [-5, '0 s'],
    [12_900, '12 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('the age of %d ms is told as %s', (value, text) => {
    expect(age(value)).toBe(text);
  });

  it('names percentiles', () => {
    expect([percentileName(0.95), percentileName(0.999), percentileName(0.57)]).toEqual(['p95', 'p99.9', 'p57']);
  });

  it('tells one from many', () => {
    expect([plural(1, 'event'), plural(0, 'event'), plural(2, 'series', 'series')]).toEqual([
      '1 event',
      '0 events',
      '2 series',
    ]);
  });
});
