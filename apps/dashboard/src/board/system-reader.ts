/**
 * Source A: a running system, read over its control address every second. Its scrapes are kept for a day, the alerts are
 * judged here.
 */
import {
  type Alert,
  type AlertState,
  alerts,
  type CounterSample,
  count,
  evaluateLive,
  type LiveSeries,
  leavesOf,
  nextAlertStates,
  parseExposition,
  SeriesHistory,
} from '@quartersec/sla';
import { type AlertNotice, noWords } from './alert-log.ts';
import type { BoardReader, SourceView } from './board-reader.ts';
import { ChartPoints } from './chart-points.ts';
import { chartsOf, providerCounts } from './charts.ts';
import { connectionsOf } from './connections.ts';
import { errorLinesOf } from './error-lines.ts';
import { plural } from './figures.ts';
import type { AuditFact } from './objective-rows.ts';
import type { ConnectionsState, ErrorLine, FaultSwitch } from './snapshot.ts';
import { requestJson, requestText, SourceError } from './source-request.ts';

/** The fault that the board's button sets: its own id, so that it clears no other. */
export const boardFaultId = 'board-outage';

/** The last sample without the newest rise: what was counted by it happened after that. `undefined` when nothing rose. */
function beforeNewestRise(samples: readonly CounterSample[]): number | undefined {
  for (let index = samples.length - 1; index > 0; index -= 1) {
    const before = samples[index - 1];
    const after = samples[index];
    if (before === undefined || after === undefined) return undefined;
    if (after.value > before.value || (after.value < before.value && after.value > 0)) return before.atEpochMs;
  }
  return undefined;
}

/** @returns when at the earliest an event alert's event can have happened */
function happenedAfter({ kind, when }: Alert, { counters }: LiveSeries): number | undefined {
  const { node } = when[0].expression;
  if ((kind !== 'event' && kind !== 'platform') || node.op !== 'count') return undefined;
  const { service } = node.scope.where ?? {};
  const moments = counters
    .filter(({ metric, labels }) => metric === node.metric && (service === undefined || labels.service === service))
    .flatMap(({ samples }) => beforeNewestRise(samples) ?? []);
  return moments.length === 0 ? undefined : Math.max(...moments);
}

/**
 * Those that anything was counted of: counters are there at 0 from the start, for every provider that may ever come.
 * @param metrics the counters to look at; all without it
 */
function providersOf({ counters, histograms }: LiveSeries, metrics?: readonly string[]): readonly string[] {
  const counted = counters.filter(
    ({ metric, samples }) => (metrics?.includes(metric) ?? true) && samples.some(({ value }) => value > 0),
  );
  const timed = histograms.filter(({ samples }) => samples.some(({ sumMs }) => sumMs > 0));
  const all = [...counted, ...timed].flatMap(({ labels: { provider } }) => (provider ? [provider] : []));
  return [...new Set(all)].sort();
}

function isMissing(reason: unknown): boolean {
  return reason instanceof SourceError && reason.status === 404;
}

function faultSwitchOf(result: PromiseSettledResult<unknown>): FaultSwitch {
  if (result.status === 'rejected') {
    const says = isMissing(result.reason)
      ? 'The provider is a real one: it has no fault to switch.'
      : 'The fault switch does not answer.';
    return { available: false, on: false, says };
  }
  const faults = Array.isArray(result.value) ? (result.value as readonly unknown[]) : [];
  const on = faults.some((fault) => (fault as { readonly id?: unknown } | null)?.id === boardFaultId);
  return { available: true, on, says: 'Every call to the simulated provider fails, so retries run out.' };
}

function auditOf(value: unknown): AuditFact | null {
  const { atEpochMs, differences } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof atEpochMs === 'number' && typeof differences === 'number' ? { atEpochMs, differences } : null;
}

/** Providers with at least a tenth of what the alert counts: those that its title names. */
function causesOf({ when, namesProvider }: Alert, series: LiveSeries, nowEpochMs: number): readonly string[] {
  if (namesProvider === undefined) return [];
  const [leaf] = leavesOf(when[0].expression);
  if (leaf === undefined) return [];
  const counted = providersOf(series).map((provider) => {
    const scope = { ...leaf.scope, where: { ...leaf.scope.where, provider } };
    return { provider, events: evaluateLive(count(leaf.metric, scope), series, nowEpochMs) ?? 0 };
  });
  const all = counted.reduce((sum, { events }) => sum + events, 0);
  return counted.filter(({ events }) => events > 0 && events >= all / 10).map(({ provider }) => provider);
}

function warningsOf(
  malformed: number,
  refusedSeries: number,
  health: PromiseSettledResult<unknown>,
): readonly string[] {
  const dropped =
    health.status === 'fulfilled' ? (health.value as { droppedValues?: unknown } | null)?.droppedValues : 0;
  return [
    ...(malformed > 0 ? [`${plural(malformed, 'line')} of the metrics could not be read: another version?`] : []),
    ...(refusedSeries > 0 ? [`${plural(refusedSeries, 'series', 'series')} too many of one metric, not shown`] : []),
    ...(typeof dropped === 'number' && dropped > 0
      ? [`${plural(dropped, 'metric value')} were not counted by the system`]
      : []),
  ];
}

