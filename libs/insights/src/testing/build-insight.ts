/** Hand-made insights for tests: each kind with plain values, changed where a test says so. */
import type { Insight, InsightKind } from '../insight.ts';

const base = { currency: 'EUR', confidencePercent: 90, counterparty: 'Acme', date: '2026-06-20' } as const;
const place = { connectionId: 'c1', accountId: 'current' } as const;
const charge = { ...place, date: '2026-06-20', minor: -500_00 } as const;

const samples: { readonly [K in InsightKind]: Omit<Extract<Insight, { kind: K }>, 'fingerprint' | 'evidence'> } = {
  recurring: {
    ...base,
    kind: 'recurring',
    direction: 'out',
    cadence: 'monthly',
    status: 'early',
    category: 'entertainment',
    amountKind: 'fixed',
    nextDate: '2026-07-20',
    nextFromDate: '2026-07-18',
    nextToDate: '2026-07-22',
    typicalMinor: 500_00,
    lowMinor: 500_00,
    highMinor: 500_00,
    lastDate: '2026-06-20',
    lastMinor: -500_00,
    occurrences: 3,
  },
  'price-change': {
    ...base,
    kind: 'price-change',
    reason: 'rise',
    cadence: 'monthly',
    beforeMinor: 10_00,
    afterMinor: 12_00,
    yearlyMinor: 24_00,
    history: [],
  },
  missed: {
    ...base,
    kind: 'missed',
    direction: 'out',
    cadence: 'monthly',
    status: 'late',
    expectedFromDate: '2026-06-18',
    expectedToDate: '2026-06-22',
    typicalMinor: 80_00,
  },
  'duplicate-charge': { ...base, kind: 'duplicate-charge', minor: -500_00, times: 2 },
  'unusual-spend': { ...base, kind: 'unusual-spend', minor: -500_00, usualMinor: 50_00, category: 'shopping' },
  'category-pace': {
    ...base,
    kind: 'category-pace',
    category: 'shopping',
    month: '2026-06',
    spentMinor: 700_00,
    projectedMinor: 900_00,
    usualMinor: 500_00,
  },
  'low-balance': {
    ...base,
    ...place,
    kind: 'low-balance',
    lowMinor: -200_00,
    likelyMinor: -100_00,
    highMinor: 10_00,
    shortMinor: 200_00,
  },
  fees: { ...base, kind: 'fees', of: 'fees', totalMinor: 30_00, times: 3, fromDate: '2026-04-01' },
  'income-change': { ...base, kind: 'income-change', beforeMinor: 2000_00, afterMinor: 2200_00, cadence: 'monthly' },
  'savings-rate': { ...base, kind: 'savings-rate', beforePercent: 10, afterPercent: 20 },
  'idle-cash': { ...base, ...place, kind: 'idle-cash', balanceMinor: 9000_00, idleMinor: 4000_00 },
  'balance-drift': { ...base, ...place, kind: 'balance-drift', expectedMinor: 100_00, actualMinor: 50_00 },
  'consent-ends': { ...base, kind: 'consent-ends', connectionId: 'c1', days: 5 },
};

/** @param changes over the sample of this kind; its fingerprint is its kind */
export function buildInsight<K extends InsightKind>(
  kind: K,
  changes: Partial<Extract<Insight, { kind: K }>> = {},
): Extract<Insight, { kind: K }> {
  return { fingerprint: kind, evidence: [charge], ...samples[kind], ...changes } as unknown as Extract<
    Insight,
    { kind: K }
  >;
}
