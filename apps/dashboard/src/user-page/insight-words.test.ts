import { expect, it } from 'vitest';
import {
  account,
  duplicate,
  insight,
  place,
  recommendation,
  recurring,
  today,
  todayDate,
} from '../../test/user-answers.ts';
import type { UserInsight } from './answers.ts';
import { insightWords } from './insight-words.ts';
import { recommendationWords } from './recommendation-words.ts';

const savings = account('1', { accountId: 'savings', name: 'Nest', mask: null });
const telling = { accounts: [account('1'), savings], today, todayDate };

const priceRise = insight('price-change', {
  reason: 'rise',
  cadence: 'monthly',
  beforeMinor: 1199,
  afterMinor: 1599,
  yearlyMinor: 4800,
  history: [],
  date: '2026-11-17',
});
const missed = insight('missed', {
  direction: 'out',
  cadence: 'monthly',
  status: 'late',
  expectedFromDate: '2026-11-20',
  expectedToDate: '2026-11-25',
  typicalMinor: 90_000,
  counterparty: 'Landlord',
});
const pace = insight('category-pace', {
  category: 'dining',
  month: '2026-11',
  spentMinor: 32_000,
  projectedMinor: 36_560,
  usualMinor: 24_944,
  counterparty: null,
});
const low = insight('low-balance', {
  ...place,
  lowMinor: -12_000,
  likelyMinor: 500,
  highMinor: 9_000,
  shortMinor: 12_000,
  date: '2026-11-28',
});
const fees = insight('fees', { of: 'foreign', totalMinor: 1_234, times: 3, fromDate: '2026-09-01' });
const idle = insight('idle-cash', { ...place, balanceMinor: 900_000, idleMinor: 300_000 });

it.each<[UserInsight, string, string]>([
  [recurring(), 'Reelhouse: $15.99 monthly', 'Next on 17 Dec, seen 12 times.'],
  [priceRise, 'Reelhouse went up: $11.99 to $15.99', '$48.00 more in a year, since 17 Nov.'],
  [
    { ...priceRise, reason: 'promotion-ended' } as UserInsight,
    'Reelhouse is back at its full price: $11.99 to $15.99',
    '$48.00 more in a year, since 17 Nov.',
  ],
  [missed, 'The payment to Landlord has not come', '$900.00 was expected by 25 Nov.'],
  [
    { ...missed, status: 'ended', direction: 'in' } as UserInsight,
    'Landlord seems to have ended',
    'The income of $900.00 has not come more than once.',
  ],
  [duplicate, 'Lanternfish Books charged $64.50 twice', 'Same amount, same account, within two days of 23 Nov.'],
  [
    { ...duplicate, times: 3 } as UserInsight,
    'Lanternfish Books charged $64.50 3 times',
    'Same amount, same account, within two days of 23 Nov.',
  ],
  [
    insight('unusual-spend', {
      minor: -50_000,
      usualMinor: -8_000,
      category: 'shopping',
      counterparty: null,
      date: '2025-11-20',
    }),
    'A counterparty without a name: $500.00, far more than usual',
    'Usually about $80.00; this one was on 20 Nov 2025.',
  ],
  [
    pace,
    'Dining runs 47 % above the usual',
    '$320.00 so far in November 2026, heading for $365.60; usual are $249.44.',
  ],
  [
    { ...pace, usualMinor: 0 } as UserInsight,
    'Dining runs above the usual',
    '$320.00 so far in November 2026, heading for $365.60; usual are $0.00.',
  ],
  [low, 'Everyday ·· 0911 may run short in 2 days', 'Between −$120.00 and $90.00 on 28 Nov, most likely $5.00.'],
  [fees, 'Costs of foreign currency: $12.34 in 90 days', '3 times since 1 Sept.'],
  [{ ...fees, of: 'fees', times: 1 } as UserInsight, 'Fees: $12.34 in 90 days', 'Once since 1 Sept.'],
  [
    insight('income-change', { beforeMinor: 100_000, afterMinor: 110_000, cadence: 'monthly', counterparty: 'Work' }),
    'Work pays more: $1,100.00',
    'Before it was $1,000.00, monthly.',
  ],
  [
    insight('income-change', { beforeMinor: 110_000, afterMinor: 100_000, cadence: 'monthly', counterparty: 'Work' }),
    'Work pays less: $1,000.00',
    'Before it was $1,100.00, monthly.',
  ],
  [
    insight('savings-rate', { beforePercent: 4, afterPercent: 12 }),
    'You keep more of your income: 12 %',
    'In the three months before it was 4 %.',
  ],
  [
    insight('savings-rate', { beforePercent: 14, afterPercent: 2 }),
    'You keep less of your income: 2 %',
    'In the three months before it was 14 %.',
  ],
  [idle, '$3,000.00 lies idle', 'Everyday ·· 0911 has held more than three months of spending for 60 days.'],
  [
    insight('balance-drift', { ...place, accountId: 'gone', expectedMinor: 1_000, actualMinor: 900 }),
    'an account: records are missing',
    'The balance is $9.00; what was booked comes to $10.00.',
  ],
  [
    insight('consent-ends', { connectionId: 'conn-a', days: 7, date: '2026-12-03', currency: null, exponent: null }),
    'Access to a bank ends in 7 days',
    'Renew it before 3 Dec, or its data stop.',
  ],
])('%#: an insight in words', (given, title, detail) => {
  expect(insightWords(given, telling)).toEqual({ title, detail });
});

