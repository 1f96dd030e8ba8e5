/**
 * Which transactions stand, from the newest entry backwards, so that a reader may stop early. Pure.
 *
 * The rules do not depend on the order in which entries say things, save that the later version of a record wins:
 * - entries of a loop count only once its last entry is there; a loop that another one interrupted is void;
 * - a record that was ever removed, or that another record supersedes, is gone for good, whatever comes later.
 */
import type { Transaction } from '@quartersec/validation';
import type { JournalEntry, PageEntry } from './model.ts';

export interface CurrentTransaction {
  /** As the newest counting entry has it. */
  readonly transaction: Transaction;
  /** Oldest entry, of those folded, that has the record. */
  readonly firstSeenVersion: number;
  /** Newest entry that has the record. */
  readonly lastSeenVersion: number;
  /** What it said before, newest first; re-reads that say the same are left out. */
  readonly earlier: readonly { readonly version: number; readonly transaction: Transaction }[];
}

/** @param entries of one connection, ascending and without gaps, from its first */
export function foldTransactions(entries: readonly JournalEntry[]): readonly CurrentTransaction[] {
  const fold = createBackwardFold();
  for (const entry of entries.toReversed()) fold.add(entry);
  return fold.current();
}

export interface BackwardFold {
  /** Takes the entry before the one added last; the first one added must be the connection's newest. */
  add(entry: JournalEntry): void;
  /** By last seen version, newest first; within an entry by date, undated (pending) first. */
  current(): readonly CurrentTransaction[];
}

interface Found {
  readonly transaction: Transaction;
  readonly lastSeenVersion: number;
  firstSeenVersion: number;
  oldestHash: string;
  readonly earlier: { version: number; transaction: Transaction }[];
}

export function createBackwardFold(): BackwardFold {
  const found = new Map<string, Found>();
  const gone = new Set<string>();
  let completeLoopId: string | undefined;

  /** Backwards, a loop's last entry comes first: what follows with its id counts, until another loop's entry. */
  function counts(loop: PageEntry['loop']): boolean {
    if (loop.last) completeLoopId = loop.id;
    else if (loop.id !== completeLoopId) completeLoopId = undefined;
    return completeLoopId !== undefined;
  }

  function see(transaction: Transaction, version: number): void {
    const { transactionId, contentHash, supersedes } = transaction;
    if (supersedes !== null && supersedes !== transactionId) gone.add(supersedes);
    const seen = found.get(transactionId);
    if (seen === undefined) {
      const fresh = { transaction, lastSeenVersion: version, firstSeenVersion: version, oldestHash: contentHash };
      found.set(transactionId, { ...fresh, earlier: [] });
      return;
    }
    seen.firstSeenVersion = version;
    if (seen.oldestHash === contentHash) return;
    seen.oldestHash = contentHash;
    seen.earlier.push({ version, transaction });
  }

  return {
    add({ version, content }) {
      if (content.kind !== 'page' || !counts(content.loop)) return;
      for (const transactionId of content.removed) gone.add(transactionId);
      for (const transaction of content.modified.toReversed()) see(transaction, version);
      for (const transaction of content.added.toReversed()) see(transaction, version);
    },
    current() {
      const standing = [...found.values()].filter(({ transaction }) => !gone.has(transaction.transactionId));
      return standing
        .sort((left, right) => right.lastSeenVersion - left.lastSeenVersion || byDateDescending(left, right))
        .map(({ oldestHash: _, ...current }) => current);
    },
  };
}

function byDateDescending(left: Found, right: Found): number {
  const leftDate = dateOf(left.transaction);
  const rightDate = dateOf(right.transaction);
  if (leftDate === rightDate) return 0;
  return leftDate > rightDate ? -1 : 1;
}

const undated = '9999-99-99';

function dateOf({ bookingDate, executionDate, valueDate }: Transaction): string {
  return bookingDate ?? executionDate ?? valueDate ?? undated;
}
