/** A forecast as a chart and as words: the band, what is due, how low it may get, what leaving something out changes. Pure. */
import { isRecurring, type UserData, type UserForecast, type UserInsight } from './answers.ts';
import { dateOf, dayOf } from './local-day.ts';
import { money } from './money.ts';

export interface ForecastPoints {
  /** Days since 1970, today first. */
  readonly days: readonly number[];
  readonly low: readonly number[];
  readonly likely: readonly number[];
  readonly high: readonly number[];
  /** Days on which something is due, with the sum of it. */
  readonly marks: readonly { readonly index: number; readonly minor: number }[];
  /** Index of the last day that known incomes carry. */
  readonly reliableIndex: number;
}

export interface LowPoint {
  readonly day: number;
  readonly minor: number;
}

/** What can be left out: a payment that is due in these days. */
export interface WhatIf {
  readonly fingerprint: string;
  readonly name: string;
  /** Of one time; absolute. */
  readonly minor: number;
  readonly currency: string;
  readonly exponent: number | null;
}

/** The first day of the forecast is tomorrow. @returns `undefined` where there is no forecast */
export function todayOf(forecasts: readonly UserForecast[]): number | undefined {
  const tomorrow = forecasts.flatMap(({ days }) => dayOf(days[0]?.date) ?? [])[0];
  return tomorrow === undefined ? undefined : tomorrow - 1;
}

export function forecastPoints({ startMinor, days, due, reliableDays }: UserForecast): ForecastPoints {
  const first = dayOf(days[0]?.date) ?? 1;
  const all = [{ lowMinor: startMinor, likelyMinor: startMinor, highMinor: startMinor }, ...days];
  const dueOn = new Map<number, number>();
  for (const { date, minor } of due) {
    const index = (dayOf(date) ?? 0) - first + 1;
    if (index > 0 && index < all.length) dueOn.set(index, (dueOn.get(index) ?? 0) + minor);
  }
  return {
    days: all.map((_, index) => first - 1 + index),
    low: all.map(({ lowMinor }) => lowMinor),
    likely: all.map(({ likelyMinor }) => likelyMinor),
    high: all.map(({ highMinor }) => highMinor),
    marks: [...dueOn].map(([index, minor]) => ({ index, minor })).sort((a, b) => a.index - b.index),
    reliableIndex: Math.min(reliableDays, all.length - 1),
  };
}

/** The first of the lowest days of a line. */
export function lowestOf(points: ForecastPoints, line: 'low' | 'likely'): LowPoint {
  const values = points[line].slice(0, points.reliableIndex + 1);
  const minor = Math.min(...values);
  return { minor, day: points.days[values.indexOf(minor)] ?? 0 };
}

/** The payments of this account that are due, each once, the largest first; incomes are not left out by wish. */
export function whatIfsOf(forecast: UserForecast, insights: readonly UserInsight[]): readonly WhatIf[] {
  const { due, currency, exponent } = forecast;
  const known = new Map(insights.filter(isRecurring).map((one) => [one.fingerprint, one]));
  const found = new Map<string, WhatIf>();
  for (const { fingerprint, minor, counterparty } of due) {
    if (minor >= 0 || found.has(fingerprint)) continue;
    const name = counterparty ?? known.get(fingerprint)?.counterparty ?? 'To your own account';
    found.set(fingerprint, { fingerprint, name, minor: -minor, currency, exponent });
  }
  return [...found.values()].sort((a, b) => b.minor - a.minor);
}

/** "Without Reelhouse: £13.69 more on 10 January." */
export function whatIfWords(before: UserForecast, after: UserForecast, names: readonly string[]): string {
  const [from, to] = [before.days.at(-1), after.days.at(-1)];
  if (from === undefined || to === undefined || names.length === 0) return '';
  const more = to.likelyMinor - from.likelyMinor;
  const amount = money(Math.abs(more), after.currency, after.exponent);
  const when = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });
  const list = new Intl.ListFormat('en-GB').format(names);
  return `Without ${list}: ${amount} ${more < 0 ? 'less' : 'more'} on ${when.format(Date.parse(to.date))}.`;
}

/** What the chart says, in one sentence. */
export function forecastWords(forecast: UserForecast): string {
  const { currency, exponent, startMinor, days } = forecast;
  const last = days.at(-1);
  if (last === undefined) return '';
  const told = (minor: number) => money(minor, currency, exponent, { whole: true });
  return `${told(startMinor)} today; on ${last.date} most likely ${told(last.likelyMinor)}, in eight of ten cases ${told(last.lowMinor)} to ${told(last.highMinor)}.`;
}

/** Rows of the table that stands for the chart: weekly, and each day on which something is due. */
export function forecastRows(forecast: UserForecast, data: Pick<UserData, 'insights'>) {
  const points = forecastPoints(forecast);
  const names = new Map(data.insights.map(({ fingerprint, counterparty }) => [fingerprint, counterparty]));
  return points.days.flatMap((day, index) => {
    const date = dateOf(day);
    const due = forecast.due.filter((one) => one.date === date);
    if (due.length === 0 && index % 7 !== 0) return [];
    return [
      {
        day,
        low: points.low[index] ?? 0,
        likely: points.likely[index] ?? 0,
        high: points.high[index] ?? 0,
        due: due.map(({ counterparty, fingerprint, minor }) => ({
          name: counterparty ?? names.get(fingerprint) ?? 'Between your own accounts',
          minor,
        })),
      },
    ];
  });
}
