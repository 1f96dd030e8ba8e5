import type { Transaction } from '@quartersec/validation';

type Given = Partial<Transaction> & { readonly minor?: number; readonly currency?: string };

/** A booked payment of 10.00 EUR; `minor` and `currency` are short for `amount`. */
export function sampleTransaction({ minor = -1_000, currency = 'EUR', ...given }: Given = {}): Transaction {
  return {
    transactionId: 't1',
    accountId: 'a1',
    providerTransactionId: null,
    idBasis: 'provider',
    status: 'BOOK',
    amount: { minor: String(minor), exponent: 2, currency, unofficialCurrency: null },
    direction: minor < 0 ? 'DBIT' : 'CRDT',
    bookingDate: '2026-03-01',
    valueDate: null,
    executionDate: null,
    bookingDateTime: null,
    executionDateTime: null,
    counterpartyName: null,
    merchantName: null,
    description: null,
    remittance: [],
    category: null,
    channel: null,
    bankTransactionCode: null,
    supersedes: null,
    contentHash: 'h',
    flags: [],
    ...given,
  };
}
