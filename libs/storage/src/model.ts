/** What the journal holds. Entries are facts and never change; the head is their fold and can always be made again. */
import type { Account, Coverage, Transaction } from '@quartersec/validation';

interface EntryBase {
  /** The invocation that wrote the entry: settles a lost answer ("was it us?"). */
  readonly runId: string;
  /** Wall clock of the writer, for people; nothing is ordered by it. */
  readonly writtenEpochMs: number;
}

/** The user has connected a bank (or reconnected it: a new token). */
export interface LinkedEntry extends EntryBase {
  readonly kind: 'linked';
  readonly userId: string;
  readonly provider: string;
  readonly institutionId: string;
  /** The access token, sealed (AES-256-GCM): `token-seal.ts`. */
  readonly sealedToken: string;
  /** The provider's own id of the link (Plaid: the Item), which its webhooks name; absent in entries of before 2026-11-26. */
  readonly itemId?: string;
  /** When the user's consent ends, where the provider said so at the link. */
  readonly consentExpiresEpochMs?: number;
}

/** The same access token under another key: it replaces the one of the entries before, which nothing opens any more. */
export interface ResealedEntry extends EntryBase {
  readonly kind: 'resealed';
  readonly sealedToken: string;
}

/** The provider has said when the user's consent, and the data with it, will end. */
export interface ConsentEntry extends EntryBase {
  readonly kind: 'consent';
  /** `null`: it has no end any more, as far as the provider says. */
  readonly expiresEpochMs: number | null;
}

/**
 * How a loop of pages was begun. A `snapshot` began at the empty cursor: what it says, together with the loops after it,
 * is everything that the bank holds. A `delta` goes on from the last complete loop's cursor.
 */
export type LoopKind = 'delta' | 'snapshot';

/** How far back the provider's history is read: nothing yet, the recent part (Plaid: about 30 days), or all there is. */
export type History = 'none' | 'recent' | 'complete';

/** What one provider page changed, or a part of one too large for an item, or several lists of one read. */
export interface PageEntry extends EntryBase {
  readonly kind: 'page';
  /**
   * A loop of pages is all or nothing: its entries count once one with `last` is here. `kind` is absent in entries of
   * before 2026-11-26, and in those says whether the loop's first entry began at the empty cursor.
   */
  readonly loop: { readonly id: string; readonly page: number; readonly last: boolean; readonly kind?: LoopKind };
  readonly cursorBefore: string | null;
  /** Where a resumed run goes on. A part that is not the page's last one repeats `cursorBefore`: never ahead of the data. */
  readonly cursorAfter: string | null;
  /** When the loop's first provider call began. */
  readonly syncStartedEpochMs: number;
  /**
   * When the queue handed out the event that began the loop, by the queue's clock: what had reached the queue before is covered.
   * Absent where it came another way. Entries of before 2026-11-26 have when that event reached the queue, which covers less.
   */
  readonly queuedEpochMs?: number;
  /** What the provider says of its history; absent where it says nothing, which never counts as complete. */
  readonly history?: History;
  readonly added: readonly Transaction[];
  readonly modified: readonly Transaction[];
  readonly removed: readonly string[];
  /** Accounts that are new or that changed since the head. */
  readonly accounts: readonly Account[];
  /** Our ids of accounts that the page lists as the head has them: their balances were read again, and had not changed. */
  readonly accountsSeen?: readonly string[];
  readonly quarantined: number;
  /** What the loop speaks of once it is complete: whatever it does not list there is gone. Absent for providers that tell of removals. */
  readonly covers?: readonly Coverage[];
  /** Of the loop as a whole, so only with its last page; absent where nothing became of it, or nothing was derived. */
  readonly insights?: InsightNews;
  /** With the last page of a loop: nothing was derived with it, so the next look has to take it in. */
  readonly insightsLeft?: true;
}

/** What the connection's records now say that they did not say before. Made by the processor; the journal keeps it as it is. */
export interface InsightNews {
  readonly raised: readonly StoredInsight[];
  /** Fingerprints of those raised before that do not hold any more. */
  readonly cleared: readonly string[];
}

/** With whatever else it says: JSON. */
export interface StoredInsight {
  readonly fingerprint: string;
}

/** The provider's full list of a connection's accounts (or a part of one too large for one item). */
export interface AccountsEntry extends EntryBase {
  readonly kind: 'accounts';
  /** All or nothing, as a loop of pages: accounts close only once the `last` part is here. */
  readonly list: { readonly id: string; readonly last: boolean };
  readonly readEpochMs: number;
  /** Accounts that are new or that changed since the head. */
  readonly accounts: readonly Account[];
  /** Our ids of the listed accounts that are as the head has them. */
  readonly accountsSeen: readonly string[];
}

