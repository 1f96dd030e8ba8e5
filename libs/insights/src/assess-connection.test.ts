import { describe, expect, it } from 'vitest';
import { connectionInsights, diffInsights } from './assess-connection.ts';
import type { Insight } from './insight.ts';
import { every, monthly, sampleView } from './testing/sample-view.ts';

const netflix = { key: 'n', label: 'Netflix', of: monthly('2025-10-05', 8, -1_299) };
const shop = {
  key: 's',
  label: 'Shop',
  category: 'shopping',
  of: [
    ['2026-05-01', -9_900],
    ['2026-05-02', -9_900],
  ],
} as const;

const fingerprints = (insights: readonly Insight[]) => insights.map(({ fingerprint }) => fingerprint);

describe('the insights of a connection', () => {
  it('are in an order of their own, whatever the order of the ledgers', () => {
    const there = connectionInsights(sampleView('2026-05-10', [netflix, shop]));
    expect(there.map(({ kind, counterparty }) => [kind, counterparty])).toEqual([
      ['duplicate-charge', 'Shop'],
      ['recurring', 'Netflix'],
    ]);
    expect(connectionInsights(sampleView('2026-05-10', [shop, netflix]))).toEqual(there);
  });

  it('describe a payment that comes back', () => {
    const [insight] = connectionInsights(sampleView('2026-05-10', [netflix]));
    expect(insight).toMatchObject({
      kind: 'recurring',
      currency: 'EUR',
      cadence: 'monthly',
      status: 'mature',
      amountKind: 'fixed',
      nextDate: '2026-06-05',
      nextFromDate: '2026-05-31',
      nextToDate: '2026-06-10',
      typicalMinor: 1_299,
      lowMinor: 1_299,
      highMinor: 1_299,
      lastDate: '2026-05-05',
      occurrences: 8,
      direction: 'out',
    });
    expect(insight?.evidence).toHaveLength(8);
  });

  it('describe a bill by the range of its amounts, and are early at first', () => {
    const of = monthly('2026-02-12', 3, -8_500, -5_200, -7_400);
    expect(connectionInsights(sampleView('2026-05-01', [{ of, category: 'utilities' }]))).toMatchObject([
      { amountKind: 'variable', status: 'early', typicalMinor: 7_400, lowMinor: 5_200, highMinor: 8_500 },
    ]);
  });

  it('are surer of what has come for longer', () => {
    const confidence = (count: number) =>
      connectionInsights(sampleView('2026-05-10', [{ of: monthly('2025-06-05', 12, -1_299).slice(-count) }]))[0]
        ?.confidencePercent ?? 0;
    expect(confidence(3)).toBeLessThan(confidence(6));
    expect(confidence(6)).toBeLessThan(confidence(12));
    expect(confidence(3)).toBe(78);
    expect(confidence(12)).toBe(96);
  });

  it('keep their fingerprints under other names and amounts, and have one for each', () => {
    const prints = (view: ReturnType<typeof sampleView>) =>
      connectionInsights(view).map(({ fingerprint }) => fingerprint);
    const two = prints(sampleView('2026-05-10', [netflix, { ...netflix, key: 'm' }]));
    expect(new Set(two).size).toBe(2);
    const drifted = { ...netflix, label: 'NFLX', of: monthly('2025-10-07', 8, -1_299, -1_299, -1_399) };
    expect(prints(sampleView('2026-05-10', [drifted]))).toContain(prints(sampleView('2026-05-10', [netflix]))[0]);
    const pair = [...monthly('2025-10-05', 8, -299), ...monthly('2025-10-20', 8, -1_099)].sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    expect(new Set(prints(sampleView('2026-05-22', [{ of: pair }]))).size).toBe(2);
  });
});

describe('what changed among insights', () => {
  it('is by fingerprint: new ones are raised, those that are gone cleared', () => {
    const before = connectionInsights(sampleView('2026-05-10', [netflix, shop]));
    const after = connectionInsights(
      sampleView('2026-06-12', [netflix, { key: 'w', of: every(7, '2026-03-02', 12, -700) }]),
    );
    const { raised, cleared } = diffInsights(fingerprints(before), after);
    expect(raised.map(({ kind }) => kind)).toEqual(['missed', 'missed']);
    expect(cleared).toEqual(
      before.filter(({ kind }) => kind === 'duplicate-charge').map(({ fingerprint }) => fingerprint),
    );
    expect(diffInsights(fingerprints(after), after)).toEqual({ raised: [], cleared: [] });
  });
});
