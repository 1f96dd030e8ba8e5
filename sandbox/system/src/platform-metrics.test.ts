import type { LambdaHostStats } from '@quartersec/sandbox-lambda';
import { describe, expect, it } from 'vitest';
import { countedBetween, recordPlatform } from './platform-metrics.ts';
import { createSystemMetrics } from './system-metrics.ts';

const none = {
  coldStarts: 0,
  invocations: 0,
  errors: 0,
  timeouts: 0,
  throttles: 0,
  inFlight: 0,
  waiting: 0,
  environments: 0,
};

describe('countedBetween', () => {
  it('tells what each function has added since the last look', () => {
    const before = { process: { ...none, errors: 2, throttles: 5 } };
    const after = { process: { ...none, errors: 3, throttles: 5 }, query: { ...none, throttles: 4 } };
    expect(countedBetween(before, after)).toEqual([
      { service: 'process', errors: 1, throttles: 0 },
      { service: 'query', errors: 0, throttles: 4 },
      { service: 'connect', errors: 0, throttles: 0 },
      { service: 'webhook', errors: 0, throttles: 0 },
    ]);
  });
});

describe('recordPlatform', () => {
  it('counts errors and throttles once, by function, and the age of the oldest message of all queues at each look', () => {
    const queue = { visible: 1, inFlight: 0, delayed: 0, sent: 1, deleted: 0, deadLettered: 0, expired: 0 };
    const stats = {
      functions: { process: { ...none, errors: 2 }, query: { ...none, throttles: 3 } },
      queues: {
        'sync-plaid': { ...queue, oldestMs: 1_000 },
        'sync-berlin-group': { ...queue, oldestMs: 180_000 },
      },
      asyncInvocations: {},
    } as unknown as LambdaHostStats;
    const metrics = createSystemMetrics(() => 1_000, ['plaid', 'berlin-group']);
    const recording = recordPlatform({ stats: () => stats }, metrics);
    recording.stop();
    recording.look();
    recording.look();
    const exposition = metrics.totals.exposition();
    expect(exposition).toContain('quartersec_platform_errors_total{provider="unknown",service="process"} 2\n');
    expect(exposition).toContain('quartersec_platform_errors_total{provider="unknown",service="query"} 0\n');
    expect(exposition).toContain('quartersec_platform_throttles_total{provider="unknown",service="query"} 3\n');
    const age = 'quartersec_oldest_message_age_milliseconds';
    expect(exposition).toContain(`${age}_count{provider="berlin-group",service="process"} 2\n`);
    expect(exposition).toContain(`${age}_bucket{provider="berlin-group",service="process",le="120000"} 0\n`);
    expect(exposition).toContain(`${age}_bucket{provider="berlin-group",service="process",le="300000"} 2\n`);
  });
});
