/** The bank's entry in our words, or the fault that keeps it out. Pure. */
import {
  type Account,
  accountTransactionId,
  isDateTime,
  isMidnight,
  type Money,
  moneySign,
  type RecordFlag,
  type Transaction,
  withContentHash,
} from '@quartersec/validation';
import type { BerlinTransaction } from '@quartersec/validation/berlin-group';
import { dateIn, EARLIEST_DATE } from '../list-read/dates.ts';
import type { EntryContext, EntryReading, ListedEntry } from '../list-read/standard.ts';
import { type Fault, idFault } from '../quarantine.ts';
import { createTextReader } from '../stated-text.ts';
import { bookedText, fingerprintParts, remittanceOf, statedId } from './fingerprint.ts';
import { isSameAccount, severalCurrencies } from './identity.ts';
import { amountFault, readAmount } from './read-account.ts';

export function readEntry(
  listed: ListedEntry<BerlinTransaction>,
  context: EntryContext,
  institutionId: string,
): EntryReading {
  const { wire, dropped, id, status = 'PDNG' } = listed;
  const { account } = context;
  const providerTransactionId = statedId(wire);
  if (providerTransactionId !== null && idFault(providerTransactionId) !== undefined)
    return refused({ reason: 'SCHEMA', member: '.transactionId', received: 'string' });
  const isBooked = status === 'BOOK';
  const times = timesOf(wire, isBooked);
  if ('fault' in times) return refused(times.fault);
  const money = readAmount(wire.transactionAmount);
  if (!money.ok) return refused(amountFault(money.reason, wire.transactionAmount, '.transactionAmount'));
  const amount = money.money;
  const wrong = currencyFault(amount, account) ?? sideFault(wire, amount, account, institutionId);
  if (wrong !== undefined) return refused(wrong);

  const reader = createTextReader();
  const { statedText, drop } = reader;
  const direction = moneySign(amount) < 0 ? 'DBIT' : 'CRDT';
  const content = {
    status,
    amount,
    bookingDate: times.bookingDate,
    valueDate: times.valueDate,
    executionDate: times.executionDate,
    bookingDateTime: times.bookingDateTime,
    executionDateTime: null,
    counterpartyName: statedText(direction === 'DBIT' ? wire.creditorName : wire.debtorName),
    merchantName: null,
    description: statedText(wire.additionalInformation),
    remittance: remittanceOf(wire)
      .map(statedText)
      .filter((line) => line !== null),
    bankTransactionCode: statedText(wire.bankTransactionCode) ?? statedText(wire.proprietaryBankTransactionCode),
  };
  const checkNumber = statedText(wire.checkId);
  const runningBalance = runningBalanceOf(wire);
  if (runningBalance === undefined) drop();
  const flags: RecordFlag[] = [];
  const { bookingDate } = times;
  if (money.overPrecise) flags.push('OVER_PRECISE');
  if (bookingDate !== null && (bookingDate < EARLIEST_DATE || bookingDate > context.latestDate))
    flags.push('IMPLAUSIBLE_DATE');
  if (times.dropped) flags.push('DATE_DROPPED');
  if (reader.anyDropped() || dropped.length > 0) flags.push('MEMBER_DROPPED');
  return {
    ok: true,
    transaction: withContentHash({
      transactionId: idOf(listed, context, { status, date: bookingDate ?? '', amount }),
      accountId: account.accountId,
      providerTransactionId,
      idBasis: id === null ? 'content' : 'provider',
      direction,
      ...content,
      category: null,
      channel: null,
      // The standard does not promise that an entry keeps its id when it is booked: the window takes the pending one away.
      supersedes: null,
      flags,
      ...(checkNumber !== null && { checkNumber }),
      ...(runningBalance && { runningBalance }),
    }),
  };
}

