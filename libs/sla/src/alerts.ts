/**
 * Every alert of the system, once. Those of latency and share objectives follow from the objectives themselves; events, and
 * what watches the watching, are listed here.
 */
import {
  type Alert,
  above,
  below,
  burnAlerts,
  deadManAlert,
  eventAlert,
  latencyAlert,
  percentileFloor,
  platformAlert,
} from './alert.ts';
import { edgeAlerts } from './edge-alerts.ts';
import { count, percentile, plus, type Scope, share } from './expression.ts';
import { services } from './metrics.ts';
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
    explainedBy: 'provider',
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
  eventAlert('InsightsMissed', {
    severity: 'warning',
    title: 'Insights could not be derived',
    whatToDo:
      'The data are stored. The log line has insights_error: a table that is slow heals with the next event; UNEXPECTED is a defect of ours.',
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
  eventAlert('WebhookForged', {
    severity: 'warning',
    title: 'Webhooks that the provider has not signed',
    whatToDo:
      'Nothing of them was used. The log of webhook has the reason: TOO_OLD after an outage of ours is a late delivery of the provider, anything else a forgery.',
  }),
  eventAlert('ConsentEnded', {
    severity: 'warning',
    title: 'A connection needs its user again',
    whatToDo: "Nothing to repair: the status is stored and the user is asked. Many at once are the provider's doing.",
  }),
];

const cacheScope: Scope = { windowMs: 300_000 };
const cacheHits = count('CacheHits', cacheScope);
/** Reads that DAX could have answered; also those that failed over because it failed. */
export const cacheReads = plus(plus(cacheHits, count('CacheMisses', cacheScope)), count('CacheFailures', cacheScope));

/** Share of reads that DAX answers, over the last 5 minutes. */
export const cacheHitRate = share(cacheHits, cacheReads);

/** A cache that has just been filled for the first time has answered little: as many connections, as many misses. */
export const cacheReadsAtLeast = 1_000;

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
    when: [below(cacheHitRate, objectives.cache.hitRateAtLeast), above(cacheReads, cacheReadsAtLeast - 1)],
    holdMs: 0,
    latchMs: 0,
  },
];

const lastMinute: Scope = { windowMs: 60_000 };
const lastFiveMinutes: Scope = { windowMs: 300_000 };
const events = count('Events', lastMinute);

/** A quarter of the events is far more than a provider's usual share of faults, and seen 15 s into an outage. */
const PROVIDER_SHARE_AT_MOST = 0.25;
const EVENTS_AT_LEAST = 20;

const providerAlerts: readonly Alert[] = [
  {
    name: 'ProviderFailing',
    kind: 'provider',
    severity: 'critical',
    title: 'Events fail, wait or are late because of the bank or its provider',
    whatToDo:
      "Nothing to repair here. Look at the provider's status page; events come back by themselves, and their data are late, not lost.",
    runbook: 'provider-failing',
    objective: 'availability',
    namesProvider: true,
    when: [
      above(share(count('Bad', { ...lastMinute, where: { blame: 'provider' } }), events), PROVIDER_SHARE_AT_MOST),
      above(events, EVENTS_AT_LEAST - 1),
    ],
    holdMs: 0,
    latchMs: 0,
  },
];

/**
 * Above what one message takes that fails on every receive: three visibility timeouts of 30 s, after which the queue gives it
 * up or SQS counts it no longer. So it says that nobody works the queue off.
 */
const OLDEST_MESSAGE_MS = 120_000;
/** Two events in a hundred wait on a bad day of a provider; one in ten is work that piles up. */
const DEFERRED_SHARE_AT_MOST = 0.1;

const backlogAlerts: readonly Alert[] = [
  {
    name: 'BacklogOld',
    kind: 'backlog',
    severity: 'critical',
    title: 'Messages wait and nobody works them off',
    whatToDo: 'Look whether the event source of process is enabled, then at its throttles and errors. Nothing is lost.',
    runbook: 'backlog-old',
    when: [above(percentile('OldestMessageAge', 0.5, lastMinute), OLDEST_MESSAGE_MS)],
    holdMs: 0,
    latchMs: 0,
  },
  {
    name: 'DeferredShareHigh',
    kind: 'backlog',
    severity: 'warning',
    title: 'Many events are deferred',
    whatToDo:
      'See Throttled: the quota is used up, or a bank asks for a wait. Events are coalesced and come back by themselves.',
    runbook: 'deferred-share-high',
    when: [
      above(share(count('Deferred', lastFiveMinutes), count('Events', lastFiveMinutes)), DEFERRED_SHARE_AT_MOST),
      above(count('Deferred', lastFiveMinutes), percentileFloor(1 - DEFERRED_SHARE_AT_MOST) - 1),
    ],
    holdMs: 0,
    latchMs: 0,
  },
];

/** Lambda's own errors and throttles of every function. */
const platformAlerts: readonly Alert[] = services.flatMap((service) => {
  const name = service.charAt(0).toUpperCase() + service.slice(1);
  return [
    platformAlert(`${name}Errors`, 'PlatformErrors', service, {
      severity: 'critical',
      title: `The function ${service} ends in errors`,
      whatToDo:
        'It throws, times out, runs out of memory or cannot start: its log has the reason. Roll back what was deployed last.',
    }),
    platformAlert(`${name}Throttled`, 'PlatformThrottles', service, {
      severity: 'warning',
      title: `The function ${service} is throttled`,
      whatToDo: "Compare its concurrency with its reserved limit and the account's; raise the one that was reached.",
    }),
  ];
});

const watchAlerts: readonly Alert[] = [
  // Events may fail to come for hours, at night or in a new deployment. The timer's message takes their way, from the queue to the metrics.
  deadManAlert('NoMetrics', 'ScheduleTicks', {
    windowMs: 60_000,
    holdMs: 240_000, // five minutes in all: five ticks
    title: 'No sign of life',
    whatToDo:
      "The schedule's tick of each minute is not handled, or nobody counts: look at the queue first, then at the function, then at the metrics path.",
  }),
];

export const alerts: readonly Alert[] = [
  ...eventAlerts,
  ...alertsOfObjectives(objectives),
  ...providerAlerts,
  ...backlogAlerts,
  ...platformAlerts,
  ...edgeAlerts,
  ...cacheAlerts,
  ...watchAlerts,
];

/** Objectives without an alert, each with its reason; everything else must have one (`alert-gaps.ts`). */
export const objectivesWithoutAlert = {
  throughput: 'Load is what arrives; that it can be carried is shown by the load tests, and slowness alerts by itself',
  alert:
    'Measured by `npm run perf -- alert`; an alert about late alerts would itself be late. NoMetrics covers silence',
  reads: 'Of warm reads, which only a load run knows: elsewhere a cold environment reads a whole journal first',
  coverage: 'A gate of the build',
  setUp: 'Measured on a fresh clone by the build',
} as const satisfies Partial<Record<ObjectiveName, string>>;
