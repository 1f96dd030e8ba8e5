import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  howToGetPrometheus,
  prometheusMissing,
  type RealPrometheus,
  startPrometheus,
} from '../../test/real-prometheus.ts';
import {
  budgetBurn,
  budgetLeft,
  count,
  countOver,
  countUpTo,
  type DimensionFilter,
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
import type { CountMetric } from '../metrics.ts';
import { objectives } from '../objectives.ts';
import { type CounterSeries, evaluateLive, type HistogramSeries, type LiveSeries } from './live.ts';
import { counterLines, histogramLines } from './prometheus-exposition.ts';
import { toPromql } from './promql.ts';

const SEED = Number(process.env.SLA_AGREEMENT_SEED ?? 20_261_123);
const CASES = Number(process.env.SLA_AGREEMENT_CASES ?? 60);

// Samples lie on multiples of 500 ms and questions 125 ms off: the OpenMetrics reader cuts milliseconds off a binary
// fraction, where eighths of a second are exact, and no sample falls on a window's edge, which 2.x and 3.x treat differently.
const START_EPOCH_MS = 1_760_000_000_000;
const STEP_MS = 500;

/** What happens between two scrapes. */
interface Scrape {
  readonly steps: number;
  readonly restarted: boolean;
  readonly added: number;
  readonly timingsMs: readonly number[];
}

/** Where latencies mostly are; all within the first bucket; many beyond the last bound. */
const timingsMs = [
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: 0.5, max: 600, noNaN: true }) },
    { weight: 2, arbitrary: fc.constantFrom(...bucketBoundsMs) },
    { weight: 1, arbitrary: fc.double({ min: 600, max: 5_000_000, noNaN: true }) },
  ),
  fc.double({ min: 0.01, max: 1, noNaN: true }),
  fc.double({ min: 2_000_000, max: 20_000_000, noNaN: true }),
] as const;

function scrapeOf(timingMs: fc.Arbitrary<number>): fc.Arbitrary<Scrape> {
  return fc.record({
    steps: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 8, max: 12 }) },
      { weight: 1, arbitrary: fc.integer({ min: 13, max: 120 }) }, // lost scrapes
    ),
    restarted: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    added: fc.oneof(fc.constant(0), fc.nat({ max: 40 })),
    timingsMs: fc.oneof(fc.constant([]), fc.array(timingMs, { maxLength: 40, size: 'max' })),
  });
}

function historyOf(timingMs: fc.Arbitrary<number>) {
  return fc.record({
    startSteps: fc.nat({ max: 40 }),
    first: fc.oneof(fc.constant(0), fc.nat({ max: 1_000 })),
    scrapes: fc.array(scrapeOf(timingMs), { maxLength: 20, size: 'max' }),
  });
}

const [usualMs, tinyMs, hugeMs] = timingsMs;
const history = fc.oneof(
  { weight: 6, arbitrary: historyOf(usualMs) },
  { weight: 1, arbitrary: historyOf(tinyMs) },
  { weight: 1, arbitrary: historyOf(hugeMs) },
);

const agreementCase = fc.record({
  windowMs: fc.integer({ min: 10, max: 180 }).map((seconds) => seconds * 1_000),
  nowSteps: fc.integer({ min: 40, max: 280 }),
  plaid: history,
  tink: history,
});

type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

function counterOf(
  metric: CountMetric,
  labels: DimensionFilter,
  { startSteps, first, scrapes }: History,
): CounterSeries {
  let steps = startSteps;
  let value = first;
  const samples = scrapes.map((one) => {
    steps += one.steps;
    value = (one.restarted ? 0 : value) + one.added;
    return { atEpochMs: START_EPOCH_MS + steps * STEP_MS, value };
  });
  return { metric, labels, samples };
}

function histogramOf(labels: DimensionFilter, { startSteps, scrapes }: History): HistogramSeries {
  let steps = startSteps;
  let sumMs = 0;
  let counts = new Array<number>(bucketBoundsMs.length + 1).fill(0);
  const samples = scrapes.map((one) => {
    steps += one.steps;
    if (one.restarted) {
      counts = counts.map(() => 0);
      sumMs = 0;
    }
    for (const valueMs of one.timingsMs) {
      const index = bucketIndex(valueMs);
      counts = counts.map((seen, bucket) => (bucket >= index ? seen + 1 : seen));
      sumMs += valueMs;
    }
    return { atEpochMs: START_EPOCH_MS + steps * STEP_MS, cumulativeCounts: counts, sumMs };
  });
  return { metric: 'RoundTrip', labels, samples };
}

/** Both spellings of a bucket's bound are met in the wild: a Prometheus 3 stores "100.0". */
function respelled(lines: readonly string[], index: number): readonly string[] {
  return index % 2 === 0 ? lines : lines.map((line) => line.replace(/le="(\d+)"/, 'le="$1.0"'));
}

function openMetrics({ counters, histograms }: LiveSeries, index: number): readonly string[] {
  const stamped = (lines: readonly string[], atEpochMs: number) => lines.map((line) => `${line} ${atEpochMs / 1_000}`);
  return [
    ...counters.flatMap((one) => one.samples.flatMap((at) => stamped(counterLines(one, at.value), at.atEpochMs))),
    ...histograms.flatMap((one) =>
      one.samples.flatMap((at) => stamped(respelled(histogramLines(one, at), index), at.atEpochMs)),
    ),
  ];
}

interface Case {
  readonly service: string;
  readonly windowMs: number;
  readonly nowEpochMs: number;
  readonly series: LiveSeries;
}

