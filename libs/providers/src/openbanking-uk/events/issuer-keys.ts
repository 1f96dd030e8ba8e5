/** The keys of a bank, from its own discovery: with each look-up anew, since `webhook-keys.ts` remembers them. */
import type { JWK } from 'jose';
import type { CallLimits } from '../../connector.ts';
import type { HttpClient } from '../../http-client.ts';
import { ProviderError } from '../../provider-error.ts';

const provider = 'openbanking-uk';

/**
 * @param http its allowed origins are the issuer's and the API's: a key set elsewhere is not asked for
 * @returns `undefined` where the bank has no such key
 * @throws {ProviderError} when the bank does not answer, or not with what it should
 */
export async function findIssuerKey(
  keyId: string,
  { issuer, http }: { readonly issuer: string; readonly http: HttpClient },
  limits: CallLimits,
): Promise<JWK | undefined> {
  const metadata = await get(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`, http, limits);
  const { jwks_uri: url, issuer: named } = metadata as { readonly jwks_uri?: unknown; readonly issuer?: unknown };
  if (named !== issuer || typeof url !== 'string') throw invalid('the metadata of this issuer');
  const { keys } = (await get(url, http, limits)) as { readonly keys?: unknown };
  if (!Array.isArray(keys)) throw invalid('a key set');
  const isIt = (key: unknown): key is JWK =>
    typeof key === 'object' &&
    key !== null &&
    'kid' in key &&
    key.kid === keyId &&
    (!('use' in key) || key.use === 'sig');
  return keys.find(isIt);
}

async function get(url: string, http: HttpClient, limits: CallLimits): Promise<object> {
  const { status, text } = await http.send({ method: 'GET', url, headers: { accept: 'application/json' } }, limits);
  if (status !== 200 || text === null) throw new ProviderError('SERVER_ERROR', { provider, status });
  const value = parse(text);
  if (typeof value !== 'object' || value === null) throw invalid('a JSON object');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('JSON');
  }
}

function invalid(expected: string): ProviderError {
  return new ProviderError('PAGE_INVALID', { provider, detail: `expected ${expected}` });
}
