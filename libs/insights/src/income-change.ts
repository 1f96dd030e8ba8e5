/**
 * A wage, pension or benefit that is higher or lower than before: the two newest payments both, by 5 percent at least and by more than it
 * used to vary. One other payment is a bonus or a late month, not a change. It is told from the first payment of the new level on, and
 * named by that payment's month: the same however many follow.
 */
import { dayOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Evidence, type IncomeChangeInsight, mostEvidence, type RecurringInsight } from './insight.ts';
import { placeKey } from './known-days.ts';
import { safeMinor } from './safe-minor.ts';
import { median, medianDistance, sigmaPerDistance } from './spread.ts';
import { thresholdMinor } from './thresholds.ts';
import type { Category, View } from './view.ts';

const CHANGE = 0.05;
const LEAST_NEW = 2;
const LEAST_BEFORE = 3;
/** Pay by the hour goes up and down: more of it is needed to see that it stays. Three above all before are there by chance now and then. */
const LEAST_VARIABLE = { now: 4, before: 6 } as const;
/** Only the newest before the change: rises of years ago are none of its business. */
const MOST_BEFORE = { fixed: 6, variable: 12 } as const;
/** New payments are of one level when they differ by no more than this. */
const SAME_LEVEL = 0.05;
const SIGMAS = 3;
/** A change of long ago is not news: four months' payments show it, and a series that goes by another name since does not tell it again. */
const NEWS_DAYS = 110;

const NO_INCOME: ReadonlySet<Category> = new Set<Category>([
  'interest',
  'fees',
  'shopping',
  'groceries',
  'dining',
  'travel',
  'loan',
]);

export function incomeChange(
  { today, accounts }: Pick<View, 'today' | 'accounts'>,
  recurring: readonly RecurringInsight[],
): IncomeChangeInsight[] {
  // What comes in on a card or a loan pays a debt.
  const owed = new Set(accounts.filter(({ nature }) => nature === 'liability').map(placeKey));
  return recurring.flatMap((series) => {
    if (series.direction !== 'in' || series.currency === null || NO_INCOME.has(series.category)) return [];
    if (series.evidence.some((one) => owed.has(placeKey(one)))) return [];
    // A transfer to another account at another amount is another transfer; a wage may go to another bank.
    if (series.category === 'transfer' && new Set(series.evidence.map(placeKey)).size > 1) return [];
    return changeOf(series, series.currency, today) ?? [];
  });
}

function changeOf(series: RecurringInsight, currency: string, today: number): IncomeChangeInsight | undefined {
  // Newest first. Of several payments on one day (wage and expenses) none is left out: both are of the series.
  const { evidence, amountKind } = series;
  const [least, leastBefore] =
    amountKind === 'fixed' ? [LEAST_NEW, LEAST_BEFORE] : [LEAST_VARIABLE.now, LEAST_VARIABLE.before];
  for (let count = least; count <= evidence.length - leastBefore; count++) {
    const then = evidence.slice(count, count + MOST_BEFORE[amountKind]);
    const found = changeAfter(series, currency, evidence.slice(0, count), then, today);
    if (found !== undefined) return found;
  }
  return undefined;
}

function changeAfter(
  series: RecurringInsight,
  currency: string,
  now: readonly Evidence[],
  then: readonly Evidence[],
  today: number,
): IncomeChangeInsight | undefined {
  const [after, before] = [now.map(({ minor }) => minor), then.map(({ minor }) => minor)];
  const [level, usual] = [median(after), median(before)];
  const since = now.at(-1)?.date ?? series.lastDate;
  const changed = Math.abs(level - usual);
  const spread = spreadOf(before);
  const floor = Math.max(CHANGE * usual, SIGMAS * sigmaPerDistance * medianDistance(before));
  const isAway = after.every(
    (one) => Math.sign(one - usual) === Math.sign(level - usual) && Math.abs(one - usual) >= floor,
  );
  // The one before the first new one is of the old level, or the change was before it.
  const isFirst = Math.abs((before[0] ?? level) - level) > Math.abs((before[0] ?? level) - usual);
  const isOneLevel =
    Math.max(...after) - Math.min(...after) <= Math.max(SAME_LEVEL * level, sigmaPerDistance * medianDistance(before));
  // Of what varies the new ones lie beyond all that there was, and their middle beyond what chance explains.
  const isBeyond =
    series.amountKind === 'fixed' ||
    (changed >= SIGMAS * spread &&
      after.every((one) => before.every((old) => Math.sign(one - old) === Math.sign(level - usual))));
  if (!isAway || !isFirst || !isOneLevel || !isBeyond) return undefined;
  if (Math.min(level, usual) < thresholdMinor('income', currency) || changed === 0) return undefined;
  if (today - (dayOf(since) ?? today) > NEWS_DAYS) return undefined;
  return {
    kind: 'income-change',
    fingerprint: fingerprintOf('income-change', [series.fingerprint, level > usual ? 'up' : 'down'], since.slice(0, 7)),
    currency,
    confidencePercent: Math.min(98, (series.amountKind === 'fixed' ? 92 : 82) + 3 * (now.length - LEAST_NEW)),
    date: since,
    counterparty: series.counterparty,
    evidence: [...now, ...then].slice(0, mostEvidence),
    beforeMinor: safeMinor(usual),
    afterMinor: safeMinor(level),
    cadence: series.cadence,
  };
}

/** Standard deviation. */
function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
}
