/** A bank's statement, row by row, and what a user is told of it day after day: for tests by texts as banks print them. */
import { connectionInsights } from '../assess-connection.ts';
import { userInsights } from '../assess-user.ts';
import { addMonths, dateOf, dayOf } from '../day.ts';
import type { Feedback } from '../feedback.ts';
import type { Insight } from '../insight.ts';
import { applyChanges, emptyState, stateOf } from '../state.ts';
import type { Day } from '../view.ts';
import { viewOf } from '../view-of.ts';
import { sampleTransaction } from './sample-transaction.ts';

/** Date, minor units, the statement's text; of another account than `current`, its id. */
export type StatementRow = readonly [date: string, minor: number, text: string, account?: string];

interface Told {
  readonly first: Insight;
  readonly last: Insight;
  readonly firstDate: string;
}

const dayAt = (date: string): Day => {
  const day = dayOf(date);
  if (day === undefined) throw new RangeError(`${date} is no date`);
  return day;
};

/** Monday to Friday: on a Saturday or Sunday the Friday before, or the Monday after. */
export function workday(date: string, way: 'before' | 'after'): string {
  const day = dayAt(date);
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  if (weekday !== 0 && weekday !== 6) return date;
  return dateOf(way === 'before' ? day - (weekday === 6 ? 1 : 2) : day + (weekday === 6 ? 2 : 1));
}

/** Each month on the day of the first, as a bank books it. */
export function months(
  count: number,
  first: string,
  row: (date: string, index: number) => StatementRow,
): StatementRow[] {
  return Array.from({ length: count }, (_, index) => row(dateOf(addMonths(dayAt(first), index)), index));
}

export function days(every: number, count: number, first: string, row: (date: string, index: number) => StatementRow) {
  return Array.from({ length: count }, (_, index) => row(dateOf(dayAt(first) + every * index), index));
}

/**
 * @param feedback what the user has said from the start
 * @returns each insight that is told from the 60th day to `until`, as it was told first and last
 */
export function toldOf(
  rows: readonly StatementRow[],
  until: string,
  stepDays = 1,
  feedback: readonly Feedback[] = [],
): readonly Told[] {
  const transactions = rows.map(([date, minor, description, accountId = 'current'], index) => ({
    day: dayAt(date),
    transaction: sampleTransaction({ transactionId: `t${index}`, bookingDate: date, minor, description, accountId }),
  }));
  const accounts = [...new Set(transactions.map(({ transaction }) => transaction.accountId))].map((accountId) => ({
    accountId,
    identityBasis: 'iban' as const,
    providerAccountId: accountId,
    currency: 'EUR',
    type: 'CACC' as const,
    nature: 'asset' as const,
    name: null,
    mask: null,
    balances: [],
  }));
  const told = new Map<string, Told>();
  const from = Math.min(...transactions.map(({ day }) => day)) + 60;
  let state = emptyState;
  let since = Number.NEGATIVE_INFINITY;
  for (let today = from; today <= dayAt(until); today += stepDays) {
    const toldBetween = (first: Day) =>
      transactions.filter(({ day }) => day > first && day <= today).map(({ transaction }) => transaction);
    const changed = applyChanges(state, { added: toldBetween(since), modified: [], removed: [] });
    state = changed ?? stateOf(toldBetween(Number.NEGATIVE_INFINITY));
    since = today;
    const facts = { connectionId: 'c1', institutionId: 'i1', consentEndsDay: null, syncedDay: today };
    const view = viewOf([{ state, facts: { ...facts, isHistoryComplete: true, accounts } }], today);
    for (const insight of userInsights(view, connectionInsights, feedback).insights) {
      const id = `${insight.kind} ${insight.fingerprint}`;
      const before = told.get(id);
      told.set(id, { first: before?.first ?? insight, last: insight, firstDate: before?.firstDate ?? dateOf(today) });
    }
  }
  return [...told.values()];
}
