/**
 * The promise. Every target of the system has its one home here; the deadline budget, the k6 thresholds, the
 * dashboards, the alert rules and the CloudWatch alarms are derived from it.
 *
 * Adding an objective is one entry. This one, and nothing else, gives a bound on the provider's time an alert rule for
 * Prometheus, CloudWatch and the live board, and a k6 threshold with its sample floor:
 *
 * ```ts
 * providerTime: {
 *   metric: 'ProviderTime', percentile: 0.99, underMs: 1_000,
 *   title: 'Provider time', whenBroken: 'Look at the provider panel; switch the slow provider to its schedule.',
 * },
 * ```
 *
 * The in-step tests then ask for what cannot be derived: the runbook section in docs/troubleshooting.md, the panel and
 * the row of the board. An objective of another form names its alert in `alerts.ts` or says there why it has none.
 */
import type { CountMetric, MetricName, TimingMetric } from './metrics.ts';

/** A bound on a percentile of a timing. */
export interface LatencyObjective {
  readonly metric: TimingMetric;
  /** Share of events that must stay under the bound, 0 to 1 (exclusive). */
  readonly percentile: number;
  readonly underMs: number;
  /** Names the objective on panels and in alerts. */
  readonly title: string;
  /** What the person who is woken up does first. */
  readonly whenBroken: string;
}

/** A share of all events that must go well; what may go wrong is the error budget, and alerts watch how fast it burns. */
export interface ShareObjective {
  readonly shareAtLeast: number;
  /** Counts the events: a counter, or a timing with one value each. */
  readonly of: MetricName;
  /** What spoils an event: being counted by a metric, or a timing over a bound. */
  readonly bad: { readonly metric: TimingMetric; readonly overMs: number } | { readonly metric: CountMetric };
  readonly title: string;
  readonly whenBroken: string;
}

/** Plain figures, watched or gated in their own way. */
export type FigureObjective = Readonly<Record<string, number>>;
export type Objective = LatencyObjective | ShareObjective | FigureObjective;

/** A quarter of a second: the bound of both clocks. */
const PROMISED_MS = 250;
/** A daily schedule, and two hours for its spread and its retries. */
const FRESH_MS = 26 * 3_600_000;

export const objectives = {
  /** Event received to entry committed, the provider's time included; over every event, also those that fail. */
  roundTrip: {
    metric: 'RoundTrip',
    percentile: 0.95,
    underMs: PROMISED_MS,
    title: 'Round trip',
    whenBroken:
      'Compare Processing with ProviderTime: the one that rose is to blame. Then look at retries and cold starts.',
  },
  /** Validated page in hand to entry committed: the part that is ours whatever the provider does. */
  processing: {
    metric: 'Processing',
    percentile: 0.95,
    underMs: PROMISED_MS,
    title: 'Processing',
    whenBroken: 'Ours alone: look at Store first, then at CPU, cold starts and the size of the pages.',
  },
  /** The commit alone. */
  store: {
    metric: 'Store',
    percentile: 0.95,
    underMs: 100,
    title: 'Store',
    whenBroken: 'Look at DynamoDB throttling, the size of the items and the health of DAX.',
  },
  /** Good events: stored, or already covered, within the promise. Late, failed and deferred ones are bad, whoever is to blame. */
  availability: {
    shareAtLeast: 0.99,
    of: 'Events',
    bad: { metric: 'Bad' },
    title: 'Events within the promise',
    whenBroken:
      'The dimension blame of Bad says whose doing it is; then compare Processing with ProviderTime, by provider.',
  },
  /** Events that end in an error, whatever its code. */
  errors: {
    shareAtLeast: 0.999,
    of: 'Events',
    bad: { metric: 'Failed' },
    title: 'Events without an error',
    whenBroken:
      'Look at the errors by code and provider; a provider outage ends by itself, a contract change does not.',
  },
  /** What users feel: how old the data of a connection had become when it was asked for again. */
  freshness: {
    shareAtLeast: 0.99,
    of: 'SyncAge',
    bad: { metric: 'SyncAge', overMs: FRESH_MS },
    title: 'Connections with fresh data',
    whenBroken:
      'Look for connections whose events fail or are deferred each time, and whether the schedules still run.',
  },
  /** Constant arrivals that must be carried without breaking a latency objective. */
  throughput: { atLeastPerMinute: 10_000 },
  /** After the first attempt, per event. */
  retries: { atMost: 3 },
  /** From retries exhausted to the alert visible on the dashboard; once fired it stays at least this long. */
  alert: { visibleWithinMs: 60_000, latchedAtLeastMs: 120_000 },
  /** Repeat reads through DAX against the same reads from DynamoDB, p50 and p95 of the same run; share of reads it answers. */
  cache: { fasterByAtLeast: 0.5, hitRateAtLeast: 0.2 },
  /** A page of 50, or the accounts, of connections that were read before: by the client's clock, beside the promised events. */
  reads: { warmP95UnderMs: 25, staleAtMost: 0 },
  /** Entries that the audit finds corrupt or missing. */
  integrity: { corruptAtMost: 0 },
  /** Unit coverage of the Lambda code, lines and branches. */
  coverage: { atLeast: 0.9 },
  /** A newcomer's set-up, from clone to a running system. */
  setUp: { withinMinutes: 30 },
} as const satisfies Record<string, Objective>;

export type ObjectiveName = keyof typeof objectives;

/** Attempts of one event at the provider: the first and its retries. */
export const maxAttempts = 1 + objectives.retries.atMost;

export function isLatencyObjective(objective: Objective): objective is LatencyObjective {
  return 'percentile' in objective;
}

export function isShareObjective(objective: Objective): objective is ShareObjective {
  return 'shareAtLeast' in objective;
}

/** Share of events that may go wrong, rounded past the noise of binary fractions: 0.01 for an objective of 0.99. */
export function errorBudget(objective: Pick<ShareObjective, 'shareAtLeast'>): number {
  return Number((1 - objective.shareAtLeast).toFixed(9));
}
