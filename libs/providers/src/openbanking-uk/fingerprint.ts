/**
 * What tells one transaction of an account from another. The id is optional, and banks that send one have reissued it with each answer,
 * sent a blank, or used one id for many entries: so a booked entry is told by what it says too, and one without an id by all that it says
 * and a number among its equals. Pure, and of the bank's bytes alone.
 */
import type { ObukTransaction } from '@quartersec/validation/openbanking-uk';
import { sameAmount, sameText } from '../list-read/text.ts';

/** @returns the id verbatim; `null` where there is none, or a blank one */
export function statedId({ TransactionId }: ObukTransaction): string | null {
  return TransactionId === null || TransactionId === undefined || TransactionId.trim() === '' ? null : TransactionId;
}

/** As the bank prints it: equals are counted among the entries of one day. Banks list booked and pending ones of a day as they come. */
export function dayOf({ BookingDateTime }: ObukTransaction): string {
  return BookingDateTime.slice(0, 10);
}

/** All that an entry without an id says of itself, apart from what the bank may add later. */
export function fingerprintParts(wire: ObukTransaction): readonly string[] {
  const counterparty = wire.CreditDebitIndicator === 'Debit' ? wire.CreditorAccount : wire.DebtorAccount;
  return [
    wire.Status,
    dayOf(wire),
    sameAmount(wire.Amount.Amount),
    wire.Amount.Currency,
    wire.CreditDebitIndicator,
    (wire.ValueDateTime ?? '').slice(0, 10),
    sameText(wire.TransactionReference),
    sameText(wire.TransactionInformation),
    sameText(wire.MerchantDetails?.MerchantName),
    sameText(counterparty?.Name),
    sameText(wire.BankTransactionCode?.Code),
    sameText(wire.BankTransactionCode?.SubCode),
    sameText(wire.ProprietaryBankTransactionCode?.Code),
  ];
}
