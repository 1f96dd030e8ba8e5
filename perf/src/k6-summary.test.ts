import { describe, expect, it } from 'vitest';
import { clientView, gatesOf, parseSummary } from './k6-summary.ts';

const summary = parseSummary(
  JSON.stringify({
    metrics: {
      'quartersec_store_ms{scenario:sla}': {
        values: { 'p(95)': 131.25, count: 900 },
        thresholds: { 'p(95)<100': { ok: false } },
      },
      'http_reqs{scenario:sla}': { values: { count: 9_998, rate: 166.6 }, thresholds: { 'count>=9990': { ok: true } } },
      'dropped_iterations{scenario:sla}': { values: {}, thresholds: { 'count<1': { ok: true } } },
      http_reqs: { values: { count: 9_998 } },
      http_req_duration: { values: { med: 80, 'p(95)': 150, 'p(99)': 200, max: 400 } },
      http_req_failed: { values: { rate: 0.0005 }, thresholds: { 'rate<0.001': { ok: true } } },
    },
  }),
);

describe('gatesOf', () => {
  it('makes a gate of every threshold, with the value it was judged by', () => {
    expect(gatesOf(summary).map(({ name, value, bound, passed, kind }) => [name, value, bound, passed, kind])).toEqual([
      ['quartersec_store_ms', '131.25', 'p(95)<100', false, 'performance'],
      ['http_reqs', '9998', 'count>=9990', true, 'performance'],
      ['dropped_iterations', 'nothing measured', 'count<1', true, 'performance'],
      ['http_req_failed', '0.0005', 'rate<0.001', true, 'correctness'],
    ]);
  });
});

describe('clientView', () => {
  it('takes the totals; what never happened is 0', () => {
    expect(clientView(summary)).toEqual({
      requests: 9_998,
      dropped: 0,
      failedShare: 0.0005,
      p50Ms: 80,
      p95Ms: 150,
      p99Ms: 200,
      maxMs: 400,
      eventsSent: 0,
    });
  });
});

describe('parseSummary', () => {
  it('refuses anything else', () => {
    expect(() => parseSummary('{}')).toThrow('k6 left a summary without metrics');
  });
});
