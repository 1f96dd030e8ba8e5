import { describe, expect, it } from 'vitest';
import { calendarDay, dayOf } from './calendar.ts';

describe('calendar', () => {
  it.each([
    ['1970-01-01', 0, 1, 1],
    ['2024-02-29', 19_782, 29, 2],
    ['2025-01-01', 20_089, 1, 1],
  ])('counts %s as day %i', (text, day, dayOfMonth, month) => {
    expect(dayOf(text)).toBe(day);
    expect(calendarDay(day)).toEqual({ text, dayOfMonth, month });
  });

  it.each(['2025-02-30', '2025-1-1', 'tomorrow', '', '1969-12-31'])('refuses %j', (text) => {
    expect(() => dayOf(text)).toThrow('not a date of the form YYYY-MM-DD');
  });
});
