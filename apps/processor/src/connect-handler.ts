/**
 * The `connect` function: link sessions, links, refresh and removal of a user's own connections. Bearer token, JSON, errors as
 * problem details (RFC 9457).
 */
import { ProviderError } from '@quartersec/providers';
import { createDeadline, type Deadline } from '@quartersec/sla';
import { StorageError } from '@quartersec/storage';
import type { EventMetrics } from '@quartersec/telemetry';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import { type ConnectCall, type ConnectDependencies, linkProvider, readOwn } from './connect/connect-dependencies.ts';
import { ConnectError, type ConnectErrorCode } from './connect/connect-error.ts';
import { connectionView } from './connect/connection-view.ts';
import { linkBank } from './connect/link-bank.ts';
import { createLinkSession } from './connect/link-session.ts';
import { refreshConnection } from './connect/refresh-connection.ts';
import { removeConnection } from './connect/remove-connection.ts';
import { ProcessorError } from './processor-error.ts';
import { readUserId } from './read-token.ts';

export interface ConnectHandlerDependencies extends ConnectDependencies {
  readonly readTokenKey: Uint8Array;
  readonly metrics: EventMetrics;
  /** `true` for the first call of an environment, `false` ever after. */
  takeColdStart(): boolean;
  nowMs(): number;
}

type Reply = APIGatewayProxyStructuredResultV2;
export type ConnectHandler = (request: LambdaFunctionURLEvent) => Promise<Reply>;

/** Shorter than any gateway waits, longer than Plaid takes for an exchange. */
export const connectDeadlineMs = 20_000;

interface RouteCall extends ConnectCall {
  readonly connectionId: string;
  body(): Readonly<Record<string, unknown>>;
}

type Route = (call: RouteCall, deps: ConnectDependencies) => Promise<Reply>;

/** `:id` is a connection. */
const routes: Readonly<Record<string, Route>> = {
  'POST /v1/link-tokens': async (call, deps) => {
    const { connectionId } = call.body();
    if (connectionId !== undefined && !isId(connectionId))
      throw new BadRequest('connectionId must be the id of a connection');
    const session = await createLinkSession(connectionId, call, deps);
    return json(201, { provider: linkProvider, ...session });
  },
  'POST /v1/connections': async (call, deps) => {
    const { publicToken } = call.body();
    if (!isPublicToken(publicToken)) throw new BadRequest('publicToken must be the token that Link gave');
    const { head, how } = await linkBank(publicToken, call, deps);
    return json(how === 'new' ? 201 : 200, { how, connection: connectionView(head) });
  },
  'GET /v1/connections': async (call, deps) => {
    const ids = await deps.connectionIdsOf(call.userId, call.deadline);
    const heads = await Promise.all(ids.map((id) => readOwn(deps, id, call)));
    return json(200, { connections: heads.flatMap((head) => (head === undefined ? [] : [connectionView(head)])) });
  },
  'GET /v1/connections/:id': async (call, deps) => {
    const head = await readOwn(deps, call.connectionId, call);
    if (head === undefined) throw new ConnectError('CONNECTION_UNKNOWN');
    return json(200, connectionView(head));
  },
  'POST /v1/connections/:id/refresh': async (call, deps) => {
    const { correlationId } = await refreshConnection(call.connectionId, call, deps);
    return json(202, { correlationId });
  },
  'DELETE /v1/connections/:id': async (call, deps) => {
    await removeConnection(call.connectionId, call, deps);
    return { statusCode: 204 };
  },
};

/** Never rejects for what was asked; a defect of ours does, which Lambda answers with 502. */
export function createConnectHandler(
  deps: ConnectHandlerDependencies,
  limits: { readonly hardDeadlineMs: number },
): ConnectHandler {
  return async (request) => {
    const startedMs = deps.nowMs();
    let statusCode = 500;
    try {
      const reply = await answer(request, deps, createDeadline(limits.hardDeadlineMs, deps.nowMs));
      statusCode = reply.statusCode ?? 200;
      return reply;
    } finally {
      const isRefused = statusCode >= 400 && statusCode < 500;
      const call = { ConnectTime: deps.nowMs() - startedMs, ...(statusCode >= 500 && { ConnectFailed: 1 }) };
      const values = { ...(isRefused ? { Refused: 1 } : call), ...(deps.takeColdStart() && { ColdStart: 1 }) };
      deps.metrics.write(values, linkProvider, deps.nowEpochMs());
    }
  };
}

