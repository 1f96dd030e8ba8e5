import { describe, expect, it } from 'vitest';
import { forecast, recurring, today, userData } from '../../test/user-answers.ts';
import {
  forecastPoints,
  forecastRows,
  forecastWords,
  lowestOf,
  todayOf,
  whatIfsOf,
  whatIfWords,
} from './forecast-points.ts';
import { dateOf } from './local-day.ts';

describe('a forecast as points', () => {
  it('begins with what is there today', () => {
    const points = forecastPoints(forecast(250_000, 1_000));
    expect(points.days.slice(0, 2)).toEqual([today, today + 1]);
    expect([points.low[0], points.likely[0], points.high[0]]).toEqual([250_000, 250_000, 250_000]);
    expect([points.low[1], points.likely[1], points.high[1]]).toEqual([239_000, 249_000, 259_000]);
    expect([points.days.length, points.reliableIndex]).toEqual([46, 45]);
  });

  it('marks the days on which something is due, with its sum', () => {
    const due = [
      { date: '2026-12-01', minor: 5_000, fingerprint: 'b', counterparty: null },
      { date: '2026-11-28', minor: -100, fingerprint: 'a', counterparty: null },
      { date: '2026-12-01', minor: -7_000, fingerprint: 'c', counterparty: null },
      { date: '2026-11-26', minor: -1, fingerprint: 'd', counterparty: null },
      { date: 'never', minor: -1, fingerprint: 'e', counterparty: null },
    ];
    expect(forecastPoints(forecast(0, 0, { due })).marks).toEqual([
      { index: 2, minor: -100 },
      { index: 5, minor: -2_000 },
    ]);
  });

  it('is lowest on the first of its lowest days, of those that can be relied on', () => {
    const points = forecastPoints(forecast(250_000, 1_000, { reliableDays: 14 }));
    expect(lowestOf(points, 'low')).toEqual({ minor: 226_000, day: today + 14 });
    expect(lowestOf(points, 'likely')).toEqual({ minor: 236_000, day: today + 14 });
  });

  it('knows today, where there is a forecast', () => {
    expect(todayOf([forecast(1, 1)])).toBe(20_783);
    expect(todayOf([])).toBeUndefined();
    expect(todayOf([forecast(1, 1, { days: [] })])).toBeUndefined();
  });
});

describe('what if', () => {
  it('offers the payments that are due, each once, the largest first', () => {
    const due = [
      { date: '2026-12-01', minor: -500, fingerprint: 'small', counterparty: 'Kiosk' },
      { date: '2026-12-02', minor: -90_000, fingerprint: 'own', counterparty: null },
      { date: '2026-12-03', minor: 250_000, fingerprint: 'wage', counterparty: 'Work' },
      { date: '2026-12-08', minor: -500, fingerprint: 'small', counterparty: 'Kiosk' },
      { date: '2026-12-17', minor: -1_599, fingerprint: 'f-reelhouse', counterparty: null },
    ];
    expect(whatIfsOf(forecast(0, 0, { due }), [recurring()]).map(({ name, minor }) => [name, minor])).toEqual([
      ['To your own account', 90_000],
      ['Reelhouse', 1_599],
      ['Kiosk', 500],
    ]);
  });

  it('says what it comes to on the last day', () => {
    const base = forecast(250_000, 1_000);
    expect(whatIfWords(base, forecast(250_000, 900), ['Reelhouse', 'Gym'])).toBe(
      'Without Reelhouse and Gym: $45.00 more on 10 January.',
    );
    expect(whatIfWords(base, forecast(250_000, 1_100), ['Wage'])).toBe('Without Wage: $45.00 less on 10 January.');
    expect(whatIfWords(base, forecast(1, 1, { days: [] }), ['Gym'])).toBe('');
    expect(whatIfWords(base, base, [])).toBe('');
  });
});

describe('for who does not see the chart', () => {
  it('there is a sentence', () => {
    expect(forecastWords(forecast(250_000, 1_000))).toBe(
      '$2,500 today; on 2027-01-10 most likely $2,050, in eight of ten cases $1,950 to $2,150.',
    );
    expect(forecastWords(forecast(1, 1, { days: [] }))).toBe('');
  });

  it('there is a table: each week, and each day on which something is due', () => {
    const due = [
      { date: '2026-12-17', minor: -1_599, fingerprint: 'f-reelhouse', counterparty: null },
      { date: '2026-12-18', minor: -1, fingerprint: 'own', counterparty: null },
    ];
    const rows = forecastRows(forecast(250_000, 1_000, { due }), userData({ insights: [recurring()] }));
    expect(rows.map(({ day }) => dateOf(day))).toEqual([
      '2026-11-26',
      '2026-12-03',
      '2026-12-10',
      '2026-12-17',
      '2026-12-18',
      '2026-12-24',
      '2026-12-31',
      '2027-01-07',
    ]);
    expect(rows[3]).toMatchObject({
      low: 219_000,
      likely: 229_000,
      high: 239_000,
      due: [{ name: 'Reelhouse', minor: -1_599 }],
    });
    expect(rows[4]?.due).toEqual([{ name: 'Between your own accounts', minor: -1 }]);
  });
});
