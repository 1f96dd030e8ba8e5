/** The few figures beside the headline. Pure. */
import { accountName, type UserData } from './answers.ts';
import { type DueEvent, nextIncome } from './due-calendar.ts';
import { dayOf, daysAway, shortDay } from './local-day.ts';
import { money } from './money.ts';
import { monthlyTotals, recurringRows } from './recurring-rows.ts';

export interface KeyFigure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

interface Sum {
  readonly currency: string;
  readonly exponent: number | null;
  readonly now: bigint;
  readonly later: bigint;
}

function currentSums({ forecasts }: Pick<UserData, 'forecasts'>): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const { currency, exponent, startMinor, days } of forecasts) {
    const sum = sums.get(currency) ?? { currency, exponent, now: 0n, later: 0n };
    const last = BigInt(days.at(-1)?.likelyMinor ?? startMinor);
    sums.set(currency, { ...sum, now: sum.now + BigInt(startMinor), later: sum.later + last });
  }
  return [...sums.values()];
}

const joined = (texts: readonly string[]) => texts.join(' + ');

/** @returns none where nothing is known */
export function keyFigures(data: UserData, events: readonly DueEvent[], today: number): readonly KeyFigure[] {
  const { forecasts, accounts, insights } = data;
  const sums = currentSums(data);
  const income = nextIncome(events);
  const bills = recurringRows(insights).filter(({ direction }) => direction === 'out');
  const totals = monthlyTotals(bills);
  const [first] = forecasts;
  const lastDay = dayOf(first?.days.at(-1)?.date);
  const whole = { whole: true } as const;
  return [
    ...(first === undefined
      ? []
      : [
          {
            name: 'On current accounts',
            value: joined(sums.map(({ now, currency, exponent }) => money(now, currency, exponent, whole))),
            note: forecasts.length === 1 ? accountName(accounts, first) : `${forecasts.length} accounts`,
          },
        ]),
    ...(lastDay === undefined
      ? []
      : [
          {
            name: `Likely on ${shortDay(lastDay)}`,
            value: joined(sums.map(({ later, currency, exponent }) => money(later, currency, exponent, whole))),
            note: `${joined(sums.map(({ now, later, currency, exponent }) => money(later - now, currency, exponent, { whole: true, signed: true })))} in 45 days`,
          },
        ]),
    ...(totals.length === 0
      ? []
      : [
          {
            name: 'Bills a month',
            value: joined(totals.map(({ outMinor, currency, exponent }) => money(outMinor, currency, exponent, whole))),
            note: bills.length === 1 ? 'one that comes back' : `${bills.length} that come back`,
          },
        ]),
    ...(income === undefined
      ? []
      : [
          {
            name: 'Next income',
            value: money(income.minor, income.currency, income.exponent, whole),
            note: `${shortDay(income.day)}, ${daysAway(income.day, today)}`,
          },
        ]),
  ];
}
