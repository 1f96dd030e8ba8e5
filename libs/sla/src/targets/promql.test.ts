import { describe, expect, it } from 'vitest';
import { above, deadManAlert, latencyAlert } from '../alert.ts';
import {
  budgetBurn,
  budgetLeft,
  count,
  countOver,
  countUpTo,
  mean,
  percentile,
  plus,
  ratePerMinute,
  ratio,
  share,
  sum,
} from '../expression.ts';
import { objectives } from '../objectives.ts';
import { alertToPromql, conditionToPromql, toPromql } from './promql.ts';

const scope = { windowMs: 300_000 };

describe('toPromql', () => {
  it.each([
    [
      percentile('RoundTrip', 0.95, scope),
      'histogram_quantile(0.95, sum by (le) (rate(quartersec_round_trip_milliseconds_bucket[5m])))',
    ],
    [sum('Store', scope), 'sum(increase(quartersec_store_milliseconds_sum[5m]))'],
    [
      mean('Store', scope),
      '(sum(increase(quartersec_store_milliseconds_sum[5m])) / (sum(increase(quartersec_store_milliseconds_count[5m])) > 0))',
    ],
    [count('Store', scope), 'sum(increase(quartersec_store_milliseconds_count[5m]))'],
    [count('DeadLettered', scope), 'sum(increase(quartersec_dead_lettered_total[5m]))'],
    [ratePerMinute('DeadLettered', scope), '60 * sum(rate(quartersec_dead_lettered_total[5m]))'],
    [countUpTo('Store', 100, scope), 'sum(increase(quartersec_store_milliseconds_bucket{le=~"100([.]0)?"}[5m]))'],
    [
      countOver('Store', 100, scope),
      'clamp_min(sum(increase(quartersec_store_milliseconds_count[5m])) - sum(increase(quartersec_store_milliseconds_bucket{le=~"100([.]0)?"}[5m])), 0)',
    ],
    [
      ratio(count('Failed', scope), plus(count('Failed', scope), count('Committed', scope))),
      '(sum(increase(quartersec_failed_total[5m])) / ((sum(increase(quartersec_failed_total[5m])) + sum(increase(quartersec_committed_total[5m]))) > 0))',
    ],
    [
      share(count('Bad', { ...scope, where: { blame: 'provider' } }), count('Events', scope)),
      'clamp((sum(increase(quartersec_bad_total{blame="provider"}[5m])) / (sum(increase(quartersec_events_total[5m])) > 0)), 0, 1)',
    ],
    [
      budgetBurn(ratio(count('Failed', scope), count('Store', scope)), 0.001),
      '((sum(increase(quartersec_failed_total[5m])) / (sum(increase(quartersec_store_milliseconds_count[5m])) > 0)) / 0.001)',
    ],
    [
      budgetLeft(ratio(count('Failed', scope), count('Store', scope)), 0.001),
      '(1 - (sum(increase(quartersec_failed_total[5m])) / (sum(increase(quartersec_store_milliseconds_count[5m])) > 0)) / 0.001)',
    ],
  ])('%# says what was asked', (expression, promql) => {
    expect(toPromql(expression)).toBe(promql);
  });

  it('puts filters and further matchers into every selector', () => {
    const where = { service: 'process', provider: 'a"b' };
    expect(toPromql(countUpTo('Store', 100, { ...scope, where }), { matchers: ['stage=~"$stage"'] })).toBe(
      'sum(increase(quartersec_store_milliseconds_bucket{provider="a\\"b",service="process",stage=~"$stage",le=~"100([.]0)?"}[5m]))',
    );
  });

  it('answers by dimension, on both sides of a ratio', () => {
    expect(toPromql(ratio(count('Failed', scope), count('RoundTrip', scope)), { by: ['provider'] })).toBe(
      '(sum by (provider) (increase(quartersec_failed_total[5m])) / (sum by (provider) (increase(quartersec_round_trip_milliseconds_count[5m])) > 0))',
    );
    expect(toPromql(percentile('Store', 0.5, scope), { by: ['service', 'provider'] })).toBe(
      'histogram_quantile(0.5, sum by (le, service, provider) (rate(quartersec_store_milliseconds_bucket[5m])))',
    );
  });

  it('follows the window of a panel', () => {
    expect(toPromql(ratePerMinute('Failed', scope), { window: '$__rate_interval' })).toBe(
      '60 * sum(rate(quartersec_failed_total[$__rate_interval]))',
    );
  });
});

describe('conditionToPromql', () => {
  it('answers while the condition holds', () => {
    expect(conditionToPromql(above(count('Failed', scope), 0))).toBe('sum(increase(quartersec_failed_total[5m])) > 0');
  });

  it('puts a breach in the place of no answer where that is one', () => {
    const failed = count('Failed', scope);
    const rest = { expression: failed, bound: 3, whenAbsent: 'breach' } as const;
    expect(conditionToPromql({ ...rest, comparison: 'below' })).toBe(
      '(sum(increase(quartersec_failed_total[5m])) or vector(2)) < 3',
    );
    expect(conditionToPromql({ ...rest, comparison: 'above' })).toBe(
      '(sum(increase(quartersec_failed_total[5m])) or vector(4)) > 3',
    );
  });
});

describe('alertToPromql', () => {
  it('joins the conditions', () => {
    expect(alertToPromql(latencyAlert('store', objectives.store))).toBe(
      '(histogram_quantile(0.95, sum by (le) (rate(quartersec_store_milliseconds_bucket[1m]))) > 100) and (sum(increase(quartersec_store_milliseconds_count[1m])) > 39)',
    );
  });

  it('needs no joining for one', () => {
    const alert = deadManAlert('Silence', 'Attempts', { title: 'T', whatToDo: 'W', windowMs: 60_000, holdMs: 0 });
    expect(alertToPromql(alert)).toBe('((sum(increase(quartersec_attempts_total[1m])) or vector(0)) < 1)');
  });
});
