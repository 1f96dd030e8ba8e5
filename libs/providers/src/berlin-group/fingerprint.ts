/**
 * What tells one entry of an account from another. Its id is optional, means something else at each bank, and has been reissued with each
 * answer: so a booked entry is told by what it says too, and one without an id by all that it says and a number among its equals. Pure, and
 * of the bank's bytes alone.
 */
import type { Transaction } from '@quartersec/validation';
import type { BerlinAmount, BerlinTransaction } from '@quartersec/validation/berlin-group';
import { sameAmount, sameText } from '../list-read/text.ts';

/** @returns the id verbatim, or the booking reference; `null` where there is neither, or blank ones */
export function statedId({ transactionId, entryReference }: BerlinTransaction): string | null {
  for (const id of [transactionId, entryReference]) if (typeof id === 'string' && id.trim() !== '') return id;
  return null;
}

/** Only what is booked has a day that a window knows; at some banks it is under the other name. */
export function dayOf(wire: BerlinTransaction, status: Transaction['status'] | undefined): string | null {
  return status === 'BOOK' ? (bookedText(wire)?.slice(0, 10) ?? null) : null;
}

/** A bank that prints one date means the day of booking by it. */
export function bookedText({ bookingDate, valueDate }: BerlinTransaction): string | undefined {
  return [bookingDate, valueDate].find((date) => typeof date === 'string' && date.trim() !== '') ?? undefined;
}

export function fingerprintParts(
  wire: BerlinTransaction,
  status: Transaction['status'] | undefined,
): readonly string[] {
  const { creditorAccount, debtorAccount } = wire;
  return [
    status ?? '',
    (wire.bookingDate ?? '').slice(0, 10),
    (wire.valueDate ?? '').slice(0, 10),
    sameAmount(amountText(wire.transactionAmount)),
    wire.transactionAmount.currency,
    sameText(wire.creditorName),
    sameText(wire.debtorName),
    sameText(creditorAccount?.iban ?? creditorAccount?.bban),
    sameText(debtorAccount?.iban ?? debtorAccount?.bban),
    ...remittanceOf(wire).map(sameText),
    sameText(wire.additionalInformation),
    sameText(wire.endToEndId),
    sameText(wire.mandateId),
    sameText(wire.checkId),
    sameText(wire.bankTransactionCode),
    sameText(wire.proprietaryBankTransactionCode),
  ];
}

/** Digits as printed, be it as a text or as a number. */
export function amountText({ amount }: BerlinAmount): string {
  return typeof amount === 'string' ? amount : amount.literal;
}

/** What the entry is for, whichever of its forms the bank uses. */
export function remittanceOf(wire: BerlinTransaction): readonly string[] {
  const structured = [wire.remittanceInformationStructured, ...(wire.remittanceInformationStructuredArray ?? [])];
  const lines = [
    wire.remittanceInformationUnstructured,
    ...(wire.remittanceInformationUnstructuredArray ?? []),
    ...structured.map((each) => (typeof each === 'string' ? each : each?.reference)),
  ];
  return [...new Set(lines.filter((line) => typeof line === 'string'))];
}
