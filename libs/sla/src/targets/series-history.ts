/**
 * A day of scrapes in memory, for the live evaluator: every scrape of the last minutes, then one every 5 s, then one a
 * minute, nothing older than 24 h. Totals lose nothing by it but resolution in time, as these layers are chosen by the
 * windows that alerts ask for: those up to 5 minutes see every scrape; an hour's edges are off by at most 5 s, six hours'
 * by at most a minute.
 *
 * Bounded by construction: at most `seriesPerMetricAtMost` series a metric, at most `samplesPerSeriesAtMost` samples a series
 * (at a scrape a second no more than 2,460), whatever is scraped and however often it restarts.
 */

import type { CounterSample, CounterSeries, HistogramSample, HistogramSeries, LiveSeries } from './live.ts';
import { labelMatchers } from './prometheus-names.ts';

/** Oldest first: samples older than `olderThanMs` are thinned to the first of every `everyMs`. */
const layers = [
  { olderThanMs: 3_660_000, everyMs: 60_000 },
  { olderThanMs: 360_000, everyMs: 5_000 },
] as const;
const keptMs = 24 * 3_600_000;
/** Thinning walks over all samples, so it is not done at every scrape. */
const thinEveryScrapes = 30;

/** Twice what a scrape a second needs; beyond it the oldest go, so that a source that restarts all the time costs history, not memory. */
export const samplesPerSeriesAtMost = 5_000;
/** Combinations of service, provider and blame. Further ones are not recorded, and counted in `refusedSeries`. */
export const seriesPerMetricAtMost = 32;

type Sample = CounterSample | HistogramSample;

function everyMsAt(ageMs: number): number {
  return layers.find(({ olderThanMs }) => ageMs > olderThanMs)?.everyMs ?? 0;
}

/** Whether the counting started again between the two: then both are kept, or what was counted in between would be lost. */
function fell(before: Sample, after: Sample): boolean {
  if ('value' in before) return 'value' in after && after.value < before.value;
  if (!('cumulativeCounts' in after) || before.cumulativeCounts === after.cumulativeCounts) return false;
  return after.cumulativeCounts.some((count, index) => count < (before.cumulativeCounts[index] ?? 0));
}

/**
 * What remains of the samples of one series; the same again when applied to its own result.
 * @param samples ascending in time
 */
export function thinned<S extends Sample>(samples: readonly S[], nowEpochMs: number): readonly S[] {
  const kept = samples.filter((sample, index) => {
    const ageMs = nowEpochMs - sample.atEpochMs;
    if (ageMs > keptMs) return false;
    const everyMs = everyMsAt(ageMs);
    const before = samples[index - 1];
    const after = samples[index + 1];
    if (everyMs === 0 || before === undefined) return true;
    const slot = Math.floor(sample.atEpochMs / everyMs);
    if (slot !== Math.floor(before.atEpochMs / everyMs)) return true;
    return fell(before, sample) || (after !== undefined && fell(sample, after));
  });
  return kept.slice(thinEveryScrapes - samplesPerSeriesAtMost);
}

type GrowingCounter = CounterSeries & { readonly samples: CounterSample[] };
type GrowingHistogram = HistogramSeries & { readonly samples: HistogramSample[] };

/** The counts of an idle histogram are one array, not one a second. */
function sharingCounts(before: HistogramSample | undefined, sample: HistogramSample): HistogramSample {
  if (before === undefined) return sample;
  const same = sample.cumulativeCounts.every((count, index) => count === before.cumulativeCounts[index]);
  return same ? { ...sample, cumulativeCounts: before.cumulativeCounts } : sample;
}

/** The history of one source. Its series are live: they grow with `append`. */
export class SeriesHistory {
  readonly #counters = new Map<string, GrowingCounter>();
  readonly #histograms = new Map<string, GrowingHistogram>();
  readonly #perMetric = new Map<string, number>();
  readonly #refused = new Set<string>();
  #newestEpochMs = Number.NEGATIVE_INFINITY;
  #sinceThinning = 0;

  /** For `evaluateLive`. */
  get series(): LiveSeries {
    return { counters: [...this.#counters.values()], histograms: [...this.#histograms.values()] };
  }

  /** Series turned away at the last scrape because their metric has too many already. */
  get refusedSeries(): number {
    return this.#refused.size;
  }

  /**
   * Adds the newest sample of every series of a scrape.
   * @param scrape what `parseExposition` read
   * @returns false when it is not later than the one before (a clock that was set back): nothing is added then
   */
  append(scrape: LiveSeries, atEpochMs: number): boolean {
    if (!(atEpochMs > this.#newestEpochMs)) return false;
    this.#newestEpochMs = atEpochMs;
    this.#refused.clear();
    for (const { metric, labels, samples } of scrape.counters) {
      const sample = samples.at(-1);
      if (sample === undefined) continue;
      this.#grow(this.#counters, { metric, labels, samples: [] })?.samples.push({ ...sample, atEpochMs });
    }
    for (const { metric, labels, samples } of scrape.histograms) {
      const sample = samples.at(-1);
      if (sample === undefined) continue;
      const grown = this.#grow(this.#histograms, { metric, labels, samples: [] });
      grown?.samples.push(sharingCounts(grown.samples.at(-1), { ...sample, atEpochMs }));
    }
    this.#sinceThinning += 1;
    if (this.#sinceThinning >= thinEveryScrapes) this.#thin(atEpochMs);
    return true;
  }

  /** The series that grows; `fresh` when there is none yet, nothing when there are too many. */
  #grow<T extends GrowingCounter | GrowingHistogram>(kept: Map<string, T>, fresh: T): T | undefined {
    const key = `${fresh.metric}{${labelMatchers(fresh.labels).join(',')}}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const others = this.#perMetric.get(fresh.metric) ?? 0;
    if (others >= seriesPerMetricAtMost) {
      this.#refused.add(key);
      return undefined;
    }
    this.#perMetric.set(fresh.metric, others + 1);
    kept.set(key, fresh);
    return fresh;
  }

  #thin(nowEpochMs: number): void {
    this.#sinceThinning = 0;
    for (const kept of [this.#counters, this.#histograms] as const) {
      for (const [key, { metric, samples }] of kept) {
        const remaining = thinned<Sample>(samples, nowEpochMs);
        (samples as Sample[]).splice(0, samples.length, ...remaining);
        if (remaining.length > 0) continue;
        kept.delete(key);
        this.#perMetric.set(metric, (this.#perMetric.get(metric) ?? 1) - 1);
      }
    }
  }
}
