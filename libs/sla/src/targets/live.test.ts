import { describe, expect, it } from 'vitest';
import {
  budgetBurn,
  budgetLeft,
  count,
  countOver,
  countUpTo,
  type Expression,
  mean,
  percentile,
  plus,
  ratePerMinute,
  ratio,
  share,
  sum,
} from '../expression.ts';
import { bucketBoundsMs, bucketIndex } from '../histogram-buckets.ts';
import { objectives } from '../objectives.ts';
import { type CounterSeries, evaluateLive, type HistogramSeries, type LiveSeries, percentileOf } from './live.ts';

/** Samples every 10 s from 0 on; `undefined` where none was taken. */
function counter(values: readonly (number | undefined)[], labels: CounterSeries['labels'] = {}): CounterSeries {
  const samples = values.flatMap((value, index) => (value === undefined ? [] : [{ atEpochMs: index * 10_000, value }]));
  return { metric: 'Failed', labels, samples };
}

/** All the values of each 10 s. */
function histogram(steps: readonly (readonly number[])[], labels: HistogramSeries['labels'] = {}): HistogramSeries {
  const seen: number[] = [];
  const samples = steps.map((valuesMs, index) => {
    seen.push(...valuesMs);
    const cumulativeCounts = Array.from(
      { length: bucketBoundsMs.length + 1 },
      (_, bucket) => seen.filter((valueMs) => bucketIndex(valueMs) <= bucket).length,
    );
    return { atEpochMs: index * 10_000, cumulativeCounts, sumMs: seen.reduce((total, valueMs) => total + valueMs, 0) };
  });
  return { metric: 'Store', labels, samples };
}

const of = (counters: readonly CounterSeries[], histograms: readonly HistogramSeries[] = []): LiveSeries => ({
  counters,
  histograms,
});
const scope = { windowMs: 60_000 };
const failed = (series: LiveSeries, nowEpochMs: number) => evaluateLive(count('Failed', scope), series, nowEpochMs);

describe('the count of a counter', () => {
  it('is the rise, where the samples fill the window', () => {
    // samples at 10, 20, ... 60 s; the one at 0 is on the edge and does not count
    expect(failed(of([counter([0, 100, 101, 102, 103, 104, 105])]), 60_000)).toBe(6);
  });

  it('adds what was counted before a restart', () => {
    expect(failed(of([counter([0, 5, 7, 2, 3, 3, 3])]), 60_000)).toBe(6);
  });

  it('is not extended back beyond the moment where the total was 0', () => {
    expect(failed(of([counter([undefined, undefined, undefined, 0, 6, 12])]), 50_000)).toBe(12);
  });

  it('is extended by half an interval where the samples end well before the window', () => {
    expect(failed(of([counter([undefined, 100, 110, 120])]), 65_000)).toBe(30);
  });

  it('is nothing with fewer than two samples in the window', () => {
    expect(failed(of([counter([undefined, undefined, 7])]), 60_000)).toBeUndefined();
    expect(failed(of([counter([1, 2, 3])]), 500_000)).toBeUndefined();
    expect(failed(of([]), 60_000)).toBeUndefined();
  });

  it('does not see samples that come later', () => {
    expect(failed(of([counter([0, 0, 0, 0, 0, 0, 0, 9])]), 60_000)).toBe(0);
  });

  it('adds up over series, those that the filter lets through', () => {
    const series = of([
      counter([0, 0, 0, 0, 0, 0, 5], { provider: 'plaid' }),
      counter([0, 0, 0, 0, 0, 0, 2], { provider: 'tink' }),
      counter([3], { provider: 'new' }),
    ]);
    const counted = (provider: string) =>
      evaluateLive(count('Failed', { ...scope, where: { provider } }), series, 60_000);
    expect(failed(series, 60_000)).toBe(7);
    expect([counted('plaid'), counted('tink'), counted('new'), counted('other')]).toEqual([5, 2, undefined, undefined]);
  });

  it('becomes a rate by the minute over any window', () => {
    const halfMinute = { windowMs: 30_000 };
    const series = of([counter([0, 0, 0, 0, 100, 101, 102])]);
    expect(evaluateLive(ratePerMinute('Failed', halfMinute), series, 60_000)).toBe(6);
    expect(evaluateLive(ratePerMinute('Coalesced', halfMinute), series, 60_000)).toBeUndefined();
  });
});

