/** When the next one of a series comes: where its earlier ones point to, by the calendar or by counted days, whichever they keep better. */
import { at } from './at.ts';
import type { CadenceRule } from './cadence.ts';
import type { Dated } from './chain.ts';
import { addMonths } from './day.ts';
import { median } from './spread.ts';
import type { Day } from './view.ts';

export interface Projection {
  readonly next: { readonly day: Day; readonly from: Day; readonly to: Day };
  /** Share of the intervals that are as long as this rhythm says, but for a weekend. */
  readonly regularity: number;
}

/** Older ones say less of when the next one comes. */
const LOOKED_AT = 8;
/** Weekends, holidays and a bank that books late. */
const LATE_DAYS: Readonly<Record<CadenceRule['cadence'], number>> = {
  weekly: 3,
  fortnightly: 4,
  semimonthly: 4,
  monthly: 5,
  quarterly: 10,
  yearly: 20,
};

/** @param members oldest first */
export function dateProjection(members: readonly Dated[], rule: CadenceRule): Projection {
  const days = members.map(({ day }) => day);
  const last = days.at(-1) ?? 0;
  const gaps = days.slice(1).map((day, index) => day - at(days, index));
  const periods = gaps.map((gap) => Math.max(1, Math.round(gap / rule.periodDays)));
  const byCalendar = pointed(days, periods, rule, undefined);
  const step = median(gaps.filter((_, index) => periods[index] === 1));
  const byCount = step === 0 ? undefined : pointed(days, periods, rule, step);
  const points = byCount !== undefined && distance(byCount) < distance(byCalendar) ? byCount : byCalendar;
  const day = Math.max(last + 1, median(points));
  const drift = Math.max(...points.map((point) => Math.abs(point - day)), 0);
  const late = LATE_DAYS[rule.cadence];
  const slack = Math.min(Math.max(late, drift + 1), 2 * late);
  return {
    next: { day, from: Math.max(last + 1, day - slack), to: Math.max(day + slack, last + rule.toDays) },
    regularity: regularityOf(days, periods, rule, step),
  };
}

/** Where each of the last ones points to, for the day of the next. */
function pointed(
  days: readonly Day[],
  periods: readonly number[],
  rule: CadenceRule,
  step: number | undefined,
): readonly Day[] {
  const points: Day[] = [];
  let ahead = 1;
  for (let index = days.length - 1; index >= 0 && points.length < LOOKED_AT; index--) {
    const point = pointFrom(at(days, index), ahead, rule, step);
    if (point !== undefined) points.push(point);
    ahead += periods[index - 1] ?? 1;
  }
  return points;
}

function pointFrom(
  day: Day,
  ahead: number,
  { cadence, months, periodDays }: CadenceRule,
  step: number | undefined,
): Day | undefined {
  if (step !== undefined) return day + ahead * step;
  // Of two days in a month every second one points to the next.
  if (cadence === 'semimonthly') return ahead % 2 === 0 ? addMonths(day, ahead / 2) : undefined;
  return months === 0 ? day + ahead * periodDays : addMonths(day, ahead * months);
}

function distance(points: readonly Day[]): number {
  const middle = median(points);
  return points.reduce((sum, point) => sum + Math.abs(point - middle), 0) / Math.max(1, points.length);
}

function regularityOf(days: readonly Day[], periods: readonly number[], rule: CadenceRule, step: number): number {
  if (days.length < 2) return 0;
  let regular = 0;
  for (let index = 1; index < days.length; index++) {
    const from = at(days, index - 1);
    const to = at(days, index);
    const count = periods[index - 1] ?? 1;
    const calendar = rule.months === 0 ? from + count * rule.periodDays : addMonths(from, count * rule.months);
    const off = Math.min(
      Math.abs(to - calendar),
      step === 0 ? Number.POSITIVE_INFINITY : Math.abs(to - from - count * step),
    );
    if (off <= rule.phaseDays) regular += 1;
  }
  return regular / (days.length - 1);
}
