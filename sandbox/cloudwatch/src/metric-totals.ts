/**
 * Every metric of the catalogue as running totals since the start: what Prometheus scrapes. Readers come and ask, so one that
 * is slow or gone holds up nobody; and memory is bounded by the lists given here, whatever the functions write.
 */
import {
  type Blame,
  blames,
  bucketBoundsMs,
  bucketIndex,
  countMetrics,
  isBlamed,
  isCountMetric,
  type LiveSeries,
  type MetricName,
  metricNamespace,
  prometheusExposition,
  timingMetrics,
} from '@quartersec/sla';
import type { MetricSample } from './emf.ts';

export interface MetricTotals {
  record(samples: readonly MetricSample[]): void;
  /** A count metric's total, or how many values a timing had; over all services and providers. */
  total(metric: MetricName): number;
  /** Values that were not counted: not of our namespace or catalogue, negative, or no number. */
  dropped(): number;
  /** The totals now, in Prometheus' text format 0.0.4. */
  exposition(): string;
}

export interface MetricTotalsOptions {
  readonly services: readonly string[];
  readonly providers: readonly string[];
}

/** What an event says whose provider is not known (yet); also stands for a service or provider that is not on the lists. */
const unknown = 'unknown';
const timings: ReadonlySet<string> = new Set(timingMetrics);

interface Pair {
  readonly labels: { readonly service: string; readonly provider: string };
  readonly counters: Map<string, number>;
  /** Of metrics that are blamed: by blame. */
  readonly blamed: Map<string, Record<Blame, number>>;
  readonly histograms: Map<string, Histogram>;
}

interface Histogram {
  /** Values in each bucket of `bucketBoundsMs`; one more at the end for those above the last. */
  readonly counts: number[];
  sumMs: number;
}

/**
 * Every count is there at 0 from the start, for each service with each provider: a first increment from nothing is invisible.
 * A service or provider that is not listed is counted under `unknown`, so that sums and alerts over all stay right.
 */
export function createMetricTotals(options: MetricTotalsOptions): MetricTotals {
  const services = new Set([...options.services, unknown]);
  const providers = new Set([...options.providers, unknown]);
  const pairs = new Map<string, Pair>();
  for (const service of services) {
    for (const provider of providers) pairs.set(keyOf(service, provider), emptyPair({ service, provider }));
  }
  let dropped = 0;

  const pairOf = ({ service, provider }: Readonly<Record<string, string>>): Pair | undefined =>
    pairs.get(keyOf(listed(services, service), listed(providers, provider)));

  return {
    record(samples) {
      for (const { namespace, name, values, dimensions } of samples) {
        const pair = namespace === metricNamespace ? pairOf(dimensions) : undefined;
        const { blame } = dimensions;
        for (const value of values) if (pair === undefined || !add(pair, name, value, blame)) dropped += 1;
      }
    },
    total(metric) {
      const all = [...pairs.values()];
      if (isBlamed(metric)) return sum(all.flatMap(({ blamed }) => Object.values(blamed.get(metric) ?? {})));
      if (isCountMetric(metric)) return sum(all.map(({ counters }) => counters.get(metric) ?? 0));
      return sum(all.map(({ histograms }) => sum(histograms.get(metric)?.counts ?? [])));
    },
    dropped: () => dropped,
    exposition: () => prometheusExposition(seriesOf([...pairs.values()])),
  };
}

function emptyPair(labels: Pair['labels']): Pair {
  // Sixty lines each: those of strays wait for a first value, which no percentile misses.
  const atStart = Object.values(labels).includes(unknown) ? [] : timingMetrics;
  return {
    labels,
    counters: new Map(countMetrics.filter((name) => !isBlamed(name)).map((name) => [name, 0])),
    blamed: new Map(countMetrics.filter(isBlamed).map((name) => [name, { ours: 0, provider: 0, user: 0 }])),
    histograms: new Map(atStart.map((name) => [name, emptyHistogram()])),
  };
}

function emptyHistogram(): Histogram {
  return { counts: new Array<number>(bucketBoundsMs.length + 1).fill(0), sumMs: 0 };
}

/** @returns whether it was counted; a total that could fall would look like a restart */
function add(pair: Pair, name: string, value: number, blame: string | undefined): boolean {
  if (!Number.isFinite(value) || value < 0) return false;
  const shares = pair.blamed.get(name);
  if (shares !== undefined) {
    // Nobody else's, as far as is known
    shares[blames.find((one) => one === blame) ?? 'ours'] += value;
    return true;
  }
  const total = pair.counters.get(name);
  if (total !== undefined) {
    pair.counters.set(name, total + value);
    return true;
  }
  if (!timings.has(name)) return false;
  const histogram = pair.histograms.get(name) ?? emptyHistogram();
  pair.histograms.set(name, histogram);
  const index = bucketIndex(value);
  histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
  histogram.sumMs += value;
  return true;
}

function seriesOf(pairs: readonly Pair[]): LiveSeries {
  const atEpochMs = 0; // an exposition has no times: the reader's clock counts
  return {
    counters: countMetrics.flatMap((metric) =>
      pairs.flatMap(({ labels, counters, blamed }) => {
        const shares = blamed.get(metric);
        if (shares === undefined)
          return [{ metric, labels, samples: [{ atEpochMs, value: counters.get(metric) ?? 0 }] }];
        return blames.map((blame) => ({
          metric,
          labels: { ...labels, blame },
          samples: [{ atEpochMs, value: shares[blame] }],
        }));
      }),
    ),
    histograms: timingMetrics.flatMap((metric) =>
      pairs.flatMap(({ labels, histograms }) => {
        const histogram = histograms.get(metric);
        if (histogram === undefined) return [];
        const { counts, sumMs } = histogram;
        return [{ metric, labels, samples: [{ atEpochMs, cumulativeCounts: cumulative(counts), sumMs }] }];
      }),
    ),
  };
}

function cumulative(counts: readonly number[]): readonly number[] {
  let upTo = 0;
  return counts.map((count) => {
    upTo += count;
    return upTo;
  });
}

function listed(names: ReadonlySet<string>, name: string | undefined): string {
  return name !== undefined && names.has(name) ? name : unknown;
}

function keyOf(service: string, provider: string): string {
  return JSON.stringify([service, provider]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
