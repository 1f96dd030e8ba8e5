/** Ten events a request, to the queue, as webhook receivers and schedules do. What becomes of them only the functions know. Run by k6. */
import { check } from 'k6';
import { scenario } from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import { connectionOf } from './connection-of.ts';
import type { Plan } from './plan.ts';

/** The most that one SendMessageBatch takes. */
const eventsPerRequest = 10;

const plan = JSON.parse(open(__ENV.PLAN ?? '')) as Plan;
const sent = new Counter('quartersec_events_sent');
const endpoint = plan.url.replace(/^(https?:\/\/[^/]+\/).*$/, '$1');
const params = {
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessageBatch' },
  tags: { name: 'SendMessageBatch' },
  timeout: '15s', // unit: k6 text
};

export const options: Options = plan.options;

export function send(): void {
  const first = scenario.iterationInTest * eventsPerRequest;
  const requestedEpochMs = Date.now();
  const entries = Array.from({ length: eventsPerRequest }, (_, place) => ({
    Id: String(place),
    MessageBody: JSON.stringify({
      type: 'SyncRequested',
      connectionId: connectionOf(first + place, plan),
      correlationId: `${plan.idPrefix}${first + place}`,
      requestedEpochMs,
      reason: 'schedule',
    }),
  }));
  const response = http.post(endpoint, JSON.stringify({ QueueUrl: plan.url, Entries: entries }), params);
  const queued = check(response, {
    queued: ({ status, body }) => status === 200 && typeof body === 'string' && !/"Failed":\[\{/.test(body),
  });
  if (queued) sent.add(eventsPerRequest);
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [plan.summaryPath]: JSON.stringify(data) };
}
