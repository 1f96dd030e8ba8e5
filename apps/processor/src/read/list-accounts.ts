/** `GET /v1/accounts`: what the heads have, in pages. An account keeps its place, so each comes once, by the state of its page. */
import type { Head, StandingAccount } from '@quartersec/storage';
import type { ApiOperation } from '../api/api-handler.ts';
import { connectionState } from '../api/connection-view.ts';
import type { AccountsQuery, ConnectionAccount } from '../api/contract.ts';
import { ApiError } from '../api/problems.ts';
import { conditionalHeaders, etagOf, hasAlready, notModified } from './conditional.ts';
import { numberBytes, openCursor, sealCursor, textBytes } from './cursor-text.ts';
import type { QueryDependencies } from './query-dependencies.ts';
import { readAskedHeads } from './user-heads.ts';

const defaultLimit = 500;

/** Behind so many accounts of this connection; those with lower ids have been read whole. */
interface Place {
  readonly connectionId: string;
  readonly read: number;
}

export function listAccounts(deps: QueryDependencies): ApiOperation<'listAccounts'> {
  return async ({ userId, query, deadline, headers }) => {
    const reading = ['accounts', userId, query.connection ?? null];
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor, reading);
    const { heads, unreadable } = await readAskedHeads(deps, userId, query.connection, deadline);
    const etag = etagOf(deps.revision, [...reading, query], heads);
    const isWhole = unreadable.length === 0;
    if (isWhole && hasAlready(headers['if-none-match'], etag)) return notModified(etag);
    const { accounts, next } = pageOf(heads, after, query);
    const body = {
      accounts,
      nextCursor: next === undefined ? null : cursorOf(next, reading),
      connections: heads.map(connectionState),
      unreadable,
    };
    return { status: 200, body, ...(isWhole ? { headers: conditionalHeaders(etag) } : { isPartial: true }) };
  };
}

/** With its state, its successor and the time at which it was read: a reader can tell an old balance. */
export function accountView(connectionId: string, account: StandingAccount): ConnectionAccount {
  const { sinceVersion: _, ...shown } = account;
  return { connectionId, ...shown };
}

function pageOf(heads: readonly Head[], after: Place | undefined, { limit = defaultLimit }: AccountsQuery) {
  const accounts: ConnectionAccount[] = [];
  for (const { connectionId, accounts: all } of heads) {
    if (after !== undefined && connectionId < after.connectionId) continue;
    let read = connectionId === after?.connectionId ? after.read : 0;
    for (; read < all.length; read += 1) {
      if (accounts.length === limit) return { accounts, next: { connectionId, read } };
      accounts.push(accountView(connectionId, all[read] as StandingAccount));
    }
  }
  return { accounts, next: undefined };
}

function cursorOf({ connectionId, read }: Place, reading: readonly unknown[]): string {
  return sealCursor(reading, Buffer.concat([textBytes(connectionId), numberBytes(read)]));
}

function placeOf(cursor: string, reading: readonly unknown[]): Place {
  const bytes = openCursor(reading, cursor);
  if (bytes === undefined) throw new ApiError('CURSOR_INVALID');
  return { connectionId: bytes.text(), read: bytes.number() };
}
