/**
 * What an alert is: conditions over expressions, and words for the person who reads it. Plain data; `targets/` render it
 * as Prometheus rules and CloudWatch alarms, and judge it live. `alerts.ts` has the list.
 *
 * No target groups an alert by provider: one fault is one alert, and the panels say whose fault it is.
 */
import {
  count,
  countOver,
  type DimensionFilter,
  type Expression,
  percentile,
  type Scope,
  share,
} from './expression.ts';
import type { CountMetric, MetricName, Service } from './metrics.ts';
import { errorBudget, type LatencyObjective, objectives, type ShareObjective } from './objectives.ts';

/** Strict: a value that equals the bound is no breach. */
export type Comparison = 'above' | 'below';

export interface Condition {
  readonly expression: Expression;
  readonly comparison: Comparison;
  readonly bound: number;
  /** What no answer means (no series, an empty window): nothing to say, or the very thing that is watched for. */
  readonly whenAbsent: 'quiet' | 'breach';
}

export type Severity = 'critical' | 'warning';

export interface Alert {
  /** PascalCase, unique. */
  readonly name: string;
  readonly kind: 'event' | 'objective' | 'provider' | 'backlog' | 'platform' | 'dead-man';
  readonly severity: Severity;
  readonly title: string;
  readonly whatToDo: string;
  /** Anchor of its section in docs/troubleshooting.md; unique. */
  readonly runbook: string;
  /** Key in `objectives` of what it guards, where it guards one. */
  readonly objective?: string;
  /**
   * While an alert of this kind fires, this one is shown under it. Unlike a consequence it is never silenced: it names the single
   * event.
   */
  readonly explainedBy?: Alert['kind'];
  /** It is about reads, webhooks or links, which no event waits for: what its kind has as consequences does not follow from it. */
  readonly besideEvents?: true;
  /** The providers to blame are told with the title, where the one who tells it knows them. */
  readonly namesProvider?: true;
  /** All must hold. The first gives the value that is shown. */
  readonly when: readonly [Condition, ...Condition[]];
  /** How long the conditions must hold before it fires. */
  readonly holdMs: number;
  /** How long it fires at least, so that nobody misses what was over within seconds. */
  readonly latchMs: number;
}

type Words = Pick<Alert, 'title' | 'whatToDo'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Room for the samples on both sides of an event, and one lost scrape. */
const LATCH_SLACK_MS = 60_000;

/**
 * The window of event alerts. The window is the latch: one increment keeps the expression above 0 for as long as it lies
 * inside, in every target, with nothing to remember. From it go the scrape before the increment and the time until the
 * first evaluation, so it is longer than the latch that is promised.
 */
export const eventWindowMs = objectives.alert.latchedAtLeastMs + LATCH_SLACK_MS;

