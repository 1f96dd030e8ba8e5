/** Values over time, exact: percentiles of a run and of its slices. Pure. */

/** Pairs of time (ms since 1970) and value. */
export type Points = readonly (readonly [atEpochMs: number, value: number])[];
export type SeriesByMetric = Readonly<Record<string, Points>>;

export interface Distribution {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * @param share 0 to 1
 * @returns the smallest value that at least `share` of the values do not exceed (nearest rank); `undefined` without values
 */
export function quantile(values: readonly number[], share: number): number | undefined {
  return rank(Float64Array.from(values).sort(), share);
}

export function distribution(values: readonly number[]): Distribution | undefined {
  const sorted = Float64Array.from(values).sort();
  const max = sorted.at(-1);
  if (max === undefined) return undefined;
  const at = (share: number) => rank(sorted, share) ?? max;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max };
}

export interface Slice {
  /** Middle of the slice, seconds from the start. */
  readonly atSeconds: number;
  readonly values: Distribution;
}

/** Cuts a series into equal slices; those without values are left out. */
export function slices(points: Points, startEpochMs: number, sliceMs: number): readonly Slice[] {
  const groups = Map.groupBy(points, ([atEpochMs]) => Math.floor((atEpochMs - startEpochMs) / sliceMs));
  return [...groups]
    .sort(([one], [other]) => one - other)
    .flatMap(([index, group]) => {
      const values = distribution(group.map(([, value]) => value));
      return values === undefined ? [] : [{ atSeconds: ((index + 0.5) * sliceMs) / 1_000, values }];
    });
}

/** Appends what has come since to what was there. */
export function collect(into: Record<string, (readonly [number, number])[]>, more: SeriesByMetric): void {
  for (const [name, points] of Object.entries(more)) {
    into[name] ??= [];
    for (const point of points) into[name].push(point);
  }
}

export function valuesOf(series: SeriesByMetric, name: string): readonly number[] {
  return (series[name] ?? []).map(([, value]) => value);
}

export function totalOf(series: SeriesByMetric, name: string): number {
  return valuesOf(series, name).reduce((sum, value) => sum + value, 0);
}

function rank(sorted: Float64Array, share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
