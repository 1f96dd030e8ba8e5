/**
 * Our HTTP client as the `fetch` of the OAuth library: origins, bytes, time and the address guard stay ours, and no error holds what was
 * sent. What a status says without a body that the library could read is told here.
 */
import type { CallLimits } from '../connector.ts';
import type { HttpAnswer, HttpClient } from '../http-client.ts';
import { meaningOfStatus } from '../list-read/status-meaning.ts';
import { ProviderError } from '../provider-error.ts';

/** An idle connection that the bank has just closed would leave an exchange or a renewal in doubt; so none is kept. */
export const freshConnection = { connection: 'close' } as const;

export interface FetchOptions {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams | null | undefined;
}

/**
 * @param provider named in every error
 * @throws {ProviderError} as `HttpClient.send`; `SERVER_ERROR`, `THROTTLED`
 */
export function createOauthFetch(provider: string, http: HttpClient, limits: CallLimits) {
  return async (url: string, { method, headers, body }: FetchOptions): Promise<Response> => {
    const call = {
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      headers: { ...headers, ...freshConnection },
    } as const;
    const answer = await http.send(body ? { ...call, body: body.toString() } : call, limits);
    if (answer.status >= 500 || answer.status === 429) throw failure(provider, answer);
    const type = answer.headers['content-type'];
    const challenge = answer.headers['www-authenticate'];
    return new Response(answer.text, {
      status: answer.status,
      headers: {
        ...(typeof type === 'string' && { 'content-type': type }),
        ...(typeof challenge === 'string' && { 'www-authenticate': challenge }),
      },
    });
  };
}

function failure(provider: string, { status, retryAfterMs }: HttpAnswer): ProviderError {
  return new ProviderError(meaningOfStatus(status), {
    provider,
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
