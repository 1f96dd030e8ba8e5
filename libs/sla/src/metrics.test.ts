import { describe, expect, it } from 'vitest';
import {
  countMetrics,
  dimensionSetsOf,
  isBlamed,
  isCountMetric,
  isTimingMetric,
  type MetricDefinition,
  metricDimensionSets,
  metrics,
  timingMetrics,
} from './metrics.ts';

describe('the metric catalogue', () => {
  it('has ten timings; everything else counts', () => {
    expect(timingMetrics).toEqual([
      'RoundTrip',
      'Processing',
      'Store',
      'ProviderTime',
      'QueueAge',
      'OldestMessageAge',
      'SyncAge',
      'ReadTime',
      'WebhookTime',
      'ConnectTime',
    ]);
    expect(countMetrics).toHaveLength(Object.keys(metrics).length - 10);
    expect(isTimingMetric('Retries')).toBe(false);
    expect(isCountMetric('Retries')).toBe(true);
    expect(isCountMetric('Store')).toBe(false);
  });

  it.each([
    'DeadLettered',
    'AuditDifferences',
    'Audits',
    'Events',
    'Bad',
    'Refused',
    'ReadsFailed',
    'CacheHits',
    'CacheMisses',
    'CacheFailures',
    'ContractBroken',
    'AddressRefused',
    'RestartsExhausted',
    'ConfigurationRefused',
    'ConsentEnded',
    'WebhookForged',
    'WebhooksFailed',
    'ConnectFailed',
  ] as const)('counts %s', (name) => {
    expect(countMetrics).toContain(name);
  });

  it.each(Object.entries(metrics))('names %s in PascalCase and says what one value means', (name, definition) => {
    expect(name).toMatch(/^([A-Z][a-z]+)+$/);
    expect(definition.meaning.length).toBeGreaterThan(15);
  });

  it('leaves to AWS what only its services can count', () => {
    const elsewhere = Object.entries<MetricDefinition>(metrics).flatMap(([name, { aws }]) =>
      aws === undefined ? [] : [`${name} ${aws.namespace} ${aws.metricName}`],
    );
    expect(elsewhere).toEqual([
      'OldestMessageAge AWS/SQS ApproximateAgeOfOldestMessage',
      'DeadLettered AWS/SQS ApproximateNumberOfMessagesVisible',
      'PlatformErrors AWS/Lambda Errors',
      'PlatformThrottles AWS/Lambda Throttles',
      'CacheHits AWS/DAX ItemCacheHits',
      'CacheMisses AWS/DAX ItemCacheMisses',
    ]);
  });

  it('is emitted over everything, by service, and by service and provider', () => {
    expect(metricDimensionSets).toEqual([[], ['service'], ['service', 'provider']]);
    expect(dimensionSetsOf('Failed')).toEqual([[], ['service'], ['service', 'provider']]);
  });

  it('is emitted by blame too where somebody is to blame', () => {
    expect(Object.keys(metrics).filter((name) => isBlamed(name as keyof typeof metrics))).toEqual(['Bad']);
    expect(dimensionSetsOf('Bad').slice(3)).toEqual([['blame'], ['service', 'provider', 'blame']]);
  });

  it('names no metric as a dimension, which Powertools refuses', () => {
    expect(Object.keys(metrics)).not.toContain('service');
    expect(Object.keys(metrics)).not.toContain('provider');
    expect(Object.keys(metrics)).not.toContain('blame');
  });
});
