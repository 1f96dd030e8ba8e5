import { createLiveWindow } from '@quartersec/sandbox-cloudwatch';
import { describe, expect, it } from 'vitest';
import { renderSummary, summarise } from './summary.ts';

const nowEpochMs = 1_700_000_000_000;

function windowOf(values: Readonly<Record<string, readonly number[]>>) {
  const window = createLiveWindow({ windowSeconds: 60 });
  for (const [name, list] of Object.entries(values)) {
    window.record([{ namespace: 'quartersec', name, unit: 'None', values: list, dimensions: {} }], nowEpochMs);
  }
  return window;
}

describe('the summary', () => {
  it('holds the last minute against the objectives', () => {
    const slow = Array.from({ length: 20 }, (_, index) => (index < 18 ? 100 : 251));
    const window = windowOf({ RoundTrip: slow, Processing: [10, 20], Retries: [1, 2], ColdStart: [1] });
    const summary = summarise(window, 3, nowEpochMs);
    expect(summary.eventsPerMinute).toBe(20);
    expect(summary.latencies.map(({ name, p50Ms, tailMs, kept }) => [name, p50Ms, tailMs, kept])).toEqual([
      ['RoundTrip', 100, 251, false],
      ['Processing', 10, 20, true],
      ['Store', null, null, null],
    ]);
    expect(summary.totals).toMatchObject({ events: 20, retries: 3, coldStarts: 1, failed: 0 });
    expect(summary.deadLetters).toBe(3);
  });

  it('says in words whether each objective is kept, and never calls silence a promise kept', () => {
    const text = renderSummary(summarise(windowOf({ RoundTrip: [251], Store: [99] }), 0, nowEpochMs));
    expect(text).toMatch(/RoundTrip .*p95 < 250 ms {3}BROKEN/);
    expect(text).toMatch(/Processing .*no data/);
    expect(text).toMatch(/Store .*p95 < 100 ms {3}kept/);
  });

  it("says how many of the last minute's reads DAX answered, and nothing without DAX", () => {
    const summary = summarise(windowOf({ CacheHits: [5, 1], CacheMisses: [1], CacheFailures: [1] }), 0, nowEpochMs);
    expect(summary.cacheHitRate).toBe(0.75);
    expect(renderSummary(summary)).toMatch(/DAX answered 75 % of the reads/);
    const without = summarise(windowOf({}), 0, nowEpochMs);
    expect(without.cacheHitRate).toBeNull();
    expect(renderSummary(without)).not.toMatch(/DAX/);
  });
});
