/** What the journal holds. Entries are facts and never change; the head is their fold and can always be made again. */
import type { Account, Transaction } from '@quartersec/validation';

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
}

/** What one provider page (or a part of a page too large for one item) changed. */
export interface PageEntry extends EntryBase {
  readonly kind: 'page';
  /** A loop of pages is all or nothing: its entries count once one with `last` is here. */
  readonly loop: { readonly id: string; readonly page: number; readonly last: boolean };
  readonly cursorBefore: string | null;
  /** Where a resumed run goes on. A part that is not the page's last one repeats `cursorBefore`: never ahead of the data. */
  readonly cursorAfter: string | null;
  /** When the loop's first provider call began. */
  readonly syncStartedEpochMs: number;
  readonly added: readonly Transaction[];
  readonly modified: readonly Transaction[];
  readonly removed: readonly string[];
  /** Accounts that are new or that changed since the head. */
  readonly accounts: readonly Account[];
  readonly quarantined: number;
}

export type ConnectionStatus = 'active' | 'login-required' | 'consent-expired' | 'revoked' | 'waiting';

/** The connection's state changed without data: login required, revoked, asked to wait. */
export interface StatusEntry extends EntryBase {
  readonly kind: 'status';
  readonly status: ConnectionStatus;
  /** Error code of the cause, `null` when active again. */
  readonly reason: string | null;
  /** No provider call before this; `null` where no wait was asked for. */
  readonly nextAttemptEpochMs: number | null;
}

export type EntryContent = LinkedEntry | PageEntry | StatusEntry;

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
  readonly status: ConnectionStatus;
  readonly statusReason: string | null;
  readonly nextAttemptEpochMs: number | null;
  /** Behind the last complete loop; `null` before the first. */
  readonly cursor: string | null;
  /** A loop under way: where to go on. Its entries do not count yet. */
  readonly loop: {
    readonly id: string;
    readonly cursor: string | null;
    readonly pages: number;
    readonly startedEpochMs: number;
    /** Accounts from the loop's pages so far; become `accounts` with the last page. */
    readonly accounts: readonly Account[];
  } | null;
  readonly lastSync: { readonly startedEpochMs: number; readonly completedEpochMs: number } | null;
  readonly accounts: readonly Account[];
}

/** Hash before the first entry of every connection. */
export const genesisHash = '0'.repeat(64);

export const headSk = 'HEAD';

export function connectionPk(connectionId: string): string {
  return `CONN#${connectionId}`;
}

/** @param version 1 to 999,999,999,999: padded so that text order is number order */
export function entrySk(version: number): string {
  return `LOG#${String(version).padStart(12, '0')}`;
}
