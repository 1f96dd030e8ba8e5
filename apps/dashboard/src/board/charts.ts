/** What is drawn, as expressions: the same for every source. Pure. */
import {
  badShare,
  budgetBurn,
  budgetLeft,
  burnRates,
  type CountMetric,
  cacheHitRate,
  type Expression,
  errorBudget,
  isLatencyObjective,
  isShareObjective,
  type Objective,
  objectives,
  percentile,
  ratePerMinute,
} from '@quartersec/sla';
import { percentileName } from './figures.ts';
import type { ChartData, ChartLineData } from './snapshot.ts';

export interface ChartLine {
  readonly name: string;
  /** @param windowMs that each point looks back; a line may know better */
  readonly expression: (windowMs: number) => Expression;
  /** Whose line it is, where it is one provider's. */
  readonly provider?: string;
}

export interface Chart extends Omit<ChartData, 'lines'> {
  readonly lines: readonly ChartLine[];
}

type Values = ChartLineData['values'];

/**
 * Charts with their points in place of their questions. A provider of which nothing was counted in all that time has no lines:
 * the name for events of no known provider is there from the first one on, for ever.
 */
export function drawn(
  charts: readonly Chart[],
  valuesOf: (chart: Chart, lineName: string) => Values,
): readonly ChartData[] {
  const all = charts.map((chart) => ({
    chart,
    lines: chart.lines.map((line) => ({ line, values: valuesOf(chart, line.name) })),
  }));
  const moves = (values: Values) => values.some((value) => value !== null && value > 0);
  const busy = new Set(
    all.flatMap(({ lines }) => lines.flatMap(({ line, values }) => (moves(values) ? (line.provider ?? []) : []))),
  );
  const idle = (provider: string | undefined) => provider !== undefined && busy.size > 0 && !busy.has(provider);
  return all.map(({ chart, lines }) => ({
    ...chart,
    lines: lines.flatMap(({ line: { name, provider }, values }) => (idle(provider) ? [] : [{ name, values }])),
  }));
}

export interface ChartRange {
  readonly id: string;
  readonly title: string;
  readonly spanMs: number;
  readonly stepMs: number;
}

/** At most some hundred points a line, however long the history. */
export const chartRanges = [
  { id: '15m', title: '15 minutes', spanMs: 900_000, stepMs: 5_000 },
  { id: '3h', title: '3 hours', spanMs: 3 * 3_600_000, stepMs: 60_000 },
  { id: '24h', title: '24 hours', spanMs: 24 * 3_600_000, stepMs: 300_000 },
] as const satisfies readonly ChartRange[];

export const pointsAtMost = Math.max(...chartRanges.map(({ spanMs, stepMs }) => spanMs / stepMs)) + 1;

/** How far a point looks back: a minute, or the whole step where that is longer, so that no event falls between points. */
export function windowOf({ stepMs }: Pick<ChartRange, 'stepMs'>): number {
  return Math.max(60_000, stepMs);
}

const DAY_MS = 24 * 3_600_000;

function latencyCharts(all: Readonly<Record<string, Objective>>): readonly Chart[] {
  return Object.entries(all).flatMap(([id, objective]): Chart[] => {
    if (!isLatencyObjective(objective)) return [];
    const { metric, underMs, title } = objective;
    const name = percentileName(objective.percentile);
    return [
      {
        id,
        title,
        explains: `${name} must stay under the limit`,
        unit: 'ms',
        limits: [{ name: `promise: ${name} < ${underMs} ms`, value: underMs, bad: 'above' }],
        lines: [
          { name, expression: (windowMs) => percentile(metric, objective.percentile, { windowMs }) },
          { name: 'p50', expression: (windowMs) => percentile(metric, 0.5, { windowMs }) },
        ],
      },
    ];
  });
}

