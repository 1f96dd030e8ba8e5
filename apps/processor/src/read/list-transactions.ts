/**
 * `GET /v1/transactions`: one reading over all connections of a user, merged by date, in pages that show what stood when the
 * first one was read: neither a new entry nor a new connection repeats or skips a record.
 */
import type { Deadline } from '@quartersec/sla';
import {
  compareNewestFirst,
  type Head,
  type PageOptions,
  type ReadingPlace,
  readingPlace,
  StorageError,
  type TransactionPage,
} from '@quartersec/storage';
import { isLocalDate, type Transaction } from '@quartersec/validation';
import type { ApiOperation } from '../api/api-handler.ts';
import { connectionState } from '../api/connection-view.ts';
import type { ProblemMember, TransactionsQuery, UnreadableConnection } from '../api/contract.ts';
import { ApiError } from '../api/problems.ts';
import { conditionalHeaders, etagOf, hasAlready, notModified } from './conditional.ts';
import { inTurns } from './in-turns.ts';
import type { QueryDependencies } from './query-dependencies.ts';
import { decodeReading, encodeReading, leftOut, type ReadingCursor, tagOf } from './reading-cursor.ts';
import { readAskedHeads, readable, refuseIfNothing, type UserHeads } from './user-heads.ts';

const defaultLimit = 50;
const foldsAtOnce = 8;

/** A connection as this reading has it. */
interface Part {
  readonly head: Head;
  readonly version: number;
}

export function listTransactions(deps: QueryDependencies): ApiOperation<'listTransactions'> {
  return async ({ userId, query, deadline, headers }) => {
    refuseWrongDates(query);
    const reading = readingOf(userId, query);
    const cursor = query.cursor === undefined ? undefined : decodeReading(query.cursor, reading);
    if (query.cursor !== undefined && cursor === undefined) throw new ApiError('CURSOR_INVALID');

    const found = await readAskedHeads(deps, userId, query.connection, deadline);
    const { parts, unreadable } = partsOf(found, cursor);
    const etag = etagOf(
      deps.revision,
      [...reading, query],
      parts.map(({ head }) => head),
    );
    if (unreadable.length === 0 && hasAlready(headers['if-none-match'], etag)) return notModified(etag);

    const pages = await readPages(deps, parts, cursor, query, deadline);
    const missing = [...unreadable, ...pages.unreadable];
    refuseIfNothing(pages.read.length, missing);
    const { transactions, isLast } = merge(pages.read, query.limit ?? defaultLimit);
    const last = transactions.at(-1);
    const body = {
      transactions: transactions.map(({ connectionId, transaction }) => ({ connectionId, ...transaction })),
      nextCursor: isLast || last === undefined ? null : nextCursor(last, pages.read, missing, reading),
      connections: pages.read.map(({ head, version }) => ({ ...connectionState(head), version })),
      unreadable: missing,
    };
    return {
      status: 200,
      body,
      ...(missing.length === 0 ? { headers: conditionalHeaders(etag) } : { isPartial: true }),
    };
  };
}

/** What a cursor belongs to: another user's, or one of other filters, would skip records. */
function readingOf(userId: string, { connection, account, from, to, status }: TransactionsQuery): readonly unknown[] {
  return ['transactions', userId, connection ?? null, account ?? null, from ?? null, to ?? null, status ?? null];
}

/** The form is checked before; that there is such a day, and that the two are in order, is not. */
function refuseWrongDates({ from, to }: TransactionsQuery): void {
  const errors: ProblemMember[] = Object.entries({ from, to }).flatMap(([name, date]) =>
    date === undefined || isLocalDate(date) ? [] : [{ path: `query.${name}`, expected: 'a day of the calendar' }],
  );
  if (from !== undefined && to !== undefined && from > to)
    errors.push({ path: 'query.from', expected: 'not after query.to' });
  if (errors.length > 0) throw new ApiError('REQUEST_INVALID', { errors });
}

/** The first page takes every connection as it is; later ones those that the cursor names, as they were. */
function partsOf(
  { heads, unreadable }: UserHeads,
  cursor: ReadingCursor | undefined,
): { readonly parts: readonly Part[]; readonly unreadable: readonly UnreadableConnection[] } {
  if (cursor === undefined) return { parts: heads.map((head) => ({ head, version: head.version })), unreadable };
  const versionOf = ({ connectionId }: { readonly connectionId: string }) => cursor.versions.get(tagOf(connectionId));
  const parts: Part[] = [];
  const missing = unreadable.filter((connection) => versionOf(connection) !== undefined);
  for (const head of heads) {
    const version = versionOf(head);
    if (version === undefined) continue;
    if (version === leftOut) missing.push({ connectionId: head.connectionId, code: 'ENTRY_CORRUPT' });
    else parts.push({ head, version });
  }
  return { parts, unreadable: missing };
}

type ReadPart = Part & { readonly page: TransactionPage };

async function readPages(
  deps: QueryDependencies,
  parts: readonly Part[],
  cursor: ReadingCursor | undefined,
  query: TransactionsQuery,
  deadline: Deadline,
): Promise<{ readonly read: readonly ReadPart[]; readonly unreadable: readonly UnreadableConnection[] }> {
  const found = await inTurns(parts, foldsAtOnce, async (part) => {
    const options = pageOptions(query, cursor && { ...cursor.behind, version: part.version });
    return readable(deps, part.head.connectionId, async () => ({
      ...part,
      page: await deps.readPage(part.head, options, deadline),
    }));
  }).catch((error: unknown) => {
    if (error instanceof StorageError && error.code === 'VERSION_UNKNOWN') throw new ApiError('VERSION_UNKNOWN');
    throw error;
  });
  return {
    read: found.filter((part): part is ReadPart => 'page' in part),
    unreadable: found.filter((part): part is UnreadableConnection => 'code' in part),
  };
}

function pageOptions(
  { limit = defaultLimit, account, from, to, status }: TransactionsQuery,
  after: PageOptions['after'],
): Omit<PageOptions, 'deadline' | 'memory'> {
  return {
    limit,
    ...(after !== undefined && { after }),
    ...(account !== undefined && { accountId: account }),
    ...(from !== undefined && { fromDate: from }),
    ...(to !== undefined && { toDate: to }),
    ...(status !== undefined && { status }),
  };
}

interface OwnTransaction {
  readonly connectionId: string;
  readonly transaction: Transaction;
  readonly place: ReadingPlace;
}

/** The first `limit` of all are among the first `limit` of each. */
function merge(
  parts: readonly ReadPart[],
  limit: number,
): { readonly transactions: readonly OwnTransaction[]; readonly isLast: boolean } {
  const all = parts.flatMap(({ head: { connectionId }, page }) =>
    page.transactions.map(({ transaction }) => ({ connectionId, transaction, place: readingPlace(transaction) })),
  );
  const ordered = all.toSorted((left, right) => compareNewestFirst(left.place, right.place));
  const isLast = all.length <= limit && parts.every(({ page }) => page.next === undefined);
  return { transactions: ordered.slice(0, limit), isLast };
}

function nextCursor(
  { place }: OwnTransaction,
  parts: readonly ReadPart[],
  missing: readonly UnreadableConnection[],
  reading: readonly unknown[],
): string {
  const versions = new Map([
    ...parts.map(({ head, version }) => [tagOf(head.connectionId), version] as const),
    ...missing.map(({ connectionId }) => [tagOf(connectionId), leftOut] as const),
  ]);
  return encodeReading({ behind: place, versions }, reading);
}