/** A record that had been set aside can be read now: it takes its place in the stream, unless something later was said of it. */
export interface ReturnedEntry extends EntryBase {
  readonly kind: 'returned';
  readonly records: readonly {
    /** Version of the entry of whose page the record was. */
    readonly asideVersion: number;
    readonly transaction: Transaction;
  }[];
  /** Records of this connection that stay set aside. */
  readonly stillAside: number;
}

/**
 * `active` may have a next attempt as well: then something of ours is refused (keys, contract), which is no state of the connection.
 * What its user can do about a status follows from the reason that is stored with it.
 */
export type ConnectionStatus =
  | 'active'
  | 'waiting'
  | 'login-required'
  | 'consent-required'
  | 'consent-expired'
  | 'relink-required'
  | 'revoked';

/** The connection's state changed without data: login required, revoked, asked to wait. */
export interface StatusEntry extends EntryBase {
  readonly kind: 'status';
  readonly status: ConnectionStatus;
  /** Error code of the cause, `null` when active again. */
  readonly reason: string | null;
  /** No provider call before this but for what opens the gate earlier; `null` where no time is set. */
  readonly nextAttemptEpochMs: number | null;
}

export type EntryContent =
  | LinkedEntry
  | ResealedEntry
  | ConsentEntry
  | PageEntry
  | AccountsEntry
  | ReturnedEntry
  | StatusEntry;

/** An entry as stored and verified. */
export interface JournalEntry {
  readonly connectionId: string;
  /** 1, 2, 3 ... without gaps. */
  readonly version: number;
  readonly previousHash: string;
  /** SHA-256 hex over previous hash, key and the stored JSON text of the content. */
  readonly hash: string;
  readonly content: EntryContent;
}

/**
 * An account as it stands. A closed or replaced one has no balances: nobody can spend what it last said.
 */
export interface StandingAccount extends Account {
  readonly state: 'open' | 'closed' | 'replaced';
  /** The account that carries on, for `replaced`: the bank has reissued the id. */
  readonly replacedBy: string | null;
  /** When the provider was last asked about it: its balances are as old as that, or as their `asOf`. */
  readonly readEpochMs: number;
  /** Version of the entry that first had it. */
  readonly sinceVersion: number;
}

/** Projection of a connection's journal, rewritten after each entry; only ever upwards. */
export interface Head {
  readonly connectionId: string;
  readonly version: number;
  /** Hash of the entry of that version. */
  readonly hash: string;
  readonly userId: string;
  readonly provider: string;
  readonly institutionId: string;
  readonly sealedToken: string;
  /** The provider's own id of the link; absent where it was linked without. */
  readonly itemId?: string;
  /** When the user's consent ends; absent where nobody has said so. */
  readonly consentExpiresEpochMs?: number;
  readonly status: ConnectionStatus;
  readonly statusReason: string | null;
  readonly nextAttemptEpochMs: number | null;
  /** Behind the last complete loop; `null` before the first. */
  readonly cursor: string | null;
  readonly history: History;
  /** A loop under way: where to go on. Its entries do not count yet. */
  readonly loop: OpenLoop | null;
  readonly lastSync: {
    readonly startedEpochMs: number;
    readonly completedEpochMs: number;
    /** Events that reached the queue before this, by its clock, are covered; `null` for a sync that came another way. */
    readonly queuedEpochMs: number | null;
  } | null;
  readonly accounts: readonly StandingAccount[];
  /** When the provider's full account list was read; `null` when it has to be. */
  readonly accountsReadEpochMs: number | null;
  /** Version of that list's last entry: accounts from later entries are new to it. */
  readonly accountsListVersion: number;
  /** A list whose last part is not here yet. */
  readonly openList: OpenList | null;
  /** Records set aside that have not come back. */
  readonly aside: number;
}

export interface OpenLoop {
  readonly id: string;
  readonly kind: LoopKind;
  readonly cursor: string | null;
  readonly pages: number;
  /** The cursor behind the page whose number is the last power of two: meeting it again means that the cursors go round. */
  readonly checkpoint: string | null;
  readonly startedEpochMs: number;
  readonly queuedEpochMs: number | null;
  /** Accounts from the loop's pages so far; become `accounts` with the last page. */
  readonly accounts: readonly Account[];
  readonly accountsSeen: readonly string[];
}

export interface OpenList {
  readonly id: string;
  readonly accounts: readonly Account[];
  readonly accountsSeen: readonly string[];
}

/** Hash before the first entry of every connection. */
export const genesisHash = '0'.repeat(64);

export const headSk = 'HEAD';
export const insightsSk = 'INSIGHTS';

export function connectionPk(connectionId: string): string {
  return `CONN#${connectionId}`;
}

/** @param version 1 to 999,999,999,999: padded so that text order is number order */
export function entrySk(version: number): string {
  return `LOG#${String(version).padStart(12, '0')}`;
}
