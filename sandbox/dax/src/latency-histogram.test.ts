import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';

describe('latency histogram', () => {
  it('is 0 without samples', () => {
    expect(new LatencyHistogram().summary()).toEqual({ meanMs: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 });
  });

  it('finds percentiles within a tenth', () => {
    const histogram = new LatencyHistogram();
    for (let latencyMs = 1; latencyMs <= 1_000; latencyMs += 1) histogram.record(latencyMs);
    const { meanMs, p50Ms, p95Ms, p99Ms } = histogram.summary();
    expect(meanMs).toBe(500.5);
    expect([p50Ms >= 500 && p50Ms < 550, p95Ms >= 950 && p95Ms < 1_045, p99Ms >= 990 && p99Ms < 1_089]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('takes the very short and the very long', () => {
    const histogram = new LatencyHistogram();
    histogram.record(0);
    histogram.record(1e9);
    expect([histogram.quantileMs(0.5) < 0.01, histogram.quantileMs(1) > 100_000]).toEqual([true, true]);
  });
});
