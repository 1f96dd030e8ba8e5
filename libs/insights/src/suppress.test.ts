import { describe, expect, it } from 'vitest';
import type { Insight } from './insight.ts';
import { suppress } from './suppress.ts';
import { buildInsight } from './testing/build-insight.ts';

function left(...insights: readonly Insight[]): string[] {
  const kinds = (found: readonly Insight[]) => found.map(({ kind }) => kind).sort();
  const told = kinds(suppress(insights));
  expect(kinds(suppress([...insights].reverse()))).toEqual(told);
  return told;
}

const elsewhere = [{ connectionId: 'c1', accountId: 'current', date: '2026-06-19', minor: -500_00 }];
const wages = (date: string) => [{ connectionId: 'c1', accountId: 'current', date, minor: 2200_00 }];

describe('suppress', () => {
  it('tells a charge once that is both unusual and a duplicate, or a price rise', () => {
    expect(left(buildInsight('unusual-spend'), buildInsight('duplicate-charge'))).toEqual(['duplicate-charge']);
    expect(left(buildInsight('unusual-spend'), buildInsight('price-change'))).toEqual(['price-change']);
    expect(left(buildInsight('unusual-spend', { evidence: elsewhere }), buildInsight('duplicate-charge'))).toEqual([
      'duplicate-charge',
      'unusual-spend',
    ]);
  });

  it('does not tell of the month what one unusual charge did alone', () => {
    // 900.00 less 450.00 is no more than usual.
    expect(left(buildInsight('unusual-spend'), buildInsight('category-pace'))).toEqual(['unusual-spend']);
    expect(left(buildInsight('unusual-spend'), buildInsight('category-pace', { projectedMinor: 1075_00 }))).toEqual([
      'category-pace',
      'unusual-spend',
    ]);
    expect(left(buildInsight('unusual-spend', { date: '2026-05-31' }), buildInsight('category-pace'))).toHaveLength(2);
    expect(left(buildInsight('unusual-spend', { category: 'dining' }), buildInsight('category-pace'))).toHaveLength(2);
    expect(left(buildInsight('unusual-spend', { currency: 'USD' }), buildInsight('category-pace'))).toHaveLength(2);
  });

  it('tells a changed income as changed or as missing, never as both', () => {
    const missed = buildInsight('missed', { direction: 'in', expectedFromDate: '2026-06-18' });
    expect(left(missed, buildInsight('income-change', { evidence: wages('2026-06-20') }))).toEqual(['income-change']);
    expect(left(missed, buildInsight('income-change', { evidence: wages('2026-05-20') }))).toEqual(['missed']);
    expect(
      left({ ...missed, counterparty: 'Other' }, buildInsight('income-change', { evidence: wages('2026-05-20') })),
    ).toHaveLength(2);
    const unnamed = { ...missed, counterparty: null, evidence: wages('2026-05-20') };
    expect(left(unnamed, buildInsight('income-change', { evidence: wages('2026-05-20') }))).toEqual(['missed']);
    expect(left(buildInsight('missed'), buildInsight('income-change', { evidence: [] }))).toHaveLength(2);
    expect(left(missed, buildInsight('income-change', { evidence: [], date: '2026-06-01' }))).toEqual(['missed']);
  });

  it('leaves all others', () => {
    expect(left(buildInsight('fees'), buildInsight('recurring'), buildInsight('price-change'))).toHaveLength(3);
  });
});
