import { spawnSync } from 'node:child_process';
import { countMetrics, timingMetrics } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { readEmf } from './emf.ts';
import { createMetricTotals } from './metric-totals.ts';

const lists = { services: ['process', 'query'], providers: ['plaid'] };
const promtoolMissing = spawnSync('promtool', ['--version']).error !== undefined;

function sample(name: string, values: readonly number[], dimensions: Readonly<Record<string, string>>) {
  return { namespace: 'quartersec', name, unit: 'None', values, dimensions };
}

const plaid = { service: 'process', provider: 'plaid' };

/** Lines of one series, by its name and all of its labels. */
function read(exposition: string, series: string): string | undefined {
  return exposition
    .split('\n')
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1);
}

describe('metric totals', () => {
  it('has every metric of the catalogue at 0 before the first sample, for each service with each provider', () => {
    const exposition = createMetricTotals(lists).exposition();
    for (const pair of [
      'provider="plaid",service="process"',
      'provider="plaid",service="query"',
      'provider="unknown",service="process"',
      'provider="unknown",service="unknown"',
    ]) {
      expect(read(exposition, `quartersec_retries_exhausted_total{${pair}}`)).toBe('0');
    }
    const timing = 'quartersec_round_trip_milliseconds_count{provider="plaid",service="process"}';
    expect(read(exposition, timing)).toBe('0');
    const families = exposition.match(/^# TYPE .*$/gm) ?? [];
    expect(families).toHaveLength(countMetrics.length + timingMetrics.length);
    expect(families).toContain('# TYPE quartersec_bad_total counter');
    expect(families).toContain('# TYPE quartersec_queue_age_milliseconds histogram');
    expect(exposition).toContain(
      '# HELP quartersec_dead_lettered_total Messages that ended in the dead-letter queue; on AWS, messages that lie there\n',
    );
    expect(exposition.match(/_total\{/g)).toHaveLength((countMetrics.length - 1) * 6 + 3 * 6);
    const blamed = 'quartersec_bad_total{blame="user",provider="plaid",service="process"}';
    expect(read(exposition, blamed)).toBe('0');
  });

  it('tells apart who is to blame, and blames us where nobody is named', () => {
    const totals = createMetricTotals(lists);
    totals.record([
      sample('Bad', [1, 1], { ...plaid, blame: 'provider' }),
      sample('Bad', [1], { ...plaid, blame: 'nobody' }),
      sample('Bad', [1], plaid),
    ]);
    const of = (blame: string) =>
      read(totals.exposition(), `quartersec_bad_total{blame="${blame}",provider="plaid",service="process"}`);
    expect([of('ours'), of('provider'), of('user')]).toEqual(['2', '2', '0']);
    expect(totals.total('Bad')).toBe(4);
    expect(totals.dropped()).toBe(0);
  });

  it('adds up what a function writes, under its own labels alone', () => {
    const totals = createMetricTotals(lists);
    const line = JSON.stringify({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'quartersec',
            Dimensions: [[], ['service'], ['service', 'provider']],
            Metrics: [{ Name: 'RoundTrip', Unit: 'Milliseconds' }, { Name: 'Retries' }],
          },
        ],
      },
      service: 'process',
      provider: 'plaid',
      RoundTrip: 100,
      Retries: 2,
    });
    totals.record(readEmf(line));
    totals.record(readEmf(line.replace('"RoundTrip":100', '"RoundTrip":101')));
    const exposition = totals.exposition();
    const mine = 'provider="plaid",service="process"';
    expect(read(exposition, `quartersec_retries_total{${mine}}`)).toBe('4');
    expect(read(exposition, 'quartersec_retries_total{provider="plaid",service="query"}')).toBe('0');
    expect(read(exposition, `quartersec_round_trip_milliseconds_bucket{${mine},le="90"}`)).toBe('0');
    expect(read(exposition, `quartersec_round_trip_milliseconds_bucket{${mine},le="100"}`)).toBe('1');
    expect(read(exposition, `quartersec_round_trip_milliseconds_bucket{${mine},le="110"}`)).toBe('2');
    expect(read(exposition, `quartersec_round_trip_milliseconds_bucket{${mine},le="+Inf"}`)).toBe('2');
    expect(read(exposition, `quartersec_round_trip_milliseconds_sum{${mine}}`)).toBe('201');
    expect(read(exposition, `quartersec_round_trip_milliseconds_count{${mine}}`)).toBe('2');
    expect([totals.total('RoundTrip'), totals.total('Retries'), totals.total('Failed')]).toEqual([2, 4, 0]);
  });

  it('has timings of an unknown provider once there are any', () => {
    const totals = createMetricTotals(lists);
    const name = 'quartersec_round_trip_milliseconds_count{provider="unknown",service="process"}';
    expect(read(totals.exposition(), name)).toBeUndefined();
    totals.record([sample('RoundTrip', [3, 4], { service: 'process', provider: 'unknown' })]);
    expect(read(totals.exposition(), name)).toBe('2');
  });

  it('counts a value above the last bucket in +Inf only', () => {
    const totals = createMetricTotals(lists);
    totals.record([sample('QueueAge', [9_999_999], plaid)]);
    const name = 'quartersec_queue_age_milliseconds_bucket{provider="plaid",service="process"';
    expect(read(totals.exposition(), `${name},le="3600000"}`)).toBe('0');
    expect(read(totals.exposition(), `${name},le="+Inf"}`)).toBe('1');
  });

  it('counts who is not listed, or does not say who it is, as unknown: totals over all stay right', () => {
    const totals = createMetricTotals(lists);
    totals.record([
      sample('Failed', [1], { service: 'process', provider: 'a-new-bank' }),
      sample('Failed', [2], { service: 'toString', provider: 'plaid' }),
      sample('CacheHits', [5], {}),
    ]);
    const exposition = totals.exposition();
    expect(read(exposition, 'quartersec_failed_total{provider="unknown",service="process"}')).toBe('1');
    expect(read(exposition, 'quartersec_failed_total{provider="plaid",service="unknown"}')).toBe('2');
    expect(read(exposition, 'quartersec_cache_hits_total{provider="unknown",service="unknown"}')).toBe('5');
    expect(totals.total('Failed')).toBe(3);
    expect(totals.dropped()).toBe(0);
  });

  it('stays as large as it is, and says how much it left out, whatever names and values come', () => {
    const totals = createMetricTotals(lists);
    totals.record([sample('Store', [1], {})]);
    const linesBefore = totals.exposition().split('\n').length;
    for (let n = 0; n < 10_000; n += 1) {
      totals.record([
        sample(`Made${n}`, [1], plaid),
        sample('Failed', [1], { service: `service-${n}`, provider: `provider-${n}` }),
        sample('Store', [1], { service: `service-${n}`, provider: `provider-${n}` }),
      ]);
    }
    totals.record([
      sample('Failed', [-1, Number.NaN, Number.POSITIVE_INFINITY], plaid),
      { ...sample('Failed', [1], plaid), namespace: 'shop' },
    ]);
    expect(totals.dropped()).toBe(10_004);
    expect(totals.total('Failed')).toBe(10_000);
    expect(totals.exposition().split('\n')).toHaveLength(linesBefore);
  });

  it.skipIf(promtoolMissing)('is read by promtool (left out without promtool: apt-get install prometheus)', () => {
    const totals = createMetricTotals(lists);
    totals.record([sample('RoundTrip', [12.5, 80, 300], plaid), sample('Retries', [3], plaid)]);
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: totals.exposition(),
      encoding: 'utf8',
    });
    // 3: it was read, and the linter would rather have seconds
    const complaints = `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line !== '' && !/base unit "seconds"/.test(line));
    expect({ status, complaints }).toEqual({ status: 3, complaints: [] });
  });
});
