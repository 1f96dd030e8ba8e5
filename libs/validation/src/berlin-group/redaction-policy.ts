import type { RedactionPolicy } from '../redact-record.ts';

/** Members that say nothing of the person. Names, texts and account numbers are not among them, nor are ids: some banks make them of the IBAN. */
export const berlinRedactionPolicy: RedactionPolicy = {
  // Of an amount's object, and of the number in it.
  transactionAmount: 'amount',
  balanceAmount: 'amount',
  amount: 'amount',
  currency: 'id',
  bookingDate: 'date',
  valueDate: 'date',
  lastChangeDateTime: 'date',
  referenceDate: 'date',
  balanceType: 'word',
  creditLimitIncluded: 'word',
  cashAccountType: 'word',
  status: 'word',
  usage: 'word',
  bankTransactionCode: 'word',
};
