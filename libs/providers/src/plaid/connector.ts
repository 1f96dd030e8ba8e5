/** Plaid: `/transactions/sync` as pages, and the accounts calls. One attempt each; retries live in `fetch-with-retries.ts`. */
import type { CallLimits, Connector, PageRequest, RawPage } from '../connector.ts';
import type { HttpClient } from '../http-client.ts';
import { classifyPlaidError, findPlaidError } from './classify-error.ts';
import { isForeignToken } from './environment.ts';
import { normalisePlaidPage } from './normalise-page.ts';
import { type PlaidSyncPage, validatePlaidPage } from './validate-page.ts';

/** Plaid's own maximum: fewer pages, fewer calls of the quota. */
const maxPageCount = 500;

/** The version that our wire types describe. */
const apiVersion = '2020-09-14';

export interface PlaidOptions {
  /** E.g. `https://production.plaid.com`; its origin must be among the client's allowed ones. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly secret: string;
  readonly http: HttpClient;
  /** For the pages alone, the hot path; default: `http`. */
  readonly pageHttp?: HttpClient;
  /** Transactions a page, 1 to 500. */
  readonly count?: number;
}

interface AccessToken {
  readonly access_token: string;
}

type AccountRequest = Pick<PageRequest, 'accessToken'>;

export interface PlaidConnector extends Connector<PlaidSyncPage> {
  /** Accounts with balances as old as the Item's last update. Free. @throws {ProviderError} as `fetchPage` */
  fetchAccounts(request: AccountRequest, limits: CallLimits): Promise<RawPage>;
  /** Live balances: billed, and may take over 30 s, so give it the limits for that. @throws {ProviderError} as `fetchPage` */
  fetchBalances(request: AccountRequest, limits: CallLimits): Promise<RawPage>;
}

/** @see https://plaid.com/docs/api/products/transactions/#transactionssync */
export function createPlaidConnector(options: PlaidOptions): PlaidConnector {
  const { clientId, secret, http, pageHttp = http, count = maxPageCount } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const headers = {
    'content-type': 'application/json',
    'plaid-client-id': clientId,
    'plaid-secret': secret,
    'plaid-version': apiVersion,
  };

  const post = async (
    client: HttpClient,
    path: string,
    body: Record<string, unknown> & AccessToken,
    limits: CallLimits,
  ): Promise<RawPage> => {
    const call = { method: 'POST', url: `${baseUrl}${path}`, headers, body: JSON.stringify(body) } as const;
    const { status, text, retryAfterMs } = await client.send(call, limits);
    const foreignToken = isForeignToken(body.access_token, baseUrl);
    const answer = { status, text, retryAfterMs, sentCursor: body.cursor !== undefined, foreignToken };
    if (status !== 200 || text === null) throw classifyPlaidError(answer);
    const error = findPlaidError(answer);
    if (error !== undefined) throw error;
    return { text, requestId: null }; // Plaid's request id is in the body
  };

  return {
    provider: 'plaid',
    fetchPage({ accessToken, cursor }, limits) {
      const body = {
        access_token: accessToken,
        ...(cursor !== null && { cursor }),
        count,
        options: { include_original_description: false },
      };
      return post(pageHttp, '/transactions/sync', body, limits);
    },
    fetchAccounts: ({ accessToken }, limits) => post(http, '/accounts/get', { access_token: accessToken }, limits),
    fetchBalances: ({ accessToken }, limits) =>
      post(http, '/accounts/balance/get', { access_token: accessToken }, limits),
    validatePage: validatePlaidPage,
    normalisePage: normalisePlaidPage,
  };
}
