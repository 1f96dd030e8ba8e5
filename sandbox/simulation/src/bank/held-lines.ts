/** What stands against what the bank holds, as lines: entries without ids are told by no more. */
import type { BankHolding } from '@quartersec/sandbox-providers';
import { foldTransactions, type Head, type JournalEntry } from '@quartersec/storage';
import { decimal, negated, normalised } from './decimal-text.ts';

/** Account, signed amount, currency, state and day. */
const line = (...parts: readonly (string | null)[]) => parts.join(' ');

/** Of the accounts that the bank lists. @param from what happened before this day is not compared */
export function heldLines({ accounts, transactions }: BankHolding, from: string): readonly string[] {
  const open = new Set(accounts.filter(({ state }) => state === 'open').map(({ account_id }) => account_id));
  return Object.values(transactions)
    .filter(({ account_id, date }) => open.has(account_id) && date >= from)
    .map((each) =>
      line(
        each.account_id,
        normalised(negated(each.amount)),
        each.iso_currency_code,
        each.pending ? 'PDNG' : 'BOOK',
        each.date,
      ),
    )
    .sort();
}

export function standingLines(head: Head, entries: readonly JournalEntry[], from: string): readonly string[] {
  const open = new Map(
    head.accounts.filter(({ state }) => state === 'open').map((each) => [each.accountId, each.providerAccountId]),
  );
  return foldTransactions(entries)
    .map(({ transaction }) => transaction)
    .filter(({ accountId }) => open.has(accountId))
    .map(({ accountId, amount, status, bookingDate, executionDate, valueDate }) => ({
      date: bookingDate ?? executionDate ?? valueDate ?? '',
      of: [open.get(accountId) ?? '', decimal(amount.minor, amount.exponent), amount.currency, status] as const,
    }))
    .filter(({ date }) => date >= from)
    .map(({ date, of }) => line(...of, date))
    .sort();
}

/** As often as one side has a line more often than the other. */
export function lineDifferences(standing: readonly string[], held: readonly string[]): readonly string[] {
  const left = [...held];
  const tooMany = standing.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [...tooMany.map((each) => `stands: ${each}`), ...left.map((each) => `is held: ${each}`)];
}

/** Investments, and what has no ISO currency, are in neither standard. */
export function ofStandard(holding: BankHolding): BankHolding {
  const accounts = holding.accounts.filter(({ type }) => ['depository', 'credit', 'loan'].includes(type));
  return { ...holding, accounts };
}
