/**
 * The edge of a function that serves routes of the API: matches, authorises, validates, answers, and measures it whatever its
 * end. Events have the form that API Gateway's HTTP API (payload 2.0) and function URLs share.
 */
import { createDeadline, type Deadline } from '@quartersec/sla';
import { StorageError } from '@quartersec/storage';
import type { EventLog, EventMetrics, MetricValues } from '@quartersec/telemetry';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { matchRoute, withoutBase } from './match-route.ts';
import type { OperationId, Operations } from './operations.ts';
import { ApiError, isProblemCode, problemOf, problems } from './problems.ts';
import { type ApiRequest, type CheckedRequest, checkSizes, readRequest } from './read-request.ts';
import { requestChecks } from './request-checks.ts';

/** One call of a user, checked. */
export interface ApiCall<Id extends OperationId> extends CheckedRequest<Id> {
  /** Empty where the route asks for no token. */
  readonly userId: string;
  /** Of a connection or an insight, in the path; empty where it has none. A connection is the user's own only once its head says so. */
  readonly pathId: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of the caller, by the gateway's word. Personal data: never logged. */
  readonly sourceIp: string;
  readonly deadline: Deadline;
  /** What is left of the function's own time, for a route that waits. */
  remainingMs(): number;
}

export interface ApiReply<Body> {
  readonly status: number;
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
  /** How much of the time was waiting for something to happen, at the caller's wish. */
  readonly waitedMs?: number;
  /** A part could not be read: answered, and a failure all the same. */
  readonly isPartial?: boolean;
}

/** @throws {ApiError} for a problem; a {StorageError} becomes one by its code; all else is a defect */
export type ApiOperation<Id extends OperationId> = (call: ApiCall<Id>) => Promise<ApiReply<Operations[Id]['reply']>>;

/** The operations of one function: `{ [Id in OperationsOf<'query'>]: ApiOperation<Id> }`. */
export type ApiOperations<Ids extends OperationId> = { readonly [Id in Ids]: ApiOperation<Id> };

export interface ApiDependencies {
  /**
   * @returns the user's id
   * @throws {ApiError} `TOKEN_INVALID`, `TOKEN_KEYS_UNAVAILABLE`
   */
  authorise(authorization: string | undefined, deadline: Deadline): Promise<string>;
  /** Before `/v1` in the path, e.g. `/prod`; empty: none. */
  readonly basePath: string;
  readonly hardDeadlineMs: number;
  /** What the function's own errors are to a caller; `undefined`: a defect. */
  readonly problemOf?: (error: unknown) => ApiError | undefined;
  readonly log: EventLog;
  readonly metrics: EventMetrics;
  /** Values of an answered call; of the dimension `provider`. */
  measure(ms: number, isFailed: boolean): MetricValues;
  readonly provider: string;
  /** `true` for the first call of an environment, `false` ever after. */
  takeColdStart(): boolean;
  nowMs(): number;
  nowEpochMs(): number;
}

type Response = APIGatewayProxyStructuredResultV2;
/** The second parameter is Lambda's context. */
export type ApiHandler = (
  request: ApiRequest,
  context?: { readonly getRemainingTimeInMillis: () => number },
) => Promise<Response>;

/** Kept back of the function's own time, for the answer and its lines. */
const answerReserveMs = 500;

export function createApiHandler<Ids extends OperationId>(
  operations: ApiOperations<Ids>,
  deps: ApiDependencies,
): ApiHandler {
  return async (request, context) => {
    const startedMs = deps.nowMs();
    const remainingMs = () =>
      context === undefined
        ? Math.max(0, deps.hardDeadlineMs - (deps.nowMs() - startedMs))
        : Math.max(0, context.getRemainingTimeInMillis() - answerReserveMs);
    const reply = await answer(request, remainingMs, operations, deps).catch((error: unknown) =>
      refuse(error, request, deps),
    );
    const isFailed = reply.status >= 500 || reply.isPartial === true;
    const isRefused = reply.status >= 400 && reply.status < 500;
    const tookMs = deps.nowMs() - startedMs - (reply.waitedMs ?? 0);
    // A refusal is no read: it would make the others look fast and sound.
    const values = isRefused ? { Refused: 1 } : deps.measure(tookMs, isFailed);
    deps.metrics.write({ ...values, ...(deps.takeColdStart() && { ColdStart: 1 }) }, deps.provider, deps.nowEpochMs());
    return toResponse(reply);
  };
}

