import { describe, expect, it } from 'vitest';
import { metrics } from '../metrics.ts';
import {
  bucketLabel,
  bucketMatcher,
  labelMatchers,
  prometheusBucketName,
  prometheusCountName,
  prometheusDuration,
  prometheusName,
  prometheusSumName,
} from './prometheus-names.ts';

describe('names in Prometheus', () => {
  it('of a timing are those of a classic histogram in milliseconds', () => {
    expect(prometheusName('RoundTrip')).toBe('quartersec_round_trip_milliseconds');
    expect(prometheusBucketName('RoundTrip')).toBe('quartersec_round_trip_milliseconds_bucket');
    expect(prometheusSumName('RoundTrip')).toBe('quartersec_round_trip_milliseconds_sum');
    expect(prometheusCountName('RoundTrip')).toBe('quartersec_round_trip_milliseconds_count');
  });

  it('of a counter end in total', () => {
    expect(prometheusName('RetriesExhausted')).toBe('quartersec_retries_exhausted_total');
    expect(prometheusCountName('RetriesExhausted')).toBe('quartersec_retries_exhausted_total');
  });

  it.each(Object.keys(metrics) as (keyof typeof metrics)[])('are valid for %s', (metric) => {
    expect(prometheusName(metric)).toMatch(/^quartersec(_[a-z]+)+_(milliseconds|total)$/);
  });

  it('of buckets are their bounds, found in either spelling', () => {
    expect([bucketLabel(100), bucketLabel(undefined)]).toEqual(['100', '+Inf']);
    expect(bucketMatcher(100)).toBe('le=~"100([.]0)?"');
  });
});

describe('labelMatchers', () => {
  it('are sorted and escaped', () => {
    expect(labelMatchers({ service: 'a\\b', provider: 'say "hi"\n' })).toEqual([
      'provider="say \\"hi\\"\\n"',
      'service="a\\\\b"',
    ]);
  });
});

describe('prometheusDuration', () => {
  it.each([
    [0, '0s'],
    [5_000, '5s'],
    [90_000, '90s'],
    [300_000, '5m'],
    [5_400_000, '90m'],
    [21_600_000, '6h'],
    [1_500, '1500ms'],
  ])('writes %i ms as %s', (durationMs, text) => {
    expect(prometheusDuration(durationMs)).toBe(text);
  });
});
