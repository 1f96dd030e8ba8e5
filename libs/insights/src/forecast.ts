/**
 * The balance of each current account, day by day, as a band: what is known to come and go at its day and amount, and what is spent
 * besides. Days and amounts that may differ widen the band. Only the holder's own money counts: no credit line is part of a balance.
 */

import { movementsOf } from './citation.ts';
import { dateOf, dayOf } from './day.ts';
import type { Evidence, RecurringInsight } from './insight.ts';
import { firstDays, isAmong, placeKey } from './known-days.ts';
import { movementsSince } from './movements-since.ts';
import { occurrencesOf } from './occurrence.ts';
import { type Residual, residualDays, residualOf } from './residual-spending.ts';
import { safeMinor } from './safe-minor.ts';
import { cameEarly } from './standing.ts';
import type { AccountView, Day, Movement, View } from './view.ts';

export const forecastDays = 45;

export interface ForecastDay {
  readonly date: string;
  /** In eight of ten cases the balance at the day's end lies between low and high. */
  readonly lowMinor: number;
  readonly likelyMinor: number;
  readonly highMinor: number;
}

/** Something known to come or go. */
export interface DuePayment {
  readonly date: string;
  /** Positive = money in. */
  readonly minor: number;
  /** Of the recurring payment or income; what-if leaves it out by this. */
  readonly fingerprint: string;
  /** Personal data: never logged. */
  readonly counterparty: string | null;
}

export interface AccountForecast {
  readonly connectionId: string;
  readonly accountId: string;
  readonly currency: string;
  /** What is there today, by the last reading and what was booked since. */
  readonly startMinor: number;
  /** From tomorrow on. */
  readonly days: readonly ForecastDay[];
  /** In the order of their dates. */
  readonly due: readonly DuePayment[];
  /** The next wage or other income that carries the account; `null` where none is known to come. */
  readonly nextIncomeDate: string | null;
  /** So many days the known incomes carry the answer: beyond them money comes that nobody can foresee. */
  readonly reliableDays: number;
}

export interface ForecastQuestion {
  /** As it is: own transfers are part of a balance. */
  readonly view: View;
  /** The same without own transfers: what is spent besides. */
  readonly household: View;
  /** Recurring payments and incomes, also between the user's own accounts. */
  readonly recurring: readonly RecurringInsight[];
  /** Fingerprints of recurring payments to leave out: what if this contract ended. */
  readonly without?: ReadonlySet<string>;
}

/** Half the width of the band that eight of ten cases lie in, in standard deviations. */
const BAND = 1.2816;
/** An account that lives on what nobody can foresee is foreseen no longer than this. */
const UNSURE_DAYS = 14;
/** Of what goes out: irregular income above it makes the forecast unsure. */
const IRREGULAR_SHARE = 0.25;
/** A payment of the series may be as much smaller or larger than those before. */
const LIKE_FACTOR = 1.5;
/** Of the largest income: smaller ones do not carry an account. */
const CARRYING_SHARE = 0.5;

/** A forecast with what the likely line may be off by, were all days as expected. */
export interface Outlook {
  readonly forecast: AccountForecast;
  /** Standard deviations, day by day as in the forecast. */
  readonly deviations: readonly number[];
  /** Money in that is neither recurring nor given back, of what goes out besides. */
  readonly irregularShare: number;
}

/** @returns one for each current account whose balance is known, by connection and account */
export function forecast(question: ForecastQuestion): AccountForecast[] {
  return outlooks(question).map((one) => one.forecast);
}

/** The same, with deviations. */
export function outlooks(question: ForecastQuestion): Outlook[] {
  const spending = question.view.accounts.filter(({ type }) => type === 'CACC');
  return spending
    .flatMap((account) => outlookOf(question, account) ?? [])
    .sort((a, b) => compareTexts(placeKey(a.forecast), placeKey(b.forecast)));
}

/** An occurrence with the days and amounts that it may have. */
interface Flow {
  readonly series: RecurringInsight;
  readonly day: Day;
  readonly fromDay: Day;
  readonly toDay: Day;
  readonly sign: 1 | -1;
}

function outlookOf(question: ForecastQuestion, account: AccountView): Outlook | undefined {
  const { view, household, recurring, without = new Set() } = question;
  const { connectionId, accountId, currency, balanceMinor, balanceDay } = account;
  if (balanceMinor === null || balanceDay === null || balanceDay > view.today) return undefined;
  const isHere = isAmong([account]);
  const since = movementsOf(view, isHere, balanceDay + 1, view.today);
  const knownDay = Math.max(balanceDay, ...since.map(({ movement }) => movement.day));
  const startMinor = since.reduce((sum, { movement }) => sum + movement.minor, balanceMinor);
  const own = recurring.filter(
    (series) => series.currency === currency && series.evidence[0] !== undefined && isHere(series.evidence[0]),
  );
  const repeated = new Set(own.flatMap((series) => series.evidence.filter(isHere).map(paymentOf)));
  const from = knownDay - residualDays + 1;
  const besides = movementsOf(household, isHere, from).filter(({ movement }) => !repeated.has(paymentKey(movement)));
  const first = firstDays(view).get(connectionId) ?? knownDay;
  const residual = residualOf(besides, first, knownDay);
  const lastDay = view.today + forecastDays;
  const counted = own.filter(({ fingerprint }) => !without.has(fingerprint));
  const flows = counted.flatMap((series) =>
    flowsOf(series, knownDay, lastDay, isPaidAlready(series, view, repeated) ? 1 : 0),
  );
  const due = flows
    .filter(({ day }) => day > view.today && day <= lastDay)
    .map(duePayment)
    .sort((a, b) => compareTexts(a.date, b.date) || compareTexts(a.fingerprint, b.fingerprint));
  const days = Array.from({ length: forecastDays }, (_, index) =>
    dayAt(view.today + 1 + index, startMinor, knownDay, flows, residual),
  );
  const forecast: AccountForecast = {
    connectionId,
    accountId,
    currency,
    startMinor: safeMinor(startMinor),
    days: days.map((one) => one.day),
    due,
    nextIncomeDate: nextIncome(flows, view.today),
    reliableDays: isForeseeable(flows, residual) ? forecastDays : UNSURE_DAYS,
  };
  const irregularShare = residual.irregularInMinor / Math.max(1, residual.outMinor);
  return { forecast, deviations: days.map(({ deviation }) => deviation), irregularShare };
}

