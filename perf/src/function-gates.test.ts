import { describe, expect, it } from 'vitest';
import { functionGates } from './function-gates.ts';
import { failuresOf } from './gate.ts';
import type { Load } from './k6-plan.ts';

const load: Load = {
  name: 'sla',
  mode: 'single',
  ratePerMinute: 600,
  durationMs: 10_000,
  atLeastPerMinute: 600,
  latencyDecides: true,
  connections: 10,
};
const points = (count: number, value: number) => Array.from({ length: count }, (_, index) => [index, value] as const);
const good = { RoundTrip: points(100, 120), Processing: points(100, 20), Store: points(100, 8) };
const failedNames = (of: Load, series: Parameters<typeof functionGates>[1]) =>
  failuresOf(functionGates(of, series)).map(({ name }) => name);

describe('functionGates', () => {
  it('passes a run that keeps the promise', () => {
    expect(failedNames(load, good)).toEqual([]);
  });

  it.each([
    ['a slow provider', { ...good, RoundTrip: points(100, 251) }, ['RoundTrip p95']],
    ['a slow store', { ...good, Store: points(100, 100) }, ['Store p95']],
    ['an event in a thousand failed', { ...good, Failed: [[0, 1] as const] }, ['failed events']],
    ['missing samples', { ...good, Store: points(98, 8) }, ['Store samples']],
    [
      'nothing at all',
      {},
      [
        'events in time',
        'RoundTrip p95',
        'RoundTrip samples',
        'Processing p95',
        'Processing samples',
        'Store p95',
        'Store samples',
      ],
    ],
  ])('fails %s', (_, series, names) => {
    expect(failedNames(load, series)).toEqual(names);
  });

  it('fails batches that wait too long in the queue', () => {
    const batch = { ...load, mode: 'batch' as const };
    expect(failedNames(batch, { ...good, QueueAge: points(100, 900) })).toEqual(['QueueAge p95']);
    expect(failedNames(batch, { ...good, QueueAge: points(100, 30) })).toEqual([]);
  });

  it('leaves a load whose latency does not decide to the ledger', () => {
    expect(functionGates({ ...load, latencyDecides: false }, {})).toEqual([]);
    expect(functionGates({ ...load, atLeastPerMinute: undefined }, {})).toEqual([]);
  });
});
