/** What a full read speaks of, be it by lacking it: each account from a day on. Pure. */
import type { Transaction } from '@quartersec/validation';
import type { StandingAccount } from './model.ts';

/**
 * @param read what the read has
 * @param isOpen ids of the open accounts: one of which the read has nothing is covered as far back as the account with the shortest history
 */
export function coverageOf(
  read: readonly Transaction[],
  isOpen: ReadonlySet<string>,
): (transaction: Transaction) => boolean {
  const earliest = earliestDates(read);
  const shortest = [...earliest.values()].reduce<string | undefined>(
    (latest, date) => (latest === undefined || date > latest ? date : latest),
    undefined,
  );
  return (transaction) => {
    const from = earliest.get(transaction.accountId) ?? (isOpen.has(transaction.accountId) ? shortest : undefined);
    if (from === undefined) return false;
    const date = coveredDate(transaction);
    return date === null || date >= from; // a pending record is recent by nature
  };
}

export function openIn(accounts: readonly StandingAccount[]): ReadonlySet<string> {
  return new Set(accounts.filter(({ state }) => state === 'open').map(({ accountId }) => accountId));
}

/** By account: the first booking date of its records. Dates that no bank can have printed open no window. */
export function earliestDates(transactions: readonly Transaction[]): ReadonlyMap<string, string> {
  const earliest = new Map<string, string>();
  for (const transaction of transactions) {
    const date = coveredDate(transaction);
    const known = earliest.get(transaction.accountId);
    if (date !== null && (known === undefined || date < known)) earliest.set(transaction.accountId, date);
  }
  return earliest;
}

/** @returns `null` for a pending record, and for a date that cannot be one */
export function coveredDate({ status, bookingDate, flags }: Transaction): string | null {
  return status === 'PDNG' || flags.includes('IMPLAUSIBLE_DATE') ? null : bookingDate;
}
