/**
 * What a failed OAuth call means, by the codes of RFC 6749 section 5.2 and of the library. Its errors hold responses and tokens: nothing of
 * them goes further than this file but a code. Pure.
 */
import { ProviderError, type ProviderErrorCode } from '../provider-error.ts';
import { safeErrorCode } from '../safe-identifier.ts';

const meanings: Readonly<Record<string, ProviderErrorCode>> = {
  invalid_grant: 'CONSENT_EXPIRED',
  invalid_client: 'CONFIGURATION_REFUSED',
  unauthorized_client: 'CONFIGURATION_REFUSED',
  invalid_scope: 'CONFIGURATION_REFUSED',
  temporarily_unavailable: 'SERVER_ERROR',
  server_error: 'SERVER_ERROR',
};

/** Of the library's errors: the response is not what it should be, and may be once more. */
const unreadable: ReadonlySet<string> = new Set([
  'OAUTH_PARSE_ERROR',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
]);

export function oauthFailure(provider: string, error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const { code, error: said, status } = Object(error) as Readonly<Record<string, unknown>>;
  const facts = { provider, ...(typeof status === 'number' && { status }) };
  const providerCode = safeErrorCode(said);
  if (providerCode !== undefined)
    return new ProviderError(meanings[providerCode] ?? 'REQUEST_REJECTED', { ...facts, providerCode });
  const detail = safeErrorCode(code) ?? 'no OAuth response';
  if (code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE')
    return new ProviderError('CONFIGURATION_REFUSED', { ...facts, detail });
  return new ProviderError(unreadable.has(detail) ? 'BODY_UNREADABLE' : 'PAGE_INVALID', { ...facts, detail });
}
