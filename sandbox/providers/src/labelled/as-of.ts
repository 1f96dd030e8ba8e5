/** A labelled household today: its time moved on by whole years, so that days of the month stay what they are, and cut there. */
import type { ItemHolding } from '../bank/item-bank.ts';
import { calendarDay, dayOf } from '../story/calendar.ts';
import type { LabelledHousehold } from './household.ts';
import { heldAccountOf, heldOf } from './plaid-json.ts';

/**
 * @param connection one of its banks
 * @param today virtual day
 * @returns what that bank holds; `undefined` where the household has no such bank
 */
export function householdAsOf(
  household: LabelledHousehold,
  connection: number,
  today: number,
): ItemHolding | undefined {
  if (connection >= household.connections.length) return undefined;
  const years = yearsUntil(household.lastDay, today);
  // Its own day that is today by now.
  let ownToday = household.lastDay;
  while (inYears(ownToday, years) > today) ownToday -= 1;
  const accounts = household.accounts.flatMap((account, index) =>
    account.connection === connection ? [heldAccountOf(household, index, ownToday)] : [],
  );
  const transactions = household.transactions.flatMap((transaction) => {
    if (transaction.connection !== connection || transaction.isMissing) return [];
    const { toldDay, pendingDay, pendingId } = transaction;
    const isPending = toldDay > ownToday;
    if (isPending && (pendingDay === null || pendingId === null || pendingDay > ownToday)) return [];
    const moved = {
      ...transaction,
      day: inYears(transaction.day, years),
      pendingDay: pendingDay === null ? null : inYears(pendingDay, years),
    };
    return [heldOf(household, moved, isPending)];
  });
  return { accounts, transactions };
}

function yearsUntil(lastDay: number, today: number): number {
  let years = 0;
  while (inYears(lastDay, years) < today) years += 1;
  return years;
}

/** The same day so many years on; 29 February becomes the 28th where there is none. */
function inYears(day: number, years: number): number {
  if (years === 0) return day;
  const { text } = calendarDay(day);
  const year = String(Number(text.slice(0, 4)) + years);
  const isLeapDay = text.endsWith('-02-29') && new Date(Date.UTC(Number(year), 1, 29)).getUTCMonth() !== 1;
  return dayOf(`${year}${isLeapDay ? '-02-28' : text.slice(4)}`);
}
