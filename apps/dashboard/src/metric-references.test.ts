import { describe, expect, it } from 'vitest';
import { unknownMetrics } from './metric-references.ts';
import { readOptions } from './render-options.ts';
import { renderFiles } from './rendered-files.ts';

const options = readOptions([]);
const files = options === undefined ? [] : renderFiles(options);
const file = (value: unknown) => [{ path: 'planted.json', text: JSON.stringify(value) }];

describe('what is rendered', () => {
  it('asks only for metrics that are emitted', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(unknownMetrics(files)).toEqual([]);
  });

  it('is the same each time', () => {
    expect(options === undefined ? [] : renderFiles(options)).toEqual(files);
  });
});

describe('unknownMetrics', () => {
  it.each(['quartersec_failed_total', 'quartersec_store_milliseconds_bucket', 'quartersec_store_milliseconds_sum'])(
    'knows %s',
    (name) => {
      expect(unknownMetrics(file({ expr: `sum(rate(${name}[5m]))` }))).toEqual([]);
    },
  );

  it.each(['quartersec_failures_total', 'quartersec_failed_total_bucket', 'quartersec_store_milliseconds'])(
    'notices %s',
    (name) => {
      expect(unknownMetrics(file({ expr: `sum(rate(${name}[5m])) > 0` }))).toEqual([
        `planted.json asks for ${name}, which nobody exposes`,
      ]);
    },
  );

  it.each([
    { namespace: 'quartersec', metricName: 'Failed', dimensions: {} },
    { namespace: 'quartersec', metricName: 'Failed', dimensions: { provider: 'plaid', service: 'process' } },
    { namespace: 'AWS/DAX', metricName: 'ItemCacheHits', dimensions: { ClusterId: 'c' } },
    { namespace: 'quartersec', metricName: 'RoundTrip', dimensionKey: 'provider' },
  ])('knows $namespace $metricName', (query) => {
    expect(unknownMetrics(file({ targets: [query] }))).toEqual([]);
  });

  it.each([
    ['quartersec Failures by {}', { namespace: 'quartersec', metricName: 'Failures', dimensions: {} }],
    [
      'quartersec Failed by {provider}',
      { namespace: 'quartersec', metricName: 'Failed', dimensions: { provider: 'p' } },
    ],
    ['quartersec CacheHits by {}', { namespace: 'quartersec', metricName: 'CacheHits' }],
    ['AWS/DAX ItemCacheHits by {}', { namespace: 'AWS/DAX', metricName: 'ItemCacheHits', dimensions: {} }],
    ['AWS/SQS Failed by {}', { namespace: 'AWS/SQS', metricName: 'Failed', dimensions: {} }],
    ['quartersec Failed by {region}', { namespace: 'quartersec', metricName: 'Failed', dimensionKey: 'region' }],
  ])('notices %s', (named, query) => {
    expect(unknownMetrics(file([{ targets: [query] }]))).toEqual([
      `planted.json asks for ${named}, which nobody publishes`,
    ]);
  });
});
