/** When the next one of a series comes: where its earlier ones point to, by the calendar or by counted days, whichever they keep better. */
import { at } from './at.ts';
import { isMovedByWeekend } from './bank-day.ts';
import { type CadenceRule, isByCalendar } from './cadence.ts';
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
/** Fewer days are kept by chance. */
const LEAST_KEPT = 4;
/** Of the last ones: a bank holiday now and then. */
const KEPT_BUT = 1;
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
  const gaps = gapsOf(days);
  const periods = periodsIn(gaps, rule);
  const byCalendar = pointed(days, periods, rule, undefined);
  const step = median(gaps.filter((_, index) => periods[index] === 1));
  const byCount = step === 0 ? undefined : pointed(days, periods, rule, step);
  const kept = keptBy(byCalendar, rule);
  const isCounted = kept === undefined && byCount !== undefined && distance(byCount) < distance(byCalendar);
  const points = (isCounted ? byCount : byCalendar).map(({ point }) => point);
  const day = Math.max(last + 1, kept ?? median(points));
  const drift = Math.max(...points.map((point) => Math.abs(point - day)), 0);
  const late = LATE_DAYS[rule.cadence];
  const slack = Math.min(Math.max(late, drift + 1), 2 * late);
  return {
    next: { day, from: Math.max(last + 1, day - slack), to: Math.max(day + slack, last + rule.toDays) },
    regularity: regularityOf(days, periods, rule, step),
  };
}

/**
 * @param days of a series, oldest first
 * @returns when the next one is due, before a weekend moves it; `undefined` where no day of the month is kept
 */
export function keptDay(days: readonly Day[], rule: CadenceRule): Day | undefined {
  return keptBy(pointed(days, periodsIn(gapsOf(days), rule), rule, undefined), rule);
}

function gapsOf(days: readonly Day[]): readonly number[] {
  return days.slice(1).map((day, index) => day - at(days, index));
}

function periodsIn(gaps: readonly number[], rule: CadenceRule): readonly number[] {
  return gaps.map((gap) => Math.max(1, Math.round(gap / rule.periodDays)));
}

/** Where one of the last days points to, for the day of the next. */
interface Pointer {
  readonly day: Day;
  /** Periods to the next. */
  readonly ahead: number;
  readonly point: Day;
}

/** @returns those of the last ones that say something */
function pointed(
  days: readonly Day[],
  periods: readonly number[],
  rule: CadenceRule,
  step: number | undefined,
): readonly Pointer[] {
  const pointers: Pointer[] = [];
  let ahead = 1;
  for (let index = days.length - 1; index >= 0 && pointers.length < LOOKED_AT; index--) {
    const day = at(days, index);
    const point = periodsOn(day, ahead, rule, step);
    if (point !== undefined) pointers.push({ day, ahead, point });
    ahead += periods[index - 1] ?? 1;
  }
  return pointers;
}

/**
 * The day of the month that was kept but for weekends: wages of the 30th that came on Friday the 28th twice are of the 30th, though
 * counted days are as near.
 */
function keptBy(pointers: readonly Pointer[], rule: CadenceRule): Day | undefined {
  if (pointers.length < LEAST_KEPT || !isByCalendar(rule)) return undefined;
  let [best, most]: [Day | undefined, number] = [undefined, pointers.length - KEPT_BUT - 1];
  for (const next of new Set(pointers.map(({ point }) => point))) {
    const keeps = ({ day, ahead, point }: Pointer) => {
      const due = periodsOn(next, -ahead, rule, undefined);
      return point === next || day === due || (due !== undefined && isMovedByWeekend(day, due));
    };
    const count = pointers.filter(keeps).length;
    if (count > most) [best, most] = [next, count];
  }
  return best;
}

/** @param periods before it where negative */
function periodsOn(
  day: Day,
  periods: number,
  { cadence, months, periodDays }: CadenceRule,
  step: number | undefined,
): Day | undefined {
  if (step !== undefined) return day + periods * step;
  // Of two days in a month every second one points to the next.
  if (cadence === 'semimonthly') return periods % 2 === 0 ? addMonths(day, periods / 2) : undefined;
  return months === 0 ? day + periods * periodDays : addMonths(day, periods * months);
}

function distance(pointers: readonly Pointer[]): number {
  const points = pointers.map(({ point }) => point);
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
