import { describe, expect, it } from 'vitest';
import { addMonths, calendarOf, dateOf, dayOf } from './day.ts';

describe('a day', () => {
  it('is counted from 1970-01-01', () => {
    expect(dayOf('1970-01-02')).toBe(1);
    expect(dayOf('2026-03-01')).toBe(20_513);
    expect(dayOf('2026-03-01T23:59:00-08:00')).toBe(20_513);
    expect(dayOf('1 March 2026')).toBeUndefined();
    expect(dateOf(20_513)).toBe('2026-03-01');
    expect(calendarOf(20_513)).toEqual({ year: 2026, month: 2, dayOfMonth: 1, weekday: 0 });
  });

  it('is as the calendar of the machine has it, for two centuries', () => {
    const days = Array.from({ length: 73_700 }, (_, index) => index - 700);
    const wrong = days.filter((day) => {
      const date = new Date(day * 86_400_000);
      const { year, month, dayOfMonth, weekday } = calendarOf(day);
      return (
        dateOf(day) !== date.toISOString().slice(0, 10) ||
        dayOf(dateOf(day)) !== day ||
        year !== date.getUTCFullYear() ||
        month !== date.getUTCMonth() ||
        dayOfMonth !== date.getUTCDate() ||
        weekday !== date.getUTCDay()
      );
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-11-15', 3, '2027-02-15'],
    ['2026-03-31', -1, '2026-02-28'],
  ])('%s and %i months is %s', (date, months, expected) => {
    expect(dateOf(addMonths(dayOf(date) ?? 0, months))).toBe(expected);
  });
});