export class SystemReader implements BoardReader {
  readonly kind = 'system';
  readonly readEveryMs = 1_000;
  readonly staleAfterMs = 5_000;
  readonly url: string;
  readonly #history = new SeriesHistory();
  readonly #points = new ChartPoints();
  #states: readonly AlertState[] = [];
  #dataEpochMs: number | undefined;
  #errors: readonly ErrorLine[] = [];
  #faultSwitch: FaultSwitch = { available: false, on: false, says: 'Not read yet.' };
  #malformed = 0;
  #warnings: readonly string[] = [];
  #connections: ConnectionsState | undefined;
  #lastAudit: AuditFact | null | undefined;

  constructor(url: string) {
    this.url = url;
  }

  async read(nowEpochMs: () => number): Promise<void> {
    const [metrics, errors, faults, health, audit, connections] = await Promise.allSettled([
      // As old as its own answer, however long the others take
      requestText(`${this.url}/metrics`).then((text) => ({ text, atEpochMs: nowEpochMs() })),
      requestJson(`${this.url}/errors`),
      requestJson(`${this.url}/faults`),
      requestJson(`${this.url}/health`),
      requestJson(`${this.url}/audits`),
      requestJson(`${this.url}/connections`),
    ]);
    this.#faultSwitch = faultSwitchOf(faults);
    if (errors.status === 'fulfilled') this.#errors = errorLinesOf(errors.value);
    // What does not answer has said when it was last read; what has no such call has no card
    if (connections.status === 'fulfilled') this.#connections = connectionsOf(connections.value);
    else if (isMissing(connections.reason)) this.#connections = undefined;
    if (metrics.status === 'rejected') throw metrics.reason;
    if (audit.status === 'fulfilled') this.#lastAudit = auditOf(audit.value);
    this.take(metrics.value.text, metrics.value.atEpochMs);
    this.#warnings = warningsOf(this.#malformed, this.#history.refusedSeries, health);
  }

  /** Adds one scrape; public for those that have a day of them at hand. */
  take(exposition: string, atEpochMs: number): void {
    const { series, malformed } = parseExposition(exposition, atEpochMs);
    this.#malformed = malformed;
    // A clock that was set back: wait until it is past the newest again
    if (!this.#history.append(series, atEpochMs)) return;
    this.#dataEpochMs = atEpochMs;
    const kept = this.#history.series;
    const askAt = (epochMs: number) => (expression: Parameters<typeof evaluateLive>[0]) =>
      evaluateLive(expression, kept, epochMs);
    this.#points.advance(chartsOf(providersOf(kept, providerCounts)), askAt, atEpochMs);
  }

  /** Also judges the alerts, so that silence is noticed while nothing can be read. */
  view(nowEpochMs: number): SourceView {
    const { series } = this.#history;
    this.#states = this.#dataEpochMs === undefined ? [] : nextAlertStates(alerts, this.#states, series, nowEpochMs);
    return {
      ask: (expression) => evaluateLive(expression, series, nowEpochMs),
      dataEpochMs: this.#dataEpochMs,
      notices: this.#states.flatMap((state) => noticesOf(state, series, nowEpochMs)),
      listedEpochMs: nowEpochMs,
      errors: this.#errors,
      faultSwitch: this.#faultSwitch,
      warnings: this.#warnings,
      ...(this.#connections !== undefined && { connections: this.#connections }),
      ...(this.#lastAudit !== undefined && { lastAudit: this.#lastAudit }),
    };
  }

  chartData(rangeId: string, nowEpochMs: number) {
    return this.#points.of(rangeId, chartsOf(providersOf(this.#history.series, providerCounts)), nowEpochMs);
  }

  switchFault(method: string, path: string, body: string): Promise<string> {
    return requestText(`${this.url}${path}`, { method, ...(method === 'POST' && { body }) });
  }
}

function noticesOf(
  { name, status, firingSinceEpochMs, value }: AlertState,
  series: LiveSeries,
  nowEpochMs: number,
): readonly AlertNotice[] {
  const alert = alerts.find((one) => one.name === name);
  if (status !== 'firing' || firingSinceEpochMs === undefined || alert === undefined) return [];
  const happenedAfterEpochMs = happenedAfter(alert, series);
  return [
    {
      path: 'live',
      name,
      status,
      firedEpochMs: firingSinceEpochMs,
      ...(happenedAfterEpochMs !== undefined && { happenedAfterEpochMs }),
      ...(value !== undefined && { value }),
      words: noWords,
      causes: causesOf(alert, series, nowEpochMs),
    },
  ];
}
