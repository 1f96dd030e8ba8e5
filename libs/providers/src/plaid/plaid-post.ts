/** One POST to Plaid, with its errors made ours: by the body first, then by the status. One attempt. */
import type { CallLimits, RawPage } from '../connector.ts';
import type { HttpClient } from '../http-client.ts';
import { classifyPlaidError, findPlaidError } from './classify-error.ts';
import { isForeignToken } from './environment.ts';

/** The version that our wire types describe. */
const apiVersion = '2020-09-14';

export interface PlaidAccess {
  /** E.g. `https://production.plaid.com`; its origin must be among the client's allowed ones. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly secret: string;
}

/** @throws {ProviderError} for everything but an answer of status 200 without an error in it */
export type PlaidPost = (
  client: HttpClient,
  path: string,
  body: Readonly<Record<string, unknown>>,
  limits: CallLimits,
) => Promise<RawPage>;

export function createPlaidPost({ clientId, secret, ...access }: PlaidAccess): PlaidPost {
  const baseUrl = access.baseUrl.replace(/\/+$/, '');
  const headers = {
    'content-type': 'application/json',
    'plaid-client-id': clientId,
    'plaid-secret': secret,
    'plaid-version': apiVersion,
  };
  return async (client, path, body, limits) => {
    const call = { method: 'POST', url: `${baseUrl}${path}`, headers, body: JSON.stringify(body) } as const;
    const { status, text, retryAfterMs } = await client.send(call, limits);
    const foreignToken = typeof body.access_token === 'string' && isForeignToken(body.access_token, baseUrl);
    const answer = { status, text, retryAfterMs, sentCursor: body.cursor !== undefined, foreignToken };
    if (status !== 200 || text === null) throw classifyPlaidError(answer);
    const error = findPlaidError(answer);
    if (error !== undefined) throw error;
    return { text, requestId: null }; // Plaid's request id is in the body
  };
}
