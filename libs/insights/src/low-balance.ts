/**
 * The balance is likely to go below zero before the next income. It is told when that is likely, not when it is merely possible: an alarm
 * at each low end of the band would be wrong most of the time.
 */
import { newestFirst } from './citation.ts';
import { dayOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { ForecastDay, Outlook } from './forecast.ts';
import type { Evidence, LowBalanceInsight, RecurringInsight } from './insight.ts';
import { normalShare } from './normal-share.ts';
import { occurrence } from './occurrence.ts';
import { safeMinor } from './safe-minor.ts';
import { thresholdMinor } from './thresholds.ts';
import type { AccountView, Day } from './view.ts';

/** An older balance says nothing of now. */
const FRESH_DAYS = 7;
/** Further ahead too much can still happen: of what is said three weeks before, half does not come true. */
const AHEAD_DAYS = 10;
/** Of what goes out: so much that comes in, none of it known to come again, will come again. */
const FED_SHARE = 0.5;
/** For tomorrow, and more for each day behind it: what is days away can still be told, and be surer then. */
const LEAST_CONFIDENCE_PERCENT = 25;
const MORE_CONFIDENCE_PERCENT = 3;
const MOST_CONFIDENCE_PERCENT = 97;
/** Days that bill and income may come before or after their own, as a standard deviation: mostly a weekend. */
const ORDER_DAYS = 1;
const MOST_OFF_DAYS = 5;

/** @param recurring what the forecasts were made with */
export function lowBalance(
  given: readonly Outlook[],
  { today, accounts }: { readonly today: Day; readonly accounts: readonly AccountView[] },
  recurring: readonly RecurringInsight[],
): LowBalanceInsight[] {
  const fresh = new Set(
    accounts
      .filter(({ balanceDay }) => (balanceDay ?? 0) >= today - FRESH_DAYS)
      .map(({ connectionId, accountId }) => `${connectionId}|${accountId}`),
  );
  return given
    .filter(({ forecast: { connectionId, accountId } }) => fresh.has(`${connectionId}|${accountId}`))
    .flatMap((one) => lowOf(one, recurring) ?? []);
}

function lowOf(
  { forecast: one, deviations, irregularShare }: Outlook,
  recurring: readonly RecurringInsight[],
): LowBalanceInsight | undefined {
  const { connectionId, accountId, currency, nextIncomeDate } = one;
  if (nextIncomeDate === null && irregularShare > FED_SHARE) return undefined;
  const days = one.days
    .slice(0, Math.min(AHEAD_DAYS, one.reliableDays))
    .filter(({ date }) => nextIncomeDate === null || date < nextIncomeDate);
  const below = days.find(({ likelyMinor }) => likelyMinor <= -thresholdMinor('short', currency));
  if (below === undefined) return undefined;
  const lowest = days.reduce((worst, day) => (day.likelyMinor < worst.likelyMinor ? day : worst));
  // One day below is enough.
  const orderDays = orderDaysOf(one, recurring);
  const percents = days.map((day, index) => Math.round(100 * sureness(day, deviations[index] ?? 0, one, orderDays)));
  if (!percents.some((percent, index) => percent >= leastPercent(index))) return undefined;
  const confidencePercent = Math.min(MOST_CONFIDENCE_PERCENT, Math.max(...percents));
  return {
    kind: 'low-balance',
    fingerprint: fingerprintOf('low-balance', [connectionId, accountId], payPeriod(one, below.date, recurring)),
    currency,
    confidencePercent,
    date: below.date,
    counterparty: null,
    evidence: dueEvidence(one, lowest.date, recurring),
    connectionId,
    accountId,
    lowMinor: lowest.lowMinor,
    likelyMinor: lowest.likelyMinor,
    highMinor: lowest.highMinor,
    shortMinor: safeMinor(Math.max(0, ...days.map(({ lowMinor }) => -lowMinor))),
  };
}

/** @param index of the day: 0 is tomorrow */
const leastPercent = (index: number) => LEAST_CONFIDENCE_PERCENT + MORE_CONFIDENCE_PERCENT * index;

/**
 * The pay period: from one income to the next, so that a dismissal holds until the next income, however the forecast moves. By month
 * where no income is known to come.
 */
function payPeriod(one: Outlook['forecast'], date: string, recurring: readonly RecurringInsight[]): string {
  const isNext = (due: { readonly date: string; readonly minor: number }) =>
    due.minor > 0 && due.date === one.nextIncomeDate;
  const next = new Set(one.due.filter(isNext).map(({ fingerprint }) => fingerprint));
  const last = recurring.filter(({ fingerprint }) => next.has(fingerprint)).flatMap(({ evidence }) => evidence);
  return newestFirst(last)[0]?.date ?? date.slice(0, 7);
}

/**
 * How likely the balance is below zero at that day's end: by what amounts may differ, and by whether the income comes no sooner. The
 * forecast's band would not do: it has each bill on its last possible day beside each income on its first.
 */
function sureness(
  { date, likelyMinor }: ForecastDay,
  deviation: number,
  { nextIncomeDate }: Outlook['forecast'],
  orderDays: number,
): number {
  const isShort = normalShare(-likelyMinor / Math.max(1, deviation));
  if (nextIncomeDate === null) return isShort;
  const daysBefore = (dayOf(nextIncomeDate) ?? 0) - (dayOf(date) ?? 0);
  return isShort * normalShare((daysBefore - 0.5) / orderDays);
}

/** By how many days the next income and the largest bill before it kept their days so far, together, as a standard deviation. */
function orderDaysOf(one: Outlook['forecast'], recurring: readonly RecurringInsight[]): number {
  const until = one.nextIncomeDate ?? '';
  const before = one.due.filter(({ minor, date }) => minor < 0 && date <= until);
  const bill = before.reduce<(typeof before)[number] | undefined>(
    (most, due) => (most === undefined || due.minor < most.minor ? due : most),
    undefined,
  );
  const incomes = one.due.filter(({ minor, date }) => minor > 0 && date === until);
  const named = new Set([...incomes, ...(bill === undefined ? [] : [bill])].map(({ fingerprint }) => fingerprint));
  const variance = recurring
    .filter(({ fingerprint }) => named.has(fingerprint))
    .reduce((sum, series) => sum + dayVariance(series), 0);
  return Math.max(ORDER_DAYS, Math.sqrt(variance));
}

/** Of the days on which it came, about those that the ones before pointed to. */
function dayVariance({ evidence, cadence }: RecurringInsight): number {
  const days = evidence.flatMap(({ date }) => dayOf(date) ?? []);
  const off = days.slice(0, -1).map((day, index) => day - occurrence(days[index + 1] ?? day, cadence, 1));
  // What was left out once is no day that was missed.
  const near = off.filter((each) => Math.abs(each) <= MOST_OFF_DAYS);
  // Both days of each differ.
  return near.length === 0 ? 0 : near.reduce((sum, each) => sum + each ** 2, 0) / (2 * near.length);
}

/** The last payments of what falls due until then. */
function dueEvidence(one: Outlook['forecast'], until: string, recurring: readonly RecurringInsight[]): Evidence[] {
  const due = new Set(
    one.due.filter(({ date, minor }) => minor < 0 && date <= until).map(({ fingerprint }) => fingerprint),
  );
  const newest = recurring.flatMap(({ fingerprint, evidence }) => (due.has(fingerprint) ? evidence.slice(0, 1) : []));
  return newestFirst(newest);
}
