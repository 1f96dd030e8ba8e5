/**
 * Records of Open Banking UK, and what a defect in one costs. A defect in an id, an amount, its sign, the status or the booking time costs
 * the record; anything else costs itself.
 */
import { recordKind } from '../record-kind.ts';
import { validateAccount, validateBalance, validateTransaction } from './validators.ts';
import type { ObukAccount, ObukBalance, ObukTransaction } from './wire-types.ts';

export const transactionRecord = recordKind<ObukTransaction>(validateTransaction, {
  essential: ['AccountId', 'TransactionId', 'Amount', 'CreditDebitIndicator', 'Status', 'BookingDateTime'],
  innerEssential: { Balance: new Set(['Amount', 'CreditDebitIndicator']) },
});

export const accountRecord = recordKind<ObukAccount>(validateAccount, { essential: ['AccountId'] });

/** A credit line that cannot be read costs the balance: whether borrowed money is in it cannot be told. */
export const balanceRecord = recordKind<ObukBalance>(validateBalance, {
  essential: ['AccountId', 'Amount', 'CreditDebitIndicator', 'Type', 'CreditLine'],
});
