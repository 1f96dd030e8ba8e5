import { describe, expect, it } from 'vitest';
import { type Load, makePlan } from './k6-plan.ts';

const target = {
  processUrl: 'http://127.0.0.1:1/',
  queueUrl: 'http://127.0.0.1:2/000000000000/sync-plaid',
  auditUrl: 'http://127.0.0.1:3/settle',
  apiUrl: 'http://127.0.0.1:4',
  readTokenKey: 'a2V5',
};
const run = { idPrefix: 'perf-a-', summaryPath: 'summary.json' };
const load: Load = {
  name: 'sla',
  mode: 'single',
  ratePerMinute: 10_000,
  durationMs: 60_000,
  atLeastPerMinute: 10_000,
  latencyDecides: true,
  connections: 3_000,
};

describe('makePlan', () => {
  it('sends single events openly, at the rate of the scenario, to the function', () => {
    const plan = makePlan(load, target, run);
    expect(plan.url).toBe('http://127.0.0.1:1/');
    expect(plan.options.scenarios?.sla).toMatchObject({
      executor: 'constant-arrival-rate',
      rate: 10_000,
      timeUnit: '1m',
      duration: '60000ms',
      preAllocatedVUs: 167,
    });
  });

  it('gates single events by every objective, each with its sample floor, and by dropped arrivals', () => {
    expect(makePlan(load, target, run).options.thresholds).toMatchObject({
      'quartersec_round_trip_ms{scenario:sla}': ['p(95)<250'],
      'quartersec_round_trip_samples{scenario:sla}': ['count>=9990'],
      'quartersec_store_ms{scenario:sla}': ['p(95)<100'],
      'http_req_duration{scenario:sla}': ['p(95)<250'],
      'http_reqs{scenario:sla}': ['count>=9990'],
      'http_req_failed{scenario:sla}': ['rate<0.001'],
      'dropped_iterations{scenario:sla}': ['count<1'],
    });
  });

  it('keeps the floor of the promise when the load is half of it: such a run must fail', () => {
    const { thresholds } = makePlan({ ...load, ratePerMinute: 5_000 }, target, run).options;
    expect(thresholds?.['http_reqs{scenario:sla}']).toEqual(['count>=9990']);
  });

  it('counts requests of ten events in batches, and leaves the latencies to the functions', () => {
    const plan = makePlan({ ...load, mode: 'batch' }, target, run);
    expect(plan.url).toBe('http://127.0.0.1:2/000000000000/sync-plaid');
    expect(plan.options.scenarios?.sla).toMatchObject({ rate: 1_000 });
    expect(plan.options.thresholds).toEqual({
      'http_reqs{scenario:sla}': ['count>=999'],
      'http_req_failed{scenario:sla}': ['rate<0.001'],
      'checks{scenario:sla}': ['rate>0.999'],
      'dropped_iterations{scenario:sla}': ['count<1'],
    });
  });

  it('reads beside the events at a rate of its own, in time and never behind an event', () => {
    const mixed = { ...load, name: 'mixed', readsPerMinute: 5_000, householdsFrom: 2_900 };
    const { options, reads } = makePlan(mixed, target, run);
    const households = { householdsFrom: 2_900, householdConnections: 5 };
    expect(reads).toEqual({ url: 'http://127.0.0.1:4', tokenKey: 'a2V5', checkEvery: 10, ...households });
    expect(options.scenarios?.mixed_reads).toMatchObject({ exec: 'read', rate: 5_000 });
    expect(options.thresholds).toMatchObject({
      'http_req_duration{scenario:mixed,name:process}': ['p(95)<250'],
      'http_req_duration{scenario:mixed_reads}': ['p(95)<25'],
      'http_req_duration{scenario:mixed_reads,name:insights}': ['p(95)<25'],
      'http_reqs{scenario:mixed_reads,name:insights}': ['count>=1665'],
      'quartersec_reads{scenario:mixed_reads}': ['count>=4995'],
      quartersec_reads_behind_events: ['count>0'],
      quartersec_stale_reads: ['count<=0'],
    });
    expect(makePlan({ ...mixed, atLeastPerMinute: undefined }, target, run).options.thresholds).toEqual({});
    expect(makePlan(load, target, run)).not.toHaveProperty('reads');
  });

  it('judges nothing in a warm-up', () => {
    expect(makePlan({ ...load, atLeastPerMinute: undefined }, target, run).options.thresholds).toEqual({});
  });

  it('makes k6 itself ask for an audit, and fail by it, where told to', () => {
    const plan = makePlan({ ...load, audited: true }, target, run);
    expect(plan.auditUrl).toBe('http://127.0.0.1:3/settle');
    expect(plan.options.thresholds).toMatchObject({
      quartersec_audit_differences: ['count<=0'],
      quartersec_entries_audited: ['count>0'],
    });
    expect(makePlan(load, target, run)).not.toHaveProperty('auditUrl');
  });

  it('finds the timings in the members of the answer', () => {
    expect(makePlan(load, target, run).trends.map(({ member }) => member)).toEqual([
      'roundTripMs',
      'processingMs',
      'storeMs',
    ]);
  });
});
