/**
 * What happens, and which alerts must fire when: judged by the live alerts and by promtool alike. Times are in seconds from
 * the start, a sample every 5 s; every counter of the catalogue is there from the start, and traffic is healthy unless said.
 */
import { cadence } from '../src/cadence.ts';
import { bucketBoundsMs, bucketIndexOfBound } from '../src/histogram-buckets.ts';
import { type CountMetric, countMetrics, type TimingMetric } from '../src/metrics.ts';
import type { CounterSeries, HistogramSeries, LiveSeries } from '../src/targets/live.ts';

export interface AlertScenario {
  readonly title: string;
  readonly series: LiveSeries;
  readonly lastSecond: number;
  /** Alerts that fire at each of these seconds; all others do not. */
  readonly firing: Readonly<Record<number, readonly string[]>>;
}

interface Story {
  readonly lastSecond: number;
  /** Running total of a counter. */
  readonly counter?: (metric: CountMetric, second: number) => number | undefined;
  /** How long slow ones took, in ms: a bucket's bound. Default 1,100. */
  readonly slowMs?: number;
  /** Events so far, and those of them that were slow; nothing when no sample was taken. */
  readonly events?: (
    metric: TimingMetric,
    second: number,
  ) => { readonly all: number; readonly slow: number } | undefined;
}

const STEP_SECONDS = cadence.scrapeMs / 1_000;
const labels = { service: 'process', provider: 'plaid' };
/** Those that say whose doing it was. */
const labelsOf = (metric: CountMetric) => (metric === 'Bad' ? { ...labels, blame: 'provider' } : labels);

function seconds(last: number): readonly number[] {
  return Array.from({ length: last / STEP_SECONDS + 1 }, (_, index) => index * STEP_SECONDS);
}

/** Two events a second. */
const healthyEvents = (_metric: TimingMetric, second: number) => ({ all: 2 * second, slow: 0 });

function healthyCounter(metric: CountMetric, second: number): number {
  if (metric === 'ScheduleTicks') return Math.floor(second / 60);
  return metric === 'CacheHits' || metric === 'Committed' || metric === 'Events' ? 2 * second : 0;
}

function counterSeries(metric: CountMetric, { lastSecond, counter = healthyCounter }: Story): CounterSeries {
  const samples = seconds(lastSecond).flatMap((second) => {
    const value = counter(metric, second);
    return value === undefined ? [] : [{ atEpochMs: second * 1_000, value }];
  });
  return { metric, labels: labelsOf(metric), samples };
}

const QUICK_BUCKET = bucketIndexOfBound(90);

function histogramSeries(
  metric: TimingMetric,
  { lastSecond, slowMs = 1_100, events = healthyEvents }: Story,
): HistogramSeries {
  const slowBucket = bucketIndexOfBound(slowMs);
  const samples = seconds(lastSecond).flatMap((second) => {
    const seen = events(metric, second);
    if (seen === undefined) return [];
    const cumulativeCounts = [...bucketBoundsMs, Number.POSITIVE_INFINITY].map((_, bucket) => {
      if (bucket >= slowBucket) return seen.all;
      return bucket >= QUICK_BUCKET ? seen.all - seen.slow : 0;
    });
    return [{ atEpochMs: second * 1_000, cumulativeCounts, sumMs: seen.all * 85 }];
  });
  return { metric, labels, samples };
}

function scenario(title: string, story: Story, firing: AlertScenario['firing']): AlertScenario {
  const histograms = (
    ['RoundTrip', 'Processing', 'Store', 'OldestMessageAge', 'ReadTime', 'WebhookTime', 'ConnectTime'] as const
  ).map((metric) => histogramSeries(metric, story));
  return {
    title,
    lastSecond: story.lastSecond,
    firing,
    series: { counters: countMetrics.map((metric) => counterSeries(metric, story)), histograms },
  };
}

/** One counter moves as told, the others stay healthy. */
function only(moved: CountMetric, totalAt: (second: number) => number | undefined): NonNullable<Story['counter']> {
  return (metric, second) => (metric === moved ? totalAt(second) : healthyCounter(metric, second));
}

