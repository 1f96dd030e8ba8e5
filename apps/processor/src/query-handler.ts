/** The `query` function: a user's own accounts, balances and transactions, read from what is stored. */
import { userActionOf } from '@quartersec/providers/rules'; // alone: the HTTP clients stay out of this bundle
import { createDeadline, type Deadline } from '@quartersec/sla';
import { type Head, type Journal, type StandingAccount, StorageError, type TransactionPage } from '@quartersec/storage';
import type { EventLog, EventMetrics } from '@quartersec/telemetry';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import { encodeCursor } from './page-cursor.ts';
import { askForNothing, askForPage, type PageQuery } from './query-parameters.ts';
import { readUserId } from './read-token.ts';

export interface QueryDependencies {
  readonly journal: Journal;
  /**
   * By date, newest first.
   * @throws {StorageError} `VERSION_UNKNOWN` for a page of another history; `ENTRY_CORRUPT` rather than showing what cannot be trusted
   */
  readPage(head: Head, query: PageQuery, deadline: Deadline): Promise<TransactionPage>;
  readonly readTokenKey: Uint8Array;
  readonly log: EventLog;
  readonly metrics: EventMetrics;
  /** `true` for the first read of an environment, `false` ever after. */
  takeColdStart(): boolean;
  nowMs(): number;
  nowEpochMs(): number;
}

type Reply = APIGatewayProxyStructuredResultV2;
export type QueryHandler = (request: LambdaFunctionURLEvent) => Promise<Reply>;

/** Reads are of no one provider. */
const providerUnknown = 'unknown';

/** Answers a read, and measures it whatever its end. */
export function createQueryHandler(deps: QueryDependencies, limits: { readonly hardDeadlineMs: number }): QueryHandler {
  const answer = createAnswer(deps, limits);
  return async (request) => {
    const startedMs = deps.nowMs();
    let statusCode = 500;
    try {
      const response = await answer(request);
      statusCode = response.statusCode ?? 200;
      return response;
    } finally {
      const coldStart = deps.takeColdStart() ? { ColdStart: 1 } : {};
      // A refusal is no read: it would make the others look fast and sound.
      const refused = statusCode >= 400 && statusCode < 500;
      const read = { ReadTime: deps.nowMs() - startedMs, ...(statusCode >= 500 && { ReadsFailed: 1 }) };
      const values = { ...(refused ? { Refused: 1 } : read), ...coldStart };
      deps.metrics.write(values, providerUnknown, deps.nowEpochMs());
    }
  };
}

function createAnswer(deps: QueryDependencies, limits: { readonly hardDeadlineMs: number }) {
  return async (request: LambdaFunctionURLEvent): Promise<Reply> => {
    if (request.requestContext.http.method !== 'GET') {
      return problem(405, 'METHOD_NOT_ALLOWED', 'read with GET', { allow: 'GET' });
    }
    const userId = await readUserId(request.headers.authorization, deps.readTokenKey, deps.nowEpochMs());
    if (userId === undefined) {
      return problem(401, 'TOKEN_INVALID', 'send a valid bearer token', { 'www-authenticate': 'Bearer' });
    }
    const route = /^\/connections\/([A-Za-z0-9_-]{1,128})\/(accounts|transactions)$/.exec(request.rawPath);
    if (route === null)
      return problem(404, 'NOT_FOUND', 'try /connections/{id}/accounts or /connections/{id}/transactions');
    const [, connectionId = '', what] = route;
    const { rawQueryString = '', queryStringParameters } = request;
    const { refused, page } = (what === 'accounts' ? askForNothing : askForPage)(rawQueryString, queryStringParameters);
    if (refused !== undefined) return problem(400, refused.code, refused.remedy);
    const deadline = createDeadline(limits.hardDeadlineMs, deps.nowMs);
    try {
      const head = await readHead(deps, connectionId, page, deadline);
      // Another user's connection is answered like one that does not exist: nothing is revealed.
      if (head === undefined || head.userId !== userId) return problem(404, 'NOT_FOUND', 'you have no such connection');
      if (page === undefined) return json(200, accountsOf(head));
      return json(200, { ...freshness(head), ...pageOf(await deps.readPage(head, page, deadline)) });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      if (error.code === 'VERSION_UNKNOWN') {
        return problem(400, error.code, 'the connection was linked anew: begin with the first page, without cursor');
      }
      deps.log.write('error', 'query failed', {
        connection_id: connectionId,
        error_code: error.code,
        error_detail: JSON.stringify(error.facts),
      });
      return problem(503, error.code, 'try again later', { 'retry-after': '1' });
    }
  };
}

/** A cache may be behind the version that an earlier page of the reading began with. */
async function readHead(
  { journal }: QueryDependencies,
  connectionId: string,
  page: PageQuery | undefined,
  deadline: Deadline,
): Promise<Head | undefined> {
  const head = await journal.readHead(connectionId, { deadline });
  const isBehind = page?.after !== undefined && head !== undefined && head.version < page.after.version;
  return isBehind ? await journal.readHead(connectionId, { deadline, fresh: true }) : head;
}

function accountsOf(head: Head) {
  return { ...freshness(head), accounts: head.accounts.map(accountOf) };
}

/** With its state, its successor and the time at which it was read: a reader can tell an old balance. */
function accountOf({ sinceVersion: _, ...account }: StandingAccount) {
  return account;
}

/** All pages of one reading have its version, and the head's may be newer. */
function pageOf({ transactions, version, next }: TransactionPage) {
  return {
    version,
    transactions: transactions.map(({ transaction }) => transaction),
    nextCursor: next === undefined ? null : encodeCursor(next),
  };
}

/** How current the answer is: a reader must be able to tell old data from new, and a part from the whole. */
function freshness(head: Head) {
  return {
    connectionId: head.connectionId,
    version: head.version,
    status: head.status,
    userAction: userActionOf(head.statusReason),
    history: head.history,
    syncedEpochMs: head.lastSync?.completedEpochMs ?? null,
  };
}

function problem(statusCode: number, code: string, remedy: string, headers: Record<string, string> = {}) {
  return json(statusCode, { code, remedy }, headers);
}

function json(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  const fixed = { 'content-type': 'application/json', 'cache-control': 'private, no-store' };
  return { statusCode, headers: { ...fixed, ...headers }, body: JSON.stringify(body) };
}
