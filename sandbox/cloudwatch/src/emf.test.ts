import { describe, expect, it } from 'vitest';
import { readEmf } from './emf.ts';

const line = JSON.stringify({
  _aws: {
    Timestamp: 1_700_000_000_000,
    CloudWatchMetrics: [
      {
        Namespace: 'shop',
        Dimensions: [[], ['service', 'region'], ['service']],
        Metrics: [{ Name: 'Latency', Unit: 'Milliseconds' }, { Name: 'Orders' }, { Name: 'Absent', Unit: 'Count' }],
      },
    ],
  },
  service: 'cart',
  region: 'eu',
  Latency: [12.5, 30],
  Orders: 3,
});

describe('reading the embedded metric format', () => {
  it('gives every metric with its unit, values and dimensions, and leaves out one without a value', () => {
    const dimensions = { service: 'cart', region: 'eu' };
    expect(readEmf(line)).toEqual([
      { namespace: 'shop', name: 'Latency', unit: 'Milliseconds', values: [12.5, 30], dimensions },
      { namespace: 'shop', name: 'Orders', unit: 'None', values: [3], dimensions },
    ]);
  });

  it.each([
    ['plain text', 'START RequestId: 1'],
    ['a JSON log line', '{"level":"INFO","message":"event committed"}'],
    ['a cut line', line.slice(0, -5)],
    ['a list', '["CloudWatchMetrics"]'],
    ['a directive without metrics', '{"_aws":{"CloudWatchMetrics":[{"Namespace":"shop"}]}}'],
    ['directives that are no list', '{"_aws":{"CloudWatchMetrics":7}}'],
  ])('finds nothing in %s', (_title, text) => {
    expect(readEmf(text)).toEqual([]);
  });
});
