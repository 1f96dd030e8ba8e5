/** All insights that one connection's view gives by itself: what is derived at write time. */
import { duplicateChargeInsights } from './duplicate-charge.ts';
import type { Insight } from './insight.ts';
import { compareTexts } from './kept-movement.ts';
import { missedInsights } from './missed.ts';
import { priceChangeInsights } from './price-change.ts';
import { recurringInsights } from './recurring.ts';
import { joinNames } from './same-name.ts';
import { seriesOf } from './series.ts';
import { unusualSpendInsights } from './unusual-spend.ts';
import type { View } from './view.ts';

/**
 * @param given a view of several connections is judged as a whole
 * @param whole the same with what was taken out of it: a payment that is there is not missed
 * @returns by kind and fingerprint, each fingerprint once
 */
export function connectionInsights(given: View, whole: View = given): readonly Insight[] {
  const view = joinNames(given);
  const series = seriesOf(view);
  const found: readonly Insight[] = [
    ...recurringInsights(series, view),
    ...priceChangeInsights(series, view),
    ...missedInsights(series, whole),
    ...duplicateChargeInsights(view),
    ...unusualSpendInsights(view),
  ];
  const byFingerprint = new Map(found.map((insight) => [insight.fingerprint, insight]));
  return [...byFingerprint.values()].sort(
    (a, b) => compareTexts(a.kind, b.kind) || compareTexts(a.fingerprint, b.fingerprint),
  );
}

export interface InsightChanges {
  readonly raised: readonly Insight[];
  /** Fingerprints. */
  readonly cleared: readonly string[];
}

/**
 * What is new and what is over. The same fingerprint is the same insight, whatever its amounts and dates are by now.
 * @param open fingerprints of those that were told before
 */
export function diffInsights(open: readonly string[], found: readonly Insight[]): InsightChanges {
  const known = new Set(open);
  const still = new Set(found.map(({ fingerprint }) => fingerprint));
  return {
    raised: found.filter(({ fingerprint }) => !known.has(fingerprint)),
    cleared: open.filter((fingerprint) => !still.has(fingerprint)),
  };
}
