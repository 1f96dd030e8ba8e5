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
    const slow = Array.from({ length: 40 }, (_, index) => (index < 37 ? 100 : 251));
    const quick = Array.from({ length: 40 }, (_, index) => (index < 20 ? 10 : 20));
    const window = windowOf({ RoundTrip: slow, Processing: quick, Retries: [1, 2], ColdStart: [1] });
    const summary = summarise(window, 3, nowEpochMs);
    expect(summary.eventsPerMinute).toBe(40);
    expect(summary.latencies.map(({ name, p50Ms, tailMs, kept }) => [name, p50Ms, tailMs, kept])).toEqual([
      ['RoundTrip', 100, 251, false],
      ['Processing', 10, 20, true],
      ['Store', null, null, null],
    ]);
    expect(summary.totals).toMatchObject({ events: 40, retries: 3, coldStarts: 1, failed: 0 });
    expect(summary.deadLetters).toBe(3);
  });

  it('says in words whether each objective is kept, and never calls silence a promise kept', () => {
    const many = (value: number) => Array.from({ length: 40 }, () => value);
    const text = renderSummary(summarise(windowOf({ RoundTrip: many(251), Store: many(99) }), 0, nowEpochMs));
    expect(text).toMatch(/RoundTrip .*p95 < 250 ms {3}BROKEN/);
    expect(text).toMatch(/Processing .*no data/);
    expect(text).toMatch(/Store .*p95 < 100 ms {3}kept/);
  });

  it('judges no percentile of fewer events than make one', () => {
    const slow = Array.from({ length: 39 }, () => 251);
    const summary = summarise(windowOf({ RoundTrip: slow }), 0, nowEpochMs);
    expect(summary.latencies[0]?.kept).toBeNull();
    expect(renderSummary(summary)).toMatch(/RoundTrip .*p95 < 250 ms {3}too few to judge/);
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
