import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  budgetBurn,
  budgetLeft,
  count,
  countOver,
  countUpTo,
  type Expression,
  leavesOf,
  mean,
  percentile,
  plus,
  ratePerMinute,
  ratio,
  sum,
} from './expression.ts';

const scope = { windowMs: 60_000 };

describe('the algebra', () => {
  it('is plain data that carries its unit', () => {
    expect(percentile('Store', 0.95, { windowMs: 60_000, where: { provider: 'plaid' } })).toEqual({
      unit: 'Milliseconds',
      node: {
        op: 'percentile',
        metric: 'Store',
        percentile: 0.95,
        scope: { windowMs: 60_000, where: { provider: 'plaid' } },
      },
    });
  });

  it('knows the unit of every form', () => {
    expectTypeOf(percentile('Store', 0.5, scope)).toEqualTypeOf<Expression<'Milliseconds'>>();
    expectTypeOf(mean('Store', scope)).toEqualTypeOf<Expression<'Milliseconds'>>();
    expectTypeOf(sum('Store', scope)).toEqualTypeOf<Expression<'Milliseconds'>>();
    expectTypeOf(count('Store', scope)).toEqualTypeOf<Expression<'Count'>>();
    expectTypeOf(count('Failed', scope)).toEqualTypeOf<Expression<'Count'>>();
    expectTypeOf(ratePerMinute('Failed', scope)).toEqualTypeOf<Expression<'PerMinute'>>();
    expectTypeOf(plus(count('Failed', scope), count('Store', scope))).toEqualTypeOf<Expression<'Count'>>();
    expectTypeOf(ratio(count('Failed', scope), count('Store', scope))).toEqualTypeOf<Expression<'Ratio'>>();
  });

  it('does not compile nonsense', () => {
    // @ts-expect-error a counter has no percentile
    percentile('Retries', 0.95, scope);
    // @ts-expect-error a counter has no mean
    mean('Retries', scope);
    // @ts-expect-error `sum` adds up timings; a counter is counted
    sum('Retries', scope);
    // @ts-expect-error a counter has no bound
    countOver('Retries', 100, scope);
    // @ts-expect-error no such metric
    count('Retrys', scope);
    // @ts-expect-error no such dimension
    count('Retries', { windowMs: 60_000, where: { region: 'eu' } });
    // @ts-expect-error milliseconds over a count
    ratio(sum('Store', scope), count('Store', scope));
    // @ts-expect-error milliseconds and a count
    plus(mean('Store', scope), count('Store', scope));
    // @ts-expect-error a budget of milliseconds
    budgetBurn(mean('Store', scope), 0.01);
    // @ts-expect-error every expression has a window
    expect(() => count('Retries')).toThrow();
  });

  it.each([0, 1, -0.5, 95, Number.NaN])('refuses the percentile %d', (share) => {
    expect(() => percentile('Store', share, scope)).toThrow(
      expect.objectContaining({ code: 'SLA_PERCENTILE_INVALID' }),
    );
  });

  it.each([0, -1_000, 1_500, Number.NaN, Number.POSITIVE_INFINITY])('refuses the window %d ms', (windowMs) => {
    expect(() => count('Failed', { windowMs })).toThrow(expect.objectContaining({ code: 'SLA_WINDOW_INVALID' }));
  });

  it.each([countOver, countUpTo])('refuses a bound that is no bucket', (form) => {
    expect(() => form('Store', 101, scope)).toThrow(expect.objectContaining({ code: 'SLA_BOUND_NOT_A_BUCKET' }));
  });

  it.each([0, 1, -0.01, 1.5, Number.NaN])('refuses the error budget %d', (budget) => {
    const share = ratio(count('Failed', scope), count('Store', scope));
    for (const form of [budgetBurn, budgetLeft]) {
      expect(() => form(share, budget)).toThrow(expect.objectContaining({ code: 'SLA_BUDGET_INVALID' }));
    }
  });

  it('lists the leaves below an error budget', () => {
    const share = ratio(count('Failed', scope), count('Store', scope));
    expect(leavesOf(budgetLeft(share, 0.01)).map(({ metric }) => metric)).toEqual(['Failed', 'Store']);
  });

  it('lists its leaves, left to right', () => {
    const all = plus(plus(count('CacheHits', scope), count('CacheMisses', scope)), count('CacheFailures', scope));
    const metrics = leavesOf(ratio(count('CacheHits', scope), all)).map(({ metric }) => metric);
    expect(metrics).toEqual(['CacheHits', 'CacheHits', 'CacheMisses', 'CacheFailures']);
  });
});
