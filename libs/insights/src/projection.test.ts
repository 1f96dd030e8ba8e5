import { describe, expect, it } from 'vitest';
import { ruleOf } from './cadence.ts';
import { addMonths, dateOf } from './day.ts';
import { dateProjection } from './projection.ts';
import { sampleDay } from './testing/sample-view.ts';

const members = (...dates: readonly string[]) => dates.map((date) => ({ day: sampleDay(date), size: 100 }));

function projected(rhythm: Parameters<typeof ruleOf>[0], ...dates: readonly string[]) {
  const { next, regularity } = dateProjection(members(...dates), ruleOf(rhythm));
  return [dateOf(next.day), dateOf(next.from), dateOf(next.to), regularity];
}

describe('where the days of a series point to', () => {
  it('is the same day of the next month, late by five days at most', () => {
    expect(projected('monthly', '2026-01-10', '2026-02-10', '2026-03-10')).toEqual([
      '2026-04-10',
      '2026-04-05',
      '2026-04-15',
      1,
    ]);
  });

  it('is the last day of a month that is shorter', () => {
    expect(projected('monthly', '2025-10-31', '2025-11-30', '2025-12-31', '2026-01-31')[0]).toBe('2026-02-28');
  });

  it('is by counted days where these are kept better than the calendar', () => {
    expect(projected('monthly', '2026-01-05', '2026-02-04', '2026-03-06', '2026-04-05', '2026-05-05')[0]).toBe(
      '2026-06-04',
    );
    expect(projected('quarterly', '2025-01-01', '2025-04-02', '2025-07-02', '2025-10-01')[0]).toBe('2025-12-31');
  });

  describe('that a weekend moved', () => {
    // Of the 30th: Sundays in April and July, the last day of February.
    const wages = ['2023-02-28', '2023-03-30', '2023-04-28', '2023-05-30', '2023-06-30', '2023-07-28'] as const;

    it('is the day of the month that all others keep, though counted days are as near', () => {
      expect(projected('monthly', ...wages)[0]).toBe('2023-08-30');
      expect(projected('monthly', ...wages.slice(2))[0]).toBe('2023-08-30');
    });

    it('is so on the bank day behind it as well', () => {
      // Of the 15th: a Saturday in April, a Sunday in October.
      expect(projected('monthly', '2023-03-15', '2023-04-17', '2023-05-15', '2023-06-15')[0]).toBe('2023-07-15');
      expect(projected('monthly', '2023-08-15', '2023-09-15', '2023-10-16', '2023-11-15')[0]).toBe('2023-12-15');
    });

    it('may be one that a bank holiday moved, and not two', () => {
      expect(projected('monthly', ...wages.slice(0, 3), '2023-05-26', ...wages.slice(4))[0]).toBe('2023-08-30');
      const twice = [...wages.slice(0, 3), '2023-05-26', '2023-06-26', wages[5]];
      expect(projected('monthly', ...twice)[0]).not.toBe('2023-08-30');
    });

    it('is so for each of two days in a month', () => {
      // The 15th, or the Friday before: a Saturday in June 2024, a Sunday in September.
      const days = [
        '2024-03-15',
        '2024-03-31',
        '2024-04-15',
        '2024-04-30',
        '2024-05-15',
        '2024-05-31',
        '2024-06-14',
        '2024-06-30',
      ];
      expect(projected('semimonthly', ...days)[0]).toBe('2024-07-15');
      const july = ['2024-07-15', '2024-07-31', '2024-08-15', '2024-08-31', '2024-09-13', '2024-09-30'];
      expect(projected('semimonthly', ...days.slice(2), ...july)[0]).toBe('2024-10-15');
    });

    it('takes four days to be kept, and a calendar', () => {
      expect(projected('monthly', '2023-04-28', '2023-05-30', '2023-07-28')[0]).toBe('2023-08-28');
      const days = ['2026-01-02', '2026-01-09', '2026-01-17', '2026-01-23', '2026-01-30'];
      expect(projected('weekly', ...days)[0]).toBe('2026-02-06');
    });
  });

  it('counts a period that was left out as two', () => {
    expect(projected('monthly', '2026-01-10', '2026-02-10', '2026-04-10')).toEqual([
      '2026-05-10',
      '2026-05-05',
      '2026-05-15',
      1,
    ]);
  });

  it('is a week or two on, give or take what each rhythm allows', () => {
    expect(projected('weekly', '2026-03-02', '2026-03-09', '2026-03-16')).toEqual([
      '2026-03-23',
      '2026-03-20',
      '2026-03-26',
      1,
    ]);
    expect(projected('fortnightly', '2026-03-02', '2026-03-16', '2026-03-30')).toEqual([
      '2026-04-13',
      '2026-04-09',
      '2026-04-17',
      1,
    ]);
  });

  it('of two days in a month is the one that is a month behind the last but one', () => {
    expect(projected('semimonthly', '2026-01-01', '2026-01-15', '2026-02-01', '2026-02-15', '2026-03-01')[0]).toBe(
      '2026-03-15',
    );
  });

  it('is a quarter or a year on', () => {
    expect(projected('quarterly', '2025-02-15', '2025-05-15', '2025-08-15', '2025-11-15')).toEqual([
      '2026-02-15',
      '2026-02-05',
      '2026-02-28',
      1,
    ]);
    expect(projected('yearly', '2024-03-01', '2025-03-01')).toEqual(['2026-03-01', '2026-02-09', '2026-03-21', 1]);
  });

  it('never lies behind the last one, and has room to the longest interval of its rhythm', () => {
    const { next } = dateProjection(members('2026-03-30', '2026-04-01'), ruleOf('monthly'));
    expect(dateOf(next.from) > '2026-04-01').toBe(true);
    expect(dateOf(next.to)).toBe('2026-05-06'); // 35 days behind the last
  });

  it('has a band as wide as the days differ, to twice what is usual', () => {
    const wide = ['2026-01-03', '2026-02-10', '2026-03-03', '2026-04-10', '2026-05-03'] as const;
    const [day, from, to] = projected('monthly', ...wide).slice(0, 3) as string[];
    expect([day, from, to]).toEqual(['2026-06-03', '2026-05-26', '2026-06-11']);
    const wild = ['2026-01-01', '2026-02-14', '2026-03-01', '2026-04-14', '2026-05-01'] as const;
    const [wildDay = '', wildFrom = '', wildTo = ''] = projected('monthly', ...wild) as string[];
    expect(sampleDay(wildDay) - sampleDay(wildFrom)).toBe(10);
    expect(sampleDay(wildTo) - sampleDay(wildDay)).toBe(10);
  });

  it('is by the last eight: older ones say less', () => {
    const first = sampleDay('2024-01-01');
    const old = Array.from({ length: 8 }, (_, at) => dateOf(addMonths(first, at)));
    const young = Array.from({ length: 8 }, (_, at) => dateOf(addMonths(first + 14, 8 + at)));
    expect(projected('monthly', ...old, ...young).slice(0, 3)).toEqual(['2025-05-15', '2025-05-10', '2025-05-20']);
    expect(projected('monthly', ...old, ...young.slice(0, 7))[2]).toBe('2025-04-25');
  });

  it('says which share of the intervals is as long as the rhythm', () => {
    expect(projected('monthly', '2026-01-10', '2026-02-10', '2026-03-20', '2026-04-20', '2026-05-20')[3]).toBe(0.75);
    expect(projected('monthly', '2026-01-10', '2026-02-14', '2026-03-14')[3]).toBe(1); // four days off are in time
    expect(projected('monthly', '2026-01-10')[3]).toBe(0);
  });
});
