import { describe, expect, it } from 'vitest';
import {
  countMetrics,
  isCountMetric,
  isTimingMetric,
  type MetricDefinition,
  metricDimensionSets,
  metrics,
  timingMetrics,
} from './metrics.ts';

describe('the metric catalogue', () => {
  it('has five timings; everything else counts', () => {
    expect(timingMetrics).toEqual(['RoundTrip', 'Processing', 'Store', 'ProviderTime', 'QueueAge']);
    expect(countMetrics).toHaveLength(Object.keys(metrics).length - 5);
    expect(isTimingMetric('Retries')).toBe(false);
    expect(isCountMetric('Retries')).toBe(true);
    expect(isCountMetric('Store')).toBe(false);
  });

  it.each([
    'DeadLettered',
    'AuditDifferences',
    'WebhookForged',
    'CacheHits',
    'CacheMisses',
    'CacheFailures',
    'ContractBroken',
    'AddressRefused',
    'RestartsExhausted',
    'ConfigurationRefused',
    'ConsentEnded',
  ] as const)('counts %s', (name) => {
    expect(countMetrics).toContain(name);
  });

  it.each(Object.entries(metrics))('names %s in PascalCase and says what one value means', (name, definition) => {
    expect(name).toMatch(/^([A-Z][a-z]+)+$/);
    expect(definition.meaning.length).toBeGreaterThan(15);
  });

  it('leaves hits and misses to the DAX cluster, and nothing else', () => {
    const elsewhere = Object.entries<MetricDefinition>(metrics).flatMap(([name, { aws }]) =>
      aws === undefined ? [] : [`${name} ${aws.namespace} ${aws.metricName}`],
    );
    expect(elsewhere).toEqual([
      'DeadLettered AWS/SQS ApproximateNumberOfMessagesVisible',
      'CacheHits AWS/DAX ItemCacheHits',
      'CacheMisses AWS/DAX ItemCacheMisses',
    ]);
  });

  it('is emitted over everything, by service, and by service and provider', () => {
    expect(metricDimensionSets).toEqual([[], ['service'], ['service', 'provider']]);
  });

  it('names no metric as a dimension, which Powertools refuses', () => {
    expect(Object.keys(metrics)).not.toContain('service');
    expect(Object.keys(metrics)).not.toContain('provider');
  });
});
