/**
 * Which transactions stand: one fold over the entries in stream order, for every reader. Pure.
 *
 * - A cursor stream is ordered, so a later page is later knowledge: a record that was removed and comes again stands again.
 * - Within a page: added, then modified, then what these replace (a posted record its pending one), then removed.
 * - Entries of a loop count only once its last entry is there; a loop that another one interrupted is void.
 * - Reading from the empty cursor begins a new stream. Once the provider calls its history complete, the stream is all that
 *   the bank holds, and what only earlier streams had is gone within the dates that the new one covers. Of an account of which it has
 *   nothing that is so only where the account is open: its list says so, read with the stream or after it.
 * - A read of windows speaks of an account from a day on: once it is complete, what it does not list there is gone. It is a stream of
 *   its own too, since it tells again what stands.
 * - An account under a new id does not count twice: its old records are hidden from where the new ones begin.
 */
import { type Coverage, transactionId as idOf, type Transaction } from '@quartersec/validation';
import { coverageOf, coveredDate, earliestDates, openIn } from './fold-coverage.ts';
import { foldHead, loopKindOf } from './fold-head.ts';
import type { Head, JournalEntry, PageEntry, ReturnedEntry, StandingAccount } from './model.ts';
import { compareNewestFirst, readingDate, readingPlace, undated } from './reading-order.ts';

export interface CurrentTransaction {
  /** As the newest counting entry has it. */
  readonly transaction: Transaction;
  /** Oldest counting entry that has the record. */
  readonly firstSeenVersion: number;
  /** Newest counting entry that has the record. */
  readonly lastSeenVersion: number;
  /** What it said before, newest first, each with the newest entry that said so; re-reads that say the same are left out. */
  readonly earlier: readonly { readonly version: number; readonly transaction: Transaction }[];
}

/** A full read that is not believed yet. */
export interface Doubt {
  /** Version of the entry that completed the full read which lacks so much. */
  readonly version: number;
  /** Records that would have gone. */
  readonly missing: number;
}

export interface ConnectionFold {
  /** The next entry of the chain. @throws {StorageError} as `foldHead` */
  add(entry: JournalEntry): void;
  /** @returns `undefined` before the first entry */
  head(): Head | undefined;
  /** What stands, by booking date, newest first (a pending record by its own date); the same whoever asks, and however. */
  current(): readonly CurrentTransaction[];
  /** The same by transaction id, in no order: for the comparison of two folds. */
  standing(): ReadonlyMap<string, Transaction>;
  /**
   * What stands, and beside it what the successor of a replaced account hides. It follows from the pages alone: what is hidden also
   * changes with the account list, and with the first date of the successor.
   */
  told(): readonly Transaction[];
  /**
   * Whether a page speaks of more than the records that it names: `unsettled` while a read from the empty cursor has not come to the
   * bank's whole history, whose end takes away what it lacks; `mixed` where records of an earlier read still stand, which go when
   * the bank tells the same under another id; else `one`. Where the next account list takes records away: `unlisted`, which is `mixed` besides.
   */
  reach(): 'one' | 'unsettled' | 'mixed' | 'unlisted';
  /** Hash of the connection's first entry: folds of two histories under one id differ in it. `undefined` before that entry. */
  origin(): string | undefined;
  /** A full read that would have taken away a large part of what stands; it is believed when a second one says the same. */
  doubt(): Doubt | undefined;
  /** A fold that goes on from here by itself; this one stays as it is. */
  copy(): ConnectionFold;
  /** Records that it holds, gone ones included: what its memory grows with. */
  size(): number;
}

/** A full read that takes away at least so many records, net, and more than half, is not believed at its first telling. */
export const suspectRecords = 20;

/** @param entries of one connection, ascending and without gaps, from its first */
export function foldTransactions(entries: readonly JournalEntry[]): readonly CurrentTransaction[] {
  const fold = createConnectionFold();
  for (const entry of entries) fold.add(entry);
  return fold.current();
}

export function createConnectionFold(): ConnectionFold {
  return foldFrom({
    head: undefined,
    origin: undefined,
    records: new Map(),
    aliases: new Map(),
    openLoop: undefined,
    stream: 0,
    settledStream: 0,
    startedEpochMs: 0,
    isListAwaited: false,
    standingBefore: 0,
    lookalikes: new Map(),
    doubt: undefined,
    areWindowsDoubted: false,
  });
}

