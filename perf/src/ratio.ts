/** Ratios of interleaved pairs. Pure. */

export interface Ratio {
  readonly name: string;
  readonly unit: string;
  /** Medians over the runs of each tree. */
  readonly before: number;
  readonly after: number;
  /** After / before of each pair: below 1 is less. Median, and the lowest and highest pair. */
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** Highest / lowest run of the same tree, the larger of the two: a ratio nearer to 1 than this is noise. */
  readonly noise: number;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** By pair: the same figure of both trees. */
  readonly pairs: readonly (readonly [before: number, after: number])[];
}

/** @returns `undefined` without pairs */
export function ratioOf({ name, unit, pairs }: Figure): Ratio | undefined {
  if (pairs.length === 0) return undefined;
  const before = pairs.map(([value]) => value);
  const after = pairs.map(([, value]) => value);
  const ratios = pairs.map(([one, other]) => other / one);
  return {
    name,
    unit,
    before: median(before),
    after: median(after),
    median: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    noise: Math.max(spreadOf(before), spreadOf(after)),
  };
}

/** Whether all pairs point the same way and further than one tree differs from itself. */
export function isResolved({ median: middle, lowest, highest, noise }: Ratio): boolean {
  const sameWay = highest < 1 || lowest > 1;
  return sameWay && Math.max(middle, 1 / middle) > noise;
}

export function renderRatios(ratios: readonly Ratio[]): string {
  const rows = ratios.map((ratio) => [
    ratio.name,
    `${ratio.before.toFixed(2)} ${ratio.unit}`,
    `${ratio.after.toFixed(2)} ${ratio.unit}`,
    ratio.median.toFixed(3),
    `${ratio.lowest.toFixed(3)} to ${ratio.highest.toFixed(3)}`,
    `x ${ratio.noise.toFixed(3)}`,
    isResolved(ratio) ? (ratio.median < 1 ? 'less' : 'MORE') : 'within noise',
  ]);
  const head = ['figure', 'before', 'after', 'ratio', 'of the pairs', 'same tree differs by', ''];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}

function spreadOf(values: readonly number[]): number {
  return Math.max(...values) / Math.min(...values);
}
