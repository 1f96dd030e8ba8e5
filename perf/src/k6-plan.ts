/** Makes the plan of one k6 run: arrivals, thresholds from the SLA, what to record. Pure. */
import { errorBudget, type K6Thresholds, k6SampleFloor, k6Thresholds, k6Trends, objectives } from '@quartersec/sla';
import type { Population } from '../scenarios/connection-of.ts';
import type { Plan } from '../scenarios/plan.ts';
import type { Mode } from './scenario-catalogue.ts';

export interface Load extends Pick<Population, 'connections'>, Partial<Pick<Population, 'standards'>> {
  /** Tag of all samples; also the name in reports. */
  readonly name: string;
  readonly mode: Mode;
  readonly ratePerMinute: number;
  readonly durationMs: number;
  /** What must have arrived; the promised rate where the scenario is the promise. `undefined`: not judged (warm-up). */
  readonly atLeastPerMinute: number | undefined;
  readonly latencyDecides: boolean;
  /** Reads of the API beside the events. */
  readonly readsPerMinute?: number;
  /** Connections from here on are of users with `householdConnections` each; absent: none are. */
  readonly householdsFrom?: number;
  /** k6 itself asks for an audit when the load is over, and fails by it. Takes seconds for thousands of entries. */
  readonly audited?: boolean;
}

export interface Target {
  readonly processUrl: string;
  readonly queueUrl: string;
  readonly auditUrl: string;
  readonly apiUrl: string;
  readonly readTokenKey: string;
}

/** Every so many events of a scenario with reads, its user reads at once: often enough to be thousands, few beside the reads. */
const checkEvery = 10;
/** Transactions, accounts and insights, as many of one as of the other: `events-and-reads.ts`. */
const readKinds = 3;
/** Of a user whose insights are read. */
export const householdConnections = 5;
/** Of one SendMessageBatch. */
export const eventsPerBatch = 10;

/** A second's worth of arrivals in flight is four times what the promise allows: more would only hide the overload. */
const inFlightSeconds = 1;
const fewestUsers = 20;

export function makePlan(
  load: Load,
  target: Target,
  run: { readonly idPrefix: string; readonly summaryPath: string },
): Plan {
  const perRequest = load.mode === 'batch' ? eventsPerBatch : 1;
  const requestsPerMinute = Math.round(load.ratePerMinute / perRequest);
  const { readsPerMinute = 0, householdsFrom = load.connections } = load;
  const reads = { url: target.apiUrl, tokenKey: target.readTokenKey, checkEvery, householdsFrom, householdConnections };
  const arrivals = (exec: string, rate: number) => {
    const users = Math.max(fewestUsers, Math.ceil((rate / 60) * inFlightSeconds));
    return {
      executor: 'constant-arrival-rate' as const,
      exec,
      rate,
      timeUnit: '1m',
      duration: `${load.durationMs}ms`,
      preAllocatedVUs: users,
      maxVUs: users * 2,
      gracefulStop: '20s',
    };
  };
  return {
    options: {
      scenarios: {
        [load.name]: arrivals('send', requestsPerMinute),
        ...(readsPerMinute > 0 ? { [readsOf(load)]: arrivals('read', readsPerMinute) } : {}),
      },
      thresholds: { ...thresholdsOf(load, perRequest), ...readThresholds(load) },
      summaryTrendStats: ['count', 'avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'],
      noCookiesReset: true,
      teardownTimeout: '150s',
    },
    url: load.mode === 'batch' ? target.queueUrl : target.processUrl,
    connections: load.connections,
    standards: load.standards ?? 'plaid',
    idPrefix: run.idPrefix,
    trends: k6Trends.map(({ metric, trend, samples }) => ({ trend, samples, member: memberOf(metric) })),
    summaryPath: run.summaryPath,
    ...(readsPerMinute > 0 ? { reads } : {}),
    ...(load.audited === true ? { auditUrl: target.auditUrl } : {}),
  };
}

const auditThresholds: K6Thresholds = {
  quartersec_audit_differences: [`count<=${objectives.integrity.corruptAtMost}`],
  quartersec_entries_audited: ['count>0'], // an audit of nothing finds nothing
};

/**
 * In batches the answers say nothing of latency: the functions' own metrics are judged instead. A caller waits longer than
 * the function works when no environment is free, and the functions' clocks do not see that wait: so the caller's own clock
 * is held to the bound of the round trip too.
 */
function thresholdsOf(load: Load, perRequest: number): K6Thresholds {
  if (load.atLeastPerMinute === undefined) return {};
  const arrivals = {
    scenario: load.name,
    durationMs: load.durationMs,
    atLeastPerMinute: load.atLeastPerMinute / perRequest,
  };
  const { percentile, underMs } = objectives.roundTrip;
  const timed = load.mode === 'single' && load.latencyDecides;
  return {
    ...(timed ? k6Thresholds(arrivals) : k6Thresholds(arrivals, {})),
    ...(timed ? { [`http_req_duration{${eventsTag(load)}}`]: [`p(${percentile * 100})<${underMs}`] } : {}),
    ...(load.audited === true ? auditThresholds : {}),
  };
}

/** Beside reads, an event's own user reads in the same scenario: faster calls, which would flatter the events. */
const eventsTag = ({ name, readsPerMinute = 0 }: Load) =>
  readsPerMinute > 0 ? `scenario:${name},name:process` : `scenario:${name}`;
const readsOf = (load: Load) => `${load.name}_reads`;

/** By the caller's clock, so that the wait for an environment counts. */
function readThresholds(load: Load): K6Thresholds {
  const { readsPerMinute = 0, durationMs, atLeastPerMinute, householdsFrom = load.connections } = load;
  if (readsPerMinute === 0 || atLeastPerMinute === undefined) return {};
  const { warmP95UnderMs, staleAtMost } = objectives.reads;
  const tag = `{scenario:${readsOf(load)}}`;
  const floor = k6SampleFloor({ scenario: readsOf(load), durationMs, atLeastPerMinute: readsPerMinute });
  return {
    [`http_req_duration${tag}`]: [`p(95)<${warmP95UnderMs}`],
    ...(householdsFrom < load.connections && {
      [`http_req_duration{scenario:${readsOf(load)},name:insights}`]: [`p(95)<${warmP95UnderMs}`],
      // Without a sample its p(95) is 0, and would pass.
      [`http_reqs{scenario:${readsOf(load)},name:insights}`]: [`count>=${Math.floor(floor / readKinds)}`],
    }),
    [`http_req_failed${tag}`]: [`rate<${errorBudget(objectives.errors)}`],
    [`quartersec_reads${tag}`]: [`count>=${floor}`],
    quartersec_reads_behind_events: ['count>0'],
    quartersec_stale_reads: [`count<=${staleAtMost}`],
  };
}

/** `RoundTrip` is `roundTripMs` in the function's answer. */
function memberOf(metric: string): string {
  return `${metric.charAt(0).toLowerCase()}${metric.slice(1)}Ms`;
}
