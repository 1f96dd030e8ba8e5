/** On which days something that comes back is due, and when a bank that rests on weekends books it. */
import { type CalendarDay, calendarDay, dayOf } from '../story/calendar.ts';
import type { Country, Rhythm } from './country.ts';

/** 0 = Sunday. */
export const weekdayOf = (day: number): number => (day + 4) % 7;

export const isBusinessDay = (country: Country, day: number): boolean => {
  const weekday = weekdayOf(day);
  if (weekday === 0 || weekday === 6) return false;
  const { month, dayOfMonth } = calendarDay(day);
  return !country.holidays.some(([holidayMonth, holiday]) => holidayMonth === month && holiday === dayOfMonth);
};

/** The business day itself, or the one before or after it. */
export function shifted(country: Country, day: number, shift: 'before' | 'after' | 'none'): number {
  if (shift === 'none') return day;
  let at = day;
  while (!isBusinessDay(country, at)) at += shift === 'before' ? -1 : 1;
  return at;
}

const yearOf = ({ text }: CalendarDay): number => Number(text.slice(0, 4));

/** @param dayOfMonth beyond the month's end: its last day */
export function dayInMonth(year: number, month: number, dayOfMonth: number): number {
  const first = dayOf(`${year}-${String(month).padStart(2, '0')}-01`);
  const next = month === 12 ? dayOf(`${year + 1}-01-01`) : dayOf(`${year}-${String(month + 1).padStart(2, '0')}-01`);
  return Math.min(first + dayOfMonth - 1, next - 1);
}

const monthsBetween: Readonly<Partial<Record<Rhythm, number>>> = { monthly: 1, bimonthly: 2, quarterly: 3, yearly: 12 };

/**
 * Nominal days, before weekends shift them.
 * @param from first possible day; weekly and fortnightly rhythms start on it
 * @param anchor day of the month; of the first half for `semimonthly`, whose other one is 15 days later
 */
export function nominalDays(rhythm: Rhythm, from: number, until: number, anchor: number): number[] {
  const days: number[] = [];
  if (rhythm === 'weekly' || rhythm === 'fortnightly') {
    for (let day = from; day <= until; day += rhythm === 'weekly' ? 7 : 14) days.push(day);
    return days;
  }
  const start = calendarDay(from);
  const step = monthsBetween[rhythm] ?? 1;
  for (let month = yearOf(start) * 12 + start.month - 1; ; month += step) {
    const year = Math.floor(month / 12);
    const inMonth = (month % 12) + 1;
    if (dayInMonth(year, inMonth, 1) > until) return days;
    const due = [dayInMonth(year, inMonth, anchor)];
    if (rhythm === 'semimonthly') due.push(dayInMonth(year, inMonth, anchor + 15));
    days.push(...due.filter((day) => day >= from && day <= until));
  }
}
