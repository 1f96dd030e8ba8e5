/** One row for every objective that can be watched while the system runs. Pure: `ask` has the source's answers. */
import {
  badShare,
  budgetLeft,
  count,
  type Expression,
  errorBudget,
  isLatencyObjective,
  isShareObjective,
  type LatencyObjective,
  type ObjectiveName,
  objectives,
  percentile,
  percentileFloor,
  plus,
  ratePerMinute,
  ratio,
  type Scope,
  type ShareObjective,
} from '@quartersec/sla';
import { milliseconds, percent, percentileName, plural, quantity } from './figures.ts';
import type { ObjectiveRow, RowStatus } from './snapshot.ts';

/** A source's answer now, in the expression's unit; `undefined` where it has none. */
export type Ask = (expression: Expression) => number | undefined;

export interface WatchedFacts {
  /** Alerts that arrived while the board watched: how many, and the slowest. */
  readonly arrivals: { readonly count: number; readonly slowestMs: number };
}

/** Objectives that nothing at run time can show, each with its reason; every other one has a row. */
export const objectivesWithoutRow = {
  coverage: 'A gate of the build',
  setUp: 'Measured on a fresh clone by the build',
} as const satisfies Partial<Record<ObjectiveName, string>>;

const lastMinute: Scope = { windowMs: 60_000 };
const lastFiveMinutes: Scope = { windowMs: 300_000 };
const lastHour: Scope = { windowMs: 3_600_000 };
const lastDay: Scope = { windowMs: 24 * 3_600_000 };

/** Fewer say little about a share of 99 %, or about a cache; the alerts wait for as many. */
const JUDGED_FROM = 100;

function judged(value: number | undefined, events: number, atLeast: number, kept: boolean): RowStatus {
  if (value === undefined) return 'no-data';
  if (events < atLeast) return 'too-few';
  return kept ? 'kept' : 'broken';
}

function text(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? 'no data' : format(value);
}

/** " (40 are needed to judge)" */
function needed(events: number, atLeast: number): string {
  return events < atLeast ? ` (${quantity(atLeast)} are needed to judge)` : '';
}

function latencyRow(key: string, objective: LatencyObjective, ask: Ask): ObjectiveRow {
  const { metric, percentile: share, underMs, title } = objective;
  const value = ask(percentile(metric, share, lastMinute));
  const events = ask(count(metric, lastMinute)) ?? 0;
  const atLeast = percentileFloor(share);
  const name = percentileName(share);
  const margin = value === undefined ? null : 1 - value / underMs;
  return {
    key,
    title,
    status: judged(value, Math.round(events), atLeast, value !== undefined && value < underMs),
    value: value ?? null,
    bound: underMs,
    valueText: text(value, milliseconds),
    boundText: `${name} < ${underMs} ms`,
    margin,
    marginText:
      value === undefined ? '' : `${milliseconds(Math.abs(underMs - value))} ${value < underMs ? 'left' : 'over'}`,
    note: `${name} of ${plural(Math.round(events), 'event')} in the last minute${needed(Math.round(events), atLeast)}`,
  };
}

function shareRow(key: string, objective: ShareObjective, ask: Ask): ObjectiveRow {
  const { shareAtLeast, title, of } = objective;
  const bad = badShare(objective, lastHour.windowMs);
  const badNow = ask(bad);
  const value = badNow === undefined ? undefined : 1 - badNow;
  const left = ask(budgetLeft(bad, errorBudget(objective))) ?? null;
  const events = Math.round(ask(count(of, lastHour)) ?? 0);
  return {
    key,
    title,
    status: judged(value, events, JUDGED_FROM, left !== null && left >= 0),
    value: value ?? null,
    bound: shareAtLeast,
    valueText: text(value, percent),
    boundText: `≥ ${percent(shareAtLeast)}`,
    margin: left,
    marginText: left === null ? '' : left >= 0 ? `${percent(left)} of the budget left` : 'budget overdrawn',
    note: `of ${plural(events, 'event')} in the last hour${needed(events, JUDGED_FROM)}`,
  };
}

type FigureRow = (ask: Ask, facts: WatchedFacts) => Omit<ObjectiveRow, 'key'>;

/** Load is what arrives: with less than promised there is nothing to judge, with as much the latencies decide. */
const throughputRow: FigureRow = (ask) => {
  const bound = objectives.throughput.atLeastPerMinute;
  const value = ask(ratePerMinute('RoundTrip', lastMinute));
  const clocks = [objectives.roundTrip, objectives.processing].map((clock) => {
    const clockMs = ask(percentile(clock.metric, clock.percentile, lastMinute));
    return clockMs !== undefined && clockMs < clock.underMs;
  });
  const asked = value !== undefined && value >= bound;
  const kept = clocks.every((inTime) => inTime);
  return {
    title: 'Throughput',
    status: value === undefined ? 'no-data' : !asked ? 'not-asked' : kept ? 'kept' : 'broken',
    value: value ?? null,
    bound,
    valueText: text(value, (perMinute) => `${quantity(perMinute)}/min`),
    boundText: `≥ ${quantity(bound)}/min`,
    margin: null,
    marginText: value === undefined ? '' : `${percent(value / bound)} of the promised load`,
    note: asked ? 'with both clocks in time' : 'less arrives now; the load tests show the rest',
  };
};

