/**
 * A connection's transactions as they stand, newest first by date, over its whole history. Entries never change, so the
 * fold of a version never does: it is kept in memory, and the next version goes on from it.
 */
import type { Transaction } from '@quartersec/validation';
import { blockEntries, readEntries } from './entry-reader.ts';
import type { FoldMemory } from './fold-memory.ts';
import { type ConnectionFold, type CurrentTransaction, createConnectionFold } from './fold-transactions.ts';
import { genesisHash, type Head, type JournalEntry } from './model.ts';
import { compareNewestFirst, type ReadingPlace, readingDate, readingPlace } from './reading-order.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, Table } from './table.ts';

type Within = Pick<CallOptions, 'deadline'>;
type HeadRef = Pick<Head, 'connectionId' | 'version' | 'hash'>;

export interface ReadOptions extends Within {
  /** Folds of earlier reads; without it every read folds the journal from its start. */
  readonly memory?: FoldMemory;
}

export interface TransactionsRead {
  /** By date, newest first; equal dates by id. */
  readonly transactions: readonly CurrentTransaction[];
}

/**
 * @param head as new as the answer has to be
 * @param options `limit` cuts the answer, and changes nothing else of it
 * @throws {StorageError} `ENTRY_CORRUPT` where entries are altered, missing or not the head's; and as `Table.query`
 */
export async function readTransactions(
  table: Table,
  head: HeadRef,
  options: ReadOptions & { readonly limit?: number },
): Promise<TransactionsRead> {
  const fold = await readFold(table, head, head.version, options);
  const { limit = Number.POSITIVE_INFINITY } = options;
  return { transactions: fold.current().slice(0, limit) };
}

/** Where a page ends: the next one goes on behind it, in what stood at `version`. */
export interface PagePosition extends ReadingPlace {
  readonly version: number;
}

export interface PageOptions extends ReadOptions {
  /** Records a page, from 1. */
  readonly limit: number;
  /** Behind this record; absent for the first page. */
  readonly after?: PagePosition;
  readonly accountId?: string;
  /** Inclusive, YYYY-MM-DD, by `readingDate`. */
  readonly fromDate?: string;
  readonly toDate?: string;
  readonly status?: Transaction['status'];
}

export interface TransactionPage {
  readonly transactions: readonly CurrentTransaction[];
  /** Of all pages of this reading: what is written meanwhile neither repeats nor skips a record. */
  readonly version: number;
  /** `undefined` behind the last record. */
  readonly next: PagePosition | undefined;
}

/**
 * @throws {StorageError} `VERSION_UNKNOWN` when `after` is of a version that the connection does not have (it was erased
 *   and linked anew); else as `readTransactions`
 */
export async function readTransactionPage(table: Table, head: HeadRef, options: PageOptions): Promise<TransactionPage> {
  const { after, limit } = options;
  const version = after?.version ?? head.version;
  if (version > head.version || version < 1) {
    throw new StorageError('VERSION_UNKNOWN', { connectionId: head.connectionId, version });
  }
  const all = (await readFold(table, head, version, options)).current();
  const transactions: CurrentTransaction[] = [];
  let at = after === undefined ? 0 : firstBehind(all, after);
  for (; at < all.length && transactions.length < limit; at += 1) {
    const record = all[at] as CurrentTransaction;
    if (matches(record.transaction, options)) transactions.push(record);
  }
  while (at < all.length && !matches((all[at] as CurrentTransaction).transaction, options)) at += 1;
  const last = transactions.at(-1)?.transaction;
  const next = at < all.length && last !== undefined ? { version, ...readingPlace(last) } : undefined;
  return { transactions, version, next };
}

