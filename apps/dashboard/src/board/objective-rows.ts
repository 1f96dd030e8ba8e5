/** One row for every objective that can be watched while the system runs. Pure: `ask` has the source's answers. */
import {
  badEvents,
  badEventsAtLeast,
  badShare,
  budgetLeft,
  cacheHitRate,
  cacheReads,
  cacheReadsAtLeast,
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
  ratePerMinute,
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
  /** The latest audit; `null` before the first; absent where the source cannot tell one audit from another. */
  readonly lastAudit?: AuditFact | null;
}

export interface AuditFact {
  readonly atEpochMs: number;
  readonly differences: number;
}

/** How many events ended in the last minute: without any there is nothing to judge. */
export const eventsLastMinute = count('Events', { windowMs: 60_000 });

/** Objectives that nothing at run time can show, each with its reason; every other one has a row. */
export const objectivesWithoutRow = {
  reads: 'Of warm reads, which only a load run knows: elsewhere a cold environment reads a whole journal first',
  coverage: 'A gate of the build',
  setUp: 'Measured on a fresh clone by the build',
} as const satisfies Partial<Record<ObjectiveName, string>>;

const lastMinute: Scope = { windowMs: 60_000 };
const lastFiveMinutes: Scope = { windowMs: 300_000 };
const lastHour: Scope = { windowMs: 3_600_000 };
const lastDay: Scope = { windowMs: 24 * 3_600_000 };

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

/**
 * Few events say little of a small share: one bad one of the first hundred would break 99.9 %. But where more went wrong than
 * may among all that are needed, it is broken already.
 */
function shareStatus(value: number | undefined, events: number, bad: number, budget: number): RowStatus {
  if (value === undefined) return 'no-data';
  const atLeast = neededFor(budget);
  if (bad > budget * Math.max(events, atLeast)) return 'broken';
  return events < atLeast ? 'too-few' : 'kept';
}

function neededFor(budget: number): number {
  return Math.round(badEventsAtLeast / budget);
}

function shareRow(key: string, objective: ShareObjective, ask: Ask): ObjectiveRow {
  const { shareAtLeast, title, of } = objective;
  const budget = errorBudget(objective);
  const badNow = ask(badShare(objective, lastHour.windowMs));
  const value = badNow === undefined ? undefined : 1 - badNow;
  const left = ask(budgetLeft(badShare(objective, lastHour.windowMs), budget)) ?? null;
  const events = Math.round(ask(count(of, lastHour)) ?? 0);
  const bad = Math.round(ask(badEvents(objective, lastHour)) ?? 0);
  const status = shareStatus(value, events, bad, budget);
  return {
    key,
    title,
    status,
    value: value ?? null,
    bound: shareAtLeast,
    valueText: text(value, percent),
    boundText: `≥ ${percent(shareAtLeast)}`,
    margin: status === 'too-few' ? null : left,
    marginText:
      left === null || status === 'too-few'
        ? ''
        : left >= 0
          ? `${percent(left)} of the budget left`
          : 'budget overdrawn',
    note: `of ${plural(events, 'event')} in the last hour, ${quantity(bad)} bad${status === 'too-few' ? needed(events, neededFor(budget)) : ''}`,
  };
}

type FigureRow = (ask: Ask, facts: WatchedFacts) => Omit<ObjectiveRow, 'key'>;

/** Load is what arrives: with less than promised there is nothing to judge, with as much the latencies decide. */
const throughputRow: FigureRow = (ask) => {
  const bound = objectives.throughput.atLeastPerMinute;
  const value = ask(ratePerMinute('Events', lastMinute));
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
  const events = Math.round(ask(count('Events', lastFiveMinutes)) ?? 0);
  const value = retries === undefined || events <= 0 ? undefined : retries / events;
  const atLeast = percentileFloor(objectives.roundTrip.percentile);
  const exhausted = ask(count('RetriesExhausted', lastFiveMinutes)) ?? 0;
  return {
    title: 'Retries of an event',
    status: judged(value, events, atLeast, value !== undefined && value <= bound),
    value: value ?? null,
    bound,
    valueText: text(value, (each) => `${each.toFixed(2)} each`),
    boundText: `≤ ${bound}`,
    margin: value === undefined ? null : 1 - value / bound,
    marginText: '',
    note: `${plural(Math.round(exhausted), 'event')} used them all up in the last 5 minutes${needed(events, atLeast)}`,
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

const cacheRow: FigureRow = (ask) => {
  const bound = objectives.cache.hitRateAtLeast;
  const value = ask(cacheHitRate);
  const all = Math.round(ask(cacheReads) ?? 0);
  return {
    title: 'Reads answered by DAX',
    status: judged(value, all, cacheReadsAtLeast, value !== undefined && value >= bound),
    value: value ?? null,
    bound,
    valueText: text(value, percent),
    boundText: `≥ ${percent(bound)}`,
    margin: value === undefined ? null : value - bound,
    marginText:
      value === undefined
        ? ''
        : `${percent(Math.abs(value - bound)).replace(' %', '')} points ${value >= bound ? 'above' : 'below'}`,
    note: `of ${plural(all, 'read')} in the last 5 minutes${needed(all, cacheReadsAtLeast)}`,
  };
};

const audits = count('Audits', lastDay);
const differences = count('AuditDifferences', lastDay);

/** A source that keeps counts alone cannot say which audit came last: there, what was found stands for a day. */
const integrityRow: FigureRow = (ask, { lastAudit }) => {
  const bound = objectives.integrity.corruptAtMost;
  const counted = ask(differences);
  const audited = Math.round(ask(audits) ?? 0) > 0 || Math.round(counted ?? 0) > 0;
  const ofCounts = audited && counted !== undefined ? Math.round(counted) : undefined;
  const found = lastAudit === undefined ? ofCounts : lastAudit?.differences;
  const checked = found !== undefined;
  return {
    title: 'Stored data intact',
    status: !checked ? 'not-asked' : found <= bound ? 'kept' : 'broken',
    value: found ?? null,
    bound,
    valueText: checked ? plural(found, 'difference') : 'not checked yet',
    boundText: `${bound} differences`,
    margin: null,
    marginText: '',
    note: !checked
      ? 'npm run audit checks it'
      : lastAudit
        ? `found by the audit of ${new Date(lastAudit.atEpochMs).toISOString().slice(11, 19)} UTC`
        : 'found by audits in the last 24 hours',
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
