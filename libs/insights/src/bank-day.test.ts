import { describe, expect, it } from 'vitest';
import { isMovedByWeekend, onBankDay } from './bank-day.ts';
import { dateOf, dayOf } from './day.ts';

const dayAt = (date: string) => dayOf(date) ?? 0;
const expected = (on: string, ...past: readonly string[]) => dateOf(onBankDay(dayAt(on), past.map(dayAt)));

// A rent of the first, and a wage of the 25th, as banks book them in 2025: the first was a Saturday in February and March, a Sunday in June.
const rent = ['2025-01-02', '2025-02-03', '2025-03-03', '2025-04-01', '2025-05-02', '2025-06-02'];
const wage = ['2025-01-24', '2025-02-25', '2025-03-25', '2025-04-25', '2025-05-23', '2025-06-25'];

describe('onBankDay', () => {
  it('moves a bill to the Monday after, and a wage to the Friday before, as they came so far', () => {
    expect(expected('2025-11-01', ...rent)).toBe('2025-11-03');
    expect(expected('2025-06-01', ...rent)).toBe('2025-06-02');
    expect(expected('2025-10-25', ...wage)).toBe('2025-10-24');
    expect(expected('2026-01-25', ...wage)).toBe('2026-01-23');
  });

  it('leaves a day of the week as it is, what comes at weekends too, and what has hardly a past', () => {
    expect(expected('2025-10-01', ...rent)).toBe('2025-10-01');
    expect(expected('2025-11-01', ...rent, '2025-07-05')).toBe('2025-11-01');
    expect(expected('2025-11-02', '2025-07-06', ...rent)).toBe('2025-11-02');
    expect(expected('2025-11-01', ...rent.slice(0, 3))).toBe('2025-11-01');
  });
});

describe('isMovedByWeekend', () => {
  it.each([
    ['2025-11-01', '2025-10-31 2025-11-03'], // Saturday
    ['2025-11-02', '2025-10-31 2025-11-03'], // Sunday
    ['2025-10-31', ''],
    ['2025-11-03', ''],
  ])('what was due on %s may come on %s', (due, days) => {
    const near = Array.from({ length: 15 }, (_, index) => dayAt(due) - 7 + index);
    const moved = near.filter((day) => isMovedByWeekend(day, dayAt(due)));
    expect(moved.map(dateOf).join(' ')).toBe(days);
  });
});