interface Found extends CurrentTransaction {
  /** The stream that stated it last. */
  readonly stream: number;
  /** Withdrawn, replaced, or lacking from a full read. Kept for its history, and because it may come again. */
  readonly isGone: boolean;
  /** Newest entry that said anything of it, a withdrawal included. */
  readonly saidVersion: number;
  /** As it was last stated in accounts that it has left. */
  readonly leftBehind: readonly Transaction[];
}

interface Part {
  readonly version: number;
  readonly page: PageEntry;
}

interface State {
  head: Head | undefined;
  origin: string | undefined;
  readonly records: Map<string, Found>;
  /** Ids as entries of before 2026-11-26 have them (made with the account's id), to those of today. */
  readonly aliases: Map<string, string>;
  openLoop: { readonly id: string; readonly entries: readonly Part[] } | undefined;
  /** Counts the reads from the empty cursor. */
  stream: number;
  /** The stream that was last compared with what stood. */
  settledStream: number;
  /** When the stream's first call began. */
  startedEpochMs: number;
  /** The stream is settled, but for accounts that it has nothing of: the last list is older than the stream. */
  isListAwaited: boolean;
  /** Records that stood when the stream began. */
  standingBefore: number;
  /** Of those, by account and content: the ids that say it. */
  lookalikes: ReadonlyMap<string, readonly string[]>;
  doubt: Doubt | undefined;
  /** The last read of windows lacked a large part of what stands in them, and was not believed. */
  areWindowsDoubted: boolean;
}

function foldFrom(state: State): ConnectionFold {
  let sorted: readonly CurrentTransaction[] | undefined;
  return {
    add(entry) {
      state.head = foldHead(state.head, entry);
      state.origin ??= entry.hash;
      sorted = undefined;
      take(state, entry, state.head);
    },
    head: () => state.head,
    current: () => (sorted ??= inReadingOrder(state)),
    standing: () => new Map(visible(state).map(({ transaction }) => [transaction.transactionId, transaction])),
    told: () => present(state).map(({ transaction }) => transaction),
    reach: () => reachOf(state),
    origin: () => state.origin,
    doubt: () => state.doubt,
    copy: () => foldFrom({ ...state, records: new Map(state.records), aliases: new Map(state.aliases) }),
    size: () => state.records.size,
  };
}

function take(state: State, { version, content }: JournalEntry, head: Head): void {
  if (content.kind === 'linked' && head.loop === null) state.openLoop = undefined;
  if (content.kind === 'returned') takeBack(state, content, version);
  if (content.kind === 'accounts' && content.list.last) settleByList(state, version, head);
  if (content.kind !== 'page') return;
  const { loop } = content;
  const before = state.openLoop?.id === loop.id ? state.openLoop.entries : [];
  const entries = [...before, { version, page: content }];
  state.openLoop = loop.last ? undefined : { id: loop.id, entries };
  if (loop.last) takeLoop(state, entries, version, head);
}

function takeLoop(state: State, entries: readonly Part[], version: number, head: Head) {
  const [first] = entries;
  const covers = entries.flatMap(({ page }) => page.covers ?? []);
  if (first !== undefined && loopKindOf(first.page) === 'snapshot') beginStream(state, first.page);
  else if (covers.length > 0) beginWindows(state);
  for (const parts of pagesOf(entries)) takePage(state, parts, head);
  if (covers.length > 0) settleWindows(state, entries, covers);
  const isComplete = entries.at(-1)?.page.history === 'complete';
  if (isComplete && state.settledStream < state.stream) settleStream(state, version, head);
}

function beginStream(state: State, { syncStartedEpochMs }: PageEntry): void {
  const standing = present(state);
  state.stream += 1;
  state.startedEpochMs = syncStartedEpochMs;
  state.isListAwaited = false;
  state.standingBefore = standing.length;
  const groups = Map.groupBy(standing, ({ transaction }) => lookOf(transaction));
  state.lookalikes = new Map(
    [...groups].map(([look, found]) => [look, found.map(({ transaction }) => transaction.transactionId)]),
  );
}

/** Ids that are reissued need no look-alikes here: under its old id a record is not listed any more. */
function beginWindows(state: State): void {
  state.stream += 1;
  state.settledStream = state.stream;
  state.isListAwaited = false;
  state.lookalikes = new Map();
}

