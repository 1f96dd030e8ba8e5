import type { RedactionPolicy } from '../redact-record.ts';

/** Members that say nothing of the person. Names, references, texts and account numbers are not among them. */
export const obukRedactionPolicy: RedactionPolicy = {
  AccountId: 'id',
  TransactionId: 'id',
  // Of an amount's object, and of the number in it.
  Amount: 'amount',
  Currency: 'id',
  CreditDebitIndicator: 'word',
  Status: 'word',
  TransactionMutability: 'word',
  BookingDateTime: 'date',
  ValueDateTime: 'date',
  DateTime: 'date',
  Type: 'word',
  AccountType: 'word',
  AccountSubType: 'word',
  AccountCategory: 'word',
  AccountTypeCode: 'word',
};
