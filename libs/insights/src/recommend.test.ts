import { describe, expect, it } from 'vitest';
import { forecast } from './forecast.ts';
import type { Insight, InsightKind } from './insight.ts';
import { recommend } from './recommend.ts';
import { buildInsight } from './testing/build-insight.ts';
import { buildSeries } from './testing/build-series.ts';
import { type AccountRow, buildView, every } from './testing/build-view.ts';

function advise(insight: Insight, accounts: readonly AccountRow[] = []) {
  const movements = every(30, '2026-01-01', 6, {
    minor: -300_00,
    who: 'Rent',
    account: accounts.at(-1)?.id ?? 'current',
  });
  const view = buildView({ today: '2026-06-20', accounts, movements });
  const recurring = [buildSeries(movements, { nextDate: '2026-07-01' })];
  return recommend([insight], { view, forecasts: forecast({ view, household: view, recurring }) });
}

describe('recommend', () => {
  it.each([
    [buildInsight('price-change'), { action: 'review-subscription', benefitMinor: 24_00, benefitPeriod: 'yearly' }],
    [
      buildInsight('duplicate-charge', { times: 3 }),
      { action: 'dispute-charge', amountMinor: 1000_00, benefitMinor: 1000_00, benefitPeriod: 'once' },
    ],
    [buildInsight('missed'), { action: 'check-payment', amountMinor: 80_00, benefitMinor: null }],
    [buildInsight('low-balance'), { action: 'move-money', amountMinor: 200_00, account: null, benefitMinor: null }],
    [buildInsight('fees'), { action: 'avoid-fees', benefitMinor: 120_00, benefitPeriod: 'yearly' }],
    [
      buildInsight('idle-cash'),
      { action: 'save-idle-cash', amountMinor: 4000_00, benefitMinor: 80_00, benefitPeriod: 'yearly' },
    ],
    [buildInsight('category-pace'), { action: 'slow-spending', benefitMinor: 200_00, benefitPeriod: 'once' }],
    [buildInsight('consent-ends'), { action: 'renew-consent', benefitMinor: null, benefitPeriod: null }],
    [buildInsight('balance-drift'), { action: 'refresh-connection', benefitMinor: null, benefitPeriod: null }],
  ] as const)('%o leads to what can be done', (insight, expected) => {
    expect(advise(insight)).toMatchObject([{ ...expected, insights: [insight.kind], confidencePercent: 90 }]);
  });

  it.each([
    [buildInsight('recurring')],
    [buildInsight('unusual-spend')],
    [buildInsight('income-change')],
    [buildInsight('savings-rate')],
    [buildInsight('missed', { direction: 'in' })],
    [buildInsight('missed', { status: 'ended' })],
    [buildInsight('category-pace', { category: 'housing' })],
    [buildInsight('category-pace', { spentMinor: 900_00 })],
  ])('%o leads to nothing', (insight) => {
    expect(advise(insight)).toEqual([]);
  });

  it('takes the money from where it can be spared: savings first', () => {
    const second: AccountRow = { id: 'second', balance: 5000_00 };
    const savings: AccountRow = { id: 'savings', type: 'SVGS', balance: 200_00 };
    const dollars: AccountRow = { id: 'dollars', type: 'SVGS', balance: 9000_00, currency: 'USD' };
    const card: AccountRow = { id: 'card', type: 'CARD', balance: 9000_00 };
    const from = (accounts: readonly AccountRow[]) =>
      advise(buildInsight('low-balance'), accounts)[0]?.account?.accountId;
    expect(from([{ id: 'current', balance: 100_00 }, dollars, savings, second])).toBe('savings');
    expect(from([{ id: 'current', balance: 100_00 }, dollars, card, { ...savings, balance: 199_99 }, second])).toBe(
      'second',
    );
    // 499.99 less the rent of 300.00 leaves less than 200.00.
    expect(from([{ id: 'current', balance: 100_00 }, dollars, { ...second, balance: 499_99 }])).toBeUndefined();
    expect(from([{ id: 'current', balance: 100_00 }, { id: 'unknown' }])).toBeUndefined();
  });

  it('names the savings account that idle cash can go to', () => {
    const rows: AccountRow[] = [{ id: 'b', type: 'SVGS' }, { id: 'a', type: 'SVGS', balance: 5_00 }, { id: 'current' }];
    expect(advise(buildInsight('idle-cash'), rows)[0]?.account).toEqual({ connectionId: 'c1', accountId: 'a' });
  });

  it('has a fingerprint of its own', () => {
    const kinds: readonly InsightKind[] = ['price-change', 'fees', 'missed'];
    const found = kinds.flatMap((kind) => advise(buildInsight(kind))).map(({ fingerprint }) => fingerprint);
    expect(new Set([...found, ...kinds]).size).toBe(6);
  });
});
