/** The head is the fold of a connection's entries: this is the one step of that fold. Pure. */
import type { Account } from '@quartersec/validation';
import { genesisHash, type Head, type JournalEntry, type LinkedEntry, type PageEntry } from './model.ts';
import { StorageError } from './storage-error.ts';

/**
 * @param head fold of the entries before; `undefined` before the first
 * @throws {StorageError} `CONNECTION_UNKNOWN` when the first entry does not link the connection; `ENTRY_CORRUPT` when
 *   the entry does not continue this head's chain
 */
export function foldHead(head: Head | undefined, entry: JournalEntry): Head {
  const { connectionId, version, previousHash, hash, content } = entry;
  const continues =
    version === (head?.version ?? 0) + 1 &&
    previousHash === (head?.hash ?? genesisHash) &&
    connectionId === (head?.connectionId ?? connectionId);
  if (!continues) throw new StorageError('ENTRY_CORRUPT', { connectionId, version, headVersion: head?.version ?? 0 });

  if (content.kind === 'linked') return { ...linked(head, content), connectionId, version, hash };
  if (head === undefined) throw new StorageError('CONNECTION_UNKNOWN', { connectionId });
  if (content.kind === 'page') return { ...head, ...pageRead(head, content), version, hash };
  const { status, reason, nextAttemptEpochMs } = content;
  return { ...head, status, statusReason: reason, nextAttemptEpochMs, version, hash };
}

const working = { status: 'active', statusReason: null, nextAttemptEpochMs: null } as const;

function linked(head: Head | undefined, content: LinkedEntry): Omit<Head, 'connectionId' | 'version' | 'hash'> {
  const { userId, provider, institutionId, sealedToken } = content;
  // A cursor belongs to one institution's feed; the same one goes on where it was, with its new token.
  const goesOn = head?.provider === provider && head.institutionId === institutionId;
  const kept = goesOn ? { cursor: head.cursor, loop: head.loop } : { cursor: null, loop: null };
  const accounts = head?.accounts ?? [];
  return {
    userId,
    provider,
    institutionId,
    sealedToken,
    ...working,
    ...kept,
    accounts,
    lastSync: head?.lastSync ?? null,
  };
}

/** A page that came shows that the connection works, so an earlier status ends with it and costs no entry of its own. */
function pageRead(head: Head, content: PageEntry) {
  const { loop, cursorBefore, cursorAfter, syncStartedEpochMs, writtenEpochMs } = content;
  const open = head.loop?.id === loop.id ? head.loop : null; // entries of another loop are void from here on
  const startedEpochMs = Math.min(open?.startedEpochMs ?? syncStartedEpochMs, syncStartedEpochMs);
  const loopAccounts = mergeAccounts(open?.accounts ?? [], content.accounts);
  if (!loop.last) {
    const pages = (open?.pages ?? 0) + (cursorAfter === cursorBefore ? 0 : 1); // a part of a page is not yet a page
    return { ...working, loop: { id: loop.id, cursor: cursorAfter, pages, startedEpochMs, accounts: loopAccounts } };
  }
  return {
    ...working,
    cursor: cursorAfter,
    loop: null,
    lastSync: { startedEpochMs, completedEpochMs: writtenEpochMs },
    accounts: mergeAccounts(head.accounts, loopAccounts),
  };
}

/** Known accounts keep their place, so the order does not jump between two reads. */
function mergeAccounts(known: readonly Account[], changed: readonly Account[]): readonly Account[] {
  if (changed.length === 0) return known;
  const byId = new Map(known.map((account) => [account.accountId, account]));
  for (const account of changed) byId.set(account.accountId, account);
  return [...byId.values()];
}
