/** A record that has its provider's shape and still cannot be read exactly. */
import {
  type JsonType,
  type QuarantinedRecord,
  type QuarantineReason,
  type RedactionPolicy,
  redactRecord,
  stringifyExact,
} from '@quartersec/validation';

/** Why, and at which of the record's members; never with a value. */
export interface Fault {
  readonly reason: QuarantineReason;
  /** E.g. `.balances.current`. */
  readonly member: string;
  readonly received: JsonType;
  /** Where the reason's own words do not say what is wrong. */
  readonly expected?: string;
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

/** How one provider's records are set aside. Paths are those of the record in the page, e.g. `$input.added[3]`. */
export interface Quarantine {
  quarantine(path: string, record: unknown, fault: Fault): QuarantinedRecord;
  /**
   * A transaction that may be readable later, when its account is listed or a newer version knows its form.
   * @param kept the record with what its page alone says of it; default: the record
   */
  setAside(path: string, record: unknown, fault: Fault, kept?: unknown): QuarantinedRecord;
}

/** @param policy what of the record may show */
export function createQuarantine(policy: RedactionPolicy): Quarantine {
  const quarantine: Quarantine['quarantine'] = (path, record, fault) => ({
    path: `${path}${fault.member}`,
    reason: fault.reason,
    expected: fault.expected ?? expectations[fault.reason],
    received: fault.received,
    redacted: redactRecord(record, policy),
  });
  return {
    quarantine,
    setAside: (path, record, fault, kept = record) => ({
      ...quarantine(path, record, fault),
      original: stringifyExact(kept),
    }),
  };
}

/** Where money could not be read: at the amount, or at the code that says what it is in. */
export function moneyFault(
  reason: QuarantineReason,
  amountMember: string,
  code: { readonly member: string; readonly value: string | null },
  received: JsonType = 'number',
): Fault {
  const atCode = reason === 'CURRENCY_UNKNOWN' || reason === 'CURRENCY_AMBIGUOUS';
  return atCode
    ? { reason, member: code.member, received: code.value === null ? 'null' : 'string' }
    : { reason, member: amountMember, received };
}

/** Why a text cannot be an id; a lone surrogate would be hashed as another text. `undefined` where it can. */
export function idFault(id: string): 'ID_BLANK' | 'SCHEMA' | undefined {
  if (id.trim() === '') return 'ID_BLANK';
  return id.isWellFormed() ? undefined : 'SCHEMA';
}
