/** The order in which transactions are read: newest first, by booking date. */
import type { Transaction } from '@quartersec/validation';

/** Behind all dates. */
export const undated = '9999-12-31';

/** The date that a reader sorts and filters by: booked, else when it happened, else the value date. */
export function readingDate({
  bookingDate,
  executionDate,
  valueDate,
}: Pick<Transaction, 'bookingDate' | 'executionDate' | 'valueDate'>): string {
  return bookingDate ?? executionDate ?? valueDate ?? undated;
}

/** Where a record stands in the order of a reading. */
export interface ReadingPlace {
  readonly date: string;
  readonly transactionId: string;
}

export function readingPlace(transaction: Transaction): ReadingPlace {
  return { date: readingDate(transaction), transactionId: transaction.transactionId };
}

/** A total order: by date, then by id, so that a page can go on behind any record. */
export function compareNewestFirst(left: ReadingPlace, right: ReadingPlace): number {
  if (left.date !== right.date) return left.date > right.date ? -1 : 1;
  if (left.transactionId === right.transactionId) return 0;
  return left.transactionId > right.transactionId ? -1 : 1;
}