function budgetCharts(all: Readonly<Record<string, Objective>>): readonly Chart[] {
  const shares = Object.values(all).filter((objective) => isShareObjective(objective));
  return [
    {
      id: 'budget-left',
      title: 'Error budget left',
      explains: 'of what may go wrong, judged by the last 24 hours that were seen',
      unit: 'share',
      limits: [{ name: 'used up', value: 0, bad: 'below' }],
      lines: shares.map((objective) => ({
        name: objective.title,
        expression: () => budgetLeft(badShare(objective, DAY_MS), errorBudget(objective)),
      })),
    },
    {
      id: 'budget-burn',
      title: 'Error budget burn',
      explains: '1 uses it up in exactly its 30 days; alerts also look at longer windows',
      unit: 'factor',
      limits: burnRates.map(({ factor, speed }) => ({
        name: `alert: ${speed}, above ${factor}`,
        value: factor,
        bad: 'above',
      })),
      lines: shares.map((objective) => ({
        name: objective.title,
        expression: () => budgetBurn(badShare(objective, burnRates[0].shortMs), errorBudget(objective)),
      })),
    },
  ];
}

const troubles = [
  ['retries', 'Retries'],
  ['retries exhausted', 'RetriesExhausted'],
  ['throttled (429)', 'Throttled'],
  ['failed events', 'Failed'],
] as const satisfies readonly (readonly [string, CountMetric])[];

/** What the charts count by provider. */
export const providerCounts: readonly CountMetric[] = troubles.map(([, metric]) => metric);

function providerCharts(providers: readonly string[]): readonly Chart[] {
  const named = (what: string, provider: string) => (providers.length === 1 ? what : `${provider}: ${what}`);
  return [
    {
      id: 'provider-time',
      title: 'Provider time',
      explains: 'waiting for the provider, all attempts of an event',
      unit: 'ms',
      limits: [],
      lines: providers.flatMap((provider) =>
        ([0.95, 0.5] as const).map((share) => ({
          name: named(percentileName(share), provider),
          provider,
          expression: (windowMs: number) => percentile('ProviderTime', share, { windowMs, where: { provider } }),
        })),
      ),
    },
    {
      id: 'provider-errors',
      title: 'Provider errors and retries',
      explains: 'a minute, by provider',
      unit: 'per minute',
      limits: [],
      lines: providers.flatMap((provider) =>
        troubles.map(([what, metric]) => ({
          name: named(what, provider),
          provider,
          expression: (windowMs: number) => ratePerMinute(metric, { windowMs, where: { provider } }),
        })),
      ),
    },
  ];
}

/** @param providers values of the dimension, in a stable order */
export function chartsOf(providers: readonly string[]): readonly Chart[] {
  const promised = objectives.throughput.atLeastPerMinute;
  return [
    ...latencyCharts(objectives),
    {
      id: 'throughput',
      title: 'Throughput',
      explains: 'events a minute, against the load that must be carried',
      unit: 'per minute',
      limits: [{ name: `promise: ${promised.toLocaleString('en-US')} a minute`, value: promised }],
      lines: [{ name: 'events', expression: (windowMs) => ratePerMinute('Events', { windowMs }) }],
    },
    ...budgetCharts(objectives),
    ...providerCharts(providers),
    {
      id: 'cache',
      title: 'Cache hit rate',
      explains: 'reads that DAX answered from memory, over the last 5 minutes',
      unit: 'share',
      limits: [
        {
          name: `at least ${objectives.cache.hitRateAtLeast * 100} %`,
          value: objectives.cache.hitRateAtLeast,
          bad: 'below',
        },
      ],
      lines: [{ name: 'hit rate', expression: () => cacheHitRate }],
    },
    {
      id: 'cold-starts',
      title: 'Cold starts',
      explains: 'new environments a minute; their first event pays for it',
      unit: 'per minute',
      limits: [],
      lines: [{ name: 'cold starts', expression: (windowMs) => ratePerMinute('ColdStart', { windowMs }) }],
    },
  ];
}
