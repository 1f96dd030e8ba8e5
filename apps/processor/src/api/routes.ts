/** Every route of the API, as data: the functions, the OpenAPI document, docs/api.md and the tests all read this one table. */
import type { OperationId, SchemaName } from './operations.ts';
import type { ProblemCode } from './problems.ts';

export type ServingFunction = 'connect' | 'query';

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{connectionId}` stands for one segment: the id of a connection. */
  readonly path: string;
  readonly servedBy: ServingFunction;
  /** Whether the caller must say who they are. */
  readonly auth: 'bearer' | 'none';
  /** One line. */
  readonly summary: string;
  /** Schema of the query's parameters, and of the JSON body. */
  readonly query?: SchemaName;
  readonly body?: SchemaName;
  /** A body without members says nothing, although its schema requires none of them. */
  readonly isBodyRequired?: true;
  /** What a good answer is, by status; without a schema where it has no body, or one of no type of ours. */
  readonly replies: Readonly<Record<number, { readonly is: string; readonly schema?: SchemaName }>>;
  /** Answers with an ETag, and with 304 where the caller has that already. */
  readonly conditional?: true;
  /** Besides those of `commonProblems`. */
  readonly problems: readonly ProblemCode[];
}

/** What every route may answer; those of the token where it asks for one. */
export const commonProblems = [
  'HEADERS_TOO_LARGE',
  'QUERY_TOO_LONG',
  'REQUEST_INVALID',
  'UNEXPECTED',
] as const satisfies readonly ProblemCode[];
export const tokenProblems = ['TOKEN_INVALID', 'TOKEN_KEYS_UNAVAILABLE'] as const satisfies readonly ProblemCode[];
/** Of the table: try again. */
const tableProblems = [
  'TABLE_THROTTLED',
  'TABLE_UNREACHABLE',
  'TABLE_REJECTED',
  'DEADLINE_EXCEEDED',
] as const satisfies readonly ProblemCode[];
const bodyProblems = [
  'BODY_TOO_LARGE',
  'BODY_MALFORMED',
  'CONTENT_TYPE_UNSUPPORTED',
] as const satisfies readonly ProblemCode[];

export const routes = {
  createLinkToken: {
    method: 'POST',
    path: '/v1/link-tokens',
    servedBy: 'connect',
    auth: 'bearer',
    summary: 'Begins a link session: for a new bank, or to mend a connection',
    body: 'LinkTokenRequest',
    replies: {
      201: { is: "A token for the provider's Link, or the bank's address for the user", schema: 'LinkToken' },
    },
    problems: [
      ...bodyProblems,
      ...tableProblems,
      'CONNECTION_UNKNOWN',
      'INSTITUTION_UNKNOWN',
      'RELINK_REQUIRED',
      'PROVIDER_FAILED',
    ],
  },
  createConnection: {
    method: 'POST',
    path: '/v1/connections',
    servedBy: 'connect',
    auth: 'bearer',
    summary: 'Ends a link session: the connection is made and its first import queued',
    body: 'ConnectionRequest',
    isBodyRequired: true,
    replies: {
      200: { is: 'The connection was there already', schema: 'LinkedConnection' },
      201: { is: 'A new connection', schema: 'LinkedConnection' },
    },
    problems: [
      ...bodyProblems,
      ...tableProblems,
      'PUBLIC_TOKEN_REFUSED',
      'LINK_UNKNOWN',
      'ACCESS_NOT_GIVEN',
      'INSTITUTION_UNKNOWN',
      'EXCHANGE_UNSETTLED',
      'CONNECTION_TAKEN',
      'PROVIDER_FAILED',
    ],
  },
  listConnections: {
    method: 'GET',
    path: '/v1/connections',
    servedBy: 'query',
    auth: 'bearer',
    summary: 'All connections of the user',
    replies: { 200: { is: 'The connections', schema: 'ConnectionList' } },
    conditional: true,
    problems: [...tableProblems, 'ENTRY_CORRUPT'],
  },
  getConnection: {
    method: 'GET',
    path: '/v1/connections/{connectionId}',
    servedBy: 'query',
    auth: 'bearer',
    summary: 'One connection: its status, what its user can do, how far its history goes, how fresh it is',
    replies: { 200: { is: 'The connection', schema: 'Connection' } },
    conditional: true,
    problems: [...tableProblems, 'ENTRY_CORRUPT', 'CONNECTION_UNKNOWN'],
  },
  refreshConnection: {
    method: 'POST',
    path: '/v1/connections/{connectionId}/refresh',
    servedBy: 'connect',
    auth: 'bearer',
    summary: 'Asks the provider now, also where the connection waits for its user',
    replies: { 202: { is: 'Queued', schema: 'RefreshAccepted' } },
    problems: [...bodyProblems, ...tableProblems, 'CONNECTION_UNKNOWN', 'QUEUE_UNAVAILABLE'],
  },
  deleteConnection: {
    method: 'DELETE',
    path: '/v1/connections/{connectionId}',
    servedBy: 'connect',
    auth: 'bearer',
    summary: 'Ends the connection at the provider and erases its data; may be repeated',
    replies: { 204: { is: 'Gone, or never there' } },
    problems: [...bodyProblems, ...tableProblems, 'PROVIDER_FAILED'],
  },
  listAccounts: {
    method: 'GET',
    path: '/v1/accounts',
    servedBy: 'query',
    auth: 'bearer',
    summary: 'Accounts and balances, over all connections of the user',
    query: 'AccountsQuery',
    replies: { 200: { is: 'A page of accounts', schema: 'AccountPage' } },
    conditional: true,
    problems: [...tableProblems, 'ENTRY_CORRUPT', 'CONNECTION_UNKNOWN', 'CURSOR_INVALID', 'TOO_MANY_CONNECTIONS'],
  },
  listTransactions: {
    method: 'GET',
    path: '/v1/transactions',
    servedBy: 'query',
    auth: 'bearer',
    summary: 'Transactions, newest first, over all connections of the user',
    query: 'TransactionsQuery',
    replies: { 200: { is: 'A page of transactions', schema: 'TransactionPage' } },
    conditional: true,
    problems: [
      ...tableProblems,
      'ENTRY_CORRUPT',
      'CONNECTION_UNKNOWN',
      'CURSOR_INVALID',
      'VERSION_UNKNOWN',
      'TOO_MANY_CONNECTIONS',
    ],
  },
  listInsights: {
    method: 'GET',
    path: '/v1/insights',
    servedBy: 'query',
    auth: 'bearer',
    summary:
      "What the user's transactions say, over all connections: derived when they are stored, told most important first",
    query: 'InsightsQuery',
    replies: { 200: { is: 'The insights', schema: 'InsightList' } },
    conditional: true,
    problems: [...tableProblems, 'ENTRY_CORRUPT', 'TOO_MANY_CONNECTIONS'],
  },
  getInsight: {
    method: 'GET',
    path: '/v1/insights/{insightId}',
    servedBy: 'query',
    auth: 'bearer',
    summary: 'One insight by its fingerprint, as the list tells it today, with what the user can do about it',
    replies: { 200: { is: 'The insight', schema: 'InsightDetail' } },
    conditional: true,
    problems: [...tableProblems, 'ENTRY_CORRUPT', 'INSIGHT_UNKNOWN', 'TOO_MANY_CONNECTIONS'],
  },
  listRecommendations: {
    method: 'GET',
    path: '/v1/recommendations',
    servedBy: 'query',
    auth: 'bearer',
    summary: 'What the user can do about it, with what it is worth',
    replies: { 200: { is: 'The recommendations', schema: 'RecommendationList' } },
    conditional: true,
    problems: [...tableProblems, 'ENTRY_CORRUPT', 'TOO_MANY_CONNECTIONS'],
  },
  getForecast: {
    method: 'GET',
    path: '/v1/forecast',
    servedBy: 'query',
    auth: 'bearer',
    summary: 'The balance of each current account over the next weeks, as a band, also without chosen contracts',
    query: 'ForecastQuery',
    replies: { 200: { is: 'The forecast', schema: 'Forecast' } },
    conditional: true,
    problems: [...tableProblems, 'ENTRY_CORRUPT', 'TOO_MANY_CONNECTIONS'],
  },
  giveFeedback: {
    method: 'POST',
    path: '/v1/insights/{insightId}/feedback',
    servedBy: 'connect',
    auth: 'bearer',
    summary: 'Confirms, dismisses or snoozes an insight or a recommendation, by its fingerprint',
    body: 'FeedbackRequest',
    replies: { 204: { is: 'Kept' } },
    problems: [...bodyProblems, ...tableProblems, 'CONNECTION_UNKNOWN'],
  },
  listChanges: {
    method: 'GET',
    path: '/v1/changes',
    servedBy: 'query',
    auth: 'bearer',
    summary: 'What changed since a cursor, over all connections of the user: complete, in order, at least once',
    query: 'ChangesQuery',
    replies: { 200: { is: 'A page of changes', schema: 'ChangePage' } },
    problems: [...tableProblems, 'ENTRY_CORRUPT', 'CURSOR_INVALID', 'TOO_MANY_CONNECTIONS'],
  },
  getOpenApi: {
    method: 'GET',
    path: '/v1/openapi.json',
    servedBy: 'query',
    auth: 'none',
    summary: 'This API as an OpenAPI 3.1 document',
    replies: { 200: { is: 'The document' } },
    conditional: true,
    problems: [],
  },
} as const satisfies Readonly<Record<OperationId, Route>>;

/** The operations that one function serves. */
export type OperationsOf<Function extends ServingFunction> = {
  [Id in OperationId]: (typeof routes)[Id]['servedBy'] extends Function ? Id : never;
}[OperationId];
