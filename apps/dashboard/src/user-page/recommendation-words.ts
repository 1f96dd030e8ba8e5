/** Recommendations in words: what to do, what it is worth, why. Pure. */
import { accountName, isAt, type UserInsight, type UserRecommendation } from './answers.ts';
import { insightWords, type Telling } from './insight-words.ts';
import { money } from './money.ts';

export interface RecommendationWords {
  /** What to do, as an invitation. */
  readonly action: string;
  /** "Saves £96.00 a year"; empty where it is not a sum of money. */
  readonly benefit: string;
  readonly why: string;
}

function actionOf(recommendation: UserRecommendation, insight: UserInsight | undefined, telling: Telling): string {
  const { action, amountMinor, currency, exponent, account, counterparty } = recommendation;
  const amount = amountMinor === null ? '' : money(amountMinor, currency, exponent);
  const who = counterparty ?? 'the payee';
  const { accounts } = telling;
  switch (action) {
    case 'review-subscription':
      return `Look at ${who} again: keep it, bargain or cancel`;
    case 'dispute-charge':
      return `Ask ${who} for ${amount} back`;
    case 'check-payment':
      return `Check whether ${who} was paid`;
    case 'move-money': {
      const to = insight !== undefined && 'accountId' in insight ? accountName(accounts, insight) : 'the account';
      const known = account !== null && accounts.some((one) => isAt(one, account));
      return known ? `Move ${amount} from ${accountName(accounts, account)} to ${to}` : `Put ${amount} into ${to}`;
    }
    case 'avoid-fees':
      return 'Avoid these fees';
    case 'save-idle-cash':
      return account === null ? `Put ${amount} to work` : `Move ${amount} to ${accountName(accounts, account)}`;
    case 'slow-spending':
      return insight?.kind === 'category-pace' ? `Go easy on ${insight.category} this month` : 'Go easy this month';
    case 'renew-consent':
      return 'Renew the access to your bank';
    case 'refresh-connection':
      return 'Read the bank again';
  }
}

export function recommendationWords(
  recommendation: UserRecommendation,
  insights: readonly UserInsight[],
  telling: Telling,
): RecommendationWords {
  const { benefitMinor, benefitPeriod, currency, exponent } = recommendation;
  const insight = insights.find(({ fingerprint }) => recommendation.insights.includes(fingerprint));
  const words = insight && insightWords(insight, telling);
  const period = benefitPeriod === 'yearly' ? ' a year' : '';
  const verb = recommendation.action === 'dispute-charge' ? 'Brings back' : 'Worth';
  return {
    action: actionOf(recommendation, insight, telling),
    benefit: benefitMinor === null ? '' : `${verb} ${money(benefitMinor, currency, exponent)}${period}`,
    why: words === undefined ? '' : `${words.title}. ${words.detail}`,
  };
}
