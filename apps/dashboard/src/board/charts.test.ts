import { evaluateLive, leavesOf, objectives } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { answering } from '../../test/answers.ts';
import { ChartPoints, rangeOf, rounded } from './chart-points.ts';
import { chartRanges, chartsOf, drawn, pointsAtMost, windowOf } from './charts.ts';

describe('chartsOf', () => {
  const charts = chartsOf(['plaid']);
  const byId = Object.fromEntries(charts.map((chart) => [chart.id, chart]));

  it('draws every clock against its limit, the load, budgets, providers, the cache and cold starts', () => {
    expect(charts.map(({ id }) => id)).toEqual([
      'roundTrip',
      'processing',
      'store',
      'throughput',
      'budget-left',
      'budget-burn',
      'provider-time',
      'provider-errors',
      'cache',
      'cold-starts',
    ]);
    expect(byId.roundTrip?.limits).toEqual([{ name: 'promise: p95 < 250 ms', value: 250, bad: 'above' }]);
    expect(byId.roundTrip?.lines.map(({ name }) => name)).toEqual(['p95', 'p50']);
    expect(byId.throughput?.limits).toEqual([{ name: 'promise: 10,000 a minute', value: 10_000 }]);
    expect(byId.cache?.limits).toEqual([
      { name: 'at least 20 %', value: objectives.cache.hitRateAtLeast, bad: 'below' },
    ]);
  });

  it('tells providers apart once there are several', () => {
    const named = (providers: readonly string[]) =>
      chartsOf(providers)
        .find(({ id }) => id === 'provider-time')
        ?.lines.map(({ name }) => name);
    expect(named(['plaid'])).toEqual(['p95', 'p50']);
    expect(named(['plaid', 'tink'])).toEqual(['plaid: p95', 'plaid: p50', 'tink: p95', 'tink: p50']);
    expect(named([])).toEqual([]);
  });

  it('draws no provider of which nothing was counted, unless all are idle', () => {
    const linesOf = (busy: readonly string[]) =>
      drawn(chartsOf(['plaid', 'unknown']), (_, name) => [null, busy.some((one) => name === one) ? 2 : 0])
        .filter(({ id }) => id.startsWith('provider-'))
        .flatMap(({ lines }) => lines.map(({ name }) => name.split(':')[0]));
    expect([...new Set(linesOf(['plaid: p95']))]).toEqual(['plaid']);
    expect([...new Set(linesOf(['plaid: p95', 'unknown: retries']))]).toEqual(['plaid', 'unknown']);
    expect([...new Set(linesOf([]))]).toEqual(['plaid', 'unknown']);
  });

  it('asks for one provider at a time', () => {
    const [line] =
      chartsOf(['plaid', 'tink'])
        .find(({ id }) => id === 'provider-errors')
        ?.lines.slice(-1) ?? [];
    expect(leavesOf(line?.expression(60_000) ?? { unit: 'Count', node: {} as never })[0]?.scope.where).toEqual({
      provider: 'tink',
    });
  });

  it('has an answer of every line over series of a live source, or none, and never throws', () => {
    const lines = charts.flatMap((chart) => chart.lines);
    const answers = lines.map(({ expression }) =>
      evaluateLive(expression(60_000), { counters: [], histograms: [] }, 0),
    );
    expect(answers).toEqual(lines.map(() => undefined));
  });
});

describe('chart ranges', () => {
  it('send at most some hundred points a line', () => {
    expect(pointsAtMost).toBe(289);
  });

  it('look back at least a step, so that no event falls between two points', () => {
    expect(chartRanges.map((range) => [range.id, windowOf(range)])).toEqual([
      ['15m', 60_000],
      ['3h', 60_000],
      ['24h', 300_000],
    ]);
  });

  it('are found by their name', () => {
    expect(rangeOf('3h').stepMs).toBe(60_000);
    expect(() => rangeOf('7d')).toThrow('no range 7d: there are 15m, 3h, 24h');
  });
});

describe('ChartPoints', () => {
  const charts = chartsOf([]).filter(({ id }) => id === 'throughput');
  const asking = (perMinute: number) => () => answering({ 'ratePerMinute Events': perMinute });
  const valuesOf = (points: ChartPoints, range: string) => points.of(range, charts, 0).charts[0]?.lines[0]?.values;

  it('asks for each point once, when its moment has come', () => {
    const points = new ChartPoints();
    points.advance(charts, asking(1), 1_000_001);
    points.advance(charts, asking(2), 1_004_000);
    points.advance(charts, asking(3), 1_005_000);
    points.advance(charts, asking(4), 1_016_000);
    expect(points.of('15m', charts, 1_016_000)).toMatchObject({ times: [1_000, 1_005, 1_010, 1_015], stepMs: 5_000 });
    expect(valuesOf(points, '15m')).toEqual([1, 3, 4, 4]);
    expect(valuesOf(points, '24h')).toEqual([1]);
  });

  it('keeps no more points than its range shows, however long it runs', () => {
    const points = new ChartPoints();
    for (let minute = 0; minute < 3_000; minute += 1) points.advance(charts, asking(minute), minute * 60_000);
    const lengths = ['15m', '3h', '24h'].map((range) => points.of(range, charts, 0).times.length);
    expect(lengths).toEqual([181, 181, 289]);
    expect(['15m', '3h', '24h'].map((range) => valuesOf(points, range)?.length)).toEqual([181, 181, 289]);
  });

  it('does not catch up on more than its range after a long sleep', () => {
    const points = new ChartPoints();
    let asked = 0;
    const count = () => {
      asked += 1;
      return () => 7;
    };
    points.advance(charts, count, 0);
    points.advance(charts, count, 30 * 24 * 3_600_000);
    expect(asked).toBeLessThanOrEqual(3 + 181 + 181 + 289);
  });

  it('starts again when the clock is set back', () => {
    const points = new ChartPoints();
    points.advance(charts, asking(1), 1_000_000);
    points.advance(charts, asking(2), 500_000);
    expect(points.of('15m', charts, 0).times).toEqual([500]);
    expect(valuesOf(points, '15m')).toEqual([2]);
  });

  it('leaves a gap before a line that came later, and forgets one that is gone', () => {
    const points = new ChartPoints();
    const one = chartsOf(['plaid']).filter(({ id }) => id === 'provider-time');
    const two = chartsOf(['plaid', 'tink']).filter(({ id }) => id === 'provider-time');
    const ask = () => answering({ 'percentile ProviderTime': 90 });
    points.advance(one, ask, 0);
    points.advance(two, ask, 5_000);
    expect(points.of('15m', two, 0).charts[0]?.lines.map(({ values }) => values)).toEqual([
      [null, 90],
      [null, 90],
      [null, 90],
      [null, 90],
    ]);
    points.advance(one, ask, 2_000_000);
    expect(
      points
        .of('15m', two, 0)
        .charts[0]?.lines.slice(2)
        .flatMap(({ values }) => values),
    ).not.toContain(90);
  });
});

describe('rounded', () => {
  it('keeps four digits, and no answer as none', () => {
    expect([rounded(181.458333), rounded(0.000123456), rounded(undefined), rounded(Number.NaN)]).toEqual([
      181.5,
      0.0001235,
      null,
      null,
    ]);
  });
});