export const alertScenarios: readonly AlertScenario[] = [
  scenario('all is well', { lastSecond: 400 }, { 0: [], 5: [], 60: [], 300: [], 400: [] }),
  scenario(
    'retries are exhausted once',
    { lastSecond: 330, counter: only('RetriesExhausted', (second) => (second < 120 ? 0 : 1)) },
    { 115: [], 120: ['RetriesExhausted'], 240: ['RetriesExhausted'], 290: ['RetriesExhausted'], 305: [], 330: [] },
  ),
  scenario(
    'retries are exhausted once, and the counting process restarts within seconds',
    { lastSecond: 330, counter: only('RetriesExhausted', (second) => (second === 120 ? 1 : 0)) },
    { 115: [], 120: ['RetriesExhausted'], 240: ['RetriesExhausted'], 305: [], 330: [] },
  ),
  scenario(
    'retries are exhausted again while the alert still fires',
    {
      lastSecond: 450,
      counter: only('RetriesExhausted', (second) => (second < 120 ? 0 : second < 240 ? 1 : 2)),
    },
    { 120: ['RetriesExhausted'], 300: ['RetriesExhausted'], 400: ['RetriesExhausted'], 430: [], 450: [] },
  ),
  scenario(
    'a call fails three times and then succeeds',
    { lastSecond: 300, counter: only('Retries', (second) => (second < 120 ? 0 : 3)) },
    { 120: [], 200: [], 300: [] },
  ),
  scenario(
    'one of each other event',
    {
      lastSecond: 400,
      counter: (metric, second) => {
        const event = ['DeadLettered', 'AuditDifferences', 'AddressRefused', 'PlatformErrors'].includes(metric);
        return event && second >= 60 ? 1 : healthyCounter(metric, second);
      },
    },
    { 55: [], 60: ['DeadLettered', 'AuditDifferences', 'AddressRefused', 'ProcessErrors'], 300: [] },
  ),
  scenario(
    'the metrics end',
    {
      lastSecond: 640,
      events: (metric, second) => (second <= 300 ? healthyEvents(metric, second) : undefined),
      counter: (metric, second) => (second <= 300 ? healthyCounter(metric, second) : undefined),
    },
    { 300: [], 400: [], 560: [], 620: ['NoMetrics'], 640: ['NoMetrics'] },
  ),
  scenario(
    'there has never been a metric',
    { lastSecond: 400, events: () => undefined, counter: () => undefined },
    { 0: [], 230: [], 245: ['NoMetrics'], 400: ['NoMetrics'] },
  ),
  scenario(
    'a night without an event',
    {
      lastSecond: 640,
      events: () => ({ all: 0, slow: 0 }),
      counter: (metric, second) => (metric === 'ScheduleTicks' ? healthyCounter(metric, second) : 0),
    },
    { 300: [], 640: [] },
  ),
  scenario(
    'counters stand still because no event is processed',
    {
      lastSecond: 640,
      events: (_metric, second) => ({ all: 2 * Math.min(second, 300), slow: 0 }),
      counter: (metric, second) => healthyCounter(metric, Math.min(second, 300)),
    },
    { 300: [], 560: [], 620: ['NoMetrics'], 640: ['NoMetrics'] },
  ),
  scenario(
    'every event of the commit is slow for two minutes',
    {
      lastSecond: 400,
      events: (metric, second) => ({
        all: 2 * second,
        slow: metric === 'Store' ? 2 * Math.min(Math.max(0, second - 180), 120) : 0,
      }),
    },
    { 180: [], 200: ['StoreSlow'], 300: ['StoreSlow'], 400: [] },
  ),
  scenario(
    'two slow events in a quiet hour',
    {
      lastSecond: 300,
      events: (_metric, second) => ({ all: Math.floor(second / 5), slow: second < 180 ? 0 : 2 }),
    },
    { 180: [], 200: [], 300: [] },
  ),
  scenario(
    'one event in five is slow for ten minutes',
    {
      lastSecond: 600,
      events: (metric, second) => ({ all: 5 * second, slow: metric === 'RoundTrip' ? Math.floor(second) : 0 }),
      counter: (metric, second) => {
        if (metric === 'Bad') return second;
        return metric === 'Events' ? 5 * second : healthyCounter(metric, second);
      },
    },
    { 600: ['RoundTripSlow', 'AvailabilityFastBurn', 'AvailabilitySlowBurn'] },
  ),
  scenario(
    'one event in a hundred fails',
    {
      lastSecond: 600,
      counter: (metric, second) => (metric === 'Failed' ? 2 * second * 0.01 : healthyCounter(metric, second)),
    },
    { 600: ['ErrorsSlowBurn'] },
  ),
  scenario(
    'two of the first hundred events fail',
    { lastSecond: 300, counter: only('Failed', (second) => (second < 30 ? 0 : 2)) },
    { 60: [], 120: [], 300: [] },
  ),
  scenario(
    'every bank is down, after ten calm minutes: events are deferred, so no round trip ends',
    {
      lastSecond: 900,
      events: (_metric, second) => ({ all: 2 * Math.min(second, 600), slow: 0 }),
      counter: (metric, second) => {
        if (metric === 'Bad' || metric === 'Deferred') return 2 * Math.max(0, second - 600);
        return metric === 'Committed' ? 2 * Math.min(second, 600) : healthyCounter(metric, second);
      },
    },
    {
      600: [],
      610: [],
      620: ['ProviderFailing'],
      660: ['ProviderFailing', 'DeferredShareHigh', 'AvailabilitySlowBurn'],
      900: ['ProviderFailing', 'DeferredShareHigh', 'AvailabilityFastBurn', 'AvailabilitySlowBurn'],
    },
  ),
  scenario(
    'a bank is down that few use',
    {
      lastSecond: 300,
      counter: (metric, second) => (metric === 'Bad' ? Math.floor(second / 300) : healthyCounter(metric, second)),
    },
    { 120: [], 300: [] },
  ),
  scenario(
    'the event source is stopped: messages grow old',
    {
      lastSecond: 400,
      slowMs: 300_000,
      events: (metric, second) => ({
        all: 2 * second,
        slow: metric === 'OldestMessageAge' ? 2 * Math.max(0, second - 120) : 0,
      }),
    },
    { 120: [], 200: ['BacklogOld'], 400: ['BacklogOld'] },
  ),
  scenario(
    'the table refuses every read',
    {
      lastSecond: 200,
      events: (metric, second) => ({ all: metric === 'ReadTime' ? Math.floor(second / 10) : 2 * second, slow: 0 }),
      counter: (metric, second) =>
        metric === 'ReadsFailed' ? Math.max(0, Math.floor(second / 10) - 12) : healthyCounter(metric, second),
    },
    { 120: [], 160: ['ReadsFailing'] },
  ),
  scenario(
    'the queue refuses what every webhook asks for',
    {
      lastSecond: 200,
      events: (metric, second) => ({ all: metric === 'WebhookTime' ? Math.floor(second / 10) : 2 * second, slow: 0 }),
      counter: (metric, second) =>
        metric === 'WebhooksFailed' ? Math.max(0, Math.floor(second / 10) - 12) : healthyCounter(metric, second),
    },
    { 120: [], 160: ['WebhooksFailing'] },
  ),
  scenario(
    'nobody can link a bank',
    {
      lastSecond: 200,
      events: (metric, second) => ({ all: metric === 'ConnectTime' ? Math.floor(second / 10) : 2 * second, slow: 0 }),
      counter: (metric, second) =>
        metric === 'ConnectFailed' ? Math.max(0, Math.floor(second / 10) - 12) : healthyCounter(metric, second),
    },
    { 120: [], 160: ['ConnectFailing'] },
  ),
  scenario(
    'reads take three tenths of a second',
    {
      lastSecond: 400,
      slowMs: 300,
      events: (metric, second) => ({
        all: 2 * second,
        slow: metric === 'ReadTime' ? 2 * Math.max(0, second - 120) : 0,
      }),
    },
    { 120: [], 300: ['ReadsSlow'] },
  ),
  scenario(
    'webhooks take more than a second',
    {
      lastSecond: 400,
      slowMs: 1_350,
      events: (metric, second) => ({
        all: 2 * second,
        slow: metric === 'WebhookTime' ? 2 * Math.max(0, second - 120) : 0,
      }),
    },
    { 120: [], 300: ['WebhooksSlow'] },
  ),
  scenario(
    'links take some three seconds',
    {
      lastSecond: 400,
      slowMs: 3_500,
      events: (metric, second) => ({
        all: 2 * second,
        slow: metric === 'ConnectTime' ? 2 * Math.max(0, second - 120) : 0,
      }),
    },
    { 120: [], 300: ['ConnectSlow'] },
  ),
  scenario(
    'the gateway may not invoke a function any more, then refuses a flood',
    {
      lastSecond: 400,
      counter: (metric, second) => {
        if (metric === 'GatewayFailed') return Math.max(0, Math.min(second, 200) - 120);
        return metric === 'GatewayThrottled' ? Math.max(0, second - 300) : healthyCounter(metric, second);
      },
    },
    { 120: [], 160: ['GatewayFailing'], 290: [], 340: ['GatewayThrottling'] },
  ),
  scenario(
    'a webhook is forged once',
    { lastSecond: 330, counter: only('WebhookForged', (second) => (second < 120 ? 0 : 1)) },
    { 115: [], 120: ['WebhookForged'], 240: ['WebhookForged'], 305: [], 330: [] },
  ),
  scenario(
    'DAX is gone: every read fails over',
    {
      lastSecond: 620,
      counter: (metric, second) => {
        if (metric === 'CacheHits') return 5 * Math.min(second, 300);
        return metric === 'CacheFailures' ? 5 * Math.max(0, second - 300) : healthyCounter(metric, second);
      },
    },
    { 300: [], 620: ['CacheHitRateLow'] },
  ),
];
