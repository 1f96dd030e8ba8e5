/** Reads the summary that a k6 script leaves: its thresholds as gates, the client's own view. Pure. */
import type { Gate } from './gate.ts';

interface SummaryMetric {
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

export interface K6Summary {
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
}

export interface ClientView {
  readonly requests: number;
  readonly dropped: number;
  readonly failedShare: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Events that a queue has taken over; 0 where events go to the function itself. */
  readonly eventsSent: number;
}

/**
 * @throws {Error} when the text is no summary of k6
 */
export function parseSummary(text: string): K6Summary {
  const summary = JSON.parse(text) as Partial<K6Summary>;
  if (typeof summary.metrics !== 'object') throw new Error('k6 left a summary without metrics');
  return summary as K6Summary;
}

export function gatesOf(summary: K6Summary): readonly Gate[] {
  return Object.entries(summary.metrics).flatMap(([name, { values, thresholds = {} }]) =>
    Object.entries(thresholds).map(([bound, { ok }]) => ({
      name: name.replace(/\{.*_reads\}$/, ' of reads').replace(/\{.*\}$/, ''),
      kind: /^(?:http_req_failed|checks)\b/.test(name) ? ('correctness' as const) : ('performance' as const),
      by: 'k6' as const,
      value: judgedValue(values, bound),
      bound,
      passed: ok,
    })),
  );
}

export function clientView({ metrics }: K6Summary): ClientView {
  const value = (metric: string, key: string) => metrics[metric]?.values[key] ?? 0;
  return {
    requests: value('http_reqs', 'count'),
    dropped: value('dropped_iterations', 'count'),
    failedShare: value('http_req_failed', 'rate'),
    p50Ms: value('http_req_duration', 'med'),
    p95Ms: value('http_req_duration', 'p(95)'),
    p99Ms: value('http_req_duration', 'p(99)'),
    maxMs: value('http_req_duration', 'max'),
    eventsSent: value('quartersec_events_sent', 'count'),
  };
}

/** `p(95)<100` is answered by `values['p(95)']`. */
function judgedValue(values: Readonly<Record<string, number>>, bound: string): string {
  const [, key = ''] = /^([a-z]+(?:\([0-9.]+\))?)/.exec(bound) ?? [];
  const value = values[key];
  return value === undefined ? 'nothing measured' : String(Number(value.toFixed(4)));
}
