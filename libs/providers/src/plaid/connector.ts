/** Plaid: `/transactions/sync` as pages, and the accounts calls. One attempt each; retries live in `fetch-with-retries.ts`. */
import type { CallLimits, Connector, PageRequest, RawPage } from '../connector.ts';
import type { HttpClient } from '../http-client.ts';
import { normalisePlaidPage } from './normalise-page.ts';
import { createPlaidPost, type PlaidAccess } from './plaid-post.ts';
import { readPlaidAccounts } from './read-accounts.ts';
import { type PlaidSyncPage, validatePlaidPage } from './validate-page.ts';

/** Plaid's own maximum: fewer pages, fewer calls of the quota. */
const maxPageCount = 500;

/** Below that a call costs the provider more than its records do. */
const fewestPerPage = 25;

/** Two years: the most that Plaid has of any bank. */
export const mostDays = 730;

export interface PlaidOptions extends PlaidAccess {
  readonly http: HttpClient;
  /** For the pages alone, the hot path; default: `http`. */
  readonly pageHttp?: HttpClient;
  /** Transactions a page, 1 to 500. */
  readonly count?: number;
  /**
   * How far back the history is asked for, 1 to 730 days. Plaid takes it with the first call of an Item and fixes it for
   * good, so the default is all that there is.
   */
  readonly daysRequested?: number;
}

type AccountRequest = Pick<PageRequest, 'accessToken'>;

export interface PlaidConnector extends Connector<PlaidSyncPage> {
  /** Live balances: billed, and may take over 30 s, so give it the limits for that. @throws {ProviderError} as `fetchPage` */
  fetchBalances(request: AccountRequest, limits: CallLimits): Promise<RawPage>;
}

/** @see https://plaid.com/docs/api/products/transactions/#transactionssync */
export function createPlaidConnector(options: PlaidOptions): PlaidConnector {
  const { http, pageHttp = http, count = maxPageCount, daysRequested = mostDays } = options;
  const post = createPlaidPost(options);

  return {
    provider: 'plaid',
    fetchPage({ accessToken, cursor, timeouts = 0 }, limits) {
      const body = {
        access_token: accessToken,
        ...(cursor !== null && { cursor }),
        count: Math.max(Math.min(count, fewestPerPage), Math.floor(count / 2 ** timeouts)),
        options: { include_original_description: false, ...(cursor === null && { days_requested: daysRequested }) },
      };
      return post(pageHttp, '/transactions/sync', body, limits);
    },
    fetchAccounts: ({ accessToken }, limits) => post(http, '/accounts/get', { access_token: accessToken }, limits),
    fetchBalances: ({ accessToken }, limits) =>
      post(http, '/accounts/balance/get', { access_token: accessToken }, limits),
    validatePage: validatePlaidPage,
    normalisePage: normalisePlaidPage,
    readAccounts: readPlaidAccounts,
    readRecord(original, context) {
      const envelope = `{"added":[${original}],"modified":[],"removed":[],"accounts":[],"next_cursor":"","has_more":false}`;
      const { added } = normalisePlaidPage(validatePlaidPage({ text: envelope, requestId: null }), context);
      return added[0];
    },
  };
}
