/**
 * What the metrics are called in Prometheus: `RoundTrip` is the classic histogram
 * `quartersec_round_trip_milliseconds_bucket|_sum|_count`, `RetriesExhausted` the counter `quartersec_retries_exhausted_total`.
 * The unit stays milliseconds, against Prometheus' habit of seconds, so that a bound reads the same everywhere.
 *
 * An increment from nothing is invisible to Prometheus: expose every counter of the catalogue at 0 from the start, for each
 * service and provider that may ever count it.
 */
import type { DimensionFilter } from '../expression.ts';
import { isTimingMetric, type MetricName, metricNamespace, type TimingMetric } from '../metrics.ts';

function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
}

/** Name of the metric family: without the suffix `_bucket`, `_sum`, `_count` of a histogram; a counter's whole name. */
export function prometheusName(metric: MetricName): string {
  const stem = `${metricNamespace}_${snakeCase(metric)}`;
  return isTimingMetric(metric) ? `${stem}_milliseconds` : `${stem}_total`;
}

/** The counter that `count` and `ratePerMinute` look at: `_count` of a histogram, the counter itself otherwise. */
export function prometheusCountName(metric: MetricName): string {
  return isTimingMetric(metric) ? `${prometheusName(metric)}_count` : prometheusName(metric);
}

export function prometheusBucketName(metric: TimingMetric): string {
  return `${prometheusName(metric)}_bucket`;
}

export function prometheusSumName(metric: TimingMetric): string {
  return `${prometheusName(metric)}_sum`;
}

/** Value of the label `le` of a bucket; +Inf for `undefined`, the bucket above the last bound. */
export function bucketLabel(boundMs: number | undefined): string {
  return boundMs === undefined ? '+Inf' : String(boundMs);
}

/** Matches the bucket in either spelling: as exposed until Prometheus 2 ("100"), as stored from Prometheus 3 on ("100.0"). */
export function bucketMatcher(boundMs: number): string {
  return `le=~"${bucketLabel(boundMs)}([.]0)?"`;
}

/** A label value between double quotes, in PromQL and in the exposition alike. */
export function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** `{service="process"}` as a list of matchers, in the order of the labels' names. */
export function labelMatchers(labels: DimensionFilter): readonly string[] {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${quoted(value)}`);
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A whole number of seconds as Prometheus writes it, in its largest even unit: 5m, 90s, 6h. */
export function prometheusDuration(durationMs: number): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => durationMs % ms === 0) ?? ['ms', 1];
  return durationMs === 0 ? '0s' : `${durationMs / unitMs}${unit}`;
}
