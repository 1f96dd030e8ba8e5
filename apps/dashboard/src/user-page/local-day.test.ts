import { addMonths } from '@quartersec/insights/calendar';
import { describe, expect, it } from 'vitest';
import { dateOf, dayOf, dayRange, daysAway, toldDate, weekdayOf } from './local-day.ts';

describe('days', () => {
  it('are counted from 1970, and back', () => {
    expect(dayOf('1970-01-02')).toBe(1);
    expect(dayOf('2026-11-26')).toBe(20_783);
    expect(dateOf(20_783)).toBe('2026-11-26');
  });

  it.each(['', '2026-13-01', '26 Nov', null, undefined])('%j is none', (text) => {
    expect(dayOf(text)).toBeUndefined();
  });

  it.each([
    ['2026-11-26', 3],
    ['1970-01-01', 3],
    ['1969-12-29', 0],
    ['2026-11-29', 6],
  ])('%s is weekday %i from Monday', (date, weekday) => {
    expect(weekdayOf(dayOf(date) ?? 0)).toBe(weekday);
  });

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2028-01-30', 1, '2028-02-29'],
    ['2026-11-26', 12, '2027-11-26'],
  ])('%s and %i months are %s', (date, months, later) => {
    expect(dateOf(addMonths(dayOf(date) ?? 0, months))).toBe(later);
  });
});

describe('words', () => {
  it.each([
    [0, 'today'],
    [1, 'tomorrow'],
    [-1, 'yesterday'],
    [12, 'in 12 days'],
    [-3, '3 days ago'],
  ])('for %i days away', (away, words) => {
    expect(daysAway(100 + away, 100)).toBe(words);
  });

  it('have a year only where it is another', () => {
    expect(toldDate('2026-12-04', '2026-11-26')).toBe('4 Dec');
    expect(toldDate('2027-01-04', '2026-11-26')).toBe('4 Jan 2027');
    expect(toldDate('soon', '2026-11-26')).toBe('soon');
  });

  it('name the month of a range once', () => {
    const rangeOf = (from: string, to: string) => dayRange(dayOf(from) ?? 0, dayOf(to) ?? 0);
    expect(rangeOf('2026-12-10', '2026-12-20')).toBe('10 – 20 Dec');
    expect(rangeOf('2026-12-29', '2027-01-08')).toBe('29 Dec – 8 Jan');
  });
});
