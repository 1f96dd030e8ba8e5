import { describe, expect, it } from 'vitest';
import { dateOf, dayOf } from './day.ts';
import type { Cadence } from './insight.ts';
import { occurrence, occurrencesOf } from './occurrence.ts';

/** @param past oldest first */
function expected(cadence: Cadence, nextDate: string, past: readonly string[], count: number): string {
  const evidence = past.toReversed().map((date) => ({ connectionId: 'c-1', accountId: 'a-1', date, minor: -100 }));
  const dueDay = occurrencesOf({ nextDate, cadence, evidence });
  return Array.from({ length: count }, (_, at) => dateOf(dueDay?.(at) ?? 0)).join(' ');
}

// Of the 30th, or the Friday before: a Sunday in April and July 2023.
const wages = ['2023-03-30', '2023-04-28', '2023-05-30', '2023-06-30'];

describe('the days behind the next one', () => {
  it('are the day of the month again, where a weekend moved the next one', () => {
    expect(expected('monthly', '2023-07-28', wages, 3)).toBe('2023-07-28 2023-08-30 2023-09-29');
    // A bill of the 30th, on the Monday behind a weekend.
    const bills = ['2023-03-30', '2023-05-01', '2023-05-30', '2023-06-30'];
    expect(expected('monthly', '2023-07-31', bills, 3)).toBe('2023-07-31 2023-08-30 2023-10-02');
  });

  it('move by weekends as those before did, and only where none came at one', () => {
    const daily = ['2023-03-30', '2023-04-30', '2023-05-30', '2023-06-30'];
    expect(expected('monthly', '2023-07-30', daily, 3)).toBe('2023-07-30 2023-08-30 2023-09-30');
  });

  it('are the day of the month again behind a shorter one', () => {
    const last = ['2025-11-28', '2025-12-31'];
    expect(expected('monthly', '2026-01-31', ['2025-10-31', '2025-11-30', '2025-12-31'], 4)).toBe(
      '2026-01-31 2026-02-28 2026-03-31 2026-04-30',
    );
    expect(expected('monthly', '2026-02-28', ['2025-12-31', '2026-01-31'], 3)).toBe('2026-02-28 2026-03-31 2026-04-30');
    expect(expected('monthly', '2026-02-28', ['2025-11-30', '2025-12-30', '2026-01-30'], 3)).toBe(
      '2026-02-28 2026-03-30 2026-04-30',
    );
    expect(expected('monthly', '2026-02-28', [...last, '2026-01-28'], 2)).toBe('2026-02-28 2026-03-28');
    expect(expected('monthly', '2026-02-28', ['2025-12-28', '2026-01-28'], 2)).toBe('2026-02-28 2026-03-28');
    expect(expected('quarterly', '2025-11-30', ['2025-05-31', '2025-08-31'], 3)).toBe(
      '2025-11-30 2026-02-28 2026-05-31',
    );
  });

  it('go on from the next one where no day of the month is kept', () => {
    expect(expected('monthly', '2026-04-13', ['2026-02-10', '2026-03-19'], 3)).toBe('2026-04-13 2026-05-13 2026-06-13');
    // Kept once, and left since: the day that it was is another's.
    const moved = ['2025-11-10', '2025-12-10', '2026-01-10', '2026-02-10'];
    expect(expected('monthly', '2026-03-25', moved, 2)).toBe('2026-03-25 2026-04-25');
  });

  it('are of two days of the month each on its own, though weekends move both', () => {
    // Wages of the 15th and of the month's last day, or the Friday before: Sundays in March and June 2024, Saturdays in June, August.
    const days = [
      '2024-03-15',
      '2024-03-29',
      '2024-04-15',
      '2024-04-30',
      '2024-05-15',
      '2024-05-31',
      '2024-06-14',
      '2024-06-28',
    ];
    expect(expected('semimonthly', '2024-07-15', days, 6)).toBe(
      '2024-07-15 2024-07-31 2024-08-15 2024-08-30 2024-09-13 2024-09-30',
    );
    expect(expected('semimonthly', '2024-06-28', ['2024-02-15', '2024-02-29', ...days.slice(0, -1)], 3)).toBe(
      '2024-06-28 2024-07-15 2024-07-31',
    );
    // One was left out: the last one is not of the other day.
    expect(expected('semimonthly', '2024-07-31', [...days, '2024-07-15'].toSpliced(-3, 1), 2)).toBe(
      '2024-07-31 2024-08-15',
    );
  });

  it('are a year, half a month, two weeks or a week apart', () => {
    expect(expected('yearly', '2026-03-01', ['2024-03-01', '2025-03-01'], 2)).toBe('2026-03-01 2027-03-01');
    expect(expected('semimonthly', '2026-04-01', ['2026-03-16'], 4)).toBe(
      '2026-04-01 2026-04-16 2026-05-01 2026-05-16',
    );
    expect(expected('fortnightly', '2026-04-01', ['2026-03-18'], 2)).toBe('2026-04-01 2026-04-15');
    expect(expected('weekly', '2026-04-01', ['2026-03-25'], 2)).toBe('2026-04-01 2026-04-08');
  });

  it('are not known without the next one', () => {
    expect(occurrencesOf({ nextDate: 'soon', cadence: 'monthly', evidence: [] })).toBeUndefined();
  });
});

describe('occurrence', () => {
  it.each([
    ['monthly', '2026-03-28'],
    ['quarterly', '2026-05-28'],
    ['yearly', '2027-02-28'],
  ] as const)('counts the calendar alone: %s', (cadence, date) => {
    expect(dateOf(occurrence(dayOf('2026-02-28') ?? 0, cadence, 1))).toBe(date);
  });
});