describe('timings', () => {
  const boundMs = objectives.store.underMs;
  // the first step is seen as the start; 20 values follow, one of them slow
  const series = of(
    [],
    [
      histogram([
        [],
        [],
        [5.5, 5.5, 5.5, 5.5],
        [5.5, 5.5, 5.5, 5.5, 5.5],
        [5.5, 5.5, 5.5, 5.5, 5.5],
        [],
        [5.5, 5.5, 5.5, 5.5, 5.5, 180],
      ]),
    ],
  );
  const ask = (expression: Parameters<typeof evaluateLive>[0]) => evaluateLive(expression, series, 60_000);

  it('are counted, added up and averaged', () => {
    expect(ask(count('Store', scope))).toBe(20);
    expect(ask(sum('Store', scope))).toBe(284.5);
    expect(ask(mean('Store', scope))).toBe(14.225);
  });

  it('are counted up to a bound and over it', () => {
    expect(ask(countUpTo('Store', boundMs, scope))).toBe(19);
    expect(ask(countOver('Store', boundMs, scope))).toBe(1);
    expect(ask(ratio(countOver('Store', boundMs, scope), count('Store', scope)))).toBe(0.05);
  });

  it('have percentiles, on a straight line within the bucket', () => {
    expect(ask(percentile('Store', 0.475, scope))).toBe(5.5);
    expect(ask(percentile('Store', 0.975, scope))).toBe(175);
  });

  it('have no answer without series or samples', () => {
    const forms = [percentile('QueueAge', 0.5, scope), mean('QueueAge', scope), countOver('QueueAge', boundMs, scope)];
    expect(forms.map(ask)).toEqual([undefined, undefined, undefined]);
    expect(evaluateLive(percentile('Store', 0.5, scope), series, 500_000)).toBeUndefined();
  });

  it('have no percentile while nothing happens, though they are counted', () => {
    const idle = of([], [histogram([[9], [], [], [], [], [], []])]);
    expect(evaluateLive(count('Store', scope), idle, 60_000)).toBe(0);
    expect(evaluateLive(percentile('Store', 0.5, scope), idle, 60_000)).toBeUndefined();
    expect(evaluateLive(mean('Store', scope), idle, 60_000)).toBeUndefined();
  });
});

describe('shares', () => {
  it('never leave 0 to 100 %, though a part may be extended further than its whole', () => {
    const where = (provider: string) => ({ ...scope, where: { provider } });
    // Both rose by 8; the part has not been seen for 20 s, so its rise is extended over half an interval
    const rows = of(
      [
        counter([100, 100, 100, 104, 108], { provider: 'part' }),
        counter([100, 100, 100, 104, 108, 108, 108], { provider: 'whole' }),
      ],
      [],
    );
    const ask = (expression: Expression) => evaluateLive(expression, rows, 60_000);
    const counts = [count('Failed', where('part')), count('Failed', where('whole'))] as const;
    expect(ask(ratio(...counts))).toBeGreaterThan(1);
    expect(ask(share(...counts))).toBe(1);
    expect(ask(share(counts[1], counts[0]))).toBeLessThan(1);
    expect(ask(share(counts[0], count('Failed', where('nobody'))))).toBeUndefined();
  });
});

describe('error budgets', () => {
  const series = of(
    [counter([0, 0, 0, 0, 0, 0, 4])],
    [histogram([[], [], [9, 9, 9, 9], [9, 9, 9, 9], [9, 9, 9, 9], [9, 9, 9, 9], [9, 9, 9, 9]])],
  );
  const failedShare = ratio(count('Failed', scope), count('Store', scope));
  const ask = (expression: Parameters<typeof evaluateLive>[0]) => evaluateLive(expression, series, 60_000);

  it('burn as often as the share is larger than they are, and can be overdrawn', () => {
    expect(ask(failedShare)).toBe(0.2);
    expect([ask(budgetBurn(failedShare, 0.1)), ask(budgetLeft(failedShare, 0.1))]).toEqual([2, -1]);
    expect([ask(budgetBurn(failedShare, 0.8)), ask(budgetLeft(failedShare, 0.8))]).toEqual([0.25, 0.75]);
  });

  it('have no answer where the share has none', () => {
    const none = ratio(count('Failed', scope), count('QueueAge', scope));
    expect([ask(budgetBurn(none, 0.1)), ask(budgetLeft(none, 0.1))]).toEqual([undefined, undefined]);
  });
});

describe('pairs', () => {
  const series = of([counter([0, 0, 0, 0, 0, 0, 4])]);
  const some = count('Failed', scope);
  const absent = count('Coalesced', scope);

  it('need both answers', () => {
    expect(evaluateLive(plus(some, some), series, 60_000)).toBe(8);
    expect(evaluateLive(plus(some, absent), series, 60_000)).toBeUndefined();
    expect(evaluateLive(ratio(absent, some), series, 60_000)).toBeUndefined();
    expect(evaluateLive(ratio(some, absent), series, 60_000)).toBeUndefined();
  });

  it('have no ratio to nothing', () => {
    const still = of([counter([1, 1, 1, 1, 1, 1, 1])]);
    expect(evaluateLive(ratio(some, some), still, 60_000)).toBeUndefined();
  });
});

describe('percentileOf', () => {
  const none = bucketBoundsMs.map(() => 0);

  it('is the last bound for values beyond it', () => {
    expect(percentileOf([...none, 4], 0.5)).toBe(93_600_000);
  });

  it('starts the first bucket at 0', () => {
    expect(percentileOf([...bucketBoundsMs.map(() => 4), 4], 0.5)).toBe(0.5);
  });

  it('lifts a bucket that fell below its lower neighbour', () => {
    const counts = [...bucketBoundsMs, 0].map((_, index) => (index === 0 ? 4 : index === 1 ? 3 : 8));
    // flat at 4 up to 2 ms; the values above it lie in the bucket up to 3 ms
    expect(percentileOf(counts, 0.75)).toBe(2.5);
    expect(percentileOf(counts, 0.625)).toBe(2.25);
  });

  it('is nothing without values', () => {
    expect(percentileOf([...none, 0], 0.5)).toBeUndefined();
    expect(percentileOf([], 0.5)).toBeUndefined();
  });
});
