import { createEventMetrics } from '@quartersec/telemetry';
import { expect, it } from 'vitest';
import { createCacheFailures } from './cache-failures.ts';

it('puts the failures since the last event into the line of the next one, and only there', () => {
  const lines: string[] = [];
  const failures = createCacheFailures();
  const metrics = failures.addTo(createEventMetrics('process', (line) => lines.push(line)));
  metrics.write({ RoundTrip: 1 }, 'plaid', 1_000);
  failures.count();
  failures.count();
  metrics.write({ RoundTrip: 2 }, 'plaid', 2_000);
  metrics.write({ RoundTrip: 3 }, 'plaid', 3_000);
  const values = lines.map((line) => JSON.parse(line));
  expect(values.map(({ RoundTrip, CacheFailures }) => [RoundTrip, CacheFailures])).toEqual([
    [1, undefined],
    [2, 2],
    [3, undefined],
  ]);
});