async function answer<Ids extends OperationId>(
  request: ApiRequest,
  remainingMs: () => number,
  operations: ApiOperations<Ids>,
  deps: ApiDependencies,
): Promise<ApiReply<unknown>> {
  checkSizes(request);
  const match = matchRoute(request.requestContext.http.method, withoutBase(request.rawPath, deps.basePath));
  if (match.kind === 'wrong-method') {
    throw new ApiError('METHOD_NOT_ALLOWED', { headers: { allow: match.allow.join(', ') } });
  }
  // A route of another function is none of this one's.
  if (match.kind === 'none' || !isServed(match.id, operations)) throw new ApiError('NOT_FOUND');
  const deadline = createDeadline(deps.hardDeadlineMs, deps.nowMs);
  const { id, route, pathId } = match;
  const userId = route.auth === 'bearer' ? await deps.authorise(request.headers.authorization, deadline) : '';
  const checked = readRequest(request, requestChecks[id]);
  const { sourceIp } = request.requestContext.http;
  const call = { ...checked, userId, pathId, headers: request.headers, sourceIp, deadline, remainingMs };
  // The table of checks and the table of operations have the same keys, which the compiler cannot follow through `id`.
  return (operations[id] as unknown as ApiOperation<OperationId>)(call as ApiCall<OperationId>);
}

function isServed<Ids extends OperationId>(id: OperationId, operations: ApiOperations<Ids>): id is Ids {
  return Object.hasOwn(operations, id);
}

function refuse(error: unknown, request: ApiRequest, deps: ApiDependencies): ApiReply<unknown> {
  const known = knownProblem(error, deps);
  const problem = problemOf(known);
  if (problem.status >= 500) {
    const isOurs = problem.status === 500 || known.facts.isOperators === true;
    deps.log.write(isOurs ? 'critical' : 'error', 'request failed', {
      method: request.requestContext.http.method,
      // Only of a route that is there: what a caller writes into an address is no fact of ours.
      path: routeText(request, deps.basePath),
      error_code: problem.code,
      error_detail: detailOf(error),
    });
  }
  const fixed: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (problem.status === 401) fixed['www-authenticate'] = 'Bearer';
  if (problem.status === 502 || problem.status === 503) fixed['retry-after'] = '1';
  return { status: problem.status, body: problem, headers: { ...fixed, ...known.facts.headers } };
}

function knownProblem(error: unknown, deps: ApiDependencies): ApiError {
  if (error instanceof ApiError) return error;
  const own = deps.problemOf?.(error);
  if (own !== undefined) return own;
  if (error instanceof StorageError && isProblemCode(error.code) && problems[error.code].status === 503)
    return new ApiError(error.code, {}, { cause: error });
  return new ApiError('UNEXPECTED');
}

function routeText(request: ApiRequest, basePath: string): string | null {
  const match = matchRoute(request.requestContext.http.method, withoutBase(request.rawPath, basePath));
  return match.kind === 'operation' ? match.route.path : null;
}

/** Facts of our own errors. Of others the kind and the place in the code, never the message: it may quote data. */
function detailOf(error: unknown): string | null {
  const cause = error instanceof ApiError ? error.cause : error;
  if (cause === undefined) return null;
  if (!(cause instanceof Error)) return null;
  if ('facts' in cause) return JSON.stringify(cause.facts);
  const places = (cause.stack ?? '').split('\n').filter((line) => /^ +at /.test(line));
  return [cause.name, ...places.slice(0, 5).map((line) => line.trim())].join(' ');
}

function toResponse({ status, body, headers = {} }: ApiReply<unknown>): Response {
  const fixed = { 'content-type': 'application/json', 'cache-control': 'private, no-store' };
  if (body === undefined)
    return { statusCode: status, headers: { 'cache-control': fixed['cache-control'], ...headers } };
  return { statusCode: status, headers: { ...fixed, ...headers }, body: JSON.stringify(body) };
}
