/**
 * What is left of the income: three whole months against the three before. Only over months that are known whole; and where money went to
 * or came from places that are not connected, only if the answer is the same whether that money counts or not.
 */

import { type Found, largestEvidence, movementsOf } from './citation.ts';
import { dateOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { SavingsRateInsight } from './insight.ts';
import { areMonthsKnown, isAmong } from './known-days.ts';
import { firstDayOf, lastDayOf, monthOf, quarterText } from './months.ts';
import { earnedMinor, householdOf, spentMinor, unclear } from './spending.ts';
import { thresholdMinor } from './thresholds.ts';
import type { AccountView, DroppedMonth, View } from './view.ts';

const MONTHS = 3;
const POINTS = 5;
/** Rates below are no longer a matter of points. */
const LOWEST_PERCENT = -200;

/**
 * @param view as it is: tells which days are known
 * @param household the same without own transfers
 */
export function savingsRate(view: View, household: View): SavingsRateInsight[] {
  return [...householdOf(view)].flatMap(([currency, accounts]) => rateOf(view, household, currency, accounts) ?? []);
}

function rateOf(
  view: View,
  household: View,
  currency: string,
  accounts: readonly AccountView[],
): SavingsRateInsight | undefined {
  const month = monthOf(view.today);
  const [from, middle, until] = [firstDayOf(month - 2 * MONTHS), firstDayOf(month - MONTHS), lastDayOf(month - 1)];
  if (!areMonthsKnown(view, accounts, month - 2 * MONTHS, month - 1)) return undefined;
  const isOfThese = isAmong(accounts);
  const found = movementsOf(household, isOfThese, from, until);
  const dropped = view.droppedMonths.filter((one) => one.currency === currency && isOfThese(one));
  const before = sumsOf(
    found.filter(({ movement }) => movement.day < middle),
    dropped.filter((one) => one.month >= month - 2 * MONTHS && one.month < month - MONTHS),
  );
  const after = sumsOf(
    found.filter(({ movement }) => movement.day >= middle),
    dropped.filter((one) => one.month >= month - MONTHS && one.month < month),
  );
  if (Math.min(before.earned, after.earned) < thresholdMinor('savingsIncome', currency)) return undefined;
  const change = percentOf(after) - percentOf(before);
  const counted = percentOf(after, true) - percentOf(before, true);
  if (Math.abs(change) < POINTS || Math.abs(counted) < POINTS || Math.sign(change) !== Math.sign(counted))
    return undefined;
  const unclearShare =
    (before.unclearIn + before.unclearOut + after.unclearIn + after.unclearOut) / (before.earned + after.earned);
  return {
    kind: 'savings-rate',
    fingerprint: fingerprintOf('savings-rate', [currency, change > 0 ? 'up' : 'down'], quarterText(until)),
    currency,
    confidencePercent: unclearShare < 0.1 ? 95 : 80,
    date: dateOf(until),
    counterparty: null,
    evidence: largestEvidence(
      found.filter((one) => one.movement.day >= middle && (earnedMinor(one) > 0 || spentMinor(one) > 0)),
    ),
    beforePercent: percentOf(before),
    afterPercent: percentOf(after),
  };
}

interface Sums {
  readonly earned: number;
  readonly spent: number;
  readonly unclearIn: number;
  readonly unclearOut: number;
}

function sumsOf(found: readonly Found[], dropped: readonly DroppedMonth[]): Sums {
  const sum = (of: (one: Found) => number, ofDropped: (one: DroppedMonth) => number) =>
    found.reduce((total, one) => total + of(one), 0) + dropped.reduce((total, one) => total + ofDropped(one), 0);
  const unclearMinor = ({ movement }: Found) => (unclear.has(movement.category) ? movement.minor : 0);
  return {
    earned: sum(earnedMinor, (one) => one.earnedMinor),
    spent: sum(spentMinor, (one) => one.spentMinor - one.returnedMinor),
    unclearIn: sum(
      (one) => Math.max(0, unclearMinor(one)),
      (one) => one.unclearInMinor,
    ),
    unclearOut: sum(
      (one) => Math.max(0, -unclearMinor(one)),
      (one) => one.unclearOutMinor,
    ),
  };
}

function percentOf({ earned, spent, unclearIn, unclearOut }: Sums, isCounted = false): number {
  const income = isCounted ? earned + unclearIn : earned;
  const spending = isCounted ? spent + unclearOut : spent;
  return Math.max(LOWEST_PERCENT, Math.round((100 * (income - spending)) / income)) + 0;
}
