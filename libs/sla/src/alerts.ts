/**
 * Every alert of the system, once. Those of latency and share objectives follow from the objectives themselves; events, and
 * what watches the watching, are listed here.
 */
import { type Alert, above, below, burnAlerts, deadManAlert, eventAlert, latencyAlert } from './alert.ts';
import { count, plus, ratio, type Scope } from './expression.ts';
import { isLatencyObjective, isShareObjective, type Objective, type ObjectiveName, objectives } from './objectives.ts';

/** The alerts that follow from objectives alone: what a new entry brings with it. */
export function alertsOfObjectives(all: Readonly<Record<string, Objective>>): readonly Alert[] {
  return Object.entries(all).flatMap(([key, objective]) => {
    if (isLatencyObjective(objective)) return [latencyAlert(key, objective)];
    return isShareObjective(objective) ? burnAlerts(key, objective) : [];
  });
}

const eventAlerts: readonly Alert[] = [
  eventAlert('RetriesExhausted', {
    severity: 'critical',
    objective: 'retries',
    title: 'Retries exhausted',
    whatToDo:
      'Find the event by its correlation id in the critical log; the provider panel shows whether it is alone. It is redelivered by itself.',
  }),
  eventAlert('DeadLettered', {
    severity: 'critical',
    title: 'A message reached the dead-letter queue',
    whatToDo: 'Nothing is lost: read the reason in the log, mend the cause, then run npm run redrive.',
  }),
  eventAlert('AuditDifferences', {
    severity: 'critical',
    objective: 'integrity',
    title: 'The audit found stored data that differs',
    whatToDo: 'Stop writes to the connections that it names, keep the table as it is, then run npm run audit again.',
  }),
  eventAlert('WebhookForged', {
    severity: 'warning',
    title: 'A webhook was refused: it did not verify',
    whatToDo: 'Check whether the provider has rotated its keys; otherwise look where the calls come from.',
  }),
  eventAlert('AddressRefused', {
    severity: 'critical',
    title: 'A provider pointed to an address outside its own',
    whatToDo: 'No connection was made. Report it to the provider; never widen the allowlist from the log alone.',
  }),
  eventAlert('ContractBroken', {
    severity: 'critical',
    title: 'A provider answers what its contract does not allow',
    whatToDo: 'Compare the named path with the published schema; the event is redelivered, nothing was stored.',
  }),
  eventAlert('RestartsExhausted', {
    severity: 'warning',
    title: 'A page loop was given up: the data kept changing',
    whatToDo: 'The schedule tries again. Should it repeat, sync this connection at a quieter hour.',
  }),
  eventAlert('ConfigurationRefused', {
    severity: 'critical',
    title: 'The provider refuses our keys, environment or contract',
    whatToDo:
      'The critical log has its code. Compare base URL, client id and secret, then the contract; no connection is touched, all go on within the hour.',
  }),
  eventAlert('ConsentEnded', {
    severity: 'warning',
    title: 'A connection needs its user again',
    whatToDo: "Nothing to repair: the status is stored and the user is asked. Many at once are the provider's doing.",
  }),
];

const cacheScope: Scope = { windowMs: 300_000 };
const cacheHits = count('CacheHits', cacheScope);
const cacheReads = plus(plus(cacheHits, count('CacheMisses', cacheScope)), count('CacheFailures', cacheScope));

/** Share of reads that DAX answers, over the last 5 minutes. */
export const cacheHitRate = ratio(cacheHits, cacheReads);

/** DAX cold, too small, or gone (then every read is a failure). Answers stay right, since reads go to DynamoDB. */
const cacheAlerts: readonly Alert[] = [
  {
    name: 'CacheHitRateLow',
    kind: 'objective',
    severity: 'warning',
    title: 'DAX answers few reads',
    whatToDo:
      'Reads go to DynamoDB and stay right. Look at the health of the DAX nodes, then at evictions and the item TTL.',
    runbook: 'cache-hit-rate-low',
    objective: 'cache',
    when: [below(cacheHitRate, objectives.cache.hitRateAtLeast), above(cacheReads, 99)],
    holdMs: 0,
    latchMs: 0,
  },
];

const watchAlerts: readonly Alert[] = [
  deadManAlert('NoMetrics', 'RoundTrip', {
    windowMs: 60_000,
    holdMs: 240_000, // five minutes in all, which the schedule's own events never leave empty
    title: 'No metric at all',
    whatToDo: 'Either no event is processed or nobody counts: look at the queue first, then at the metrics path.',
  }),
];

export const alerts: readonly Alert[] = [
  ...eventAlerts,
  ...alertsOfObjectives(objectives),
  ...cacheAlerts,
  ...watchAlerts,
];

/** Objectives without an alert, each with its reason; everything else must have one (`alert-gaps.ts`). */
export const objectivesWithoutAlert = {
  throughput: 'Load is what arrives; that it can be carried is shown by the load tests, and slowness alerts by itself',
  alert:
    'Measured by `npm run perf -- alert`; an alert about late alerts would itself be late. NoMetrics covers silence',
  coverage: 'A gate of the build',
  setUp: 'Measured on a fresh clone by the build',
} as const satisfies Partial<Record<ObjectiveName, string>>;
