/**
 * Records of the Berlin Group's standard, and what a defect in one costs. A defect in an id, an amount or a date costs the entry; anything
 * else costs itself.
 */
import { recordKind } from '../record-kind.ts';
import { validateAccount, validateBalance, validateTransaction } from './validators.ts';
import type { BerlinAccount, BerlinBalance, BerlinTransaction } from './wire-types.ts';

export const transactionRecord = recordKind<BerlinTransaction>(validateTransaction, {
  essential: ['transactionId', 'entryReference', 'transactionAmount', 'bookingDate', 'valueDate'],
  innerEssential: {
    balanceAfterTransaction: new Set(['balanceAmount', 'balanceType']),
    remittanceInformationStructured: new Set(['reference']),
    remittanceInformationStructuredArray: new Set(['reference']),
  },
});

/** Without its currency an account is read as one of several. */
export const accountRecord = recordKind<BerlinAccount>(validateAccount, {
  essential: ['resourceId', 'iban', 'bban'],
  standIns: { currency: 'XXX' } satisfies Partial<BerlinAccount>,
});

/** Whether borrowed money is in a balance has to be known. */
export const balanceRecord = recordKind<BerlinBalance>(validateBalance, {
  essential: ['balanceAmount', 'balanceType', 'creditLimitIncluded'],
});
