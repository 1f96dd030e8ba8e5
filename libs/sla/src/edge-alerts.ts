/**
 * Alerts of what stands behind the base URL: reads, webhooks, links, and the gateway before them. No event waits for any of it, so
 * nothing of the pipeline follows from these (`besideEvents`).
 */
import { type Alert, above, percentileFloor } from './alert.ts';
import { count, percentile, type Scope, share } from './expression.ts';
import type { CountMetric, TimingMetric } from './metrics.ts';
import { objectives } from './objectives.ts';

const lastMinute: Scope = { windowMs: 60_000 };
const lastFiveMinutes: Scope = { windowMs: 300_000 };
const CALLS_FAILED_SHARE_AT_MOST = 0.05;
const CALLS_FAILED_AT_LEAST = 3;

function failingAlert(
  name: string,
  [failed, calls]: readonly [failed: CountMetric, calls: TimingMetric],
  about: Pick<Alert, 'title' | 'whatToDo' | 'runbook'>,
): Alert {
  return {
    ...about,
    name,
    kind: 'platform',
    severity: 'critical',
    besideEvents: true,
    when: [
      above(share(count(failed, lastMinute), count(calls, lastMinute)), CALLS_FAILED_SHARE_AT_MOST),
      above(count(failed, lastMinute), CALLS_FAILED_AT_LEAST - 1),
    ],
    holdMs: 0,
    latchMs: 0,
  };
}

/** A webhook that is not taken comes again for a day, and the schedule covers what is lost; a user who reads or links has neither. */
const failingAlerts: readonly Alert[] = [
  failingAlert('ReadsFailing', ['ReadsFailed', 'ReadTime'], {
    title: 'Reads cannot be answered',
    whatToDo: 'Look at error_code in the log of query: the table refuses, is slow, or what it holds does not verify.',
    runbook: 'reads-failing',
  }),
  failingAlert('WebhooksFailing', ['WebhooksFailed', 'WebhookTime'], {
    title: 'Webhooks are not taken',
    whatToDo:
      'Look at outcome in the log of webhook: the queue, the table, or the key look-up at the provider. The provider sends them again for a day.',
    runbook: 'webhooks-failing',
  }),
  failingAlert('ConnectFailing', ['ConnectFailed', 'ConnectTime'], {
    title: 'Users cannot link, refresh or remove connections',
    whatToDo: 'Look at error_code in the log of connect: the provider, our keys there, or the table.',
    runbook: 'connect-failing',
  }),
];

/**
 * Of a call, p95. A reader is promised what an event is. A webhook that takes 10 s counts as failed for Plaid. A link is several
 * calls to the provider, one after the other, and a person who waits. Bounds of buckets, so that no target has to interpolate.
 */
const CALL_TIMES = {
  ReadTime: objectives.roundTrip.underMs,
  WebhookTime: 1_100,
  ConnectTime: 2_500,
} as const;
const CALL_PERCENTILE = 0.95;

function slowAlert(
  name: string,
  metric: keyof typeof CALL_TIMES,
  about: Pick<Alert, 'title' | 'whatToDo' | 'runbook'>,
): Alert {
  return {
    ...about,
    name,
    kind: 'platform',
    severity: 'warning',
    besideEvents: true,
    when: [
      above(percentile(metric, CALL_PERCENTILE, lastFiveMinutes), CALL_TIMES[metric]),
      above(count(metric, lastFiveMinutes), percentileFloor(CALL_PERCENTILE) - 1),
    ],
    holdMs: 0,
    latchMs: 0,
  };
}

const slowAlerts: readonly Alert[] = [
  slowAlert('ReadsSlow', 'ReadTime', {
    title: 'Reads are slow',
    whatToDo: 'Look at the cold starts of query and at DAX, then at users with many connections or long histories.',
    runbook: 'reads-slow',
  }),
  slowAlert('WebhooksSlow', 'WebhookTime', {
    title: 'Webhooks are answered slowly',
    whatToDo: 'Look at the cold starts of webhook, then at the queue and at the key look-up at the provider.',
    runbook: 'webhooks-slow',
  }),
  slowAlert('ConnectSlow', 'ConnectTime', {
    title: 'Linking, refreshing and removing are slow',
    whatToDo: "Mostly the provider's time: compare ProviderTime. Else the cold starts of connect, and the table.",
    runbook: 'connect-slow',
  }),
];

/** Before any function: what no metric of a function can know. */
const gatewayAlerts: readonly Alert[] = [
  {
    name: 'GatewayFailing',
    kind: 'platform',
    severity: 'critical',
    title: 'Requests get no answer from the functions behind the base URL',
    whatToDo:
      'The access log names route and function status: throttled functions have alerts of their own; else a permission or an alias is missing.',
    runbook: 'gateway-failing',
    besideEvents: true,
    when: [above(count('GatewayFailed', lastMinute), CALLS_FAILED_AT_LEAST - 1)],
    holdMs: 0,
    latchMs: 0,
  },
  {
    name: 'GatewayThrottling',
    kind: 'platform',
    severity: 'warning',
    title: 'The base URL refuses requests with 429',
    whatToDo: 'The access log names the route. Growth: raise its limit. A flood, or a client in a loop: leave it.',
    runbook: 'gateway-throttling',
    besideEvents: true,
    when: [above(count('GatewayThrottled', lastMinute), CALLS_FAILED_AT_LEAST - 1)],
    holdMs: 0,
    latchMs: 0,
  },
];

export const edgeAlerts: readonly Alert[] = [...failingAlerts, ...slowAlerts, ...gatewayAlerts];
