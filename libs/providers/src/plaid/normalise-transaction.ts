/** Plaid's transaction in our words, or the fault that keeps it out. Pure. */
import {
  contentHash,
  isDateTime,
  isLocalDate,
  isMidnight,
  moneySign,
  negateMoney,
  type RecordFlag,
  readNumberMoney,
  type Transaction,
  transactionId,
} from '@quartersec/validation';
import type { PlaidTransaction } from '@quartersec/validation/plaid';
import { type Fault, moneyFault } from './quarantine.ts';
import { statedText } from './stated-text.ts';

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

export function normaliseTransaction(wire: PlaidTransaction, context: TransactionContext): TransactionReading {
  if (wire.transaction_id.trim() === '') return refused('ID_BLANK', '.transaction_id');
  const accountId = context.accountIds.get(wire.account_id);
  if (accountId === undefined) return refused('ACCOUNT_UNKNOWN', '.account_id');
  const illFormed = illFormedMember(wire);
  if (illFormed !== undefined) return refused('SCHEMA', illFormed);
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
  const category = wire.personal_finance_category ?? null;
  return {
    ok: true,
    transaction: {
      transactionId: idOf(wire.transaction_id),
      accountId,
      providerTransactionId: wire.transaction_id,
      idBasis: 'provider',
      direction,
      ...content,
      category: category && { primary: category.primary, detailed: category.detailed },
      channel: statedText(wire.payment_channel),
      supersedes: pendingId === null ? null : idOf(pendingId),
      contentHash: contentHash(content),
      flags: flagsOf(money.overPrecise, times, context.latestDate),
    },
  };
}

function refused(reason: Fault['reason'], member: string): TransactionReading {
  return { ok: false, fault: { reason, member, received: 'string' } };
}

/** Stored as UTF-8 a lone surrogate would become another text, and its hash another hash. */
function illFormedMember(wire: PlaidTransaction): string | undefined {
  const meta = wire.payment_meta;
  const category = wire.personal_finance_category;
  const texts = {
    '.transaction_id': wire.transaction_id,
    '.account_id': wire.account_id,
    '.pending_transaction_id': wire.pending_transaction_id,
    '.name': wire.name,
    '.merchant_name': wire.merchant_name,
    '.payment_channel': wire.payment_channel,
    '.transaction_code': wire.transaction_code,
    '.payment_meta.payee': meta.payee,
    '.payment_meta.payer': meta.payer,
    '.payment_meta.reason': meta.reason,
    '.payment_meta.reference_number': meta.reference_number,
    '.personal_finance_category.primary': category?.primary,
    '.personal_finance_category.detailed': category?.detailed,
  };
  return Object.entries(texts).find(([, text]) => text?.isWellFormed() === false)?.[0];
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

function flagsOf(overPrecise: boolean, times: Times, latestDate: string): RecordFlag[] {
  // Text order is date order: all are YYYY-MM-DD.
  const implausible = [times.bookingDate, times.executionDate].some(
    (date) => date !== null && (date < EARLIEST_DATE || date > latestDate),
  );
  const flags: RecordFlag[] = [];
  if (overPrecise) flags.push('OVER_PRECISE');
  if (implausible) flags.push('IMPLAUSIBLE_DATE');
  if (times.dropped) flags.push('DATE_DROPPED');
  return flags;
}
