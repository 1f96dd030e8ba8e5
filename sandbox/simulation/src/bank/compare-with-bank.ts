/**
 * What stands against what the bank holds, record by record. They must be equal but for what the written rules leave open:
 *
 * - A full read takes away only what it speaks of: what is older than its first record of an account stands, and so does the history of
 *   an account that it lacks (T3). What happened there since cannot be known, but what stood before must stand.
 * - A pending record ends with the posted one that names it, whatever the bank says of it later (fault 17).
 * - What is said of a record in an account that is in no stored list (opened and closed between two reads of it, or read by a run that lost) stays set
 *   aside (T9).
 */
import type { BankHolding } from '@quartersec/sandbox-providers';
import { foldTransactions, type Head, type JournalEntry } from '@quartersec/storage';
import { speaksOf } from './bank-reads.ts';
import { decimal, negated, normalised } from './decimal-text.ts';
import type { Seen } from './watched-bank.ts';

/** A record as one side has it. */
export interface Side {
  readonly account: string;
  /** Signed: money in is positive. */
  readonly amount: string;
  readonly pending: boolean;
  readonly date: string | null;
}

export interface Difference {
  readonly id: string;
  readonly stands: Side | undefined;
  readonly held: Side | undefined;
}

export function differences(
  { head, entries }: { readonly head: Head; readonly entries: readonly JournalEntry[] },
  holding: BankHolding,
  { fullReads }: Seen,
): readonly Difference[] {
  // Every account that a page or a list in the journal has had.
  const listed = new Set(head.accounts.map(({ providerAccountId }) => providerAccountId));
  const standing = standingRecords(head, entries);
  const held = heldRecords(holding);
  const later = fullReads.slice(1); // the first one finds nothing that it could take away
  const posted = namedByPosted(holding, entries);
  const stoodBefore = standingRecords(head, beforeReadAgain(entries));
  const isUnread = (id: string, held: Side, stands: Side | undefined): boolean => {
    const wasAlwaysLeftOut = later.every(({ leftOut }) => leftOut.has(held.account));
    const isTakenAway = stands === undefined && stoodBefore.get(id)?.account === held.account;
    return later.some(({ leftOut }) => leftOut.has(held.account)) && !(wasAlwaysLeftOut && isTakenAway);
  };
  const isLeftOpen = ({ id, stands, held }: Difference): boolean => {
    if (posted.has(id)) return true;
    if (held !== undefined && !listed.has(held.account)) return true;
    const isUntold = stands === undefined || later.some((read) => !speaksOf(read, stands, listed));
    return isUntold && (held === undefined || isUnread(id, held, stands));
  };
  return [...new Set([...standing.keys(), ...held.keys()])]
    .map((id) => ({ id, stands: standing.get(id), held: held.get(id) }))
    .filter((each) => textOf(each.stands) !== textOf(each.held) && !isLeftOpen(each));
}

/** Until a second read from the empty cursor begins. */
function beforeReadAgain(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const isSnapshot = ({ content }: JournalEntry) => content.kind === 'page' && content.loop.kind === 'snapshot';
  const imported = entries.findIndex(
    (entry) => isSnapshot(entry) && entry.content.kind === 'page' && entry.content.loop.last,
  );
  const again = entries.findIndex((entry, at) => at > imported && isSnapshot(entry));
  return again === -1 ? entries : entries.slice(0, again);
}

const textOf = (side: Side | undefined): string =>
  side === undefined ? '' : `${side.account} ${side.amount} ${side.pending}`;

function standingRecords(head: Head, entries: readonly JournalEntry[]): ReadonlyMap<string, Side> {
  const providerIds = new Map(head.accounts.map(({ accountId, providerAccountId }) => [accountId, providerAccountId]));
  return new Map(
    foldTransactions(entries).map(({ transaction }) => {
      const { providerTransactionId, transactionId, accountId, amount, status, bookingDate } = transaction;
      const pending = status === 'PDNG';
      const side = { account: providerIds.get(accountId) ?? '?', pending, date: pending ? null : bookingDate };
      return [
        providerTransactionId ?? transactionId,
        { ...side, amount: decimal(amount.minor, amount.exponent) },
      ] as const;
    }),
  );
}

function heldRecords({ transactions }: BankHolding): ReadonlyMap<string, Side> {
  return new Map(
    Object.entries(transactions).map(([id, { account_id: account, amount, pending, date }]) => [
      id,
      { account, amount: normalised(negated(amount)), pending, date },
    ]),
  );
}

/** By the provider's id: pending records that a posted one has ever named, and these posted ones. */
function namedByPosted({ transactions }: BankHolding, entries: readonly JournalEntry[]): ReadonlySet<string> {
  const said = entries.flatMap(({ content }) =>
    content.kind === 'page' ? [...content.added, ...content.modified] : [],
  );
  const superseded = new Set(said.map(({ supersedes }) => supersedes));
  const ids = [
    ...said.filter(({ transactionId: id }) => superseded.has(id)).map(({ providerTransactionId: id }) => id),
    ...Object.values(transactions).map(({ pending_transaction_id: id }) => id),
  ];
  return new Set(ids.filter((id) => id !== null));
}
