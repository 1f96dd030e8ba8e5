import { describe, expect, it } from 'vitest';
import { forecast, recurring, today } from '../../test/user-answers.ts';
import { calendarOf, dueEvents, nextIncome } from './due-calendar.ts';
import { dateOf } from './local-day.ts';

const none = { insights: [], forecasts: [] };
const datesOf = (more: Parameters<typeof recurring>[0]) =>
  dueEvents({ ...none, insights: [recurring(more)] }, today).map(({ day }) => dateOf(day));
const on = (date: string) => ({ nextDate: date, nextFromDate: date, nextToDate: date });

describe('what is due', () => {
  it.each([
    ['weekly', on('2026-12-24'), ['2026-12-24', '2026-12-31', '2027-01-07']],
    ['fortnightly', on('2026-12-01'), ['2026-12-01', '2026-12-15', '2026-12-29']],
    // Its last one came on the 17th.
    ['semimonthly', on('2026-12-05'), ['2026-12-05', '2026-12-17', '2027-01-05']],
    ['monthly', on('2026-11-30'), ['2026-11-30', '2026-12-30']],
    ['quarterly', on('2026-12-30'), ['2026-12-30']],
    ['yearly', on('2027-01-10'), ['2027-01-10']],
    ['yearly', on('2027-01-11'), []],
  ] as const)('%s, from %j', (cadence, next, dates) => {
    expect(datesOf({ cadence, ...next })).toEqual(dates);
  });

  it('is expected any day while it is late and inside its range, and then not any more', () => {
    const late = { nextDate: '2026-11-24', nextFromDate: '2026-11-22', nextToDate: '2026-11-28' };
    const [first] = dueEvents({ ...none, insights: [recurring(late)] }, today);
    expect(first).toMatchObject({ day: today, fromDay: today, toDay: today + 2, minor: -1599, kind: 'payment' });
    expect(datesOf({ ...late, nextToDate: '2026-11-25' })).toEqual(['2026-12-24']);
  });

  it('is positive where it comes in, and has a name in any case', () => {
    const income = recurring({ direction: 'in', counterparty: null, status: 'early', ...on('2026-12-01') });
    const payment = recurring({ fingerprint: 'p', counterparty: null, ...on('2026-12-02') });
    expect(dueEvents({ ...none, insights: [payment, income] }, today).slice(0, 2)).toMatchObject([
      { minor: 1599, kind: 'income', name: 'Income', isSure: false },
      { minor: -1599, kind: 'payment', name: 'Payment', isSure: true },
    ]);
  });

  it('counts what forecast and insights both know once, and transfers besides', () => {
    const due = [
      { date: '2026-12-17', minor: -1599, fingerprint: 'f-reelhouse', counterparty: 'Reelhouse' },
      { date: '2026-12-17', minor: -26_043, fingerprint: 'own', counterparty: null },
      { date: '2026-12-18', minor: 26_043, fingerprint: 'back', counterparty: null },
      { date: 'never', minor: 1, fingerprint: 'x', counterparty: null },
      { date: '2027-03-01', minor: 1, fingerprint: 'y', counterparty: null },
    ];
    const data = { insights: [recurring()], forecasts: [forecast(0, 0, { due })] };
    expect(dueEvents(data, today).map(({ name, kind, minor }) => [name, kind, minor])).toEqual([
      ['To your own account', 'transfer', -26_043],
      ['Reelhouse', 'payment', -1599],
      ['From your own account', 'transfer', 26_043],
    ]);
  });

  it('leaves out what has no date or no currency', () => {
    expect(datesOf({ nextDate: 'soon' })).toEqual([]);
    expect(datesOf({ currency: null })).toEqual([]);
  });
});

describe('the next income', () => {
  it('is the first that carries the household, not the first that comes', () => {
    const interest = recurring({ direction: 'in', fingerprint: 'interest', typicalMinor: 119, ...on('2026-11-30') });
    const wage = recurring({ direction: 'in', fingerprint: 'wage', typicalMinor: 205_376, ...on('2026-12-01') });
    const other = recurring({ direction: 'in', fingerprint: 'other', typicalMinor: 250_000, ...on('2026-12-05') });
    const next = (insights: readonly ReturnType<typeof recurring>[]) =>
      nextIncome(dueEvents({ ...none, insights }, today))?.fingerprint;
    expect([next([interest, wage, other]), next([interest]), next([recurring()])]).toEqual([
      'wage',
      'interest',
      undefined,
    ]);
  });
});

describe('the calendar', () => {
  const days = calendarOf(dueEvents({ ...none, insights: [recurring()] }, today), today);

  it('has whole weeks, from the Monday of this one to the Sunday of the last day', () => {
    expect([days.length, dateOf(days[0]?.day ?? 0), dateOf(days.at(-1)?.day ?? 0)]).toEqual([
      49,
      '2026-11-23',
      '2027-01-10',
    ]);
    expect(days.filter(({ isToday }) => isToday).map(({ day }) => day)).toEqual([today]);
    expect(days.filter(({ isPast }) => isPast).map(({ day }) => dateOf(day))).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
    ]);
  });

  it('has each event on its day', () => {
    expect(days.filter(({ events }) => events.length > 0).map(({ day }) => dateOf(day))).toEqual(['2026-12-17']);
  });
});
