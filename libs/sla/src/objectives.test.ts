import { describe, expect, it } from 'vitest';
import { errorBudget, isLatencyObjective, isShareObjective, maxAttempts, objectives } from './objectives.ts';

describe('objectives', () => {
  it('promise 250 ms at the 95th percentile on both clocks', () => {
    expect(objectives.roundTrip).toMatchObject({ metric: 'RoundTrip', percentile: 0.95, underMs: 250 });
    expect(objectives.processing).toMatchObject({ metric: 'Processing', percentile: 0.95, underMs: 250 });
  });

  it('promise a commit within 100 ms at the 95th percentile', () => {
    expect(objectives.store).toMatchObject({ metric: 'Store', percentile: 0.95, underMs: 100 });
  });

  it('promise 99 % of events within 250 ms, and 99.9 % without an error', () => {
    expect(objectives.availability).toMatchObject({ shareAtLeast: 0.99, of: 'Events', bad: { metric: 'Bad' } });
    expect(objectives.errors).toMatchObject({ shareAtLeast: 0.999, of: 'Events', bad: { metric: 'Failed' } });
  });

  it('promise 99 % of connections fresh: a day, and two hours for the spread of its schedule', () => {
    const bad = { metric: 'SyncAge', overMs: 93_600_000 };
    expect(objectives.freshness).toMatchObject({ shareAtLeast: 0.99, of: 'SyncAge', bad });
  });

  it('promise 10,000 requests a minute', () => {
    expect(objectives.throughput).toEqual({ atLeastPerMinute: 10_000 });
  });

  it('allow three retries, so four attempts', () => {
    expect(objectives.retries).toEqual({ atMost: 3 });
    expect(maxAttempts).toBe(4);
  });

  it('promise an alert within a minute that stays for two', () => {
    expect(objectives.alert).toEqual({ visibleWithinMs: 60_000, latchedAtLeastMs: 120_000 });
  });

  it('promise reads through the cache in half the time', () => {
    expect(objectives.cache).toEqual({ fasterByAtLeast: 0.5, hitRateAtLeast: 0.2 });
  });

  it('promise no corruption, 90 % coverage and a set-up within half an hour', () => {
    expect(objectives.integrity).toEqual({ corruptAtMost: 0 });
    expect(objectives.coverage).toEqual({ atLeast: 0.9 });
    expect(objectives.setUp).toEqual({ withinMinutes: 30 });
  });

  it('are told apart by their form', () => {
    const names = (fits: (one: (typeof objectives)[keyof typeof objectives]) => boolean) =>
      Object.entries(objectives).flatMap(([name, one]) => (fits(one) ? [name] : []));
    expect(names(isLatencyObjective)).toEqual(['roundTrip', 'processing', 'store']);
    expect(names(isShareObjective)).toEqual(['availability', 'errors', 'freshness']);
  });
});

describe('errorBudget', () => {
  it.each([
    [0.99, 0.01],
    [0.999, 0.001],
    [0.9995, 0.0005],
  ])('of %d is %d, to the last digit', (shareAtLeast, budget) => {
    expect(errorBudget({ shareAtLeast })).toBe(budget);
  });
});
