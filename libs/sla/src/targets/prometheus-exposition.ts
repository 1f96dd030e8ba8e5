/**
 * Series in memory as Prometheus reads them: the text of a scrape, with the names and buckets that the rules ask for.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import type { DimensionFilter } from '../expression.ts';
import { bucketBoundsMs } from '../histogram-buckets.ts';
import { type MetricName, metrics } from '../metrics.ts';
import type { CounterSeries, HistogramSample, HistogramSeries, LiveSeries } from './live.ts';
import {
  bucketLabel,
  labelMatchers,
  prometheusBucketName,
  prometheusCountName,
  prometheusName,
  prometheusSumName,
} from './prometheus-names.ts';

/** The lines of one sample, without time. */
export function counterLines(
  { metric, labels }: Pick<CounterSeries, 'metric' | 'labels'>,
  value: number,
): readonly string[] {
  return [line(prometheusName(metric), labelMatchers(labels), value)];
}

/** The lines of one sample, without time: every bucket, the sum, the count. */
export function histogramLines(
  { metric, labels }: Pick<HistogramSeries, 'metric' | 'labels'>,
  { cumulativeCounts, sumMs }: Pick<HistogramSample, 'cumulativeCounts' | 'sumMs'>,
): readonly string[] {
  const matchers = labelMatchers(labels);
  const buckets = cumulativeCounts.map((value, index) =>
    line(prometheusBucketName(metric), [...matchers, `le="${bucketLabel(bucketBoundsMs[index])}"`], value),
  );
  const all = cumulativeCounts.at(-1) ?? 0;
  return [
    ...buckets,
    line(prometheusSumName(metric), matchers, sumMs),
    line(prometheusCountName(metric), matchers, all),
  ];
}

function line(name: string, labels: readonly string[], value: number): string {
  return `${name}${labels.length === 0 ? '' : `{${labels.join(',')}}`} ${value}`;
}

function family(metric: MetricName, type: 'counter' | 'histogram', lines: readonly string[]): readonly string[] {
  const name = prometheusName(metric);
  return [`# HELP ${name} ${metrics[metric].meaning}`, `# TYPE ${name} ${type}`, ...lines];
}

function grouped<T extends { readonly metric: MetricName; readonly labels: DimensionFilter }>(
  series: readonly T[],
  type: 'counter' | 'histogram',
  linesOf: (one: T) => readonly string[],
): readonly string[] {
  const names = [...new Set(series.map(({ metric }) => metric))];
  return names.flatMap((name) => family(name, type, series.filter(({ metric }) => metric === name).flatMap(linesOf)));
}

/** @returns the newest sample of every series, as `text/plain; version=0.0.4` */
export function prometheusExposition({ counters, histograms }: LiveSeries): string {
  const newestCounter = (one: CounterSeries): readonly string[] => {
    const newest = one.samples.at(-1);
    return newest === undefined ? [] : counterLines(one, newest.value);
  };
  const newestHistogram = (one: HistogramSeries): readonly string[] => {
    const newest = one.samples.at(-1);
    return newest === undefined ? [] : histogramLines(one, newest);
  };
  const lines = [...grouped(counters, 'counter', newestCounter), ...grouped(histograms, 'histogram', newestHistogram)];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