/** `RoundTripSlow` -> `round-trip-slow` */
function anchorOf(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

function pascalCase(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

export function above(expression: Expression, bound: number): Condition {
  return { expression, comparison: 'above', bound, whenAbsent: 'quiet' };
}

export function below(expression: Expression, bound: number): Condition {
  return { expression, comparison: 'below', bound, whenAbsent: 'quiet' };
}

/** Fires at the first increment of a counter. */
export function eventAlert(
  metric: CountMetric,
  about: Words & Pick<Alert, 'severity' | 'objective' | 'explainedBy'>,
): Alert {
  return {
    name: metric,
    kind: 'event',
    runbook: anchorOf(metric),
    when: [above(count(metric, { windowMs: eventWindowMs }), 0)],
    holdMs: 0,
    latchMs: objectives.alert.latchedAtLeastMs,
    ...about,
  };
}

/** Fires when a function of ours ends in an error, or is refused an environment, even once. */
export function platformAlert(
  name: string,
  metric: CountMetric,
  service: Service,
  about: Words & { readonly severity: Severity },
): Alert {
  const event = eventAlert(metric, about);
  const when = [above(count(metric, { windowMs: eventWindowMs, where: { service } }), 0)] as const;
  return {
    ...event,
    name,
    kind: 'platform',
    runbook: anchorOf(name),
    ...(service !== 'process' && { besideEvents: true }),
    when,
  };
}

/** Below so many events a percentile says little: two slow ones alone cannot trip it. */
export function percentileFloor(share: number): number {
  return Math.round(2 / (1 - share));
}

/** Fires when the percentile of the last minute is over its bound and enough events make it one. */
export function latencyAlert(key: string, objective: LatencyObjective): Alert {
  const scope: Scope = { windowMs: MINUTE_MS };
  const name = `${pascalCase(key)}Slow`;
  return {
    name,
    kind: 'objective',
    severity: 'warning',
    title: `${objective.title} over its bound`,
    whatToDo: objective.whenBroken,
    runbook: anchorOf(name),
    objective: key,
    when: [
      above(percentile(objective.metric, objective.percentile, scope), objective.underMs),
      above(count(objective.metric, scope), percentileFloor(objective.percentile) - 1),
    ],
    holdMs: 0,
    latchMs: 0,
  };
}

/** Share of events that went wrong, as a share objective defines it. */
export function badShare(objective: ShareObjective, windowMs: number, where?: DimensionFilter): Expression<'Ratio'> {
  const scope: Scope = where === undefined ? { windowMs } : { windowMs, where };
  return share(badEvents(objective, scope), count(objective.of, scope));
}

/** How many events went wrong, as a share objective defines it. */
export function badEvents({ bad }: ShareObjective, scope: Scope): Expression<'Count'> {
  return 'overMs' in bad ? countOver(bad.metric, bad.overMs, scope) : count(bad.metric, scope);
}

/** The time that an error budget is for; the factors of `burnRates` follow from it. */
export const budgetWindowMs = 30 * 24 * HOUR_MS;

interface BurnRate {
  readonly name: string;
  readonly speed: string;
  /** How many times too fast the budget goes. */
  readonly factor: number;
  readonly longMs: number;
  readonly shortMs: number;
  readonly severity: Severity;
  readonly holdMs?: number;
}

/**
 * Multi-window, multi-burn-rate: the long window says that it matters (2 % of a 30-day budget in an hour, 5 % in
 * six, 10 % in three days), the short one that it is still going on.
 * @see https://sre.google/workbook/alerting-on-slos/ table 5-8
 */
export const burnRates = [
  { name: 'FastBurn', speed: 'fast', factor: 14.4, longMs: HOUR_MS, shortMs: 5 * MINUTE_MS, severity: 'critical' },
  { name: 'SlowBurn', speed: 'steadily', factor: 6, longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS, severity: 'warning' },
  // A minute's outage is no lasting one, also where nothing is known from before it
  {
    name: 'LongBurn',
    speed: 'for days',
    factor: 1,
    longMs: 72 * HOUR_MS,
    shortMs: 6 * HOUR_MS,
    severity: 'warning',
    holdMs: HOUR_MS,
  },
] as const satisfies readonly BurnRate[];

/** One bad event in a quiet night is no burning budget, nor are two of the first hundred. */
const BURN_EVENTS_AT_LEAST = 100;
/** So many bad events say that a share is broken, however few there were in all. */
export const badEventsAtLeast = 10;

/** Three alerts, fast, slow and over days, that fire when a share objective uses its error budget up too quickly. */
export function burnAlerts(key: string, objective: ShareObjective): readonly Alert[] {
  return burnRates.map(({ name: suffix, speed, factor, longMs, shortMs, severity, ...rest }) => {
    const bound = Number((factor * errorBudget(objective)).toFixed(9));
    const name = `${pascalCase(key)}${suffix}`;
    return {
      name,
      kind: 'objective',
      severity,
      title: `${objective.title}: the error budget burns ${speed}`,
      whatToDo: objective.whenBroken,
      runbook: anchorOf(name),
      objective: key,
      when: [
        above(badShare(objective, shortMs), bound),
        above(badShare(objective, longMs), bound),
        above(count(objective.of, { windowMs: longMs }), BURN_EVENTS_AT_LEAST - 1),
        above(badEvents(objective, { windowMs: longMs }), badEventsAtLeast - 1),
      ],
      holdMs: 'holdMs' in rest ? rest.holdMs : 0,
      latchMs: 0,
    };
  });
}

/** Fires when a metric that always moves has not moved, or is not there at all, for a window and then the hold. */
export function deadManAlert(
  name: string,
  metric: MetricName,
  about: Words & { readonly windowMs: number; readonly holdMs: number },
): Alert {
  const { windowMs, holdMs, title, whatToDo } = about;
  return {
    name,
    kind: 'dead-man',
    severity: 'critical',
    title,
    whatToDo,
    runbook: anchorOf(name),
    when: [{ ...below(count(metric, { windowMs }), 1), whenAbsent: 'breach' }],
    holdMs,
    latchMs: 0,
  };
}
