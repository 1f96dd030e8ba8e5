/** Days without a clock or a zone: YYYY-MM-DD and the number of days since 1970. Pure, also runs in the browser. */

import { dateOf } from '@quartersec/insights/calendar';

export { dateOf };

const dayMs = 86_400_000;

/** @returns `undefined` for what is no date */
export function dayOf(date: string | null | undefined): number | undefined {
  if (date === null || date === undefined || !/^\d{4}-\d\d-\d\d$/.test(date)) return undefined;
  const epochMs = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(epochMs) ? undefined : epochMs / dayMs;
}

/** Monday is 0. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function format(options: Intl.DateTimeFormatOptions): (day: number) => string {
  const formatter = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options });
  return (day) => formatter.format(day * dayMs);
}

/** "28 Nov" */
export const shortDay = format({ day: 'numeric', month: 'short' });
/** "Sat 28 Nov" */
export const weekdayAndDay = format({ weekday: 'short', day: 'numeric', month: 'short' });
/** "November 2026" */
export const monthName = format({ month: 'long', year: 'numeric' });
/** "28 November 2026" */
export const longDay = format({ day: 'numeric', month: 'long', year: 'numeric' });

/** "10 – 20 Dec", "29 Nov – 9 Dec" */
export function dayRange(from: number, to: number): string {
  const begin =
    dateOf(from).slice(0, 7) === dateOf(to).slice(0, 7) ? `${Number(dateOf(from).slice(8))}` : shortDay(from);
  return `${begin} – ${shortDay(to)}`;
}

/** "28 Nov", with its year where that is not this one's; what is no date stays as it is. */
export function toldDate(date: string, todayDate: string): string {
  const day = dayOf(date);
  if (day === undefined) return date;
  return date.slice(0, 4) === todayDate.slice(0, 4) ? shortDay(day) : `${shortDay(day)} ${date.slice(0, 4)}`;
}

/** "today", "tomorrow", "in 5 days", "3 days ago" */
export function daysAway(day: number, today: number): string {
  const away = day - today;
  if (away === 0) return 'today';
  if (away === 1) return 'tomorrow';
  if (away === -1) return 'yesterday';
  return away > 0 ? `in ${away} days` : `${-away} days ago`;
}
