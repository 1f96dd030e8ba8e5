import { describe, expect, it } from 'vitest';
import { k6SampleFloor, k6Thresholds, k6Trends } from './k6.ts';

describe('k6Thresholds', () => {
  it('states the promise, each percentile with its floor', () => {
    expect(k6Thresholds({ scenario: 'sla', durationMs: 60_000 })).toEqual({
      'quartersec_round_trip_ms{scenario:sla}': ['p(95)<250'],
      'quartersec_round_trip_samples{scenario:sla}': ['count>=9990'],
      'quartersec_processing_ms{scenario:sla}': ['p(95)<250'],
      'quartersec_processing_samples{scenario:sla}': ['count>=9990'],
      'quartersec_store_ms{scenario:sla}': ['p(95)<100'],
      'quartersec_store_samples{scenario:sla}': ['count>=9990'],
      'http_reqs{scenario:sla}': ['count>=9990'],
      'http_req_failed{scenario:sla}': ['rate<0.001'],
      'checks{scenario:sla}': ['rate>0.999'],
      'dropped_iterations{scenario:sla}': ['count<1'],
    });
  });

  it('puts two bounds on one timing into one threshold, with one floor', () => {
    const words = { title: 'T', whenBroken: 'W' };
    const two = {
      p95: { metric: 'Store', percentile: 0.95, underMs: 100, ...words },
      p999: { metric: 'Store', percentile: 0.999, underMs: 400, ...words },
    } as const;
    expect(k6Thresholds({ scenario: 's', durationMs: 60_000 }, two)).toMatchObject({
      'quartersec_store_ms{scenario:s}': ['p(95)<100', 'p(99.9)<400'],
      'quartersec_store_samples{scenario:s}': ['count>=9990'],
    });
  });
});

describe('k6SampleFloor', () => {
  it.each([
    [60_000, undefined, 9_990],
    [600_000, undefined, 99_900],
    [10_000, 600, 99],
  ])('for %i ms at %s a minute is %i', (durationMs, atLeastPerMinute, floor) => {
    const load = { scenario: 's', durationMs };
    expect(k6SampleFloor(atLeastPerMinute === undefined ? load : { ...load, atLeastPerMinute })).toBe(floor);
  });
});

describe('k6Trends', () => {
  it('have names that k6 accepts', () => {
    expect(k6Trends).toEqual([
      { metric: 'RoundTrip', trend: 'quartersec_round_trip_ms', samples: 'quartersec_round_trip_samples' },
      { metric: 'Processing', trend: 'quartersec_processing_ms', samples: 'quartersec_processing_samples' },
      { metric: 'Store', trend: 'quartersec_store_ms', samples: 'quartersec_store_samples' },
    ]);
  });
});
