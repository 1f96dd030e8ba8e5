/** One event a request, to the function's own URL; the answer says how long each part of it took. Run by k6. */
import { check } from 'k6';
import { scenario } from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import type { Plan } from './plan.ts';

const plan = JSON.parse(open(__ENV.PLAN ?? '')) as Plan;
const trends = plan.trends.map(({ trend, samples, member }) => ({
  trend: new Trend(trend, true),
  samples: new Counter(samples),
  // Found in the text: parsing whole answers would make k6 the largest consumer of the machine.
  pattern: new RegExp(`"${member}":([0-9.]+)`),
}));
const auditDifferences = new Counter('quartersec_audit_differences');
const entriesAudited = new Counter('quartersec_entries_audited');
const params = { headers: { 'content-type': 'application/json' }, tags: { name: 'process' }, timeout: '15s' }; // unit: k6 text

export const options: Options = plan.options;

/** @returns what was stored; `undefined` where the event was not */
export function send(): { readonly connection: number; readonly version: number } | undefined {
  const connection = scenario.iterationInTest % plan.connections;
  const response = http.post(plan.url, `{"connectionId":"conn-${connection}"}`, params);
  const answer = typeof response.body === 'string' ? response.body : '';
  const isStored = check(response, { stored: ({ status }) => status === 200 && answer.includes('"kind":"committed"') });
  for (const { trend, samples, pattern } of trends) {
    const [, found] = pattern.exec(answer) ?? [];
    if (found === undefined) continue;
    trend.add(Number(found));
    samples.add(1);
  }
  return isStored ? { connection, version: Number(/"version":(\d+)/.exec(answer)?.[1]) } : undefined;
}

/** An event can be answered as stored and not be: only the audit of the table tells. */
export function teardown(): void {
  if (plan.auditUrl === undefined) return;
  const body = JSON.stringify({ events: [], withinMs: 30_000 });
  const {
    auditDifferences: found,
    shortJournals,
    entries,
  } = http
    .post(plan.auditUrl, body, { ...params, timeout: '120s' }) // unit: k6 text
    .json() as unknown as { auditDifferences: number; shortJournals: string[]; entries: number };
  auditDifferences.add(found + shortJournals.length);
  entriesAudited.add(entries);
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [plan.summaryPath]: JSON.stringify(data) };
}
