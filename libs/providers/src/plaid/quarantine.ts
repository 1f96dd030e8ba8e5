/** A record that has Plaid's shape and still cannot be read exactly. */
import type { JsonType, QuarantinedRecord, QuarantineReason } from '@quartersec/validation';
import { redactRecord, stringifyExact } from '@quartersec/validation';
import { plaidRedactionPolicy } from '@quartersec/validation/plaid';

/** Why, and at which of the record's members; never with a value. */
export interface Fault {
  readonly reason: QuarantineReason;
  /** E.g. `.balances.current`. */
  readonly member: string;
  readonly received: JsonType;
}

const expectations: Readonly<Record<QuarantineReason, string>> = {
  SCHEMA: 'a readable value',
  AMOUNT_INEXACT: 'an amount of at most 34 digits and 18 decimals',
  CURRENCY_UNKNOWN: 'a currency that money can be in',
  CURRENCY_AMBIGUOUS: 'one currency code, not two',
  SUSPECT_SCALE: 'no decimals in a currency that has none',
  ACCOUNT_UNKNOWN: 'an account of this connection',
  DATE_INVALID: 'a calendar date, YYYY-MM-DD',
  ID_BLANK: 'an id that is not blank',
};

/** @param path of the record in the page, e.g. `$input.added[3]` */
export function quarantine(path: string, record: unknown, fault: Fault): QuarantinedRecord {
  return {
    path: `${path}${fault.member}`,
    reason: fault.reason,
    expected: expectations[fault.reason],
    received: fault.received,
    redacted: redactRecord(record, plaidRedactionPolicy),
  };
}

/** A transaction that may be readable later, when its account is listed or a newer version knows its form. */
export function setAside(path: string, record: unknown, fault: Fault): QuarantinedRecord {
  return { ...quarantine(path, record, fault), original: stringifyExact(record) };
}

/** Where money could not be read: at the amount, or at the code that says what it is in. */
export function moneyFault(
  reason: QuarantineReason,
  amountMember: string,
  code: { readonly member: string; readonly value: string | null },
): Fault {
  const atCode = reason === 'CURRENCY_UNKNOWN' || reason === 'CURRENCY_AMBIGUOUS';
  return atCode
    ? { reason, member: code.member, received: code.value === null ? 'null' : 'string' }
    : { reason, member: amountMember, received: 'number' };
}

/** Why a text cannot be an id; a lone surrogate would be hashed as another text. `undefined` where it can. */
export function idFault(id: string): 'ID_BLANK' | 'SCHEMA' | undefined {
  if (id.trim() === '') return 'ID_BLANK';
  return id.isWellFormed() ? undefined : 'SCHEMA';
}
