/**
 * `GET /v1/changes`: the app's own feed over all connections of a user. Each connection's changes come in the order of its
 * journal, none is left out, and one that comes twice has the same id. With `wait` the answer comes as soon as there is a change.
 */
import type { Insight } from '@quartersec/insights';
import { createDeadline, type Deadline } from '@quartersec/sla';
import {
  type ChangePosition,
  firstPosition,
  type Head,
  type PlacedChange,
  positionAt,
  StorageError,
} from '@quartersec/storage';
import type { ApiCall, ApiOperation } from '../api/api-handler.ts';
import { connectionView } from '../api/connection-view.ts';
import type { Change, UnreadableConnection } from '../api/contract.ts';
import { ApiError } from '../api/problems.ts';
import { type ChangePlaces, decodeChanges, encodeChanges, longestCursor } from './change-cursor.ts';
import { accountView } from './list-accounts.ts';
import type { QueryDependencies } from './query-dependencies.ts';
import { mostConnections, readable, readUserHeads, refuseIfNothing, type UserHeads } from './user-heads.ts';

const defaultLimit = 100;
const lookEveryMs = 1_000;
const idCharacters = 16;

/** One look at all connections. */
interface Look {
  readonly changes: readonly Change[];
  readonly places: ChangePlaces;
  readonly more: boolean;
  readonly unreadable: readonly UnreadableConnection[];
}

export function listChanges(deps: QueryDependencies): ApiOperation<'listChanges'> {
  return async (call) => {
    const { userId, query, deadline } = call;
    const limit = query.limit ?? defaultLimit;
    const from = await placesOf(deps, call);
    let look = await lookAt(deps, userId, from, limit, deadline);
    const untilMs = deps.nowMs() + Math.min((query.wait ?? 0) * 1_000, waitableMs(deps, call));
    let waitedMs = 0;
    while (look.changes.length === 0 && !look.more && deps.nowMs() < untilMs) {
      const pauseMs = Math.min(lookEveryMs, untilMs - deps.nowMs());
      await deps.sleep(pauseMs);
      waitedMs += pauseMs;
      look = await lookAt(deps, userId, look.places, limit, createDeadline(deps.hardDeadlineMs, deps.nowMs));
    }
    const nextCursor = encodeChanges(look.places, userId);
    if (nextCursor.length > longestCursor) throw new ApiError('TOO_MANY_CONNECTIONS');
    const { changes, more, unreadable } = look;
    return {
      status: 200,
      body: { changes, nextCursor, more, unreadable },
      waitedMs,
      ...(unreadable.length > 0 && { isPartial: true }),
    };
  };
}

/** A look takes its time as well. */
function waitableMs({ hardDeadlineMs }: QueryDependencies, { remainingMs }: ApiCall<'listChanges'>): number {
  return Math.max(0, remainingMs() - hardDeadlineMs);
}

/** @throws {ApiError} `CURSOR_INVALID` */
async function placesOf(
  deps: QueryDependencies,
  { userId, query: { after }, deadline }: ApiCall<'listChanges'>,
): Promise<ChangePlaces> {
  if (after === undefined) return new Map();
  if (after === 'now') {
    const { heads } = await readHeads(deps, userId, deadline);
    return new Map(heads.map((head) => [head.connectionId, positionAt(head)]));
  }
  const places = decodeChanges(after, userId);
  if (places === undefined) throw new ApiError('CURSOR_INVALID');
  return places;
}

async function readHeads(deps: QueryDependencies, userId: string, deadline: Deadline): Promise<UserHeads> {
  const found = await readUserHeads(deps, userId, deadline);
  if (found.ids.length > mostConnections)
    throw new ApiError('TOO_MANY_CONNECTIONS', { detail: `at most ${mostConnections}` });
  return found;
}

async function lookAt(
  deps: QueryDependencies,
  userId: string,
  from: ChangePlaces,
  limit: number,
  deadline: Deadline,
): Promise<Look> {
  const { heads, unreadable, ids } = await readHeads(deps, userId, deadline);
  const places = new Map(from);
  const changes: Change[] = [];
  for (const [connectionId, place] of from) {
    // Its link goes first when it is erased. One that is only being linked has its link already.
    if (ids.includes(connectionId) || changes.length === limit) continue;
    changes.push(removed(connectionId, place));
    places.delete(connectionId);
  }
  const missing = [...unreadable];
  let looked = 0;
  let more = changes.length === limit;
  for (const head of heads) {
    const { connectionId } = head;
    const place = places.get(connectionId) ?? firstPosition;
    if (isUpToDate(place, head)) {
      looked += 1;
      continue;
    }
    if (changes.length === limit) {
      more = true;
      break;
    }
    const room = limit - changes.length;
    const news = await readable(deps, connectionId, () => newsOf(deps, head, place, room, deadline)).catch(
      (error: unknown) => {
        if (!(error instanceof StorageError) || changes.length === 0) throw error;
        return undefined; // what is here is told now; the next request meets it again, if it is still so
      },
    );
    if (news === undefined) {
      more = true;
      break;
    }
    if ('code' in news) {
      missing.push(news);
      continue;
    }
    looked += 1;
    changes.push(...news.changes);
    places.set(connectionId, news.place);
    more ||= news.more;
    // What is here is told now: the rest has a request of its own.
    if (news.more) break;
  }
  refuseIfNothing(looked + changes.length, missing);
  return { changes, places, more, unreadable: missing };
}

function isUpToDate({ version, given, mark }: ChangePosition, head: Head): boolean {
  return version === head.version && given === 0 && head.hash.startsWith(mark);
}

interface News {
  readonly changes: readonly Change[];
  readonly place: ChangePosition;
  readonly more: boolean;
}

/** A position of a history that is no more: all of it is gone, and another one has begun under the same id. */
async function newsOf(
  deps: QueryDependencies,
  head: Head,
  place: ChangePosition,
  limit: number,
  deadline: Deadline,
): Promise<News> {
  try {
    return await readNews(deps, head, place, limit, deadline);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'VERSION_UNKNOWN') throw error;
  }
  return { changes: [removed(head.connectionId, place)], place: firstPosition, more: true };
}

async function readNews(
  deps: QueryDependencies,
  head: Head,
  from: ChangePosition,
  limit: number,
  deadline: Deadline,
): Promise<News> {
  const { changes, position, more } = await deps.readChanges(head, from, limit, deadline);
  return { changes: changes.map((change) => changeView(head.connectionId, change)), place: position, more };
}

function changeView(connectionId: string, { version, index, entryHash, change }: PlacedChange): Change {
  const base = { id: `${entryHash.slice(0, idCharacters)}.${index}`, connectionId, version };
  switch (change.kind) {
    case 'connection.changed':
      return { ...base, kind: change.kind, connection: connectionView(change.head) };
    case 'account.changed':
      return { ...base, kind: change.kind, account: accountView(connectionId, change.account) };
    case 'transaction.removed':
      return { ...base, kind: change.kind, transactionId: change.transactionId };
    case 'insight.raised':
      // Written by the derive step, whose type this is.
      return { ...base, kind: change.kind, insight: change.insight as Insight };
    case 'insight.cleared':
      return { ...base, kind: change.kind, fingerprint: change.fingerprint };
    default:
      return { ...base, kind: change.kind, transaction: { connectionId, ...change.transaction } };
  }
}

function removed(connectionId: string, { version, mark }: ChangePosition): Change {
  return { id: `${connectionId}.${mark}.removed`, connectionId, version, kind: 'connection.removed' };
}