const retriesRow: FigureRow = (ask) => {
  const bound = objectives.retries.atMost;
  const retries = ask(count('Retries', lastFiveMinutes));
  const events = ask(count('RoundTrip', lastFiveMinutes)) ?? 0;
  const value = retries === undefined || events <= 0 ? undefined : retries / events;
  const exhausted = ask(count('RetriesExhausted', lastFiveMinutes)) ?? 0;
  return {
    title: 'Retries of an event',
    status: judged(value, events, 0, value !== undefined && value <= bound),
    value: value ?? null,
    bound,
    valueText: text(value, (each) => `${each.toFixed(2)} each`),
    boundText: `≤ ${bound}`,
    margin: value === undefined ? null : 1 - value / bound,
    marginText: '',
    note: `${plural(Math.round(exhausted), 'event')} used them all up in the last 5 minutes`,
  };
};

const alertRow: FigureRow = (_, { arrivals }) => {
  const bound = objectives.alert.visibleWithinMs;
  const value = arrivals.count === 0 ? undefined : arrivals.slowestMs;
  return {
    title: 'Alert visible',
    status: value === undefined ? 'not-asked' : value <= bound ? 'kept' : 'broken',
    value: value ?? null,
    bound,
    valueText: value === undefined ? 'none yet' : `within ${milliseconds(value)}`,
    boundText: `≤ ${bound / 1_000} s`,
    margin: value === undefined ? null : 1 - value / bound,
    marginText:
      value === undefined ? '' : `${milliseconds(Math.abs(bound - value))} ${value <= bound ? 'left' : 'over'}`,
    note:
      value === undefined
        ? 'none has fired while the board watched'
        : `slowest of ${plural(arrivals.count, 'event alert')}`,
  };
};

const cacheHits = count('CacheHits', lastFiveMinutes);
const cacheReads = plus(
  plus(cacheHits, count('CacheMisses', lastFiveMinutes)),
  count('CacheFailures', lastFiveMinutes),
);
/** Also of the reads that could not be answered because DAX failed. */
export const cacheHitRate = ratio(cacheHits, cacheReads);

const cacheRow: FigureRow = (ask) => {
  const bound = objectives.cache.hitRateAtLeast;
  const value = ask(cacheHitRate);
  const all = Math.round(ask(cacheReads) ?? 0);
  return {
    title: 'Reads answered by DAX',
    status: judged(value, all, JUDGED_FROM, value !== undefined && value >= bound),
    value: value ?? null,
    bound,
    valueText: text(value, percent),
    boundText: `≥ ${percent(bound)}`,
    margin: value === undefined ? null : value - bound,
    marginText:
      value === undefined
        ? ''
        : `${percent(Math.abs(value - bound)).replace(' %', '')} points ${value >= bound ? 'above' : 'below'}`,
    note: `of ${plural(all, 'read')} in the last 5 minutes${needed(all, JUDGED_FROM)}`,
  };
};

const integrityRow: FigureRow = (ask) => {
  const bound = objectives.integrity.corruptAtMost;
  const value = ask(count('AuditDifferences', lastDay));
  const found = value === undefined ? undefined : Math.round(value);
  return {
    title: 'Stored data intact',
    status: judged(found, 0, 0, found !== undefined && found <= bound),
    value: found ?? null,
    bound,
    valueText: text(found, (entries) => plural(entries, 'difference')),
    boundText: `${bound} differences`,
    margin: null,
    marginText: '',
    note: 'found by audits in the last 24 hours',
  };
};

const figureRows: Readonly<Record<string, FigureRow>> = {
  throughput: throughputRow,
  retries: retriesRow,
  alert: alertRow,
  cache: cacheRow,
  integrity: integrityRow,
};

/** In the order of `objectives`; a new latency or share objective has its row by its entry alone. */
export function objectiveRows(ask: Ask, facts: WatchedFacts): readonly ObjectiveRow[] {
  return Object.entries(objectives).flatMap(([key, objective]) => {
    if (isLatencyObjective(objective)) return [latencyRow(key, objective, ask)];
    if (isShareObjective(objective)) return [shareRow(key, objective, ask)];
    const row = figureRows[key];
    return row === undefined ? [] : [{ key, ...row(ask, facts) }];
  });
}
