/** What matters most today, in one sentence. Pure. */
import { accountName, type UserData, type UserInsight } from './answers.ts';
import { type DueEvent, nextIncome } from './due-calendar.ts';
import { forecastPoints, lowestOf } from './forecast-points.ts';
import { capital, insightWords, type Telling } from './insight-words.ts';
import { dayOf, shortDay } from './local-day.ts';
import { money } from './money.ts';
import { pageState } from './page-state.ts';

export interface Headline {
  readonly tone: 'good' | 'warn' | 'bad' | 'still';
  readonly text: string;
  readonly detail: string;
}

export const billDays = 30;

/** What cannot wait, before what can. */
const pressing: readonly UserInsight['kind'][] = ['duplicate-charge', 'missed', 'unusual-spend'];

/** Not answered yet: neither found right, nor what can be done about it put away. */
function isOpen(insight: UserInsight, { recommendations }: UserData): boolean {
  if (insight.isConfirmed) return false;
  if (insight.kind === 'unusual-spend') return true; // nothing can be done about it, and it should be known
  if (insight.kind === 'missed' && insight.direction === 'in') return true;
  return recommendations.some(({ insights }) => insights.includes(insight.fingerprint));
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function sums(events: readonly DueEvent[]): string {
  const byCurrency = new Map<string, DueEvent & { total: bigint }>();
  for (const event of events) {
    const sum = byCurrency.get(event.currency);
    byCurrency.set(event.currency, { ...event, total: (sum?.total ?? 0n) + BigInt(Math.abs(event.minor)) });
  }
  return [...byCurrency.values()]
    .map(({ total, currency, exponent }) => money(total, currency, exponent))
    .join(' and ');
}

/** "7 payments of £1,409.31 in the next 30 days; next income £1,000.71 on 8 Dec." */
function outlook(events: readonly DueEvent[], today: number): string {
  const soon = events.filter(({ day }) => day <= today + billDays);
  const payments = soon.filter(({ kind }) => kind === 'payment');
  const income = nextIncome(events);
  const parts = [
    ...(payments.length === 0
      ? []
      : [`${plural(payments.length, 'payment')} of ${sums(payments)} in the next ${billDays} days`]),
    ...(income === undefined
      ? []
      : [`next income ${money(income.minor, income.currency, income.exponent)} on ${shortDay(income.day)}`]),
  ];
  return parts.length === 0 ? '' : `${capital(parts.join('; '))}.`;
}

function shortage({ insights, accounts }: UserData): Headline | undefined {
  const found = insights.filter((one) => one.kind === 'low-balance').sort((a, b) => (a.date < b.date ? -1 : 1))[0];
  if (found === undefined) return undefined;
  const { shortMinor, currency, exponent, date, likelyMinor } = found;
  const day = dayOf(date);
  const when = day === undefined ? date : shortDay(day);
  const amount = money(shortMinor, currency, exponent);
  const [tone, may] = likelyMinor < 0 ? (['bad', 'will likely'] as const) : (['warn', 'may'] as const);
  return { tone, text: `${accountName(accounts, found)} ${may} run short by ${amount} around ${when}.`, detail: '' };
}

/** The lowest point that any account is likely to come to, where a forecast is sure enough. */
function lowestWords({ forecasts, accounts }: UserData): string {
  const lows = forecasts.map((forecast) => ({ forecast, low: lowestOf(forecastPoints(forecast), 'low') }));
  const [lowest] = lows.sort((a, b) => a.low.minor - b.low.minor);
  if (lowest === undefined) return '';
  const { forecast, low } = lowest;
  const amount = money(low.minor, forecast.currency, forecast.exponent, { whole: true });
  return `${accountName(accounts, forecast)} does not go below ${amount} in eight of ten cases.`;
}

export function headlineOf(data: UserData, events: readonly DueEvent[], telling: Telling): Headline {
  const state = pageState(data);
  if (state === 'empty') {
    return { tone: 'still', text: 'No bank is linked yet.', detail: 'Link one, and this page fills by itself.' };
  }
  if (state === 'reading') {
    return { tone: 'still', text: 'Your bank is being read for the first time.', detail: 'That takes a few seconds.' };
  }
  if (state === 'waiting') {
    return { tone: 'warn', text: 'Your bank needs you.', detail: 'Nothing can be read from it until then.' };
  }
  const detail = outlook(events, telling.today);
  const short = shortage(data);
  if (short !== undefined) return { ...short, detail };
  const urgent = pressing.flatMap(
    (kind) => data.insights.find((one) => one.kind === kind && isOpen(one, data)) ?? [],
  )[0];
  if (urgent !== undefined) {
    return { tone: 'warn', text: `${insightWords(urgent, telling).title}.`, detail };
  }
  if (data.connections.some(({ userAction }) => userAction !== 'none')) {
    return { tone: 'warn', text: 'One of your banks needs you: its data stand still.', detail };
  }
  if (data.forecasts.length === 0) return { tone: 'still', text: 'Your accounts are up to date.', detail };
  const isCovered = data.forecasts.every((forecast) => lowestOf(forecastPoints(forecast), 'low').minor >= 0);
  if (!isCovered) return { tone: 'warn', text: 'A balance may come close to zero in the next weeks.', detail };
  const hasBills = events.some(({ kind, day }) => kind === 'payment' && day <= telling.today + billDays);
  const text = hasBills ? `All bills of the next ${billDays} days are covered.` : 'Nothing is due that is not covered.';
  return { tone: 'good', text, detail: [detail, lowestWords(data)].filter((part) => part !== '').join(' ') };
}