/** By halving: the order is total, also where the record itself is not there. */
function firstBehind(all: readonly CurrentTransaction[], after: PagePosition): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareNewestFirst(readingPlace((all[middle] as CurrentTransaction).transaction), after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function matches(transaction: Transaction, { accountId, fromDate, toDate, status }: PageOptions): boolean {
  const date = readingDate(transaction);
  return (
    (accountId === undefined || transaction.accountId === accountId) &&
    (status === undefined || transaction.status === status) &&
    (fromDate === undefined || date >= fromDate) &&
    (toDate === undefined || date <= toDate)
  );
}

/**
 * The fold at `version`, one of the history that ends in `head`.
 * @throws {StorageError} as `readTransactions`
 */
export async function readFold(
  table: Table,
  head: HeadRef,
  version: number,
  { deadline, memory }: ReadOptions,
): Promise<ConnectionFold> {
  const { connectionId } = head;
  const kept = memory?.of(connectionId) ?? new Map<number, ConnectionFold>();
  const newest = [...kept.values()].at(-1)?.head();
  // What was kept may be of an erased connection of this name: it has to lead to the head, or to be it.
  const leadsToHead =
    newest !== undefined &&
    (newest.version < head.version || (kept.get(head.version)?.head()?.hash ?? newest.hash) === head.hash);
  if (!leadsToHead) memory?.drop(connectionId);
  const known = leadsToHead ? kept.get(version) : undefined;
  if (known !== undefined && newest?.version === head.version) return known;

  const base = leadsToHead ? [...kept].filter(([at]) => at <= version).at(-1)?.[1] : undefined;
  // What was folded when the time was over is kept: the next read of a long history goes on from there.
  const keepPart = (part: ConnectionFold) => memory?.keep(connectionId, part.head()?.version ?? 0, part);
  // A cache may still hold entries of an erased connection of this name: only what the table itself says is called corrupt.
  let fold = await foldChain(table, head, version, base, { deadline, keepPart }).catch(unlessCorrupt);
  if (fold === undefined) {
    memory?.drop(connectionId);
    fold = await foldChain(table, head, version, undefined, { deadline, fresh: true, keepPart });
  }
  memory?.keep(connectionId, version, fold);
  return fold;
}

/** Reads on to the head, so that the fold at `version` is one of the head's own history. */
async function foldChain(
  table: Table,
  { connectionId, ...head }: HeadRef,
  version: number,
  base: ConnectionFold | undefined,
  { keepPart, ...options }: CallOptions & { readonly keepPart: (part: ConnectionFold) => void },
): Promise<ConnectionFold> {
  // One that is at `version` already takes nothing more, and keeps its order.
  const fold = base?.head()?.version === version ? base : (base?.copy() ?? createConnectionFold());
  let last: Pick<JournalEntry, 'version' | 'hash'> = base?.head() ?? { version: 0, hash: genesisHash };
  // A whole history may be asked for by the next environment too, up to the same head.
  const readOn = base === undefined ? readBlock : readBlockBehind;
  const readNext = async (behind: number) =>
    behind < head.version ? readOn(table, { connectionId, ...head }, behind, options) : [];
  let next = readNext(last.version);
  while (last.version < head.version) {
    const toVersion = blockEnd(last.version, head.version);
    const entries = await next.catch((error: unknown) => {
      if (fold !== base && !isCorrupt(error) && fold.head() !== undefined) keepPart(fold);
      throw error;
    });
    next = readNext(toVersion); // is read while this one is folded
    next.catch(() => {}); // a fold that fails does not wait for it
    const goesOn = entries.length === toVersion - last.version && entries[0]?.previousHash === last.hash;
    if (!goesOn) throw new StorageError('ENTRY_CORRUPT', { connectionId, version: toVersion });
    for (const entry of entries) if (entry.version <= version) fold.add(entry);
    last = entries.at(-1) ?? last;
  }
  if (last.hash !== head.hash) throw new StorageError('ENTRY_CORRUPT', { connectionId, version: head.version });
  return fold;
}

export function blockEnd(behind: number, headVersion: number): number {
  return Math.min(headVersion, behind - (behind % blockEntries) + blockEntries);
}

/**
 * The entries behind what a reader holds, up to the end of a block or up to the head. Whole blocks are asked for again, and a cache may keep
 * them. What ends with the head nobody asks for twice: it comes from the table itself, which also has an entry that was written a moment ago.
 * @throws {StorageError} as `readEntries`
 */
export function readBlockBehind(
  table: Table,
  head: Pick<Head, 'connectionId' | 'version'>,
  behind: number,
  options: CallOptions,
): Promise<readonly JournalEntry[]> {
  const toVersion = blockEnd(behind, head.version);
  const fresh = options.fresh === true || toVersion === head.version;
  return readBlock(table, head, behind, { ...options, fresh });
}

function readBlock(
  table: Table,
  { connectionId, version }: Pick<Head, 'connectionId' | 'version'>,
  behind: number,
  options: CallOptions,
): Promise<readonly JournalEntry[]> {
  return readEntries(table, connectionId, { fromVersion: behind + 1, toVersion: blockEnd(behind, version) }, options);
}

function unlessCorrupt(error: unknown): undefined {
  if (!isCorrupt(error)) throw error;
}

function isCorrupt(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'ENTRY_CORRUPT';
}
