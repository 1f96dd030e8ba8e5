/** What each operation takes, as functions: the validators of `validators.ts` by operation. Pure. */

import { validateConnectionParts } from './connection-request.ts';
import type { ProblemMember } from './contract.ts';
import type { OperationId, Operations } from './operations.ts';
import { inWords, pathUnder } from './validation-words.ts';
import {
  validateAccountsQuery,
  validateChangesQuery,
  validateFeedbackRequest,
  validateForecastQuery,
  validateInsightsQuery,
  validateLinkTokenRequest,
  validateNothing,
  validateTransactionsQuery,
} from './validators.ts';

/** What typia's validators give. */
type Validator<Value> = (
  input: unknown,
) =>
  | { readonly success: true; readonly data: Value }
  | { readonly success: false; readonly errors: readonly Refused[] };

interface Refused {
  readonly path: string;
  readonly expected: string;
  /** `expected` is for people already, and none of typia's types. */
  readonly isInWords?: true;
}

/** Names of the members that are numbers. */
type NumberNames<Query> = {
  [Name in keyof Query]-?: NonNullable<Query[Name]> extends number ? Name : never;
}[keyof Query];

export interface RequestChecks<Id extends OperationId> {
  readonly query: Validator<Operations[Id]['query']>;
  /** A query is text: these are numbers. */
  readonly numbers: readonly NumberNames<Operations[Id]['query']>[];
  readonly body: Validator<Operations[Id]['body']>;
}

const nothing = { query: validateNothing, numbers: [], body: validateNothing } as const;

export const requestChecks: { readonly [Id in OperationId]: RequestChecks<Id> } = {
  createLinkToken: { ...nothing, body: validateLinkTokenRequest },
  createConnection: { ...nothing, body: validateConnectionParts },
  listConnections: nothing,
  getConnection: nothing,
  refreshConnection: nothing,
  deleteConnection: nothing,
  listAccounts: { ...nothing, query: validateAccountsQuery, numbers: ['limit'] },
  listTransactions: { ...nothing, query: validateTransactionsQuery, numbers: ['limit'] },
  listInsights: { ...nothing, query: validateInsightsQuery },
  getInsight: nothing,
  listRecommendations: nothing,
  getForecast: { ...nothing, query: validateForecastQuery },
  giveFeedback: { ...nothing, body: validateFeedbackRequest },
  listChanges: { ...nothing, query: validateChangesQuery, numbers: ['wait', 'limit'] },
  getOpenApi: nothing,
};

const mostErrors = 10;

/** @returns the value, or what is wrong with it, by path below `root` */
export function check<Value>(
  validate: Validator<Value>,
  input: unknown,
  root: 'query' | 'body',
): { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly errors: readonly ProblemMember[] } {
  const result = validate(input);
  if (result.success) return { ok: true, value: result.data };
  const errors = result.errors.slice(0, mostErrors).map(({ path, expected, isInWords }) => ({
    path: pathUnder(root, path),
    expected: isInWords ? expected : inWords(expected),
  }));
  return { ok: false, errors };
}