/** A page too large for one item is stored in parts, which follow each other under one page number. */
function pagesOf(entries: readonly Part[]): readonly (readonly Part[])[] {
  const pages: Part[][] = [];
  for (const entry of entries) {
    const open = pages.at(-1);
    if (open !== undefined && open[0]?.page.loop.page === entry.page.loop.page) open.push(entry);
    else pages.push([entry]);
  }
  return pages;
}

function takePage(state: State, parts: readonly Part[], head: Head): void {
  const replaced: { readonly id: string; readonly version: number }[] = [];
  const each = (list: 'added' | 'modified') =>
    parts.flatMap(({ version, page }) => page[list].map((transaction) => ({ version, page, transaction })));
  for (const { version, page, transaction } of [...each('added'), ...each('modified')]) {
    const isOld = page.loop.kind === undefined;
    const current = isOld ? underTodaysId(transaction, state, head) : transaction;
    see(state, current, version);
    dropLookalike(state, current, version);
    const { supersedes, transactionId } = current;
    if (supersedes !== null && supersedes !== transactionId) replaced.push({ id: supersedes, version });
  }
  for (const { id, version } of replaced) drop(state, id, version);
  for (const { version, page } of parts) {
    for (const id of page.removed) drop(state, state.aliases.get(id) ?? id, version);
  }
}

/** Entries of before 2026-11-26 carry ids made with the account: the same record has another id today. */
function underTodaysId(transaction: Transaction, state: State, { provider, connectionId }: Head): Transaction {
  const { providerTransactionId, idBasis, transactionId, supersedes } = transaction;
  if (providerTransactionId === null || idBasis !== 'provider') return transaction;
  const todaysId = idOf({ provider, connectionId, providerTransactionId });
  if (todaysId === transactionId) return transaction;
  state.aliases.set(transactionId, todaysId);
  return {
    ...transaction,
    transactionId: todaysId,
    supersedes: supersedes && (state.aliases.get(supersedes) ?? supersedes),
  };
}

const never: readonly Transaction[] = [];

function see(state: State, transaction: Transaction, version: number): void {
  const { transactionId, contentHash } = transaction;
  const before = state.records.get(transactionId);
  const saysTheSame = before === undefined || before.transaction.contentHash === contentHash;
  const hasMoved = before !== undefined && before.transaction.accountId !== transaction.accountId;
  const leftBehind = before?.leftBehind ?? never;
  state.records.set(transactionId, {
    transaction,
    firstSeenVersion: before?.firstSeenVersion ?? version,
    lastSeenVersion: version,
    earlier: saysTheSame
      ? (before?.earlier ?? [])
      : [{ version: before.lastSeenVersion, transaction: before.transaction }, ...before.earlier],
    stream: state.stream,
    isGone: false,
    saidVersion: version,
    leftBehind: hasMoved ? [...leftBehind, before.transaction] : leftBehind,
  });
}

function drop(state: State, transactionId: string, version: number): void {
  const record = state.records.get(transactionId);
  if (record !== undefined) state.records.set(transactionId, { ...record, isGone: true, saidVersion: version });
}

function takeBack(state: State, { records }: ReturnedEntry, version: number): void {
  for (const { asideVersion, transaction } of records) {
    if ((state.records.get(transaction.transactionId)?.saidVersion ?? 0) <= asideVersion)
      see(state, transaction, version);
  }
}

function lookOf({ accountId, contentHash }: Transaction): string {
  return `${accountId} ${contentHash}`;
}

/**
 * A provider that reissues all ids (a new Item of the same account) says the same of a record under another id: one for
 * one, so twins stay two. A record whose own id comes again later in the stream stands again.
 */
function dropLookalike(state: State, transaction: Transaction, version: number): void {
  const look = lookOf(transaction);
  const ids = state.lookalikes.get(look);
  if (ids === undefined || ids.includes(transaction.transactionId)) return;
  const twin = ids.find((id) => {
    const record = state.records.get(id);
    return record !== undefined && record.stream !== state.stream && !record.isGone;
  });
  if (twin !== undefined) drop(state, twin, version);
}

/** The stream is complete: what earlier ones had, and it lacks within its dates, is gone. */
function settleStream(state: State, version: number, { accounts, accountsReadEpochMs }: Head): void {
  state.settledStream = state.stream;
  state.isListAwaited = (accountsReadEpochMs ?? 0) < state.startedEpochMs;
  settle(state, version, state.isListAwaited ? noAccount : openIn(accounts));
}

