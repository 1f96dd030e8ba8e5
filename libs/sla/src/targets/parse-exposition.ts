/**
 * The text of a scrape read back: the inverse of `prometheusExposition`, for those that watch a running system over HTTP.
 * It knows our own families only. A text from outside never throws: what cannot be read is left out and counted.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import type { DimensionFilter } from '../expression.ts';
import { bucketBoundsMs } from '../histogram-buckets.ts';
import { type CountMetric, countMetrics, metricDimensions, type TimingMetric, timingMetrics } from '../metrics.ts';
import type { CounterSeries, HistogramSeries, LiveSeries } from './live.ts';
import {
  bucketLabel,
  labelMatchers,
  prometheusBucketName,
  prometheusCountName,
  prometheusName,
  prometheusSumName,
} from './prometheus-names.ts';

export interface ParsedExposition {
  /** One sample a series. */
  readonly series: LiveSeries;
  /**
   * Lines of our families that could not be read, and histograms that lack a bucket, the sum or the count (one each): above
   * 0, the other side is another version or not what it seems.
   */
  readonly malformed: number;
}

type Part = { readonly metric: TimingMetric; readonly part: 'bucket' | 'sum' | 'count' };

const counterNames = new Map<string, CountMetric>(countMetrics.map((metric) => [prometheusName(metric), metric]));
const histogramNames = new Map<string, Part>(
  timingMetrics.flatMap((metric) => [
    [prometheusBucketName(metric), { metric, part: 'bucket' }],
    [prometheusSumName(metric), { metric, part: 'sum' }],
    [prometheusCountName(metric), { metric, part: 'count' }],
  ]),
);
const bucketIndexes = new Map([...bucketBoundsMs, undefined].map((boundMs, index) => [bucketLabel(boundMs), index]));

// name, labels in braces or none, value, perhaps a time
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t]*$/;
const LABEL = /\s*([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"\s*(,|$)/y;

/** `le` at the end, as a name of its own; quotes inside values are escaped, so this one begins its value. */
const LAST_LE = /^((?:.*,)?)le="([^"\\]*)"$/s;

interface Labels {
  readonly dimensions: DimensionFilter;
  readonly bucket: string | undefined;
}

/** @returns `undefined` for anything but our dimensions and `le` */
function readLabels(text: string): Labels | undefined {
  const found: Record<string, string> = {};
  let bucket: string | undefined;
  for (LABEL.lastIndex = 0; LABEL.lastIndex < text.length; ) {
    const [, name = '', quotedValue = ''] = LABEL.exec(text) ?? [];
    const value = quotedValue.replaceAll(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
    if (name === 'le') bucket = value;
    else if (metricDimensions.some((dimension) => dimension === name)) found[name] = value;
    else return undefined; // also: nothing matched
  }
  return { dimensions: found, bucket };
}

interface OpenHistogram {
  readonly metric: TimingMetric;
  readonly labels: DimensionFilter;
  readonly cumulativeCounts: (number | undefined)[];
  sumMs: number | undefined;
  count: number | undefined;
}

class Reading {
  readonly counters = new Map<string, { readonly metric: CountMetric; labels: DimensionFilter; value: number }>();
  readonly histograms = new Map<string, OpenHistogram>();
  /** By the text before `le`: some sixty lines a histogram differ in nothing else. */
  readonly #byPrefix = new Map<string, OpenHistogram>();

  /** @returns false when the line says nothing that can be used */
  take(name: string, labelText: string, valueText: string): boolean {
    const value = Number(valueText);
    if (!Number.isFinite(value) || value < 0) return false;
    const [, prefix, bound] = LAST_LE.exec(labelText) ?? [];
    const open = prefix === undefined ? undefined : this.#byPrefix.get(name + prefix);
    if (open !== undefined) return putBucket(open, bound, value);
    const labels = readLabels(labelText);
    if (labels === undefined) return false;
    const { dimensions } = labels;
    const metric = counterNames.get(name);
    if (metric === undefined)
      return this.#takePart(histogramNames.get(name), labels, value, prefix === undefined ? undefined : name + prefix);
    const key = keyOf(metric, dimensions);
    if (labels.bucket !== undefined || this.counters.has(key)) return false;
    this.counters.set(key, { metric, labels: dimensions, value });
    return true;
  }

  #takePart(
    named: Part | undefined,
    { dimensions, bucket }: Labels,
    value: number,
    prefix: string | undefined,
  ): boolean {
    if (named === undefined || (named.part === 'bucket') !== (bucket !== undefined)) return false;
    const key = keyOf(named.metric, dimensions);
    const open = this.histograms.get(key) ?? {
      metric: named.metric,
      labels: dimensions,
      cumulativeCounts: new Array<number | undefined>(bucketBoundsMs.length + 1).fill(undefined),
      sumMs: undefined,
      count: undefined,
    };
    this.histograms.set(key, open);
    if (named.part === 'bucket') {
      if (prefix !== undefined) this.#byPrefix.set(prefix, open);
      return putBucket(open, bucket, value);
    }
    const member = named.part === 'sum' ? 'sumMs' : 'count';
    if (open[member] !== undefined) return false;
    open[member] = value;
    return true;
  }
}

function putBucket({ cumulativeCounts }: OpenHistogram, bound: string | undefined, value: number): boolean {
  const index = bucketIndexes.get((bound ?? '').replace(/\.0$/, ''));
  if (index === undefined || cumulativeCounts[index] !== undefined) return false;
  cumulativeCounts[index] = value;
  return true;
}

function keyOf(metric: string, labels: DimensionFilter): string {
  return `${metric}{${labelMatchers(labels).join(',')}}`;
}

function isWhole(counts: readonly (number | undefined)[]): counts is readonly number[] {
  return counts.every((count) => count !== undefined);
}

/**
 * @param text `text/plain; version=0.0.4`; comments and families of others are passed over
 * @param atEpochMs when it was read: the time of every sample
 */
export function parseExposition(text: string, atEpochMs: number): ParsedExposition {
  const reading = new Reading();
  let malformed = 0;
  for (const line of text.split('\n')) {
    const name = /^[\w:]+/.exec(line)?.[0] ?? '';
    if (!counterNames.has(name) && !histogramNames.has(name)) continue;
    const [, , labelText = '', value = ''] = LINE.exec(line) ?? [];
    if (value === '' || !reading.take(name, labelText, value)) malformed += 1;
  }
  const histograms: HistogramSeries[] = [];
  for (const { metric, labels, cumulativeCounts, sumMs, count } of reading.histograms.values()) {
    if (sumMs === undefined || count !== cumulativeCounts.at(-1) || !isWhole(cumulativeCounts)) malformed += 1;
    else histograms.push({ metric, labels, samples: [{ atEpochMs, cumulativeCounts, sumMs }] });
  }
  const counters: CounterSeries[] = [...reading.counters.values()].map(({ metric, labels, value }) => ({
    metric,
    labels,
    samples: [{ atEpochMs, value }],
  }));
  return { series: { counters, histograms }, malformed };
}
