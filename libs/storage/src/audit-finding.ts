/** What an audit can find. Each code has a row in docs/errors.md. */
import type { TableItem, TableKey } from './table.ts';

export type AuditCode =
  /** An entry is not what was written: its hash does not hold. */
  | 'ENTRY_ALTERED'
  /** An entry is intact but lies under another key than it was written for: swapped, moved or copied. */
  | 'ENTRY_MISPLACED'
  /** Entries that must have been there are not (`sk` to `throughVersion`). */
  | 'ENTRY_MISSING'
  /** An entry's hash holds, but nobody could have written its content. */
  | 'ENTRY_UNREADABLE'
  /** Two neighbours are intact by themselves, but the second was not written after the first. */
  | 'CHAIN_BROKEN'
  /** Entries without a head: a crash after the first entry (the next run heals it), or a deleted head. */
  | 'HEAD_MISSING'
  /** The head is older than the journal: a crash before it was written (the next run heals it), or rolled back. */
  | 'HEAD_BEHIND'
  /** The head is newer than the journal: it has seen entries that are not there. */
  | 'HEAD_AHEAD'
  /** The head is damaged, or not the fold of its entries. */
  | 'HEAD_DIFFERS'
  /** The insights' state is damaged, ahead of the journal or of another history: nobody uses it, and the next run makes it again. */
  | 'INSIGHTS_DIFFER'
  /** A connection that its user's links, the schedule's list or its Item's link do not lead to (`npm run rebuild` writes the latter two). */
  | 'LINK_MISSING'
  /** A link to a connection that has no entries: linking was broken off (doing it again heals it, and the schedule erases it after a week). */
  | 'LINK_ORPHANED'
  /** A user's link to another user's connection. */
  | 'LINK_FOREIGN'
  /** A quarantined record is not what was written. */
  | 'QUARANTINE_ALTERED'
  /** Fewer quarantined records than the connection's entries of late have set aside. */
  | 'QUARANTINE_MISSING'
  /** Quarantined records of a connection that has no entries. */
  | 'QUARANTINE_ORPHANED'
  /** An item under a key that we never write. */
  | 'ITEM_UNKNOWN';

/** Keys, versions and counts only: never content. */
export interface AuditFinding extends TableKey {
  readonly code: AuditCode;
  readonly facts: Readonly<Record<string, string | number>>;
}

export interface AuditReport {
  readonly connections: number;
  /** Entries whose hash held. */
  readonly entries: number;
  readonly quarantined: number;
  /** Connections that are being erased: nothing is said of what is left of them. */
  readonly erasing: number;
  /** In key order; empty when everything is as it was written. */
  readonly findings: readonly AuditFinding[];
}

export function finding(
  code: AuditCode,
  { pk, sk }: TableKey | TableItem,
  facts: AuditFinding['facts'] = {},
): AuditFinding {
  return { code, pk, sk, facts };
}
