/**
 * What an entry changed for a reader: the difference of the folds before and behind it, so that whoever applies all changes has
 * exactly what a reader of the fold sees. What a full read withdraws by lacking it, and what an account under a new id hides, is
 * in there like all else. Pure.
 */
import { canonicalJson, type Transaction } from '@quartersec/validation';
import type { ConnectionFold } from './fold-transactions.ts';
import type { Head, JournalEntry, StandingAccount, StoredInsight } from './model.ts';

export type JournalChange =
  /** Linked or linked again, or another status, reach of its history, or end of its consent. */
  | { readonly kind: 'connection.changed'; readonly head: Head }
  | { readonly kind: 'account.changed'; readonly account: StandingAccount }
  | { readonly kind: 'transaction.removed'; readonly transactionId: string }
  | { readonly kind: 'transaction.added' | 'transaction.modified'; readonly transaction: Transaction }
  | { readonly kind: 'insight.raised'; readonly insight: StoredInsight }
  | { readonly kind: 'insight.cleared'; readonly fingerprint: string };

/** As it is at a version; nothing before the first. */
export interface FoldView {
  readonly head: Head | undefined;
  readonly transactions: ReadonlyMap<string, Transaction>;
}

export function viewOf(fold: ConnectionFold): FoldView {
  return { head: fold.head(), transactions: fold.standing() };
}

/** Whether it can change more than the head. Entries of a loop count only with its last one. */
export function touchesRecords({ content }: JournalEntry): boolean {
  if (content.kind === 'page') return content.loop.last;
  if (content.kind === 'accounts') return content.list.last;
  return content.kind === 'returned';
}

/**
 * @param entry the one between the two
 * @returns the connection first, its accounts, its transactions, then what they say now: in an order that follows from the entries alone, so that a
 *   reader may stop anywhere and go on behind it
 */
export function changesBetween(before: FoldView, after: FoldView, entry: JournalEntry): readonly JournalChange[] {
  const { head } = after;
  if (head === undefined) return [];
  return [
    ...connectionChange(before.head, head, entry),
    ...accountChanges(before.head?.accounts ?? [], head.accounts),
    ...(before.transactions === after.transactions ? [] : transactionChanges(before.transactions, after.transactions)),
    ...insightChanges(entry),
  ];
}

/** Of a loop that never came to its end there are none: they are with its last page. */
function insightChanges({ content }: JournalEntry): readonly JournalChange[] {
  if (content.kind !== 'page' || content.insights === undefined) return [];
  const { raised, cleared } = content.insights;
  return [
    ...cleared.map((fingerprint) => ({ kind: 'insight.cleared', fingerprint }) as const),
    ...raised.map((insight) => ({ kind: 'insight.raised', insight }) as const),
  ];
}

function connectionChange(before: Head | undefined, head: Head, { content }: JournalEntry): readonly JournalChange[] {
  const isSame = before !== undefined && content.kind !== 'linked' && factsOf(before) === factsOf(head);
  return isSame ? [] : [{ kind: 'connection.changed', head }];
}

function factsOf({ status, statusReason, history, provider, institutionId, consentExpiresEpochMs = 0 }: Head): string {
  return JSON.stringify([status, statusReason, history, provider, institutionId, consentExpiresEpochMs]);
}

/** An account is never dropped from a head: it is closed, or replaced. */
function accountChanges(
  before: readonly StandingAccount[],
  after: readonly StandingAccount[],
): readonly JournalChange[] {
  if (before === after) return [];
  const known = new Map(before.map((account) => [account.accountId, account]));
  return after
    .filter((account) => !isSameAccount(known.get(account.accountId), account))
    .map((account) => ({ kind: 'account.changed', account }));
}

/** That it was read again is nothing new about it. */
function isSameAccount(before: StandingAccount | undefined, after: StandingAccount): boolean {
  if (before === undefined) return false;
  return before === after || canonicalJson({ ...before, readEpochMs: after.readEpochMs }) === canonicalJson(after);
}

function transactionChanges(
  before: FoldView['transactions'],
  after: FoldView['transactions'],
): readonly JournalChange[] {
  const removed = [...before.keys()].filter((transactionId) => !after.has(transactionId)).sort();
  const stated = [...after.values()]
    .filter((transaction) => !isSameRecord(before.get(transaction.transactionId), transaction))
    .sort((left, right) => (left.transactionId < right.transactionId ? -1 : 1));
  return [
    ...removed.map((transactionId) => ({ kind: 'transaction.removed', transactionId }) as const),
    ...stated.map((transaction) => {
      const kind = before.has(transaction.transactionId) ? 'transaction.modified' : 'transaction.added';
      return { kind, transaction } as const;
    }),
  ];
}

/** Not by the content hash alone: it leaves out what the provider may add later, such as the category. */
function isSameRecord(before: Transaction | undefined, after: Transaction): boolean {
  if (before === after) return true;
  return before?.contentHash === after.contentHash && canonicalJson(before) === canonicalJson(after);
}