/** Tells payments of one account apart. */
function paymentKey({ day, minor }: Pick<Movement, 'day' | 'minor'>): string {
  return `${day} ${minor}`;
}

function paymentOf({ date, minor }: Evidence): string {
  return paymentKey({ day: dayOf(date) ?? 0, minor });
}

/**
 * The next one is in the ledger, though not in the series: money between own accounts is of a series once both sides are there, and
 * the other bank books it days later. Or it came too early for its rhythm.
 * @param repeated keys of what is of some series
 */
function isPaidAlready({ evidence, ...series }: RecurringInsight, view: View, repeated: ReadonlySet<string>): boolean {
  const last = evidence[0];
  const lastDay = last && dayOf(last.date);
  const dueDay = dayOf(series.nextFromDate);
  if (last === undefined || lastDay === undefined || dueDay === undefined) return false;
  const isLike = ({ minor }: Movement) =>
    Math.abs(minor) >= series.lowMinor / LIKE_FACTOR && Math.abs(minor) <= series.highMinor * LIKE_FACTOR;
  return view.ledgers.some((ledger) => {
    const { connectionId, accountId, direction, movements } = ledger;
    if (direction !== series.direction || connectionId !== last.connectionId || accountId !== last.accountId)
      return false;
    const newest = movementsSince(movements, lastDay);
    if (!newest.some(({ day, minor }) => day === lastDay && minor === last.minor)) return false;
    return newest.some((movement) => {
      if (movement.day === lastDay || repeated.has(paymentKey(movement))) return false;
      return movement.day >= dueDay ? isLike(movement) : cameEarly(movement, lastDay, series);
    });
  });
}

/** @param first how many of the next ones are there already */
function flowsOf(series: RecurringInsight, knownDay: Day, lastDay: Day, first: number): Flow[] {
  const dueDay = occurrencesOf(series);
  if (dueDay === undefined) return [];
  const next = dueDay(0);
  const from = dayOf(series.nextFromDate) ?? next;
  const to = dayOf(series.nextToDate) ?? next;
  const flows: Flow[] = [];
  for (let count = first; ; count++) {
    const day = dueDay(count);
    if (day > lastDay + (next - from)) return flows;
    const toDay = day + (to - next);
    // Not come, and still inside its band: it comes on one of the days that are left. Beyond it the next one is waited for.
    if (toDay <= knownDay) continue;
    const sign = series.direction === 'in' ? 1 : -1;
    const soonest = knownDay + 1;
    flows.push({ series, day: Math.max(soonest, day), fromDay: Math.max(soonest, day - (next - from)), toDay, sign });
  }
}

function dayAt(
  day: Day,
  startMinor: number,
  knownDay: Day,
  flows: readonly Flow[],
  residual: Residual,
): { readonly day: ForecastDay; readonly deviation: number } {
  const days = day - knownDay;
  const spent = residual.dailyMinor * days;
  let [low, likely, high] = [startMinor - spent, startMinor - spent, startMinor - spent];
  let variance = (residual.weeklySpreadMinor ** 2 * days) / 7;
  let expectedVariance = variance;
  for (const { series, day: expected, fromDay, toDay, sign } of flows) {
    if (fromDay > day) continue;
    const minor = sign * series.typicalMinor;
    const isLast = toDay <= day;
    const isIn = sign === 1;
    const ofAmount = ((series.highMinor - series.lowMinor) / (2 * BAND)) ** 2;
    if (expected <= day) {
      likely += minor;
      expectedVariance += ofAmount;
    }
    // The bad case: bills on their first day, income on its last; and what has seldom come yet is not relied on.
    if (isIn ? isLast && series.status === 'mature' : true) low += minor;
    if (isIn ? true : isLast) high += minor;
    variance += ofAmount;
  }
  const half = BAND * Math.sqrt(variance);
  return {
    day: {
      date: dateOf(day),
      lowMinor: safeMinor(Math.min(low, likely) - half),
      likelyMinor: safeMinor(likely),
      highMinor: safeMinor(Math.max(high, likely) + half),
    },
    deviation: Math.sqrt(expectedVariance),
  };
}

function duePayment({ series, day, sign }: Flow): DuePayment {
  const { fingerprint, counterparty, typicalMinor } = series;
  return { date: dateOf(day), minor: sign * typicalMinor, fingerprint, counterparty };
}

function carrying(flows: readonly Flow[]): Flow[] {
  const incomes = flows.filter(({ sign }) => sign === 1);
  const largest = Math.max(0, ...incomes.map(({ series }) => series.typicalMinor));
  return incomes.filter(({ series }) => series.typicalMinor >= CARRYING_SHARE * largest);
}

function nextIncome(flows: readonly Flow[], today: Day): string | null {
  const days = carrying(flows).flatMap(({ day }) => (day > today ? [day] : []));
  return days.length === 0 ? null : dateOf(Math.min(...days));
}

function isForeseeable(flows: readonly Flow[], residual: Residual): boolean {
  return carrying(flows).length > 0 && residual.irregularInMinor <= IRREGULAR_SHARE * residual.outMinor;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
