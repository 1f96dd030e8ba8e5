import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketBoundsMs } from '../histogram-buckets.ts';
import { countMetrics, timingMetrics } from '../metrics.ts';
import type { LiveSeries } from './live.ts';
import { parseExposition } from './parse-exposition.ts';
import { prometheusExposition } from './prometheus-exposition.ts';

const none: LiveSeries = { counters: [], histograms: [] };
const label = fc.oneof(
  fc.constantFrom('process', 'plaid', '', 'a"b', 'back\\slash', 'new\nline', '} 7', 'le="1"'),
  fc.string(),
);
const labels = fc.record({ service: label, provider: label }, { requiredKeys: [] });
const total = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e15, noNaN: true }));
const steps = fc.array(fc.nat(1_000), { minLength: bucketBoundsMs.length + 1, maxLength: bucketBoundsMs.length + 1 });
const counters = fc.uniqueArray(
  fc.record({
    metric: fc.constantFrom(...countMetrics),
    labels,
    samples: total.map((value) => [{ atEpochMs: 5, value }]),
  }),
  {
    selector: ({ metric, labels: { service, provider } }) => JSON.stringify([metric, service, provider]),
    maxLength: 9,
  },
);
const histograms = fc.uniqueArray(
  fc.record({
    metric: fc.constantFrom(...timingMetrics),
    labels,
    samples: fc.tuple(steps, total).map(([added, sumMs]) => {
      let all = 0;
      const cumulativeCounts = added.map((count) => {
        all += count;
        return all;
      });
      return [{ atEpochMs: 5, cumulativeCounts, sumMs }];
    }),
  }),
  {
    selector: ({ metric, labels: { service, provider } }) => JSON.stringify([metric, service, provider]),
    maxLength: 4,
  },
);

/** Series in the order in which the text has them. */
function grouped(series: LiveSeries): LiveSeries {
  const sorted = <T extends { readonly metric: string }>(all: readonly T[]) => {
    const names = [...new Set(all.map(({ metric }) => metric))];
    return names.flatMap((name) => all.filter(({ metric }) => metric === name));
  };
  return { counters: sorted(series.counters), histograms: sorted(series.histograms) };
}

describe('parseExposition', () => {
  it('reads back what prometheusExposition writes', () => {
    fc.assert(
      fc.property(fc.record({ counters, histograms }), (series) => {
        expect(parseExposition(prometheusExposition(series), 5)).toEqual({ series: grouped(series), malformed: 0 });
      }),
      { numRuns: 100 },
    );
  });

  it('never throws, whatever it is given', () => {
    const fragment = fc.constantFrom('quartersec_failed_total', '{', '}', '"', '\\', 'le=', ' ', '\n', '1', 'NaN', ',');
    fc.assert(
      fc.property(fc.array(fc.oneof(fragment, fc.string())), (parts) => {
        expect(parseExposition(parts.join(''), 5).malformed).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('passes over comments, blank lines and families of others', () => {
    const text = '# HELP quartersec_failed_total x\n\nprocess_cpu_seconds_total 3\nquartersec_unknown_total broken\n';
    expect(parseExposition(text, 5)).toEqual({ series: none, malformed: 0 });
  });

  it('takes a line with a time behind its value, and lines that end in spaces', () => {
    const read = parseExposition('quartersec_failed_total 3 1700000000000\nquartersec_retries_total 4 \n', 5);
    expect(read.malformed).toBe(0);
    expect(read.series.counters.map(({ samples }) => samples[0])).toEqual([
      { atEpochMs: 5, value: 3 },
      { atEpochMs: 5, value: 4 },
    ]);
  });

  it.each([
    'quartersec_failed_total',
    'quartersec_failed_total x',
    'quartersec_failed_total NaN',
    'quartersec_failed_total +Inf',
    'quartersec_failed_total -1',
    'quartersec_failed_total 1 2 3',
    'quartersec_failed_total{service="process" 1',
    'quartersec_failed_total{service=process} 1',
    'quartersec_failed_total{service="a" provider="b"} 1',
    'quartersec_failed_total{pod="x"} 1',
    'quartersec_failed_total{le="1"} 1',
  ])('counts a malformed line: %s', (line) => {
    expect(parseExposition(`${line}\n`, 5)).toEqual({ series: none, malformed: 1 });
  });

  it('keeps the first of two lines that name the same series', () => {
    const read = parseExposition('quartersec_failed_total 3\nquartersec_failed_total 9\n', 5);
    expect(read.series.counters.map(({ samples }) => samples[0]?.value)).toEqual([3]);
    expect(read.malformed).toBe(1);
  });

  describe('leaves out a histogram', () => {
    const cumulativeCounts = [...bucketBoundsMs.map(() => 2), 2];
    const samples = [{ atEpochMs: 1, cumulativeCounts, sumMs: 7 }];
    const text = prometheusExposition({ counters: [], histograms: [{ metric: 'Store', labels: {}, samples }] });

    it.each([
      ['without a bucket', text.replace(/^.*le="100".*\n/m, ''), 1],
      ['without its sum', text.replace(/^.*_sum.*\n/m, ''), 1],
      ['without its count', text.replace(/^.*_count.*\n/m, ''), 1],
      ['whose count is not that of its last bucket', text.replace('_count 2', '_count 3'), 1],
      ['with a bucket that is not ours', text.replace('le="100"', 'le="101"'), 2],
      ['with a bucket twice', text.replace('le="90"', 'le="100"'), 2],
      ['with a bucket that has no bound', text.replace('{le="90"}', ''), 2],
    ])('%s', (_, given, malformed) => {
      expect(given).not.toBe(text);
      expect(parseExposition(given, 5)).toEqual({ series: none, malformed });
    });

    it.each(['_sum 7', '_count 2'])('but not for %s said twice', (end) => {
      const line = `quartersec_store_milliseconds${end}\n`;
      const read = parseExposition(text + line, 5);
      expect([read.series.histograms.length, read.malformed]).toEqual([1, 1]);
    });

    it('but not for bounds spelled as Prometheus 3 does', () => {
      expect(parseExposition(text.replace('le="100"', 'le="100.0"'), 5).malformed).toBe(0);
    });
  });
});
