/** Plaid's transaction in our words, or the fault that keeps it out. Pure. */
import {
  isDateTime,
  isLocalDate,
  isMidnight,
  moneySign,
  negateMoney,
  type RecordFlag,
  readNumberMoney,
  type Transaction,
  transactionId,
  type ValidationIssue,
  withContentHash,
} from '@quartersec/validation';
import type { PlaidTransaction } from '@quartersec/validation/plaid';
import { type Fault, idFault, moneyFault } from '../quarantine.ts';
import { createTextReader, type TextReader } from '../stated-text.ts';
import { keptMembers } from './kept-members.ts';

export interface TransactionContext {
  readonly connectionId: string;
  /** Our account ids, by the provider's. */
  readonly accountIds: ReadonlyMap<string, string>;
  /** Local date: anything later is implausible. */
  readonly latestDate: string;
}

export type TransactionReading =
  | { readonly ok: true; readonly transaction: Transaction }
  | { readonly ok: false; readonly fault: Fault };

/** No bank's records are older; a date before it is a default of some system. */
const EARLIEST_DATE = '1970-01-01';

/** @param dropped what the validation has left out of the record already */
export function normaliseTransaction(
  wire: PlaidTransaction,
  context: TransactionContext,
  dropped: readonly ValidationIssue[] = [],
): TransactionReading {
  const unusable = idFault(wire.transaction_id);
  if (unusable !== undefined) return refused(unusable, '.transaction_id');
  const accountId = context.accountIds.get(wire.account_id);
  if (accountId === undefined) return refused('ACCOUNT_UNKNOWN', '.account_id');
  // Without its link the pending record and the posted one would both stand.
  if (wire.pending_transaction_id?.isWellFormed() === false) return refused('SCHEMA', '.pending_transaction_id');
  if (!isLocalDate(wire.date)) return refused('DATE_INVALID', '.date');
  const money = readNumberMoney(wire.amount.literal, {
    currency: wire.iso_currency_code,
    unofficialCurrency: wire.unofficial_currency_code,
  });
  if (!money.ok) {
    const code = { member: '.iso_currency_code', value: wire.iso_currency_code };
    return { ok: false, fault: moneyFault(money.reason, '.amount', code) };
  }

  const amount = negateMoney(money.money); // Plaid's positive is money out
  const direction = moneySign(amount) < 0 ? 'DBIT' : 'CRDT';
  const times = timesOf(wire);
  const idOf = (providerTransactionId: string) =>
    transactionId({
      provider: 'plaid',
      connectionId: context.connectionId,
      providerTransactionId,
    });
  const reader = createTextReader();
  const { statedText } = reader;
  const content = {
    status: wire.pending ? ('PDNG' as const) : ('BOOK' as const),
    amount,
    bookingDate: times.bookingDate,
    valueDate: null,
    executionDate: times.executionDate,
    bookingDateTime: times.bookingDateTime,
    executionDateTime: times.executionDateTime,
    counterpartyName: statedText(direction === 'DBIT' ? wire.payment_meta.payee : wire.payment_meta.payer),
    merchantName: statedText(wire.merchant_name),
    description: statedText(wire.name),
    remittance: [wire.payment_meta.reason, wire.payment_meta.reference_number]
      .map(statedText)
      .filter((line) => line !== null),
    bankTransactionCode: statedText(wire.transaction_code),
  };
  const pendingId = statedText(wire.pending_transaction_id);
  const category = categoryOf(wire, statedText);
  const channel = statedText(wire.payment_channel);
  const kept = keptMembers(wire, reader);
  const flags = flagsOf({
    overPrecise: money.overPrecise,
    implausibleDate: isImplausible(times, context.latestDate),
    dateDropped: times.dropped || dropped.some(isOptionalDate),
    memberDropped: reader.anyDropped() || dropped.some((issue) => !isOptionalDate(issue)),
  });
  return {
    ok: true,
    transaction: withContentHash({
      transactionId: idOf(wire.transaction_id),
      accountId,
      providerTransactionId: wire.transaction_id,
      idBasis: 'provider',
      direction,
      ...content,
      category,
      channel,
      supersedes: pendingId === null ? null : idOf(pendingId),
      flags,
      ...kept,
    }),
  };
}

function refused(reason: Fault['reason'], member: string): TransactionReading {
  return { ok: false, fault: { reason, member, received: 'string' } };
}

/** One word alone would be half a category. */
function categoryOf(wire: PlaidTransaction, statedText: TextReader['statedText']): Transaction['category'] {
  const primary = statedText(wire.personal_finance_category?.primary);
  const detailed = statedText(wire.personal_finance_category?.detailed);
  if (primary === null || detailed === null) return null;
  const confidence = statedText(wire.personal_finance_category?.confidence_level);
  return { primary, detailed, ...(confidence !== null && { confidence }) };
}

interface Times {
  readonly bookingDate: string | null;
  readonly executionDate: string | null;
  readonly bookingDateTime: string | null;
  readonly executionDateTime: string | null;
  /** Something optional was no date. */
  readonly dropped: boolean;
}

/** While pending, `date` and `datetime` say when it happened; once posted, when it was booked. */
function timesOf(wire: PlaidTransaction): Times {
  let dropped = false;
  const keep = (text: string | null, isValid: (text: string) => boolean): string | null => {
    if (text === null || isValid(text)) return text;
    dropped = true;
    return null;
  };
  const keepTime = (text: string | null): string | null => {
    const time = keep(text, isDateTime);
    return time !== null && isMidnight(time) ? null : time; // filler of banks without times
  };
  const authorizedDate = keep(wire.authorized_date, isLocalDate);
  const authorizedTime = keepTime(wire.authorized_datetime);
  const time = keepTime(wire.datetime);
  const times = wire.pending
    ? {
        bookingDate: null,
        executionDate: authorizedDate ?? wire.date,
        bookingDateTime: null,
        executionDateTime: authorizedTime ?? time,
      }
    : {
        bookingDate: wire.date,
        executionDate: authorizedDate,
        bookingDateTime: time,
        executionDateTime: authorizedTime,
      };
  return { ...times, dropped };
}

function isImplausible({ bookingDate, executionDate }: Times, latestDate: string): boolean {
  // Text order is date order: all are YYYY-MM-DD.
  return [bookingDate, executionDate].some((date) => date !== null && (date < EARLIEST_DATE || date > latestDate));
}

const optionalDates: ReadonlySet<string> = new Set([
  '$input.datetime',
  '$input.authorized_date',
  '$input.authorized_datetime',
]);

function isOptionalDate({ path }: ValidationIssue): boolean {
  return optionalDates.has(path);
}

function flagsOf(facts: {
  readonly overPrecise: boolean;
  readonly implausibleDate: boolean;
  readonly dateDropped: boolean;
  readonly memberDropped: boolean;
}): RecordFlag[] {
  const flags: RecordFlag[] = [];
  if (facts.overPrecise) flags.push('OVER_PRECISE');
  if (facts.implausibleDate) flags.push('IMPLAUSIBLE_DATE');
  if (facts.dateDropped) flags.push('DATE_DROPPED');
  if (facts.memberDropped) flags.push('MEMBER_DROPPED');
  return flags;
}
