/** `GET /v1/connections` and `/v1/connections/{connectionId}`. */
import type { ApiOperation } from '../api/api-handler.ts';
import { connectionView } from '../api/connection-view.ts';
import { conditionalHeaders, etagOf, hasAlready, notModified } from './conditional.ts';
import type { QueryDependencies } from './query-dependencies.ts';
import { readOwnHead, readUserHeads, refuseIfNothing } from './user-heads.ts';

export function listConnections(deps: QueryDependencies): ApiOperation<'listConnections'> {
  return async ({ userId, deadline, headers }) => {
    const { heads, unreadable } = await readUserHeads(deps, userId, deadline);
    refuseIfNothing(heads.length, unreadable);
    const body = { connections: heads.map(connectionView), unreadable };
    if (unreadable.length > 0) return { status: 200, body, isPartial: true };
    const etag = etagOf(deps.revision, ['connections', userId], heads);
    if (hasAlready(headers['if-none-match'], etag)) return notModified(etag);
    return { status: 200, body, headers: conditionalHeaders(etag) };
  };
}

export function getConnection(deps: QueryDependencies): ApiOperation<'getConnection'> {
  return async ({ userId, pathId, deadline, headers }) => {
    const head = await readOwnHead(deps, userId, pathId, deadline);
    const etag = etagOf(deps.revision, ['connection', userId], [head]);
    if (hasAlready(headers['if-none-match'], etag)) return notModified(etag);
    return { status: 200, body: connectionView(head), headers: conditionalHeaders(etag) };
  };
}
