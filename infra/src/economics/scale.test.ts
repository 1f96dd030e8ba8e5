import { describe, expect, it } from 'vitest';
import { waitPercentileMs } from './erlang-c.ts';
import { concurrencyWithinQuota, connectionLimits, partitionsFor, planFor } from './scale.ts';
import { workload } from './workload.ts';

describe('planFor', () => {
  it('works out each part', () => {
    const plan = planFor(60_000, { durationMs: 100, entryBytes: 1_024, headBytes: 1_024, insightStateBytes: 0 });
    expect(plan).toMatchObject({
      eventsPerSecond: 1_000,
      busy: 100, // 1,000 a second x 0.1 s
      concurrencyWhenHung: 2_000, // x 2 s, the hard deadline
      queues: 1,
      inFlightWhenFailing: 30_000,
      writeUnitsPerSecond: 2_000,
      readUnitsPerSecond: 500,
      partitions: 3,
      doublings: 0,
      daxWriteHitsPerSecond: 25_000,
      plaidQuotas: 24,
    });
    expect(plan.daxHitsPerSecond).toBeCloseTo(26_900, 6); // and 0.9 hits and 0.1 misses of 10 for each event
    expect(plan.coalescedShare).toBeCloseTo(0.958_333, 6);
    expect(plan.providerMbitPerSecond).toBeCloseTo(53.6, 6); // 6,700 bytes
    expect(waitPercentileMs(plan.concurrency, 1_000, 100, 0.95)).toBeLessThanOrEqual(10);
    expect(plan.rampMinutes).toBeCloseTo((plan.concurrency - 5) / 300, 6);
  });

  it('shares environments among the messages of a batch', () => {
    expect(planFor(60_000, { durationMs: 100, eventsPerInvocation: 10 })).toMatchObject({
      busy: 10,
      concurrencyWhenHung: 200,
    });
  });

  it("meets the provider's limit before any of AWS", () => {
    expect(planFor(2_500).exceeded).toEqual([]);
    expect(planFor(10_000).exceeded).toEqual(['plaidClientCallsPerMinute']);
  });

  it('meets every other limit by 1.1 million a minute', () => {
    expect(planFor(1_100_000).exceeded).toEqual([
      'plaidClientCallsPerMinute',
      'gatewayRequestsPerSecond',
      'lambdaConcurrency',
      'newTableWriteUnits',
      'tableWriteUnits',
      'queueConcurrency',
      'queueInFlight',
    ]);
  });

  it('doubles a new table until it is large enough', () => {
    const doublings = (perMinute: number) =>
      planFor(perMinute, { entryBytes: 1_024, headBytes: 1_024, insightStateBytes: 0 }).doublings;
    expect(doublings(120_000)).toBe(0); // 4,000 units a second: what it begins with
    expect(doublings(120_060)).toBe(1);
    expect(doublings(960_000)).toBe(3);
  });
});

describe('partitionsFor', () => {
  it.each([
    [0, 0, 1],
    [1_000, 0, 1],
    [1_000, 300, 2],
    [500, 1_500, 1],
  ])('%d write units and %d read units a second need %d', (writes, reads, partitions) => {
    expect(partitionsFor(writes, reads)).toBe(partitions);
  });
});

describe('connectionLimits', () => {
  it('is the provider, long before the partition', () => {
    const limits = connectionLimits(
      workload({ eventsPerMonth: 1, entryBytes: 4_700, headBytes: 2_500, insightStateBytes: 0 }),
    );
    expect(limits).toEqual({ tablePerMinute: 7_500, plaidPerMinute: 50 }); // 1,000 / (5 + 3) x 60
  });
});

describe('concurrencyWithinQuota', () => {
  it('keeps below the calls that a client may make', () => {
    expect(concurrencyWithinQuota(90)).toBe(3); // 41.7 a second x 0.09 s = 3.75: four would be 2,667 a minute
    expect(concurrencyWithinQuota(240)).toBe(10);
  });
});
