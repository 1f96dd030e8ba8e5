/** The statuses of both versions: 4.0 sends ISO 20022's codes. */
import type { Transaction } from '@quartersec/validation';
import type { ObukTransaction } from '@quartersec/validation/openbanking-uk';

const statuses: ReadonlyMap<string, Transaction['status']> = new Map([
  ['Booked', 'BOOK'],
  ['Pending', 'PDNG'],
  ['Rejected', 'RJCT'],
  ['BOOK', 'BOOK'],
  ['PDNG', 'PDNG'],
  ['RJCT', 'RJCT'],
  ['INFO', 'INFO'],
  ['FUTR', 'FUTR'],
]);

/** @returns `undefined` for a status that nobody published: whether it counts cannot be told */
export function statusOf({ Status }: ObukTransaction): Transaction['status'] | undefined {
  return statuses.get(Status);
}