const toSavings = { connectionId: 'conn-a', accountId: 'savings' };

it.each([
  [recommendation(), duplicate, 'Ask Lanternfish Books for $64.50 back', 'Brings back $64.50'],
  [
    recommendation({
      action: 'review-subscription',
      counterparty: 'Reelhouse',
      benefitMinor: 4_800,
      benefitPeriod: 'yearly',
    }),
    priceRise,
    'Look at Reelhouse again: keep it, bargain or cancel',
    'Worth $48.00 a year',
  ],
  [
    recommendation({ action: 'check-payment', counterparty: null, benefitMinor: null }),
    missed,
    'Check whether the payee was paid',
    '',
  ],
  [
    recommendation({ action: 'move-money', amountMinor: 12_000, account: toSavings, benefitMinor: null }),
    low,
    'Move $120.00 from Nest to Everyday ·· 0911',
    '',
  ],
  [
    recommendation({ action: 'move-money', amountMinor: 12_000, benefitMinor: null }),
    undefined,
    'Put $120.00 into the account',
    '',
  ],
  [
    recommendation({ action: 'avoid-fees', benefitMinor: 4_936, benefitPeriod: 'yearly' }),
    fees,
    'Avoid these fees',
    'Worth $49.36 a year',
  ],
  [
    recommendation({
      action: 'save-idle-cash',
      amountMinor: 300_000,
      account: toSavings,
      benefitMinor: 6_000,
      benefitPeriod: 'yearly',
    }),
    idle,
    'Move $3,000.00 to Nest',
    'Worth $60.00 a year',
  ],
  [
    recommendation({ action: 'save-idle-cash', amountMinor: 300_000, benefitMinor: null }),
    idle,
    'Put $3,000.00 to work',
    '',
  ],
  [
    recommendation({ action: 'slow-spending', amountMinor: null }),
    pace,
    'Go easy on dining this month',
    'Worth $64.50',
  ],
  [recommendation({ action: 'slow-spending', amountMinor: null }), undefined, 'Go easy this month', 'Worth $64.50'],
  [recommendation({ action: 'renew-consent', benefitMinor: null }), undefined, 'Renew the access to your bank', ''],
  [recommendation({ action: 'refresh-connection', benefitMinor: null }), undefined, 'Read the bank again', ''],
] as const)('%#: a recommendation in words', (given, of, action, benefit) => {
  const insights = of === undefined ? [] : [{ ...of, fingerprint: 'f-duplicate-charge' }];
  const words = recommendationWords(given, insights, telling);
  expect([words.action, words.benefit]).toEqual([action, benefit]);
});

it('says why by the insight that it rests on', () => {
  expect(recommendationWords(recommendation(), [duplicate], telling).why).toBe(
    'Lanternfish Books charged $64.50 twice. Same amount, same account, within two days of 23 Nov.',
  );
  expect(recommendationWords(recommendation(), [], telling).why).toBe('');
});
