/** The bank's transaction in our words, or the fault that keeps it out. Pure. */
import {
  accountTransactionId,
  isDateTime,
  isMidnight,
  type Money,
  type RecordFlag,
  type Transaction,
  withContentHash,
} from '@quartersec/validation';
import type { ObukTransaction } from '@quartersec/validation/openbanking-uk';
import { dateIn, EARLIEST_DATE } from '../list-read/dates.ts';
import type { EntryContext, EntryReading, ListedEntry } from '../list-read/standard.ts';
import { type Fault, idFault } from '../quarantine.ts';
import { createTextReader, type TextReader } from '../stated-text.ts';
import { fingerprintParts, statedId } from './fingerprint.ts';
import { readSigned } from './signed-money.ts';

export function readEntry(listed: ListedEntry<ObukTransaction>, context: EntryContext): EntryReading {
  const { wire, dropped, id, status } = listed;
  const providerTransactionId = statedId(wire);
  if (providerTransactionId !== null && idFault(providerTransactionId) !== undefined)
    return refused('SCHEMA', '.TransactionId');
  // Whether it counts cannot be told without it.
  if (status === undefined) return refused('SCHEMA', '.Status', 'a status of the standard');
  const date = dateIn(wire.BookingDateTime);
  if (date === undefined) return refused('DATE_INVALID', '.BookingDateTime');
  const signed = readSigned(wire.Amount, wire.CreditDebitIndicator, '.Amount');
  if (!signed.ok) return signed;

  const reader = createTextReader();
  const { statedText, drop } = reader;
  const { money: amount, direction } = signed;
  const times = timesOf(wire, status, date);
  const other = direction === 'DBIT' ? wire.CreditorAccount : wire.DebtorAccount;
  const content = {
    status,
    amount,
    bookingDate: times.bookingDate,
    valueDate: times.valueDate,
    executionDate: times.executionDate,
    bookingDateTime: times.bookingDateTime,
    executionDateTime: null,
    counterpartyName: statedText(other?.Name),
    merchantName: statedText(wire.MerchantDetails?.MerchantName),
    description: statedText(wire.TransactionInformation),
    remittance: [statedText(wire.TransactionReference)].filter((line) => line !== null),
    bankTransactionCode: bankCodeOf(wire, statedText),
  };
  const merchantCategoryCode = statedText(wire.MerchantDetails?.MerchantCategoryCode);
  const runningBalance = runningBalanceOf(wire);
  if (runningBalance === undefined) drop();
  const isBooked = status === 'BOOK';
  const flags: RecordFlag[] = [];
  if (signed.overPrecise) flags.push('OVER_PRECISE');
  if (date < EARLIEST_DATE || (isBooked && date > context.latestDate)) flags.push('IMPLAUSIBLE_DATE');
  if (times.dropped) flags.push('DATE_DROPPED');
  if (reader.anyDropped() || dropped.length > 0) flags.push('MEMBER_DROPPED');
  return {
    ok: true,
    transaction: withContentHash({
      transactionId: idOf(listed, context, { status, date, amount }),
      accountId: context.account.accountId,
      providerTransactionId,
      idBasis: id === null ? 'content' : 'provider',
      direction,
      ...content,
      category: null,
      channel: null,
      supersedes: isBooked ? supersededBy(id, context) : null,
      flags,
      ...(merchantCategoryCode !== null && { merchantCategoryCode }),
      ...(runningBalance && { runningBalance }),
    }),
  };
}

/**
 * A booked entry is its id with its day and amount: some banks use one id for many. While it is pending its amount may still change, so that
 * there the id alone tells it.
 */
function idOf(
  { wire, id, occurrence }: ListedEntry<ObukTransaction>,
  context: EntryContext,
  said: { readonly status: Transaction['status']; readonly date: string; readonly amount: Money },
): string {
  const source = {
    provider: 'openbanking-uk',
    connectionId: context.connectionId,
    accountId: context.account.accountId,
  };
  if (id === null) {
    const parts = fingerprintParts(wire).map((part) => part.toWellFormed());
    return accountTransactionId(source, ['content', ...parts, String(occurrence)]);
  }
  if (said.status === 'PDNG') return pendingIdOf(id, context);
  const { minor, exponent, currency } = said.amount;
  return accountTransactionId(source, ['id', id, said.status, said.date, minor, String(exponent), currency ?? '']);
}

function pendingIdOf(id: string, { connectionId, account: { accountId } }: EntryContext): string {
  return accountTransactionId({ provider: 'openbanking-uk', connectionId, accountId }, ['pending', id]);
}

/** By the standard the id stays when a pending entry is booked. */
function supersededBy(id: string | null, context: EntryContext): string | null {
  return id === null || context.pendingIds.has(id) ? null : pendingIdOf(id, context);
}

interface Times {
  readonly bookingDate: string | null;
  readonly valueDate: string | null;
  readonly executionDate: string | null;
  readonly bookingDateTime: string | null;
  readonly dropped: boolean;
}

/** Only what is booked has a booking date; before that the same member says when it is expected. */
function timesOf(wire: ObukTransaction, status: Transaction['status'], date: string): Times {
  const isTime = isDateTime(wire.BookingDateTime);
  const isBooked = status === 'BOOK';
  const stated = wire.ValueDateTime ?? '';
  const valueDate = stated.trim() === '' ? null : (dateIn(stated) ?? null);
  return {
    bookingDate: isBooked ? date : null,
    valueDate,
    executionDate: isBooked ? null : date,
    bookingDateTime: isBooked && isTime && !isMidnight(wire.BookingDateTime) ? wire.BookingDateTime : null,
    dropped: (!isTime && wire.BookingDateTime.length > 10) || (stated.trim() !== '' && valueDate === null),
  };
}

function bankCodeOf(wire: ObukTransaction, statedText: TextReader['statedText']): string | null {
  const code = statedText(wire.BankTransactionCode?.Code);
  const subCode = statedText(wire.BankTransactionCode?.SubCode);
  if (code === null) return statedText(wire.ProprietaryBankTransactionCode?.Code);
  return subCode === null ? code : `${code}/${subCode}`;
}

/** @returns `null` where there is none, `undefined` where it cannot be read */
function runningBalanceOf({ Balance }: ObukTransaction): Money | null | undefined {
  if (!Balance) return null;
  const reading = readSigned(Balance.Amount, Balance.CreditDebitIndicator, '.Balance.Amount');
  return reading.ok ? reading.money : undefined;
}

function refused(reason: Fault['reason'], member: string, expected?: string): EntryReading {
  return { ok: false, fault: { reason, member, received: 'string', ...(expected !== undefined && { expected }) } };
}
