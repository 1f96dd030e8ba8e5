/**
 * The heads of a user's connections: in one call, and only the user's own. From the table itself: what DAX has may be older than the
 * event before the read, where a write had to go past it or has not reached its replica. What lies below a head never changes, and comes
 * from the cache.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Deadline } from '@quartersec/sla';
import { type Head, StorageError } from '@quartersec/storage';
import type { UnreadableConnection } from '../api/contract.ts';
import { ApiError } from '../api/problems.ts';
import { inTurns } from './in-turns.ts';
import type { QueryDependencies } from './query-dependencies.ts';

export interface UserHeads {
  /** In the order of their ids. */
  readonly heads: readonly Head[];
  /** Connections of the user whose data do not verify. */
  readonly unreadable: readonly UnreadableConnection[];
  /** All that the user's links name, also those that are only being linked. */
  readonly ids: readonly string[];
}

/** What one answer goes through. The cursor of a reading names each, and has to fit into a URL. */
export const mostConnections = 100;
const headsAtOnce = 16;

type Deps = Pick<QueryDependencies, 'journal' | 'connectionIdsOf' | 'idsReadLast' | 'log'>;

/** @throws {StorageError} */
export function readUserHeads(deps: Deps, userId: string, deadline: Deadline): Promise<UserHeads> {
  return readHeadsBeside(deps, userId, deps.connectionIdsOf(userId, deadline), deadline);
}

/**
 * The heads of the ids that the user had last are asked for beside the ids that the user has now. They are nearly always the same, and the
 * answer has then waited for one call less.
 * @param asked for the ids that the user's links name
 * @throws {StorageError}
 */
export async function readHeadsBeside(
  deps: Omit<Deps, 'connectionIdsOf'>,
  userId: string,
  asked: Promise<readonly string[]>,
  deadline: Deadline,
): Promise<UserHeads> {
  const last = deps.idsReadLast.get(userId);
  const ahead = last && readHeadsOf(deps, userId, last, deadline);
  ahead?.catch(() => {}); // Thrown below, where it is of the ids that the user has.
  const ids = await asked;
  deps.idsReadLast.set(userId, ids);
  return ahead !== undefined && isDeepStrictEqual(ids, last) ? ahead : readHeadsOf(deps, userId, ids, deadline);
}

async function readHeadsOf(
  deps: Omit<Deps, 'connectionIdsOf' | 'idsReadLast'>,
  userId: string,
  ids: readonly string[],
  deadline: Deadline,
): Promise<UserHeads> {
  const stored = await readStoredHeads(deps, ids, deadline);
  const found = await inTurns(
    ids,
    headsAtOnce,
    async (connectionId) =>
      stored.get(connectionId) ??
      readable(deps, connectionId, () => deps.journal.readHead(connectionId, { deadline, fresh: true })),
  );
  return {
    // A link is written before its connection, and another user's may have been written by hand.
    heads: found.flatMap((head) => (head !== undefined && 'userId' in head && head.userId === userId ? [head] : [])),
    unreadable: found.flatMap((head) => (head !== undefined && 'code' in head ? [head] : [])),
    ids,
  };
}

/** One alone is one call either way. */
async function readStoredHeads(
  { journal }: Pick<Deps, 'journal'>,
  ids: readonly string[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, Head>> {
  return ids.length > 1 ? journal.storedHeads(ids, { deadline }) : new Map();
}

/**
 * All of them, or the one that is asked for.
 * @throws {ApiError} `CONNECTION_UNKNOWN` for another user's as for none; `TOO_MANY_CONNECTIONS`
 * @throws {StorageError} `ENTRY_CORRUPT` where nothing that was asked for can be read
 */
export async function readAskedHeads(
  deps: Deps,
  userId: string,
  connectionId: string | undefined,
  deadline: Deadline,
): Promise<UserHeads> {
  if (connectionId !== undefined) {
    const head = await readOwnHead(deps, userId, connectionId, deadline);
    return { heads: [head], unreadable: [], ids: [connectionId] };
  }
  const found = await readUserHeads(deps, userId, deadline);
  refuseUnanswerable(found);
  return found;
}

/** @throws {ApiError | StorageError} as `readAskedHeads` of all connections */
export function refuseUnanswerable({ ids, heads, unreadable }: UserHeads): void {
  if (ids.length > mostConnections)
    throw new ApiError('TOO_MANY_CONNECTIONS', { detail: `at most ${mostConnections}` });
  refuseIfNothing(heads.length, unreadable);
}

/** @throws {ApiError | StorageError} as `readAskedHeads` */
export async function readOwnHead(deps: Deps, userId: string, connectionId: string, deadline: Deadline): Promise<Head> {
  const head = await deps.journal.readHead(connectionId, { deadline, fresh: true }).catch(async (error: unknown) => {
    // The owner cannot be read from a corrupt head, and other users must not learn that the connection exists.
    const isOwn = isCorrupt(error) && (await deps.connectionIdsOf(userId, deadline)).includes(connectionId);
    if (isOwn || !isCorrupt(error)) throw error;
    return undefined;
  });
  if (head?.userId !== userId) throw new ApiError('CONNECTION_UNKNOWN');
  return head;
}

/** @returns what `read` gives, or the connection as one that cannot be read; logged, so that somebody mends it */
export async function readable<Result>(
  { log }: Pick<QueryDependencies, 'log'>,
  connectionId: string,
  read: () => Promise<Result>,
): Promise<Result | UnreadableConnection> {
  try {
    return await read();
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    log.write('error', 'connection unreadable', {
      connection_id: connectionId,
      error_code: error.code,
      error_detail: JSON.stringify(error.facts),
    });
    return { connectionId, code: error.code };
  }
}

/** An answer without anything would say that there is nothing. @throws {StorageError} `ENTRY_CORRUPT` */
export function refuseIfNothing(readConnections: number, unreadable: readonly UnreadableConnection[]): void {
  const [first] = unreadable;
  if (readConnections === 0 && first !== undefined)
    throw new StorageError('ENTRY_CORRUPT', { connectionId: first.connectionId });
}

function isCorrupt(error: unknown): error is StorageError {
  return error instanceof StorageError && error.code === 'ENTRY_CORRUPT';
}
