/**
 * The promise as k6 thresholds. A threshold on a percentile passes when nothing was measured (p(95) of nothing is 0), and so
 * does one whose tag matches no sample. So each comes with a floor: a counter under the same tag that must have reached what
 * the promised load brings. The floor follows from the objective, not from the scenario: a scenario at half the rate fails.
 *
 * A script records, for every answer, under the tags given here:
 *
 * ```ts
 * const trends = k6Trends.map(({ metric, trend, samples }) => ({ metric, trend: new Trend(trend, true), samples: new Counter(samples) }));
 * export const options = { thresholds: k6Thresholds({ scenario: 'sla', durationMs: 60_000 }) };
 * ```
 * @see https://grafana.com/docs/k6/latest/using-k6/thresholds/
 */
import { metricNamespace, type TimingMetric } from '../metrics.ts';
import {
  errorBudget,
  isLatencyObjective,
  type LatencyObjective,
  type Objective,
  type ObjectiveName,
  objectives,
} from '../objectives.ts';
import { percentOf } from './cloudwatch.ts';

export interface K6Load {
  /** Name of the k6 scenario: the tag that every sample of it carries. */
  readonly scenario: string;
  /** Of constant arrivals, without the warm-up. */
  readonly durationMs: number;
  /** Arrivals that must have been sent; the promised throughput when not given. */
  readonly atLeastPerMinute?: number;
}

export type K6Thresholds = Record<string, string[]>;

/** A timing that an objective bounds, and the names of its two k6 metrics. */
export interface K6Trend {
  readonly metric: TimingMetric;
  /** `Trend`, values in ms. */
  readonly trend: string;
  /** `Counter`, 1 a value: trends have no count that a threshold could ask for. */
  readonly samples: string;
}

function trendOf(metric: TimingMetric): K6Trend {
  const stem = `${metricNamespace}_${metric.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()}`;
  return { metric, trend: `${stem}_ms`, samples: `${stem}_samples` };
}

function latenciesOf(all: Readonly<Record<string, Objective>>): readonly LatencyObjective[] {
  return Object.values(all).filter(isLatencyObjective);
}

/** What a k6 script must record; each timing once, whatever the number of its objectives. */
export const k6Trends: readonly K6Trend[] = [...new Set(latenciesOf(objectives).map(({ metric }) => metric))].map(
  trendOf,
);

/** Samples that the promised load leaves, of which the error budget may be missing. */
export function k6SampleFloor({
  durationMs,
  atLeastPerMinute = objectives.throughput.atLeastPerMinute,
}: K6Load): number {
  return Math.floor((atLeastPerMinute * durationMs * objectives.errors.shareAtLeast) / 60_000);
}

/**
 * Thresholds of one scenario; merge those of several with a spread.
 * @param all to gate other objectives than the promise
 */
export function k6Thresholds(load: K6Load, all: Readonly<Record<string, Objective>> = objectives): K6Thresholds {
  const tag = `{scenario:${load.scenario}}`;
  const floor = `count>=${k6SampleFloor(load)}`;
  const thresholds: K6Thresholds = {};
  for (const { metric, percentile, underMs } of latenciesOf(all)) {
    const { trend, samples } = trendOf(metric);
    thresholds[trend + tag] = [...(thresholds[trend + tag] ?? []), `p(${percentOf(percentile)})<${underMs}`];
    thresholds[samples + tag] = [floor];
  }
  const failedBelow = errorBudget(objectives.errors);
  thresholds[`http_reqs${tag}`] = [floor];
  thresholds[`http_req_failed${tag}`] = [`rate<${failedBelow}`];
  thresholds[`checks${tag}`] = [`rate>${objectives.errors.shareAtLeast}`]; // no checks at all: rate 0, which fails
  // An arrival that k6 could not send makes it another load. Tagged, so that a cold start in a warm-up scenario does not count
  thresholds[`dropped_iterations${tag}`] = ['count<1'];
  return thresholds;
}

/** Objectives that no k6 threshold states, each with its reason; the others are in `k6Thresholds`. */
export const objectivesWithoutK6Gate = {
  availability: 'Held over 30 days of production by its burn rates; a run of minutes is judged by the percentiles',
  freshness: 'An age of hours, which a run of minutes does not reach',
  retries: 'A limit that the pipeline keeps, shown by its tests, call by call',
  alert: 'Measured by the scenario `alert`, which looks at the board and not at answers',
  cache: 'A ratio of two runs, computed by the scenario `cache`',
  integrity: 'Judged by the audit after the run',
  reads: 'In the scenario `mixed`, whose script also asks whether an event is seen by the read behind it',
  coverage: 'A gate of the build',
  setUp: 'Measured on a fresh clone by the build',
} as const satisfies Partial<Record<ObjectiveName, string>>;
