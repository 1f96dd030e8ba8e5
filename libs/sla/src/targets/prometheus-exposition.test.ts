import { describe, expect, it } from 'vitest';
import { bucketBoundsMs } from '../histogram-buckets.ts';
import { prometheusExposition } from './prometheus-exposition.ts';

describe('prometheusExposition', () => {
  it('shows the newest sample of every series, each family once', () => {
    const at = (atEpochMs: number, value: number) => ({ atEpochMs, value });
    const counters = [
      { metric: 'Failed', labels: { service: 'process', provider: 'plaid' }, samples: [at(1, 0), at(2, 7)] },
      { metric: 'Retries', labels: {}, samples: [at(1, 3)] },
      { metric: 'Failed', labels: { service: 'process', provider: 'tink' }, samples: [at(1, 1)] },
      { metric: 'Failed', labels: { service: 'query' }, samples: [] },
    ] as const;
    expect(prometheusExposition({ counters, histograms: [] })).toBe(
      `# HELP quartersec_failed_total Events that ended in an error
# TYPE quartersec_failed_total counter
quartersec_failed_total{provider="plaid",service="process"} 7
quartersec_failed_total{provider="tink",service="process"} 1
# HELP quartersec_retries_total Provider calls after the first of a page
# TYPE quartersec_retries_total counter
quartersec_retries_total 3
`,
    );
  });

  it('shows every bucket of a histogram, its sum and its count', () => {
    const cumulativeCounts = [...bucketBoundsMs.map((boundMs) => (boundMs < 100 ? 1 : 4)), 5];
    const samples = [{ atEpochMs: 1, cumulativeCounts, sumMs: 4_000_300.5 }];
    const histograms = [
      { metric: 'Store', labels: { provider: 'plaid' }, samples },
      { metric: 'Store', labels: { provider: 'new' }, samples: [] },
    ] as const;
    const lines = prometheusExposition({ counters: [], histograms }).split('\n');
    expect(lines[0]).toBe('# HELP quartersec_store_milliseconds The commit alone, the slowest page of the event');
    expect(lines[1]).toBe('# TYPE quartersec_store_milliseconds histogram');
    expect(lines[2]).toBe('quartersec_store_milliseconds_bucket{provider="plaid",le="1"} 1');
    expect(lines).toContain('quartersec_store_milliseconds_bucket{provider="plaid",le="90"} 1');
    expect(lines).toContain('quartersec_store_milliseconds_bucket{provider="plaid",le="100"} 4');
    expect(lines.slice(-4)).toEqual([
      'quartersec_store_milliseconds_bucket{provider="plaid",le="+Inf"} 5',
      'quartersec_store_milliseconds_sum{provider="plaid"} 4000300.5',
      'quartersec_store_milliseconds_count{provider="plaid"} 5',
      '',
    ]);
    expect(lines).toHaveLength(2 + bucketBoundsMs.length + 3 + 1);
  });

  it('is empty without samples', () => {
    expect(prometheusExposition({ counters: [], histograms: [] })).toBe('');
  });
});
