/** What is expected on which of the next days: recurring payments and incomes, and transfers that the forecast knows of. Pure. */
import { occurrencesOf } from '@quartersec/insights/calendar';
import { isRecurring, type UserData, type UserRecurring } from './answers.ts';
import { dayOf, weekdayOf } from './local-day.ts';

export const calendarDays = 45;

export interface DueEvent {
  readonly fingerprint: string;
  readonly day: number;
  /** The days in which it may come, where that is more than its day. */
  readonly fromDay: number;
  readonly toDay: number;
  /** Positive = money in. */
  readonly minor: number;
  readonly currency: string;
  readonly exponent: number | null;
  readonly name: string;
  readonly kind: 'income' | 'payment' | 'transfer';
  /** Seen often enough to rely on. */
  readonly isSure: boolean;
}

export interface CalendarDay {
  readonly day: number;
  readonly isPast: boolean;
  readonly isToday: boolean;
  readonly events: readonly DueEvent[];
}

function eventsOf(series: UserRecurring, today: number, lastDay: number): DueEvent[] {
  const dueDay = occurrencesOf(series);
  if (dueDay === undefined || series.currency === null) return [];
  const next = dueDay(0);
  const [before, after] = [next - (dayOf(series.nextFromDate) ?? next), (dayOf(series.nextToDate) ?? next) - next];
  const isIncome = series.direction === 'in';
  const events: DueEvent[] = [];
  for (let count = 0; ; count += 1) {
    const day = dueDay(count);
    if (day > lastDay) return events;
    if (day + after < today) continue;
    events.push({
      fingerprint: series.fingerprint,
      day: Math.max(day, today), // late, and still inside its band: expected any day
      fromDay: Math.max(day - before, today),
      toDay: day + after,
      minor: isIncome ? series.typicalMinor : -series.typicalMinor,
      currency: series.currency,
      exponent: series.exponent,
      name: series.counterparty ?? (isIncome ? 'Income' : 'Payment'),
      kind: isIncome ? 'income' : 'payment',
      isSure: series.status === 'mature',
    });
  }
}

/** Between the user's own accounts: the list of insights leaves them out, the forecast does not. */
function transfersOf({ insights, forecasts }: Pick<UserData, 'insights' | 'forecasts'>): DueEvent[] {
  const told = new Set(insights.map(({ fingerprint }) => fingerprint));
  return forecasts.flatMap(({ due, currency, exponent }) =>
    due.flatMap(({ date, minor, fingerprint, counterparty }): DueEvent[] => {
      const day = dayOf(date);
      if (day === undefined || told.has(fingerprint)) return [];
      const [fromDay, toDay] = [day, day];
      const name = counterparty ?? (minor < 0 ? 'To your own account' : 'From your own account');
      return [{ fingerprint, day, fromDay, toDay, minor, currency, exponent, name, kind: 'transfer', isSure: true }];
    }),
  );
}

/** @returns what is expected from today to `calendarDays` later, by day; of a day, the largest first */
export function dueEvents(data: Pick<UserData, 'insights' | 'forecasts'>, today: number): readonly DueEvent[] {
  const lastDay = today + calendarDays;
  const all = [
    ...data.insights.filter(isRecurring).flatMap((series) => eventsOf(series, today, lastDay)),
    ...transfersOf(data).filter(({ day }) => day >= today && day <= lastDay),
  ];
  return all.sort(
    (a, b) => a.day - b.day || Math.abs(b.minor) - Math.abs(a.minor) || (a.fingerprint < b.fingerprint ? -1 : 1),
  );
}

/** Whole weeks from Monday on, from this one to that of the last day. */
export function calendarOf(events: readonly DueEvent[], today: number): readonly CalendarDay[] {
  const firstDay = today - weekdayOf(today);
  const lastDay = today + calendarDays;
  const count = lastDay + 7 - weekdayOf(lastDay) - firstDay;
  return Array.from({ length: count }, (_, index) => {
    const day = firstDay + index;
    return {
      day,
      isPast: day < today || day > lastDay,
      isToday: day === today,
      events: events.filter((event) => event.day === day),
    };
  });
}

/** Of the largest income: smaller ones (interest, a refund each month) are not what an account lives on. */
const carryingShare = 0.5;

/** The next income that carries the household. */
export function nextIncome(events: readonly DueEvent[]): DueEvent | undefined {
  const incomes = events.filter(({ kind }) => kind === 'income');
  const largest = Math.max(0, ...incomes.map(({ minor }) => minor));
  return incomes.find(({ minor }) => minor >= carryingShare * largest);
}
