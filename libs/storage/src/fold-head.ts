/** The head is the fold of a connection's entries: this is the one step of that fold. Pure. */
import { closeUnlisted, mergeAccounts } from './fold-accounts.ts';
import {
  type AccountsEntry,
  genesisHash,
  type Head,
  type History,
  type JournalEntry,
  type LinkedEntry,
  type OpenLoop,
  type PageEntry,
} from './model.ts';
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
  switch (content.kind) {
    case 'page':
      return { ...head, ...pageRead(head, content, version), version, hash };
    case 'accounts':
      return { ...head, ...accountsListed(head, content, version), version, hash };
    case 'resealed':
      return { ...head, sealedToken: content.sealedToken, version, hash };
    case 'consent':
      return { ...withoutConsentEnd(head), ...consentEnd(content.expiresEpochMs ?? undefined), version, hash };
    case 'returned':
      return { ...head, aside: content.stillAside, version, hash };
    case 'status': {
      const { status, reason, nextAttemptEpochMs } = content;
      return { ...head, status, statusReason: reason, nextAttemptEpochMs, version, hash };
    }
  }
}

const working = { status: 'active', statusReason: null, nextAttemptEpochMs: null } as const;

function linked(head: Head | undefined, content: LinkedEntry): Omit<Head, 'connectionId' | 'version' | 'hash'> {
  const { userId, provider, institutionId, sealedToken, itemId, consentExpiresEpochMs } = content;
  // A cursor belongs to one institution's feed; the same one goes on where it was, with its new token.
  const goesOn = head?.provider === provider && head.institutionId === institutionId;
  const kept = goesOn
    ? { cursor: head.cursor, loop: head.loop, history: head.history }
    : { cursor: null, loop: null, history: 'none' as const };
  return {
    userId,
    provider,
    institutionId,
    sealedToken,
    ...(itemId !== undefined && { itemId }),
    ...consentEnd(consentExpiresEpochMs),
    ...working,

    ...kept,
    accounts: head?.accounts ?? [],
    lastSync: head?.lastSync ?? null,
    accountsReadEpochMs: null, // the user may have shared other accounts this time
    accountsListVersion: head?.accountsListVersion ?? 0,
    openList: null,
    aside: head?.aside ?? 0,
  };
}

function consentEnd(consentExpiresEpochMs: number | undefined): Pick<Head, 'consentExpiresEpochMs'> {
  return consentExpiresEpochMs === undefined ? {} : { consentExpiresEpochMs };
}

function withoutConsentEnd({ consentExpiresEpochMs: _, ...head }: Head): Omit<Head, 'consentExpiresEpochMs'> {
  return head;
}

/** How the loop was begun: entries of before 2026-11-26 tell by where they start. */
export function loopKindOf({ loop, cursorBefore }: PageEntry): OpenLoop['kind'] {
  return loop.kind ?? (cursorBefore === null ? 'snapshot' : 'delta');
}

/** A page that came shows that the connection works, so an earlier status ends with it and costs no entry of its own. */
function pageRead(head: Head, content: PageEntry, version: number) {
  const { loop, cursorBefore, cursorAfter, syncStartedEpochMs, writtenEpochMs } = content;
  const open = head.loop?.id === loop.id ? head.loop : null; // entries of another loop are void from here on
  const startedEpochMs = Math.min(open?.startedEpochMs ?? syncStartedEpochMs, syncStartedEpochMs);
  const queuedEpochMs = open === null ? (content.queuedEpochMs ?? null) : open.queuedEpochMs;
  const accounts = [...(open?.accounts ?? []), ...content.accounts];
  const accountsSeen = [...(open?.accountsSeen ?? []), ...(content.accountsSeen ?? [])];
  const aside = head.aside + content.quarantined;
  if (!loop.last) {
    const pages = (open?.pages ?? 0) + (cursorAfter === cursorBefore ? 0 : 1); // a part of a page is not yet a page
    const isPowerOfTwo = pages > 0 && (pages & (pages - 1)) === 0;
    const checkpoint = isPowerOfTwo ? cursorAfter : (open?.checkpoint ?? null);
    const kind = open?.kind ?? loopKindOf(content);
    const goesOn = { id: loop.id, kind, cursor: cursorAfter, pages, checkpoint, startedEpochMs, queuedEpochMs };
    return { ...statusAfterPage(head), aside, loop: { ...goesOn, accounts, accountsSeen } };
  }
  const news = { version, readEpochMs: syncStartedEpochMs, accounts, accountsSeen };
  const known = new Set(head.accounts.map(({ accountId }) => accountId));
  const bringsAccount = accounts.some(({ accountId }) => !known.has(accountId));
  return {
    ...statusAfterPage(head),
    aside,
    cursor: cursorAfter,
    history: historyAfter(head.history, content),
    loop: null,
    lastSync: { startedEpochMs, completedEpochMs: writtenEpochMs, queuedEpochMs },
    accounts: mergeAccounts(head.accounts, news, head.accountsReadEpochMs),
    // An account that no list had: the next event reads the list.
    ...(bringsAccount && { accountsReadEpochMs: null }),
  };
}

function statusAfterPage(head: Head): Partial<Head> {
  return head.status === 'active' && head.nextAttemptEpochMs === null ? {} : working;
}

/** A provider that says nothing leaves it as it was; a full read of a new Item starts over from what it says. */
function historyAfter(before: History, { history, loop, cursorBefore }: PageEntry): History {
  if (history !== undefined) return history;
  return before === 'none' && loop.last && cursorBefore !== undefined ? 'recent' : before;
}

function accountsListed(head: Head, content: AccountsEntry, version: number): Partial<Head> {
  const open = head.openList?.id === content.list.id ? head.openList : null;
  const accounts = [...(open?.accounts ?? []), ...content.accounts];
  const accountsSeen = [...(open?.accountsSeen ?? []), ...content.accountsSeen];
  if (!content.list.last) return { openList: { id: content.list.id, accounts, accountsSeen } };
  const news = { version, readEpochMs: content.readEpochMs, accounts, accountsSeen };
  const listed = new Set([...accountsSeen, ...accounts.map(({ accountId }) => accountId)]);
  return {
    accounts: closeUnlisted(mergeAccounts(head.accounts, news), listed, head.accountsListVersion),
    accountsReadEpochMs: content.readEpochMs,
    accountsListVersion: version,
    openList: null,
  };
}
