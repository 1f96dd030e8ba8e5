import type { Series } from './series.ts';

/** Grows with the occurrences beyond the least that were needed, and with their regularity. A judgement, not calibrated on labels. */
export function seriesConfidence({ occurrences, rule, regularity, amountKind, breaks }: Series): number {
  const more = occurrences.length - rule.least;
  const byCount = 1 - 0.22 / (1 + 0.5 * more);
  const byRegularity = 0.75 + 0.25 * regularity;
  const byAmount = amountKind === 'fixed' ? 1 : 0.96;
  const byBreaks = 1 - 0.05 * Math.min(3, breaks);
  return clampPercent(100 * byCount * byRegularity * byAmount * byBreaks);
}

/** Nothing here is certain, and what is hardly likely is not told. */
export function clampPercent(percent: number): number {
  return Math.min(99, Math.max(5, Math.round(percent)));
}
