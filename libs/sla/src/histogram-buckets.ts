/**
 * Upper bounds of the histogram buckets of every timing, declared once. A percentile read from buckets is a straight line
 * within one bucket, so two things decide how true it is: every bound of an objective is a bucket's bound (then "is p95
 * over the bound?" has the same answer as on the raw values), and neighbours lie close together where latencies are
 * (at most a quarter apart from 10 ms to the hard deadline, a tenth around the promise), so that p99 is resolved.
 */
import { deadlineBudget } from './deadline-budget.ts';
import { isLatencyObjective, isShareObjective, type Objective, objectives } from './objectives.ts';
import { SlaError } from './sla-error.ts';

const GRID_MS = [
  1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 48, 57, 67, 78, 90, 110, 120, 130, 140, 150, 160, 170, 180, 190,
  200, 210, 220, 235, 265, 280, 300, 330, 370, 420, 500, 600, 750, 900, 1_100, 1_350, 1_650, 2_500, 3_500, 5_000,
  10_000,
];
/** Queue ages run to hours; beyond these nobody asks for a fine percentile. */
const COARSE_MS = [30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000];

function boundsOf(objective: Objective): readonly number[] {
  if (isLatencyObjective(objective)) return [objective.underMs];
  if (isShareObjective(objective) && 'overMs' in objective.bad) return [objective.bad.overMs];
  return [];
}

/** Bounds that must be buckets because an objective is decided at them. */
export function objectiveBoundsMs(all: Readonly<Record<string, Objective>> = objectives): readonly number[] {
  return [...new Set(Object.values(all).flatMap(boundsOf))].sort((a, b) => a - b);
}

/** Ascending, in ms, inclusive (a value of exactly 100 is in the bucket up to 100); the bucket above the last is implied. */
export const bucketBoundsMs: readonly number[] = [
  ...new Set([...GRID_MS, ...COARSE_MS, ...objectiveBoundsMs(), deadlineBudget.hardMs]),
].sort((a, b) => a - b);

/**
 * Where a value belongs.
 * @returns index into `bucketBoundsMs`; its length for a value above the last bound
 */
export function bucketIndex(valueMs: number): number {
  let low = 0;
  let high = bucketBoundsMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueMs <= (bucketBoundsMs[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * @returns index of the bucket that ends at exactly this bound
 * @throws {SlaError} `SLA_BOUND_NOT_A_BUCKET`
 */
export function bucketIndexOfBound(boundMs: number): number {
  const index = bucketBoundsMs.indexOf(boundMs);
  if (index < 0) throw new SlaError('SLA_BOUND_NOT_A_BUCKET', { boundMs });
  return index;
}