/** Which accounts were open is known now; of a read that is doubted the next one decides. */
function settleByList(state: State, version: number, { accounts, accountsReadEpochMs }: Head): void {
  if (!state.isListAwaited || (accountsReadEpochMs ?? 0) < state.startedEpochMs) return;
  state.isListAwaited = false;
  if (state.doubt === undefined) settle(state, version, openIn(accounts));
}

const noAccount: ReadonlySet<string> = new Set();

function settle(state: State, version: number, isOpen: ReadonlySet<string>): void {
  const told = present(state);
  const read = told.filter(({ stream }) => stream === state.stream).map(({ transaction }) => transaction);
  const isCovered = coverageOf(read, isOpen);
  const missing = told.filter(({ stream, transaction }) => stream !== state.stream && isCovered(transaction));
  const isSuspect = missing.length >= suspectRecords && (told.length - missing.length) * 2 < state.standingBefore;
  if (isSuspect && state.doubt === undefined) {
    state.doubt = { version, missing: missing.length };
    return;
  }
  state.doubt = undefined;
  for (const { transaction } of missing) drop(state, transaction.transactionId, version);
}

/** The windows are complete: what they lack is gone. As with a full read, a large part is not given up at its first telling. */
function settleWindows(state: State, entries: readonly Part[], covers: readonly Coverage[]): void {
  const [begin, end] = [entries[0]?.version ?? 0, entries.at(-1)?.version ?? 0];
  const from = new Map(covers.map(({ accountId, fromDate }) => [accountId, fromDate]));
  const spokenOf = [...state.records.values()].filter(({ isGone, transaction }) => {
    const fromDate = from.get(transaction.accountId);
    return !isGone && fromDate !== undefined && (transaction.status === 'PDNG' || readingDate(transaction) >= fromDate);
  });
  const missing = spokenOf.filter(({ stream }) => stream !== state.stream);
  const stoodBefore = spokenOf.filter(({ firstSeenVersion }) => firstSeenVersion < begin);
  const isSuspect = missing.length >= suspectRecords && (spokenOf.length - missing.length) * 2 < stoodBefore.length;
  const isFirstTelling = isSuspect && !state.areWindowsDoubted;
  state.areWindowsDoubted = isFirstTelling;
  if (isFirstTelling) return;
  for (const { transaction } of missing) drop(state, transaction.transactionId, end);
}

function present(state: State): readonly Found[] {
  return [...state.records.values()].filter(({ isGone }) => !isGone);
}

function reachOf(state: State): ReturnType<ConnectionFold['reach']> {
  if (present(state).every(({ stream }) => stream === state.stream)) return 'one';
  if (state.settledStream < state.stream) return 'unsettled';
  if (state.isListAwaited) return 'unlisted';
  return state.lookalikes.size === 0 ? 'one' : 'mixed';
}

function visible(state: State): readonly Found[] {
  const hidden = hiddenFrom([...state.records.values()], state.head?.accounts ?? []);
  return present(state).filter(({ transaction }) => {
    const from = hidden.get(transaction.accountId);
    return from === undefined || (coveredDate(transaction) ?? undated) < from;
  });
}

function inReadingOrder(state: State): readonly CurrentTransaction[] {
  return visible(state)
    .toSorted((left, right) => compareNewestFirst(readingPlace(left.transaction), readingPlace(right.transaction)))
    .map(({ stream: _, isGone: __, saidVersion: ___, leftBehind: ____, ...current }) => current);
}

/**
 * By replaced account: the date from which its successor's records tell the same. Those that are gone or have moved on count too: where
 * the bank takes the first one back, the old account's record of that day must not stand again in its place.
 */
function hiddenFrom(records: readonly Found[], accounts: readonly StandingAccount[]): ReadonlyMap<string, string> {
  const replaced = accounts.filter(({ state }) => state === 'replaced');
  if (replaced.length === 0) return new Map();
  const told = records.flatMap(({ transaction, leftBehind }) => [transaction, ...leftBehind]);
  const earliest = earliestDates(told);
  const byId = new Map(accounts.map((account) => [account.accountId, account]));
  const hidden = new Map<string, string>();
  for (const { accountId, replacedBy } of replaced) {
    const seen = new Set([accountId]);
    for (let next = replacedBy; next !== null && !seen.has(next); next = byId.get(next)?.replacedBy ?? null) {
      seen.add(next);
      const from = earliest.get(next);
      const known = hidden.get(accountId);
      if (from !== undefined && (known === undefined || from < known)) hidden.set(accountId, from);
    }
  }
  return hidden;
}