/** A booked entry is its id with its day and amount: some banks use one id for many. While it is pending both may still change. */
function idOf(
  { wire, id, occurrence, status }: ListedEntry<BerlinTransaction>,
  { connectionId, account: { accountId } }: EntryContext,
  said: { readonly status: Transaction['status']; readonly date: string; readonly amount: Money },
): string {
  const source = { provider: 'berlin-group', connectionId, accountId };
  if (id === null) {
    const parts = fingerprintParts(wire, status).map((part) => part.toWellFormed());
    return accountTransactionId(source, ['content', ...parts, String(occurrence)]);
  }
  if (said.status === 'PDNG') return accountTransactionId(source, ['pending', id]);
  const { minor, exponent, currency } = said.amount;
  return accountTransactionId(source, ['id', id, said.status, said.date, minor, String(exponent), currency ?? '']);
}

/** An entry is in its account's currency, unless that has several. */
function currencyFault({ currency }: Money, account: Account): Fault | undefined {
  if (account.currency === null || currency === account.currency) return undefined;
  const expected = 'the currency of its account';
  return { reason: 'SCHEMA', member: '.transactionAmount.currency', received: 'string', expected };
}

/**
 * Banks print what goes out with a positive amount, and leave it to the sides to say so; the standard's own example does. Where the sides
 * name accounts and contradict the sign, either may be wrong.
 */
function sideFault(
  { creditorAccount, debtorAccount }: BerlinTransaction,
  amount: Money,
  account: Account,
  institutionId: string,
): Fault | undefined {
  const ours =
    account.identityBasis === 'iban'
      ? { accountId: account.accountId, currency: account.currency ?? severalCurrencies }
      : undefined;
  const isOurCredit = isSameAccount(creditorAccount, ours, institutionId);
  const isOurDebit = isSameAccount(debtorAccount, ours, institutionId);
  // Money between two accounts of one number, in two currencies, says nothing here.
  if (isOurCredit === isOurDebit) return undefined;
  const goesOut = isOurDebit === true || (isOurCredit === false && isOurDebit === undefined);
  const comesIn = isOurCredit === true || (isOurDebit === false && isOurCredit === undefined);
  const sign = moneySign(amount);
  if (!(goesOut && sign > 0) && !(comesIn && sign < 0)) return undefined;
  const expected = 'an amount whose sign agrees with the accounts of creditor and debtor';
  const received = typeof amount.minor === 'string' ? 'string' : 'number';
  return { reason: 'SCHEMA', member: '.transactionAmount.amount', received, expected };
}

interface Times {
  readonly bookingDate: string | null;
  readonly valueDate: string | null;
  readonly executionDate: string | null;
  readonly bookingDateTime: string | null;
  readonly dropped: boolean;
}

/** While it is pending both dates may be missing, and neither is one of booking. */
function timesOf(wire: BerlinTransaction, isBooked: boolean): Times | { readonly fault: Fault } {
  const value = readDate(wire.valueDate);
  const text = isBooked ? bookedText(wire) : (wire.bookingDate ?? undefined);
  const date = readDate(text);
  if (isBooked && date.day === null)
    return {
      fault: { reason: 'DATE_INVALID', member: '.bookingDate', received: text === undefined ? 'absent' : 'string' },
    };
  const isTime = text !== undefined && isDateTime(text);
  return {
    bookingDate: isBooked ? date.day : null,
    valueDate: value.day,
    executionDate: isBooked ? null : date.day,
    bookingDateTime: isBooked && isTime && !isMidnight(text) ? text : null,
    dropped: date.dropped || value.dropped,
  };
}

function readDate(text: string | null | undefined): { readonly day: string | null; readonly dropped: boolean } {
  if (text === null || text === undefined || text.trim() === '') return { day: null, dropped: false };
  const day = dateIn(text) ?? null;
  return { day, dropped: day === null };
}

/** Borrowed money is nobody's balance. @returns `null` where there is none, `undefined` where it cannot be read */
function runningBalanceOf({ balanceAfterTransaction }: BerlinTransaction): Money | null | undefined {
  if (!balanceAfterTransaction || balanceAfterTransaction.creditLimitIncluded === true) return null;
  const reading = readAmount(balanceAfterTransaction.balanceAmount);
  return reading.ok ? reading.money : undefined;
}

function refused(fault: Fault): EntryReading {
  return { ok: false, fault };
}
