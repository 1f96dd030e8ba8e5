/**
 * Expressions answered over series in memory: what the board and its alerts use, with no Prometheus anywhere.
 *
 * A series is what a scrape would have seen: samples of running totals, each with its time. So the same arithmetic as
 * Prometheus' applies, and the two give the same answers on the same series; `prometheus-agreement.test.ts` holds them to
 * that, within 1e-9 relative, because floating-point sums are taken in another order. For the same reason a percentile whose
 * rank falls exactly between two values (5 slow of 100, at p95) may land anywhere between them, in either. Mirrored on
 * purpose, as of 2.42:
 * - `increase` adds what was lost at each reset (a total that fell started again from 0), then extends the rise to the
 *   window's edges: fully when a sample lies within 1.1 mean intervals of the edge, else by half an interval, and never back
 *   beyond the moment where the total would have been 0;
 * - fewer than two samples in the window are no answer, per series; no series with an answer is no answer at all;
 * - a percentile is a straight line within its bucket, the last finite bound when it lies above that.
 *
 * Where versions differ: 2.x counts a sample exactly on the window's start, 3.x does not, and neither does this file. Real
 * scrapes do not hit that millisecond. Later versions also cap the extension at the start at half an interval in one corner
 * (a gap of more than 1.1 intervals at the start, and a series nearly new); it moves a count by at most 0.6 intervals' worth.
 *
 * Old samples may be thinned out (every 5 s, then every minute): totals lose nothing by it but the resolution in time.
 */
import { type DimensionFilter, type Expression, isBudget, isPair, type MetricNode, type Scope } from '../expression.ts';
import { bucketBoundsMs, bucketIndexOfBound } from '../histogram-buckets.ts';
import { type CountMetric, isTimingMetric, type MetricName, type TimingMetric } from '../metrics.ts';

export interface CounterSample {
  readonly atEpochMs: number;
  /** Running total; falls only when the counting process started again. */
  readonly value: number;
}

export interface HistogramSample {
  readonly atEpochMs: number;
  /** Values up to each of `bucketBoundsMs`, running totals; one more at the end: all values. */
  readonly cumulativeCounts: readonly number[];
  /** All values added up, running total. */
  readonly sumMs: number;
}

/** Samples ascend in time, no two at the same. */
export interface CounterSeries {
  readonly metric: CountMetric;
  readonly labels: DimensionFilter;
  readonly samples: readonly CounterSample[];
}

export interface HistogramSeries {
  readonly metric: TimingMetric;
  readonly labels: DimensionFilter;
  readonly samples: readonly HistogramSample[];
}

/** No two series of one metric have the same labels. */
export interface LiveSeries {
  readonly counters: readonly CounterSeries[];
  readonly histograms: readonly HistogramSeries[];
}

interface Window {
  readonly startEpochMs: number;
  readonly endEpochMs: number;
}

interface Timed {
  readonly atEpochMs: number;
}

