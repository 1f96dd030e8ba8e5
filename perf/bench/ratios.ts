/** What a series of interleaved pairs says: the middle of their ratios, and how far they lie apart. Pure. */

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @returns `undefined` without values */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = Float64Array.from(values).sort();
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  const upper = sorted[Math.floor(sorted.length / 2)] ?? most;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? least;
  return { median: (lower + upper) / 2, least, most };
}

/**
 * @param pairs ours and the other's, measured one right after the other: what drifts slowly meets both alike
 * @returns the spread of ours / other's; pairs that cannot be divided are left out
 */
export function ratioSpread(pairs: readonly (readonly [ours: number, others: number])[]): Spread | undefined {
  return spreadOf(pairs.filter(([, others]) => others > 0).map(([ours, others]) => ours / others));
}