const cases: readonly Case[] = fc.sample(agreementCase, { seed: SEED, numRuns: CASES }).map((one, index) => {
  const service = `case-${index}`;
  const plaid = { service, provider: 'plaid' };
  const tink = { service, provider: 'tink' };
  return {
    service,
    windowMs: one.windowMs,
    nowEpochMs: START_EPOCH_MS + one.nowSteps * STEP_MS + STEP_MS / 4,
    series: {
      counters: [
        counterOf('CacheHits', plaid, one.plaid),
        counterOf('CacheHits', tink, one.tink),
        counterOf('CacheMisses', plaid, one.tink),
      ],
      histograms: [histogramOf(plaid, one.plaid), histogramOf(tink, one.tink)],
    },
  };
});

const boundMs = objectives.roundTrip.underMs;

const questions: Readonly<Record<string, (scope: { windowMs: number; where: DimensionFilter }) => Expression>> = {
  p50: (scope) => percentile('RoundTrip', 0.5, scope),
  p95: (scope) => percentile('RoundTrip', 0.95, scope),
  p99: (scope) => percentile('RoundTrip', 0.99, scope),
  'p95 of one provider': ({ windowMs, where }) =>
    percentile('RoundTrip', 0.95, { windowMs, where: { ...where, provider: 'tink' } }),
  mean: (scope) => mean('RoundTrip', scope),
  sum: (scope) => sum('RoundTrip', scope),
  'count of a timing': (scope) => count('RoundTrip', scope),
  'count of a counter': (scope) => count('CacheHits', scope),
  'count of an absent counter': (scope) => count('Conflicts', scope),
  'rate of a timing': (scope) => ratePerMinute('RoundTrip', scope),
  'rate of a counter': (scope) => ratePerMinute('CacheHits', scope),
  'count up to the bound': (scope) => countUpTo('RoundTrip', boundMs, scope),
  'count over the bound': (scope) => countOver('RoundTrip', boundMs, scope),
  'share over the bound': (scope) => ratio(countOver('RoundTrip', boundMs, scope), count('RoundTrip', scope)),
  'part of a whole, never beyond it': (scope) => share(count('CacheHits', scope), count('RoundTrip', scope)),
  'burn of an error budget': (scope) =>
    budgetBurn(ratio(countOver('RoundTrip', boundMs, scope), count('RoundTrip', scope)), 0.01),
  'rest of an error budget': (scope) =>
    budgetLeft(ratio(countOver('RoundTrip', boundMs, scope), count('RoundTrip', scope)), 0.01),
  'hit rate': (scope) => ratio(count('CacheHits', scope), plus(count('CacheHits', scope), count('CacheMisses', scope))),
};

/** Sums taken in another order differ in their last digits. */
const TOLERANCE = 1e-9;

function within(answer: number, low: number, high: number): boolean {
  const slack = TOLERANCE * Math.max(1, Math.abs(low), Math.abs(high));
  return answer >= low - slack && answer <= high + slack;
}

/**
 * A percentile whose rank falls exactly between two values jumps there, and the last digit decides where it lands; so it
 * may lie anywhere between the percentile a hair below and the one a hair above. Elsewhere those two are the same number.
 */
function agrees(expression: Expression, { series, nowEpochMs }: Case, answer: number | undefined): boolean {
  const live = (one: Expression) => evaluateLive(one, series, nowEpochMs);
  const { node } = expression;
  const [low, high] =
    node.op === 'percentile'
      ? [-TOLERANCE, TOLERANCE].map((hair) => live(percentile(node.metric, node.percentile + hair, node.scope)))
      : [live(expression), live(expression)];
  if (answer === undefined || low === undefined || high === undefined) return answer === low && answer === high;
  return within(answer, low, high);
}

describe('the live evaluator and a real Prometheus', () => {
  it.runIf(prometheusMissing && process.env.CI === 'true')('has a Prometheus where the build runs', () => {
    expect.fail(howToGetPrometheus);
  });

  describe.skipIf(prometheusMissing)(prometheusMissing ? howToGetPrometheus : 'on the same series', () => {
    let prometheus: RealPrometheus;
    beforeAll(async () => {
      prometheus = await startPrometheus(cases.flatMap(({ series }, index) => openMetrics(series, index)));
    });
    afterAll(() => prometheus?.stop());

    it.each(Object.entries(questions))(`give the same %s (seed ${SEED})`, async (name, question) => {
      const answers = await Promise.all(
        cases.map(async (one) => {
          const expression = question({ windowMs: one.windowMs, where: { service: one.service } });
          const promql = toPromql(expression);
          return { one, expression, promql, answer: await prometheus.ask(promql, one.nowEpochMs) };
        }),
      );
      for (const { one, expression, promql, answer } of answers) {
        const live = evaluateLive(expression, one.series, one.nowEpochMs);
        expect(agrees(expression, one, answer), `${promql}: Prometheus ${answer}, live ${live}`).toBe(true);
      }
      const answered = answers.filter(({ answer }) => answer !== undefined).length;
      if (name === 'count of an absent counter') expect(answered).toBe(0);
      else expect(answered).toBeGreaterThan(cases.length / 3); // and some windows are empty
    });

    it('say nothing for the same empty windows', () => {
      const silent = cases.filter(({ series, windowMs, service, nowEpochMs }) => {
        const scope = { windowMs, where: { service } };
        return evaluateLive(count('RoundTrip', scope), series, nowEpochMs) === undefined;
      });
      expect(silent.length).toBeGreaterThan(0);
    });
  });
});
