/** Far more than this counterparty ever got. */
import { clampPercent } from './confidence.ts';
import { dateOf } from './day.ts';
import { evidenceOf } from './evidence.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { UnusualSpendInsight } from './insight.ts';
import { mayBeSameName } from './same-name.ts';
import { median, medianDistance } from './spread.ts';
import { thresholdMinor } from './thresholds.ts';
import type { Category, CounterpartyLedger, Movement, View } from './view.ts';

const LEAST_EARLIER = 6;
const MANY_EARLIER = 9;
/** Later it is no news; and of what it was judged against some may be forgotten by then. */
const TOLD_DAYS = 14;
/** Median distances that make a standard deviation of what is normal. */
const NORMAL = 1.4826;
const DEVIATIONS = 6;
/** On the scale of factors: shops have long tails. */
const LOG_DEVIATIONS = 3.5;
const LEAST_FACTOR = 3;
/** Above the highest that there was. */
const ABOVE_HIGHEST = 1.5;
/** So far above both it is unusual however much the others differ. */
const FAR_ABOVE_USUAL = 5;
const FAR_ABOVE_HIGHEST = 2;
/**
 * Where older ones were dropped: a household's largest shopping of the year is a few times its usual one, and may be among those. The less
 * it is above the highest of those that are left, the more above the usual.
 */
const FAR_ABOVE_USUAL_OF_SOME = 5.5;
const FAR_ABOVE_HIGHEST_OF_SOME = 2.6;
const FARTHEST_ABOVE_USUAL = 8;

const excluded: ReadonlySet<Category> = new Set(['cash', 'transfer', 'income', 'interest', 'fees', 'loan']);

export function unusualSpendInsights(view: View): readonly UnusualSpendInsight[] {
  return view.ledgers.flatMap((ledger) => {
    if (ledger.direction !== 'out') return [];
    const insight = unusualIn(ledger, view);
    return insight === undefined ? [] : [insight];
  });
}

/** The newest of its kind: one is enough to look at the others. */
function unusualIn(ledger: CounterpartyLedger, view: View): UnusualSpendInsight | undefined {
  const { movements } = ledger;
  for (let index = movements.length - 1; index >= LEAST_EARLIER; index--) {
    const movement = movements[index];
    if (movement === undefined || view.today - movement.day > TOLD_DAYS) return undefined;
    const earlier = movements.slice(0, index);
    const usual = usualBefore(earlier);
    if (excluded.has(movement.category) || movement.isTransferLike) continue;
    if (isFarAbove(movement, usual, earlier, ledger) && !wasPaidElsewhere(ledger, movement, view))
      return insightOf(ledger, movement, earlier, usual);
  }
  return undefined;
}

function usualBefore(earlier: readonly Movement[]): number {
  return median(earlier.map(({ minor }) => Math.abs(minor)));
}

function isFarAbove(
  movement: Movement,
  usual: number,
  earlier: readonly Movement[],
  { currency, isCut }: CounterpartyLedger,
): boolean {
  const size = Math.abs(movement.minor);
  if (size - usual < thresholdMinor('unusual', currency) || size < LEAST_FACTOR * usual) return false;
  const sizes = earlier.map(({ minor }) => Math.abs(minor));
  const highest = Math.max(...sizes);
  const isFar = (aboveHighest: number, aboveUsual: number) =>
    size >= aboveHighest * highest && size >= aboveUsual * usual;
  if (isCut)
    return isFar(FAR_ABOVE_HIGHEST_OF_SOME, FAR_ABOVE_USUAL_OF_SOME) || isFar(FAR_ABOVE_HIGHEST, FARTHEST_ABOVE_USUAL);
  if (isFar(FAR_ABOVE_HIGHEST, FAR_ABOVE_USUAL)) return true;
  // Few have not shown how high they go.
  if (earlier.length < MANY_EARLIER || size < ABOVE_HIGHEST * highest) return false;
  if (size < usual + DEVIATIONS * NORMAL * medianDistance(sizes, usual)) return false;
  const logs = sizes.map((one) => Math.log(one));
  const middle = median(logs);
  // Amounts that hardly differ would make everything far.
  const deviation = Math.max(0.15, NORMAL * medianDistance(logs, middle));
  return Math.log(size) >= middle + LOG_DEVIATIONS * deviation;
}

/** As much was paid there before from another account, or under a longer name: of another branch, say. */
function wasPaidElsewhere(ledger: CounterpartyLedger, { day, minor }: Movement, { ledgers }: View): boolean {
  return ledgers.some(
    (other) =>
      other !== ledger &&
      other.direction === 'out' &&
      other.currency === ledger.currency &&
      other.movements.some((one) => one.day < day && ABOVE_HIGHEST * Math.abs(one.minor) > Math.abs(minor)) &&
      (other.key === ledger.key || mayBeSameName(other.label, ledger.label)),
  );
}

function insightOf(
  { connectionId, accountId, key, currency, label }: CounterpartyLedger,
  movement: Movement,
  earlier: readonly Movement[],
  usual: number,
): UnusualSpendInsight {
  return {
    kind: 'unusual-spend',
    fingerprint: fingerprintOf('unusual-spend', [accountId, key, currency], String(movement.day)),
    currency,
    confidencePercent: clampPercent(60 + 2 * Math.min(15, earlier.length - LEAST_EARLIER)),
    date: dateOf(movement.day),
    counterparty: label,
    evidence: evidenceOf([...earlier, movement].map((one) => ({ connectionId, accountId, movement: one }))),
    minor: Math.abs(movement.minor),
    usualMinor: usual,
    category: movement.category,
  };
}
