/** Middle and spread of numbers, such that a single wild one moves neither. */

/** @returns 0 for none; of an even number of them the lower middle one, so that it is one of them */
export function median(values: readonly number[]): number {
  // As numbers they are sorted without a call for each comparison.
  const sorted = Float64Array.from(values).sort();
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}

/** Median of the distances from the median. */
export function medianDistance(values: readonly number[], middle = median(values)): number {
  return median(values.map((value) => Math.abs(value - middle)));
}

/** Whether two amounts differ by no more than this share of the larger one. */
export function areWithin(a: number, b: number, share: number): boolean {
  return Math.abs(a - b) <= share * Math.max(Math.abs(a), Math.abs(b));
}

/** A normal distribution's standard deviations in one median distance. */
export const sigmaPerDistance = 1.4826;
