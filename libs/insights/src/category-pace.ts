/**
 * The month runs ahead of the three before it, category by category. What comes back on its day is counted as it comes, a single large
 * purchase once; the rest goes on at a pace between this month's and the usual one, the more at this month's the longer it lasts.
 */

import { cite, evidenceKey, type Found, largestEvidence, movementsOf } from './citation.ts';
import { calendarOf, dateOf, dayOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { CategoryPaceInsight, RecurringInsight } from './insight.ts';
import { isAmong, isKnown, knownUntil } from './known-days.ts';
import { firstDayOf, lastDayOf, monthOf, monthText } from './months.ts';
import { normalShare } from './normal-share.ts';
import { safeMinor } from './safe-minor.ts';
import { householdOf, spentMinor } from './spending.ts';
import { thresholdMinor } from './thresholds.ts';
import type { AccountView, Category, View } from './view.ts';

const QUIET_DAYS = 7;
const MONTHS = 3;
const AHEAD = 1.25;
/** Of bills: a quarter's is in one of the three months before as well, and no news. */
const ABOVE_HIGHEST = 1.1;
/** Of a usual month, in one purchase: a journey is no pace. */
const EVENT = 4;
/** Of a usual month: a purchase above it is no pace, and is not carried on. */
const SINGLE_SHARE = 0.25;
/** By which share the pace of a month differs from the usual one, as a rule (a standard deviation). */
const PACE_SPREAD = 0.2;
/** That the month ends so far ahead. */
const LEAST_LIKELY = 0.9;
/** Fewer purchases are no pace either. */
const LEAST_PURCHASES = 3;

/** Paid on few days and in large sums: only what is known to come is added. */
const LUMPY: ReadonlySet<Category> = new Set<Category>(['housing', 'insurance', 'loan', 'government', 'utilities']);
/** Told by detectors of their own. */
const ELSEWHERE: ReadonlySet<Category> = new Set<Category>(['income', 'transfer', 'fees', 'interest']);

/** Rent and insurance have no pace: they come, or they do not. */
export function isLumpy(category: Category): boolean {
  return LUMPY.has(category);
}

/**
 * @param view as it is: tells which days are known
 * @param household the same without own transfers
 * @param recurring what comes back, at its day and amount
 */
export function categoryPace(
  view: View,
  household: View,
  recurring: readonly RecurringInsight[],
): CategoryPaceInsight[] {
  return [...householdOf(view)].flatMap(([currency, accounts]) =>
    paceOf(view, household, currency, accounts, recurring),
  );
}

function paceOf(
  view: View,
  household: View,
  currency: string,
  accounts: readonly AccountView[],
  recurring: readonly RecurringInsight[],
): CategoryPaceInsight[] {
  const until = knownUntil(view, accounts);
  const month = monthOf(view.today);
  // The day of the question is not over; later movements may be of the future.
  if (until === null || monthOf(until) !== month || calendarOf(until).dayOfMonth <= QUIET_DAYS) return [];
  const from = firstDayOf(month - MONTHS);
  if (!isKnown(view, accounts, from, until)) return [];
  const found = movementsOf(household, isAmong(accounts), from, until).filter(
    ({ movement }) => !ELSEWHERE.has(movement.category),
  );
  const series = recurring.filter((one) => one.currency === currency && one.direction === 'out');
  const repeated = new Set(series.flatMap(({ evidence }) => evidence.map(evidenceKey)));
  return [...Map.groupBy(found, ({ movement }) => movement.category)].flatMap(([category, of]) => {
    const coming = comingMinor(
      series.filter((one) => one.category === category),
      until,
      month,
    );
    return categoryOf({ currency, category, found: of, month, until, coming, repeated }) ?? [];
  });
}

interface CategoryMonths {
  readonly currency: string;
  readonly category: Category;
  readonly found: readonly Found[];
  readonly month: number;
  /** The last day that is known. */
  readonly until: number;
  /** Known to come before the month ends. */
  readonly coming: number;
  /** Movements of recurring payments. */
  readonly repeated: ReadonlySet<string>;
}

function categoryOf(months: CategoryMonths): CategoryPaceInsight | undefined {
  const { currency, category, found, month, until } = months;
  const byMonth = Map.groupBy(found, ({ movement }) => monthOf(movement.day));
  const of = (which: number): readonly Found[] => byMonth.get(which) ?? [];
  const before = [1, 2, 3].map((back) => Math.max(0, total(of(month - back))));
  const usual = before.reduce((sum, one) => sum + one, 0) / MONTHS;
  // Two months of three at least, and of what is paid once a month each: what seldom comes has no pace.
  if (before.filter((one) => one > 0).length < (isLumpy(category) ? MONTHS : MONTHS - 1)) return undefined;
  const current = of(month);
  const spent = Math.max(0, total(current));
  const { projected, deviation } = projectionOf(months, current, usual);
  const event = isLumpy(category) ? 0 : eventMinor(current, usual);
  const highest = Math.max(...before) * (isLumpy(category) ? ABOVE_HIGHEST : 1);
  if (projected - event < AHEAD * usual || projected < highest) return undefined;
  if (projected - usual < thresholdMinor('paceExcess', currency)) return undefined;
  // Few large purchases make a projection that is as often wrong as right.
  const likely = normalShare((projected - AHEAD * usual) / Math.max(1, deviation));
  if (likely < LEAST_LIKELY) return undefined;
  return {
    kind: 'category-pace',
    fingerprint: fingerprintOf('category-pace', [category, currency], monthText(month)),
    currency,
    confidencePercent: Math.min(98, Math.round(100 * likely)),
    date: dateOf(until),
    counterparty: null,
    evidence: largestEvidence(current.filter(({ movement }) => movement.minor < 0)),
    category,
    month: monthText(month),
    spentMinor: safeMinor(spent),
    projectedMinor: safeMinor(projected),
    usualMinor: safeMinor(usual),
  };
}

/** The largest purchase, where it alone is far more than a usual month. */
function eventMinor(current: readonly Found[], usual: number): number {
  const largest = Math.max(0, ...current.map(spentMinor));
  return largest > EVENT * usual ? largest : 0;
}

/** Where the month is likely to end, and by how much that may be wrong (a standard deviation). */
interface Projection {
  readonly projected: number;
  readonly deviation: number;
}

function projectionOf(months: CategoryMonths, current: readonly Found[], usual: number): Projection {
  const { category, month, until, coming, repeated, found } = months;
  const spent = Math.max(0, total(current));
  if (isLumpy(category)) return { projected: spent + coming, deviation: 0 };
  const isPace = (one: Found) =>
    Math.abs(one.movement.minor) <= SINGLE_SHARE * usual && !repeated.has(evidenceKey(cite(one)));
  const pace = current.filter(isPace);
  const paceBefore = found.filter((one) => monthOf(one.movement.day) < month && isPace(one));
  const days = until - firstDayOf(month) + 1;
  const daysBefore = firstDayOf(month) - firstDayOf(month - MONTHS);
  const daysLeft = lastDayOf(month) - until;
  const usualPace = total(paceBefore) / daysBefore;
  const ownPace = pace.length < LEAST_PURCHASES ? usualPace : total(pace) / days;
  // Purchases come one by one: of so many days' sum the variance is their squares' sum. What few of them say is mostly chance.
  const variancePerDay = squares(paceBefore) / daysBefore;
  const ofChance = variancePerDay / days;
  const ofMonths = (PACE_SPREAD * usualPace) ** 2;
  const trust = ofMonths / Math.max(1, ofMonths + ofChance);
  const rest = Math.max(0, trust * ownPace + (1 - trust) * usualPace) * daysLeft;
  const variance = variancePerDay * daysLeft + trust * ofChance * daysLeft ** 2;
  return { projected: spent + coming + rest, deviation: Math.sqrt(variance) };
}

function squares(found: readonly Found[]): number {
  return found.reduce((sum, { movement }) => sum + movement.minor ** 2, 0);
}

function total(found: readonly Found[]): number {
  return found.reduce((sum, one) => sum + spentMinor(one), 0);
}

/**
 * Next dates only: within what is left of a month only a weekly payment comes twice. A rent of the first that is due on a weekend comes
 * at the end of the month before: two in one month, and none that was not known.
 */
function comingMinor(series: readonly RecurringInsight[], until: number, month: number): number {
  const last = lastDayOf(month);
  return series.reduce((sum, { nextDate, lastDate, typicalMinor, cadence }) => {
    const next = dayOf(nextDate) ?? last + 1;
    if (next <= until || next > last) return sum;
    const every = cadence === 'weekly' ? 7 : cadence === 'fortnightly' ? 14 : cadence === 'semimonthly' ? 15 : null;
    if (every === null) return (dayOf(lastDate) ?? 0) >= firstDayOf(month) ? sum : sum + typicalMinor;
    return sum + typicalMinor * (1 + Math.floor((last - next) / every));
  }, 0);
}
