/** Insights in words. Names are data: they are given as text and escaped where they are shown. Pure. */
import { accountName, type UserAccount, type UserInsight } from './answers.ts';
import { dayOf, daysAway, monthName, toldDate } from './local-day.ts';
import { money } from './money.ts';

export interface InsightWords {
  readonly title: string;
  readonly detail: string;
}

export interface Telling {
  readonly accounts: readonly UserAccount[];
  readonly today: number;
  readonly todayDate: string;
}

type Kind = UserInsight['kind'];

/** Headings of the groups, in the order in which they are shown; recurring ones have a list of their own. */
export const groupTitles = {
  'low-balance': 'Running short',
  missed: 'Missing',
  'duplicate-charge': 'Charged twice',
  'price-change': 'Prices',
  'unusual-spend': 'Unusual',
  'category-pace': 'This month',
  fees: 'Fees',
  'income-change': 'Income',
  'savings-rate': 'Saving',
  'idle-cash': 'Idle money',
  'balance-drift': 'Data',
  'consent-ends': 'Access',
  recurring: 'Recurring',
} as const satisfies Record<Kind, string>;

export const cadenceWords = {
  weekly: 'weekly',
  fortnightly: 'every two weeks',
  semimonthly: 'twice a month',
  monthly: 'monthly',
  quarterly: 'quarterly',
  yearly: 'yearly',
} as const;

const feeWords = { fees: 'Fees', interest: 'Interest', foreign: 'Costs of foreign currency' } as const;

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export function insightWords(insight: UserInsight, { accounts, today, todayDate }: Telling): InsightWords {
  const { currency, exponent } = insight;
  const amount = (minor: number) => money(minor, currency, exponent);
  const size = (minor: number) => amount(Math.abs(minor));
  const who = insight.counterparty ?? 'A counterparty without a name';
  const date = (text: string) => toldDate(text, todayDate);
  switch (insight.kind) {
    case 'recurring':
      return {
        title: `${who}: ${amount(insight.typicalMinor)} ${cadenceWords[insight.cadence]}`,
        detail: `Next on ${date(insight.nextDate)}, seen ${insight.occurrences} times.`,
      };
    case 'price-change': {
      const rise = `${amount(insight.beforeMinor)} to ${amount(insight.afterMinor)}`;
      const why = insight.reason === 'rise' ? 'went up' : 'is back at its full price';
      return {
        title: `${who} ${why}: ${rise}`,
        detail: `${amount(insight.yearlyMinor)} more in a year, since ${date(insight.date)}.`,
      };
    }
    case 'missed': {
      const by = date(insight.expectedToDate);
      const what = insight.direction === 'in' ? 'income' : 'payment';
      return insight.status === 'ended'
        ? {
            title: `${who} seems to have ended`,
            detail: `The ${what} of ${amount(insight.typicalMinor)} has not come more than once.`,
          }
        : {
            title: `The ${what} ${insight.direction === 'in' ? 'from' : 'to'} ${who} has not come`,
            detail: `${amount(insight.typicalMinor)} was expected by ${by}.`,
          };
    }
    case 'duplicate-charge':
      return {
        title: `${who} charged ${size(insight.minor)} ${insight.times === 2 ? 'twice' : `${insight.times} times`}`,
        detail: `Same amount, same account, within two days of ${date(insight.date)}.`,
      };
    case 'unusual-spend':
      return {
        title: `${who}: ${size(insight.minor)}, far more than usual`,
        detail: `Usually about ${size(insight.usualMinor)}; this one was on ${date(insight.date)}.`,
      };
    case 'category-pace': {
      const share =
        insight.usualMinor === 0 ? null : Math.round((insight.projectedMinor / insight.usualMinor - 1) * 100);
      const above = share === null ? 'above the usual' : `${share} % above the usual`;
      const month = monthName(dayOf(`${insight.month}-01`) ?? 0);
      return {
        title: `${capital(insight.category)} runs ${above}`,
        detail: `${amount(insight.spentMinor)} so far in ${month}, heading for ${amount(insight.projectedMinor)}; usual are ${amount(insight.usualMinor)}.`,
      };
    }
    case 'low-balance': {
      const day = dayOf(insight.date) ?? today;
      return {
        title: `${accountName(accounts, insight)} may run short ${daysAway(day, today)}`,
        detail: `Between ${amount(insight.lowMinor)} and ${amount(insight.highMinor)} on ${date(insight.date)}, most likely ${amount(insight.likelyMinor)}.`,
      };
    }
    case 'fees':
      return {
        title: `${feeWords[insight.of]}: ${amount(insight.totalMinor)} in 90 days`,
        detail: `${insight.times === 1 ? 'Once' : `${insight.times} times`} since ${date(insight.fromDate)}.`,
      };
    case 'income-change': {
      const up = insight.afterMinor > insight.beforeMinor;
      return {
        title: `${who} pays ${up ? 'more' : 'less'}: ${amount(insight.afterMinor)}`,
        detail: `Before it was ${amount(insight.beforeMinor)}, ${cadenceWords[insight.cadence]}.`,
      };
    }
    case 'savings-rate': {
      const up = insight.afterPercent > insight.beforePercent;
      return {
        title: `You keep ${up ? 'more' : 'less'} of your income: ${insight.afterPercent} %`,
        detail: `In the three months before it was ${insight.beforePercent} %.`,
      };
    }
    case 'idle-cash':
      return {
        title: `${amount(insight.idleMinor)} lies idle`,
        detail: `${accountName(accounts, insight)} has held more than three months of spending for 60 days.`,
      };
    case 'balance-drift':
      return {
        title: `${accountName(accounts, insight)}: records are missing`,
        detail: `The balance is ${amount(insight.actualMinor)}; what was booked comes to ${amount(insight.expectedMinor)}.`,
      };
    case 'consent-ends':
      return {
        title: `Access to a bank ends ${daysAway(today + insight.days, today)}`,
        detail: `Renew it before ${date(insight.date)}, or its data stop.`,
      };
  }
}
