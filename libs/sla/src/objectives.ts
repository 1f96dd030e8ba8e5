/**
 * The promise. Every target of the system has its one home here; the deadline budget, the k6 thresholds, the
 * dashboards, the alert rules and the CloudWatch alarms are derived from it.
 */

/** A bound on a percentile of a timing. */
export interface LatencyObjective {
  /** Share of events that must stay under the bound, 0 to 1 (exclusive). */
  readonly percentile: number;
  readonly underMs: number;
}

export const objectives = {
  /** Event received to entry committed, the provider's time included; over every event, also those that fail. */
  roundTrip: { percentile: 0.95, underMs: 250 },
  /** Validated page in hand to entry committed: the part that is ours whatever the provider does. */
  processing: { percentile: 0.95, underMs: 250 },
  /** The commit alone. */
  store: { percentile: 0.95, underMs: 100 },
  /** Constant arrivals that must be carried without breaking a latency objective. */
  throughput: { atLeastPerMinute: 10_000 },
  /** After the first attempt, per event. */
  retries: { atMost: 3 },
  /** From retries exhausted to the alert visible on the dashboard. */
  alert: { visibleWithinMs: 60_000 },
  /** Repeat reads through DAX against the same reads from DynamoDB, p50 and p95 of the same run. */
  cache: { fasterByAtLeast: 0.5 },
  /** Entries that the audit finds corrupt or missing. */
  integrity: { corruptAtMost: 0 },
  /** Unit coverage of the Lambda code, lines and branches. */
  coverage: { atLeast: 0.9 },
  /** A newcomer's set-up, from clone to a running system. */
  setUp: { withinMinutes: 30 },
} as const satisfies Record<string, LatencyObjective | Record<string, number>>;

/** Attempts of one event at the provider: the first and its retries. */
export const maxAttempts = 1 + objectives.retries.atMost;