async function answer(
  request: LambdaFunctionURLEvent,
  deps: ConnectHandlerDependencies,
  deadline: Deadline,
): Promise<Reply> {
  const { method } = request.requestContext.http;
  const userId = await readUserId(request.headers.authorization, deps.readTokenKey, deps.nowEpochMs());
  if (userId === undefined) return problem(401, 'TOKEN_INVALID', { 'www-authenticate': 'Bearer' });
  const { path, connectionId } = splitPath(request.rawPath);
  const route = Object.hasOwn(routes, `${method} ${path}`) ? routes[`${method} ${path}`] : undefined;
  if (route === undefined) {
    const others = Object.keys(routes).flatMap((key) => (key.endsWith(` ${path}`) ? (key.split(' ')[0] ?? []) : []));
    return others.length === 0
      ? problem(404, 'NOT_FOUND')
      : problem(405, 'METHOD_NOT_ALLOWED', { allow: others.join(', ') });
  }
  try {
    return await route({ userId, deadline, connectionId, body: () => readBody(request) }, deps);
  } catch (error) {
    return refusalOf(error, `${method} ${path}`, connectionId, deps);
  }
}

function splitPath(rawPath: string): { readonly path: string; readonly connectionId: string } {
  const [, connectionId, rest = ''] = /^\/v1\/connections\/([A-Za-z0-9_-]{1,128})(\/[a-z]+)?$/.exec(rawPath) ?? [];
  if (connectionId === undefined) return { path: rawPath, connectionId: '' };
  return { path: `/v1/connections/:id${rest}`, connectionId };
}

class BadRequest extends Error {}

function readBody({ body = '', isBase64Encoded }: LambdaFunctionURLEvent): Readonly<Record<string, unknown>> {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below, without quoting what may be a token
  }
  throw new BadRequest('the body must be a JSON object');
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,128}$/.test(value);
}

function isPublicToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]{1,512}$/.test(value);
}

const statusOf: Readonly<Record<ConnectErrorCode, number>> = {
  CONNECTION_UNKNOWN: 404,
  PUBLIC_TOKEN_REFUSED: 400,
  EXCHANGE_UNSETTLED: 409,
  RELINK_REQUIRED: 409,
};

function refusalOf(error: unknown, route: string, connectionId: string, deps: ConnectDependencies): Reply {
  if (error instanceof BadRequest) return problem(400, 'REQUEST_MALFORMED', {}, error.message);
  if (error instanceof ConnectError) return problem(statusOf[error.code], error.code);
  const isKnown = error instanceof ProviderError || error instanceof StorageError || error instanceof ProcessorError;
  if (!isKnown) throw error;
  if (error.code === 'CONNECTION_TAKEN') return problem(409, error.code);
  const isOurs = error instanceof ProviderError && error.outcome === 'configuration';
  deps.log.write(isOurs ? 'critical' : 'error', 'connect failed', {
    route,
    connection_id: connectionId === '' ? null : connectionId,
    error_code: error.code,
    error_detail: JSON.stringify(error.facts),
  });
  return problem(error instanceof ProviderError ? 502 : 503, error.code, { 'retry-after': '5' });
}

function problem(status: number, code: string, headers: Record<string, string> = {}, detail?: string): Reply {
  const body = {
    type: 'about:blank',
    title: titles[code] ?? 'Try again later',
    status,
    code,
    ...(detail && { detail }),
  };
  return json(status, body, { 'content-type': 'application/problem+json', ...headers });
}

const titles: Readonly<Record<string, string>> = {
  TOKEN_INVALID: 'Send a valid bearer token',
  NOT_FOUND: 'There is no such address',
  METHOD_NOT_ALLOWED: 'This address does not take the method',
  REQUEST_MALFORMED: 'The request cannot be read',
  CONNECTION_UNKNOWN: 'You have no such connection',
  CONNECTION_TAKEN: 'The connection is linked already',
  PUBLIC_TOKEN_REFUSED: 'The public token is spent, expired or none: begin a new link session',
  EXCHANGE_UNSETTLED: 'The exchange is under way or its response was lost: begin a new link session',
  RELINK_REQUIRED: 'Update mode cannot mend this connection: link the bank anew',
};

function json(statusCode: number, body: unknown, headers: Record<string, string> = {}): Reply {
  const fixed = { 'content-type': 'application/json', 'cache-control': 'private, no-store' };
  return { statusCode, headers: { ...fixed, ...headers }, body: JSON.stringify(body) };
}
