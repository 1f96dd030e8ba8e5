/** The keys of a bank, from its own discovery: with each look-up anew, since `webhook-keys.ts` remembers them. */
import type { JWK } from 'jose';
import type { CallLimits } from '../../connector.ts';
import type { HttpClient } from '../../http-client.ts';
import { isObject, type JsonObject, parseObject } from '../../json-object.ts';
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
  const { jwks_uri: url, issuer: named } = metadata;
  if (named !== issuer || typeof url !== 'string') throw invalid('the metadata of this issuer');
  const { keys } = await get(url, http, limits);
  if (!Array.isArray(keys)) throw invalid('a key set');
  const isIt = (key: unknown): key is JWK =>
    isObject(key) && key.kid === keyId && (key.use === undefined || key.use === 'sig');
  return keys.find(isIt);
}

async function get(url: string, http: HttpClient, limits: CallLimits): Promise<JsonObject> {
  const { status, text } = await http.send({ method: 'GET', url, headers: { accept: 'application/json' } }, limits);
  if (status !== 200) throw new ProviderError('SERVER_ERROR', { provider, status });
  const value = parseObject(text);
  if (value === undefined) throw invalid('a JSON object');
  return value;
}

function invalid(expected: string): ProviderError {
  return new ProviderError('PAGE_INVALID', { provider, detail: `expected ${expected}` });
}
