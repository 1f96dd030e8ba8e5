/**
 * What the user can do about an insight, and what it is worth. A benefit is reckoned from the user's own figures, or from an assumption
 * that stands here by its name; where neither is at hand it is `null`.
 */

import { isLumpy } from './category-pace.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { AccountForecast } from './forecast.ts';
import type { Insight, LowBalanceInsight, Recommendation } from './insight.ts';
import { placeKey } from './known-days.ts';
import { safeMinor } from './safe-minor.ts';
import type { AccountView, View } from './view.ts';

/** Assumed: what a plain savings account pays in a year, more than a current account does. */
export const savingsInterestPercent = 2;
/** Fees are of 90 days: four times as much in a year. */
const FEE_PERIODS_PER_YEAR = 4;

type Advice = Pick<Recommendation, 'action' | 'amountMinor' | 'account' | 'benefitMinor' | 'benefitPeriod'>;

/** What is known besides the insights. */
export interface Means {
  readonly view: View;
  readonly forecasts: readonly AccountForecast[];
}

export function recommend(insights: readonly Insight[], means: Means): Recommendation[] {
  return insights.flatMap((insight) => {
    const advice = adviceOn(insight, means);
    if (advice === undefined) return [];
    const { fingerprint, currency, confidencePercent, counterparty, evidence } = insight;
    return [
      {
        ...advice,
        fingerprint: fingerprintOf(advice.action, [fingerprint]),
        insights: [fingerprint],
        currency,
        confidencePercent,
        counterparty,
        evidence,
      },
    ];
  });
}

function adviceOn(insight: Insight, means: Means): Advice | undefined {
  switch (insight.kind) {
    case 'price-change':
      return advice('review-subscription', { benefitMinor: insight.yearlyMinor, benefitPeriod: 'yearly' });
    case 'duplicate-charge': {
      const amountMinor = safeMinor(Math.abs(insight.minor) * (insight.times - 1));
      return advice('dispute-charge', { amountMinor, benefitMinor: amountMinor, benefitPeriod: 'once' });
    }
    case 'missed':
      // A contract that ended needs nothing, and a late wage is not the user's to pay.
      if (insight.direction === 'in' || insight.status === 'ended') return undefined;
      return advice('check-payment', { amountMinor: insight.typicalMinor });
    case 'low-balance':
      return advice('move-money', { amountMinor: insight.shortMinor, account: sourceFor(insight, means) });
    case 'fees':
      return advice('avoid-fees', {
        benefitMinor: safeMinor(insight.totalMinor * FEE_PERIODS_PER_YEAR),
        benefitPeriod: 'yearly',
      });
    case 'idle-cash': {
      const benefitMinor = safeMinor((insight.idleMinor * savingsInterestPercent) / 100);
      const account = savingsFor(insight.currency, means.view);
      return advice('save-idle-cash', {
        amountMinor: insight.idleMinor,
        account,
        benefitMinor,
        benefitPeriod: 'yearly',
      });
    }
    case 'category-pace': {
      // What is spent is spent; rent and insurance do not slow down.
      const benefitMinor = insight.projectedMinor - Math.max(insight.usualMinor, insight.spentMinor);
      if (isLumpy(insight.category) || benefitMinor <= 0) return undefined;
      return advice('slow-spending', { benefitMinor: safeMinor(benefitMinor), benefitPeriod: 'once' });
    }
    case 'consent-ends':
      return advice('renew-consent', {});
    case 'balance-drift':
      return advice('refresh-connection', {});
    case 'recurring':
    case 'unusual-spend':
    case 'income-change':
    case 'savings-rate':
      return undefined;
  }
}

function advice(action: Recommendation['action'], rest: Partial<Advice>): Advice {
  return { action, amountMinor: null, account: null, benefitMinor: null, benefitPeriod: null, ...rest };
}

/**
 * The user's own account that can spare the amount: savings first, then a current account whose forecast stays above zero without it at
 * its low end.
 */
function sourceFor(insight: LowBalanceInsight, { view, forecasts }: Means): Recommendation['account'] {
  const spare = (account: AccountView): number => {
    const forecast = forecasts.find((one) => placeKey(one) === placeKey(account));
    const balance = account.balanceMinor ?? 0;
    if (account.type === 'SVGS') return balance;
    return forecast === undefined ? 0 : Math.min(balance, ...forecast.days.map(({ lowMinor }) => lowMinor));
  };
  const sources = view.accounts
    .filter(({ type, currency }) => (type === 'SVGS' || type === 'CACC') && currency === insight.currency)
    .filter((account) => placeKey(account) !== placeKey(insight) && spare(account) >= insight.shortMinor);
  return firstOf(sources, (account) => [account.type === 'SVGS' ? 0 : 1, -spare(account), placeKey(account)]);
}

function savingsFor(currency: string | null, view: View): Recommendation['account'] {
  const savings = view.accounts.filter((account) => account.type === 'SVGS' && account.currency === currency);
  return firstOf(savings, (account) => [0, -(account.balanceMinor ?? 0), placeKey(account)]);
}

function firstOf(
  accounts: readonly AccountView[],
  rank: (account: AccountView) => readonly [number, number, string],
): Recommendation['account'] {
  const [first] = [...accounts].sort((a, b) => {
    const [one, other] = [rank(a), rank(b)];
    return one[0] - other[0] || one[1] - other[1] || (one[2] < other[2] ? -1 : 1);
  });
  return first === undefined ? null : { connectionId: first.connectionId, accountId: first.accountId };
}
