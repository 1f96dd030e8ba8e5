/** Banks rest at weekends: what is due then is booked before or after, and its own past tells which. */
import { calendarOf } from './day.ts';
import type { Day } from './view.ts';

/** Fewer days say nothing of weekends: two in seven are one. */
const LEAST_DAYS = 4;
const [SUNDAY, MONDAY, FRIDAY, SATURDAY] = [0, 1, 5, 6];

/**
 * @param day on which it is expected, by the calendar
 * @param past days on which it came
 * @returns the same day, where that is none of a weekend or it came at one before; else the Friday before, where Fridays are more often
 *   among the days than Mondays (wages), or the Monday after (bills)
 */
export function onBankDay(day: Day, past: readonly Day[]): Day {
  const { weekday } = calendarOf(day);
  if ((weekday !== SUNDAY && weekday !== SATURDAY) || past.length < LEAST_DAYS) return day;
  let [mondays, fridays] = [0, 0];
  for (const one of past) {
    const { weekday: on } = calendarOf(one);
    if (on === SUNDAY || on === SATURDAY) return day;
    if (on === MONDAY) mondays += 1;
    if (on === FRIDAY) fridays += 1;
  }
  if (fridays > mondays) return day - (weekday === SATURDAY ? 1 : 2);
  return day + (weekday === SATURDAY ? 2 : 1);
}

/** Whether what was due at a weekend came on the bank day before it or behind it. */
export function isMovedByWeekend(day: Day, due: Day): boolean {
  if (Math.abs(day - due) > 2) return false;
  const { weekday } = calendarOf(due);
  if (weekday === SATURDAY) return day === due - 1 || day === due + 2;
  return weekday === SUNDAY && (day === due - 2 || day === due + 1);
}
