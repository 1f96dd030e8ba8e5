import { describe, expect, it } from 'vitest';
import {
  budgetBurn,
  budgetLeft,
  count,
  countOver,
  countUpTo,
  mean,
  percentile,
  plus,
  ratePerMinute,
  ratio,
  sum,
} from '../expression.ts';
import { toCloudWatch, toMetricDataQueries } from './cloudwatch.ts';

const scope = { windowMs: 300_000 };

describe('toCloudWatch', () => {
  it.each([
    [percentile('RoundTrip', 0.95, scope), 'p95'],
    [percentile('RoundTrip', 0.999, scope), 'p99.9'],
    [mean('RoundTrip', scope), 'Average'],
    [sum('RoundTrip', scope), 'Sum'],
    [count('RoundTrip', scope), 'SampleCount'],
    [countUpTo('RoundTrip', 100, scope), 'TC(:100)'],
    [countOver('RoundTrip', 100, scope), 'TC(100:)'],
  ])('%# is one metric with the statistic %s', (expression, statistic) => {
    expect(toCloudWatch(expression)).toEqual({
      expression: 'm0',
      usingMetrics: { m0: { namespace: 'quartersec', metricName: 'RoundTrip', dimensionsMap: {}, statistic } },
      periodSeconds: 300,
    });
  });

  it('adds up a counter', () => {
    expect(toCloudWatch(count('Failed', scope)).usingMetrics.m0?.statistic).toBe('Sum');
  });

  it('divides by the period for a rate, whatever the period', () => {
    expect(toCloudWatch(ratePerMinute('Failed', scope)).expression).toBe('(m0 / PERIOD(m0) * 60)');
  });

  it('asks for a metric once, and takes the silence of a counter for 0 except as the divisor', () => {
    const failed = count('Failed', scope);
    const { expression, usingMetrics } = toCloudWatch(ratio(failed, plus(failed, count('Committed', scope))));
    expect(expression).toBe('(FILL(m0, 0) / (FILL(m0, 0) + FILL(m1, 0)))');
    expect(Object.values(usingMetrics).map(({ metricName }) => metricName)).toEqual(['Failed', 'Committed']);
    expect(toCloudWatch(ratio(failed, count('RoundTrip', scope))).expression).toBe('(FILL(m0, 0) / m1)');
  });

  it('sets a share against its error budget', () => {
    const share = ratio(count('Failed', scope), count('RoundTrip', scope));
    expect(toCloudWatch(budgetBurn(share, 0.01)).expression).toBe('((FILL(m0, 0) / m1) / 0.01)');
    expect(toCloudWatch(budgetLeft(share, 0.01)).expression).toBe('(1 - (FILL(m0, 0) / m1) / 0.01)');
  });

  it('adds counts up over the whole range, and still answers with a series', () => {
    const month = { windowMs: 30 * 86_400_000 };
    const share = ratio(count('Failed', month), count('RoundTrip', month));
    const { expression, periodSeconds } = toCloudWatch(budgetLeft(share, 0.01), {
      overRange: true,
      periodSeconds: 86_400,
    });
    expect(expression).toBe('(1 - (SUM(FILL(m0, 0)) / SUM(m1)) / 0.01) + 0 * m1');
    expect(periodSeconds).toBe(86_400);
    expect(() => toCloudWatch(percentile('Store', 0.95, month), { overRange: true })).toThrow(
      expect.objectContaining({ code: 'SLA_RANGE_NOT_COUNTED', facts: { metric: 'Store', op: 'percentile' } }),
    );
  });

  it('fills no averages', () => {
    expect(toCloudWatch(ratio(mean('Store', scope), mean('RoundTrip', scope))).expression).toBe('(m0 / m1)');
  });

  it('asks the DAX cluster for its hits', () => {
    expect(toCloudWatch(count('CacheHits', scope), { daxClusterId: 'cache-1' }).usingMetrics.m0).toEqual({
      namespace: 'AWS/DAX',
      metricName: 'ItemCacheHits',
      dimensionsMap: { ClusterId: 'cache-1' },
      statistic: 'Sum',
    });
    expect(() => toCloudWatch(count('CacheHits', scope))).toThrow(
      expect.objectContaining({ code: 'SLA_SOURCE_UNKNOWN', facts: { metric: 'CacheHits', needs: 'daxClusterId' } }),
    );
  });

  it('asks the dead-letter queue how many lie in it, where it has a name', () => {
    expect(toCloudWatch(count('DeadLettered', scope), { deadLetterQueueName: 'dead' }).usingMetrics.m0).toEqual({
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensionsMap: { QueueName: 'dead' },
      statistic: 'Maximum',
    });
    expect(toCloudWatch(count('DeadLettered', scope)).usingMetrics.m0).toMatchObject({
      namespace: 'quartersec',
      statistic: 'Sum',
    });
  });

  it('filters by the dimension sets that are emitted, and refuses others', () => {
    const byProvider = { ...scope, where: { provider: 'plaid', service: 'process' } };
    expect(toCloudWatch(count('Failed', byProvider)).usingMetrics.m0?.dimensionsMap).toEqual({
      provider: 'plaid',
      service: 'process',
    });
    expect(() => toCloudWatch(count('Failed', { ...scope, where: { provider: 'plaid' } }))).toThrow(
      expect.objectContaining({ code: 'SLA_DIMENSIONS_NOT_EMITTED', facts: { dimensions: 'provider' } }),
    );
  });

  it('knows blame of those metrics alone that have it', () => {
    const where = { blame: 'provider' };
    expect(toCloudWatch(count('Bad', { ...scope, where })).usingMetrics.m0?.dimensionsMap).toEqual(where);
    expect(() => toCloudWatch(count('Failed', { ...scope, where }))).toThrow(
      expect.objectContaining({ code: 'SLA_DIMENSIONS_NOT_EMITTED' }),
    );
  });

  it('asks Lambda for no function in particular only under our own name', () => {
    const asked = count('PlatformErrors', scope);
    expect(toCloudWatch(asked).usingMetrics.m0).toMatchObject({ namespace: 'quartersec' });
    expect(() => toCloudWatch(asked, { functionNames: { query: 'q' } })).toThrow(
      expect.objectContaining({
        code: 'SLA_SOURCE_UNKNOWN',
        facts: { metric: 'PlatformErrors', needs: 'functionNames' },
      }),
    );
  });

  it('refuses several windows in one expression, unless the period is given', () => {
    const mixed = ratio(count('Failed', { windowMs: 60_000 }), count('RoundTrip', scope));
    expect(() => toCloudWatch(mixed)).toThrow(expect.objectContaining({ code: 'SLA_WINDOWS_MIXED' }));
    expect(toCloudWatch(mixed, { periodSeconds: 10 }).periodSeconds).toBe(10);
  });
});

describe('toMetricDataQueries', () => {
  it('has the form of GetMetricData', () => {
    const where = { service: 'process' };
    const share = ratio(count('Failed', { ...scope, where }), count('RoundTrip', scope));
    expect(toMetricDataQueries(share, 'errors')).toEqual([
      {
        Id: 'errors_m0',
        ReturnData: false,
        MetricStat: {
          Metric: {
            Namespace: 'quartersec',
            MetricName: 'Failed',
            Dimensions: [{ Name: 'service', Value: 'process' }],
          },
          Period: 300,
          Stat: 'Sum',
        },
      },
      {
        Id: 'errors_m1',
        ReturnData: false,
        MetricStat: {
          Metric: { Namespace: 'quartersec', MetricName: 'RoundTrip', Dimensions: [] },
          Period: 300,
          Stat: 'SampleCount',
        },
      },
      { Id: 'errors', ReturnData: true, Expression: '(FILL(errors_m0, 0) / errors_m1)' },
    ]);
  });
});