/** Index of the first sample later than a moment. */
function firstAfter(samples: readonly Timed[], epochMs: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((samples[middle]?.atEpochMs ?? Number.POSITIVE_INFINITY) > epochMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

function samplesIn<T extends Timed>(samples: readonly T[], { startEpochMs, endEpochMs }: Window): readonly T[] {
  return samples.slice(firstAfter(samples, startEpochMs), firstAfter(samples, endEpochMs));
}

/**
 * The rise of one running total over a window.
 * @param inWindow its samples there, at least two (else `undefined`)
 * @see https://github.com/prometheus/prometheus/blob/v2.42.0/promql/functions.go, extrapolatedRate
 */
function increase<T extends Timed>(
  inWindow: readonly T[],
  totalOf: (sample: T) => number,
  window: Window,
): number | undefined {
  const first = inWindow[0];
  const last = inWindow.at(-1);
  if (first === undefined || last === undefined || inWindow.length < 2) return undefined;
  const firstTotal = totalOf(first);
  let rise = totalOf(last) - firstTotal;
  let before = 0;
  for (const sample of inWindow) {
    const total = totalOf(sample);
    if (total < before) rise += before;
    before = total;
  }
  const sampledMs = last.atEpochMs - first.atEpochMs;
  const meanIntervalMs = sampledMs / (inWindow.length - 1);
  const edge = (distanceMs: number) => (distanceMs < meanIntervalMs * 1.1 ? distanceMs : meanIntervalMs / 2);
  const sinceZeroMs = rise > 0 ? sampledMs * (firstTotal / rise) : Number.POSITIVE_INFINITY;
  const toStartMs = Math.min(first.atEpochMs - window.startEpochMs, sinceZeroMs);
  const toEndMs = window.endEpochMs - last.atEpochMs;
  return (rise * (sampledMs + edge(toStartMs) + edge(toEndMs))) / sampledMs;
}

function fits(labels: DimensionFilter, where: DimensionFilter = {}): boolean {
  return Object.entries(where).every(([name, value]) => labels[name as keyof DimensionFilter] === value);
}

/** Adds up what there is; nothing when there is nothing. */
function total(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}

/** One question: the series, the window that ends now, and the filter. */
class Asked {
  readonly series: LiveSeries;
  readonly scope: Scope;
  readonly window: Window;
  constructor(series: LiveSeries, scope: Scope, nowEpochMs: number) {
    this.series = series;
    this.scope = scope;
    this.window = { startEpochMs: nowEpochMs - scope.windowMs, endEpochMs: nowEpochMs };
  }

  /** Rise of one running total of a histogram, over all its series. */
  rise(metric: TimingMetric, totalOf: (sample: HistogramSample) => number): number | undefined {
    return total(this.histograms(metric).map((samples) => increase(samples, totalOf, this.window)));
  }

  histograms(metric: TimingMetric): readonly (readonly HistogramSample[])[] {
    return this.series.histograms
      .filter((one) => one.metric === metric && fits(one.labels, this.scope.where))
      .map(({ samples }) => samplesIn(samples, this.window));
  }

  count(metric: MetricName): number | undefined {
    if (isTimingMetric(metric)) return this.rise(metric, allOf);
    const counters = this.series.counters.filter((one) => one.metric === metric && fits(one.labels, this.scope.where));
    return total(
      counters.map(({ samples }) => increase(samplesIn(samples, this.window), ({ value }) => value, this.window)),
    );
  }

  upTo(metric: TimingMetric, boundMs: number): number | undefined {
    const index = bucketIndexOfBound(boundMs);
    return this.rise(metric, ({ cumulativeCounts }) => cumulativeCounts[index] ?? 0);
  }

  percentile(metric: TimingMetric, share: number): number | undefined {
    const inWindow = this.histograms(metric);
    const counts = Array.from({ length: bucketBoundsMs.length + 1 }, (_, index) =>
      total(inWindow.map((samples) => increase(samples, (sample) => sample.cumulativeCounts[index] ?? 0, this.window))),
    );
    return counts.every((value) => value !== undefined) ? percentileOf(counts, share) : undefined;
  }
}

function allOf({ cumulativeCounts }: HistogramSample): number {
  return cumulativeCounts.at(-1) ?? 0;
}

/**
 * @param cumulative values up to each bound, and all of them at the end; need not be whole
 * @returns ms; nothing without values
 * @see https://github.com/prometheus/prometheus/blob/v2.42.0/promql/quantile.go, bucketQuantile
 */
export function percentileOf(cumulative: readonly number[], share: number): number | undefined {
  // Extending each bucket by its own amount can leave one a hair below its lower neighbour
  let highest = 0;
  const rising = cumulative.map((value) => {
    highest = Math.max(highest, value);
    return highest;
  });
  const all = rising.at(-1) ?? 0;
  if (all === 0) return undefined;
  const rank = share * all;
  const index = rising.findIndex((value) => value >= rank);
  const end = bucketBoundsMs[index];
  if (end === undefined) return bucketBoundsMs.at(-1);
  const start = bucketBoundsMs[index - 1] ?? 0;
  const below = rising[index - 1] ?? 0;
  const inBucket = (rising[index] ?? 0) - below;
  return start + ((end - start) * (rank - below)) / inBucket;
}

function quotient(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined || !(right > 0) ? undefined : left / right;
}

function bounded(share: number | undefined): number | undefined {
  return share === undefined ? undefined : Math.min(1, Math.max(0, share));
}

function leaf(node: MetricNode, series: LiveSeries, nowEpochMs: number): number | undefined {
  const asked = new Asked(series, node.scope, nowEpochMs);
  switch (node.op) {
    case 'percentile':
      return asked.percentile(node.metric, node.percentile);
    case 'mean':
      return quotient(
        asked.rise(node.metric, ({ sumMs }) => sumMs),
        asked.count(node.metric),
      );
    case 'sum':
      return asked.rise(node.metric, ({ sumMs }) => sumMs);
    case 'count':
      return asked.count(node.metric);
    case 'ratePerMinute': {
      const counted = asked.count(node.metric);
      return counted === undefined ? undefined : (counted * 60_000) / node.scope.windowMs;
    }
    case 'countUpTo':
      return asked.upTo(node.metric, node.boundMs);
    case 'countOver': {
      const all = asked.count(node.metric);
      const within = asked.upTo(node.metric, node.boundMs);
      // Each is extended to the window's edges by its own amount, so the difference can be a hair below 0
      return all === undefined || within === undefined ? undefined : Math.max(0, all - within);
    }
  }
}

/**
 * The value of an expression now.
 * @param nowEpochMs end of every window; samples after it are not seen
 * @returns in the expression's unit; `undefined` where there is no answer: no series, fewer than two samples in the window,
 * no values for a percentile, nothing to divide by
 */
export function evaluateLive({ node }: Expression, series: LiveSeries, nowEpochMs: number): number | undefined {
  if (isBudget(node)) {
    const share = evaluateLive(node.share, series, nowEpochMs);
    if (share === undefined) return undefined;
    return node.op === 'budgetBurn' ? share / node.budget : 1 - share / node.budget;
  }
  if (!isPair(node)) return leaf(node, series, nowEpochMs);
  const left = evaluateLive(node.left, series, nowEpochMs);
  const right = evaluateLive(node.right, series, nowEpochMs);
  if (node.op === 'ratio') return quotient(left, right);
  if (node.op === 'share') return bounded(quotient(left, right));
  return left === undefined || right === undefined ? undefined : left + right;
}
