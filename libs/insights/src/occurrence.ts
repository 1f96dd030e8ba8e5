/** The days on which a recurring payment or income is expected, from its next one on. */
import { isMovedByWeekend, onBankDay } from './bank-day.ts';
import { type CadenceRule, ruleOf } from './cadence.ts';
import { addMonths, calendarOf, dayOf } from './day.ts';
import type { Cadence, RecurringInsight } from './insight.ts';
import { keptDay } from './projection.ts';
import { median } from './spread.ts';
import type { Day } from './view.ts';

const LONGEST_MONTH_DAYS = 31;
const HALF_MONTH_DAYS = 15;
/** Of two wages a month: further off, one was left out. */
const MOST_OFF_DAYS = 5;

/**
 * A weekend or a short month moves one of them, and not those behind it: what is due on the 30th, and comes on Friday the 28th, is due on
 * the 30th of the month after.
 * @returns the day by count, 0 for the next one itself; `undefined` where its date cannot be read
 */
export function occurrencesOf({
  nextDate,
  cadence,
  evidence,
}: Pick<RecurringInsight, 'nextDate' | 'cadence' | 'evidence'>): ((count: number) => Day) | undefined {
  const next = dayOf(nextDate);
  if (next === undefined) return undefined;
  const past = evidence.flatMap(({ date }) => dayOf(date) ?? []).sort((a, b) => a - b);
  const rule = ruleOf(cadence);
  if (rule.months > 0) return onDayOfMonth(next, past, rule);
  const onDays = cadence === 'semimonthly' ? onTwoDays(next, past) : undefined;
  return onDays ?? ((count) => occurrence(next, cadence, count));
}

function onDayOfMonth(next: Day, past: readonly Day[], rule: CadenceRule): (count: number) => Day {
  const kept = keptDay(past, rule);
  const due = kept !== undefined && isMovedByWeekend(next, kept) ? kept : next;
  const dayOfMonth = dayOfMonthOf(due, past);
  return (count) => (count === 0 ? next : onBankDay(monthsOn(due, count * rule.months, dayOfMonth), past));
}

/**
 * Twice a month: each second one keeps a day of the month of its own.
 * @returns `undefined` where the last one is not of the other day
 */
function onTwoDays(next: Day, past: readonly Day[]): ((count: number) => Day) | undefined {
  const last = past.at(-1);
  if (last === undefined) return undefined;
  const rule = ruleOf('monthly');
  const everySecond = (from: number) => past.filter((_, index) => (past.length - index) % 2 === from);
  const [own, others] = [everySecond(0), everySecond(1)];
  const other = onBankDay(keptDay(others, rule) ?? addMonths(last, 1), past);
  if (Math.abs(other - next - HALF_MONTH_DAYS) > MOST_OFF_DAYS) return undefined;
  const [ofOwn, ofOther] = [onDayOfMonth(next, own, rule), onDayOfMonth(other, others, rule)];
  return (count) => (count % 2 === 0 ? ofOwn(count / 2) : ofOther((count - 1) / 2));
}

/** The last day of a month may stand for one that this month does not have. */
function dayOfMonthOf(due: Day, past: readonly Day[]): number {
  const { dayOfMonth } = calendarOf(due);
  if (!isLastOfMonth(due)) return dayOfMonth;
  if (past.filter(isLastOfMonth).length * 2 > past.length) return LONGEST_MONTH_DAYS;
  return Math.max(dayOfMonth, median(past.map((day) => calendarOf(day).dayOfMonth)));
}

function isLastOfMonth(day: Day): boolean {
  return calendarOf(day + 1).dayOfMonth === 1;
}

/** @param dayOfMonth the last one where the month is shorter */
function monthsOn(day: Day, months: number, dayOfMonth: number): Day {
  const first = addMonths(day - calendarOf(day).dayOfMonth + 1, months);
  return Math.min(first + dayOfMonth, addMonths(first, 1)) - 1;
}

/** @param count 0 for the next one itself */
export function occurrence(next: Day, cadence: Cadence, count: number): Day {
  switch (cadence) {
    case 'weekly':
      return next + 7 * count;
    case 'fortnightly':
      return next + 14 * count;
    case 'semimonthly':
      return addMonths(next, count >> 1) + (count % 2 === 0 ? 0 : 15);
    case 'monthly':
      return addMonths(next, count);
    case 'quarterly':
      return addMonths(next, 3 * count);
    case 'yearly':
      return addMonths(next, 12 * count);
  }
}
