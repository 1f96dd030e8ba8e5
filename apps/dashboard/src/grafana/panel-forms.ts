/** The forms that panels come in, so that a dashboard reads as a list of what it shows. */
import {
  alerts,
  type CountMetric,
  count,
  isLatencyObjective,
  isTimingMetric,
  type MetricName,
  metrics,
  type Objective,
  objectives,
  percentile,
  ratePerMinute,
  type Scope,
  services,
  type TimingMetric,
} from '@quartersec/sla';
import type { Bound, Line, MeasuredPanel } from './panel.ts';

type About = Pick<MeasuredPanel, 'title' | 'meaning' | 'runbook'>;

/** Of lines that follow the zoom: each data source puts its own in the place of this window. */
const zoomed: Scope = { windowMs: 60_000 };

const percentiles = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

/** Every latency that is promised of this metric. */
function promisedOf(metric: TimingMetric): readonly Bound[] {
  return Object.values<Objective>(objectives)
    .filter(isLatencyObjective)
    .filter((objective) => objective.metric === metric)
    .map(({ underMs }) => ({ value: underMs, good: 'below', severity: 'critical' }));
}

function percentileLine(metric: TimingMetric, [label, share]: (typeof percentiles)[number]): Line {
  return { label, expression: percentile(metric, share, zoomed), window: 'zoom' };
}

/** p50, p95 and p99 of the whole system, with the limits that are promised of the metric. */
export function latencyPanel(metric: TimingMetric, about: About): MeasuredPanel {
  const lines = percentiles.map((one) => percentileLine(metric, one));
  return { ...about, kind: 'lines', lines, bounds: promisedOf(metric) };
}

/** The same, p50 and p95 of each provider. */
export function latencyByProvider(metric: TimingMetric, about: About): MeasuredPanel {
  const lines = percentiles.slice(0, 2).map((one) => percentileLine(metric, one));
  return { ...about, kind: 'provider-lines', lines, bounds: promisedOf(metric) };
}

function rateLine(metric: MetricName): Line {
  const label = isTimingMetric(metric) ? 'Events' : metric; // a timing has one value an event
  return { label, expression: ratePerMinute(metric, zoomed), window: 'zoom' };
}

/** How often a minute, of the whole system. */
export function ratesPanel(all: readonly MetricName[], about: About): MeasuredPanel {
  return { ...about, kind: 'lines', lines: all.map(rateLine), bounds: [] };
}

/** How often a minute, by provider; says of itself what the catalogue says of the metric. */
export function rateByProvider(metric: CountMetric, runbook: string, advice = ''): MeasuredPanel {
  const meaning = `${metrics[metric].meaning}, by provider. ${advice}`.trim();
  return {
    title: `${metric} a minute`,
    meaning,
    runbook,
    kind: 'provider-lines',
    lines: [rateLine(metric)],
    bounds: [],
  };
}

/**
 * Messages in the dead-letter queue. On AWS the queue says how many lie in it; nobody counts how many came, so there is
 * nothing to add up over time. Elsewhere it is how many came in the last minutes.
 */
export const deadLetters: MeasuredPanel = {
  kind: 'lines',
  title: 'Dead letters',
  meaning: `${metrics.DeadLettered.meaning}. Elsewhere: those of the last 5 minutes. Nothing is lost, and every one wants a look.`,
  runbook: 'dead-lettered',
  lines: [{ label: 'messages', expression: count('DeadLettered', { windowMs: 300_000 }), window: 'own' }],
  bounds: [{ value: 0.5, good: 'below', severity: 'critical' }],
};

/** A level on AWS: asked for as the alert asks for it. */
export const oldestMessage: MeasuredPanel = {
  kind: 'lines',
  title: 'Oldest message',
  meaning: `${metrics.OldestMessageAge.meaning}. It grows while nobody works the queue off.`,
  runbook: 'backlog-old',
  lines: [{ label: 'age', expression: percentile('OldestMessageAge', 0.5, { windowMs: 60_000 }), window: 'own' }],
  bounds: alerts
    .filter(({ name }) => name === 'BacklogOld')
    .map(({ when, severity }) => ({ value: when[0].bound, good: 'below', severity })),
};

/** Lambda's own counts, a line a function. */
export const platformPanels: readonly MeasuredPanel[] = (['PlatformErrors', 'PlatformThrottles'] as const).map(
  (metric) => ({
    kind: 'lines',
    title: metric === 'PlatformErrors' ? 'Errors of the functions' : 'Throttles of the functions',
    meaning: `${metrics[metric].meaning}; in the last 5 minutes.`,
    runbook: metric === 'PlatformErrors' ? 'process-errors' : 'process-throttled',
    lines: services.map((service) => ({
      label: service,
      expression: count(metric, { windowMs: 300_000, where: { service } }),
      window: 'own',
    })),
    bounds: [{ value: 0.5, good: 'below', severity: metric === 'PlatformErrors' ? 'critical' : 'warning' }],
  }),
);

/** How often in the time that is shown: 0 is good. */
export function totalsPanel(all: readonly CountMetric[], about: About): MeasuredPanel {
  const lines = all.map((metric): Line => ({ label: metric, expression: count(metric, zoomed), window: 'range' }));
  // Half of one thing: Prometheus extends what it saw to the window's edges, so its counts need not be whole.
  return { ...about, kind: 'totals', lines, bounds: [{ value: 0.5, good: 'below', severity: 'warning' }] };
}
