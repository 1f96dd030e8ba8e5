/** How bearer tokens are verified, from the environment: by a shared secret, or by the public keys of their issuer. */
import { ProcessorError } from '../processor-error.ts';
import { type PublicKeyAlgorithm, publicKeyAlgorithms, type TokenClaims } from './token-verifier.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export interface TokenSettings extends TokenClaims {
  readonly keys:
    | { readonly kind: 'secret'; readonly secrets: readonly Uint8Array[] }
    | { readonly kind: 'jwks'; readonly url: URL; readonly algorithms: readonly PublicKeyAlgorithm[] };
}

/** Exactly one of the first two is set. */
export const tokenVariables = {
  READ_TOKEN_KEY:
    'at least 32 random bytes in base64 (openssl rand -base64 32); the bytes, and not the text, sign the tokens (HS256). Two of them, separated by a comma, while one follows the other',
  READ_TOKEN_JWKS_URL: 'https address of the JSON Web Key Set of the issuer of the tokens (RS256, ES256)',
  READ_TOKEN_ISSUER: 'the claim `iss` that a token must have; needed with READ_TOKEN_JWKS_URL',
  READ_TOKEN_AUDIENCE: 'the claim `aud` that a token must have; quartersec where it is not set',
  READ_TOKEN_ALGORITHMS: 'RS256, ES256 or both, separated by a comma, which is what it is where it is not set',
} as const;

export const defaultAudience = 'quartersec';
const leastSecretBytes = 32;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** @throws {ProcessorError} `CONFIGURATION_INVALID`, naming the variable and what belongs in it, never its value */
export function readTokenSettings(variables: Variables): TokenSettings {
  const claims = {
    audience: variables.READ_TOKEN_AUDIENCE || defaultAudience,
    issuer: variables.READ_TOKEN_ISSUER || undefined,
  };
  const { READ_TOKEN_KEY: key, READ_TOKEN_JWKS_URL: url } = variables;
  if (url && key)
    throw invalid('READ_TOKEN_KEY', 'must not be set beside READ_TOKEN_JWKS_URL: one of the two verifies');
  if (url) {
    if (claims.issuer === undefined) throw invalid('READ_TOKEN_ISSUER', `missing; ${tokenVariables.READ_TOKEN_ISSUER}`);
    return { ...claims, keys: { kind: 'jwks', url: readUrl(url), algorithms: readAlgorithms(variables) } };
  }
  if (!key) throw invalid('READ_TOKEN_KEY', `missing; set it to: ${tokenVariables.READ_TOKEN_KEY}`);
  return { ...claims, keys: { kind: 'secret', secrets: key.split(',').map(readSecret) } };
}

/** A text that is no base64 would be decoded all the same, to other bytes than its owner signs with. */
function readSecret(text: string): Uint8Array {
  const bytes = base64.test(text.trim()) ? Buffer.from(text.trim(), 'base64') : Buffer.alloc(0);
  if (bytes.length < leastSecretBytes) throw invalid('READ_TOKEN_KEY', `must be ${tokenVariables.READ_TOKEN_KEY}`);
  return bytes;
}

/** Keys that come over plain HTTP are anybody's; on this machine they are a test's. */
function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === '127.0.0.1');
  if (url === undefined || !isSafe)
    throw invalid('READ_TOKEN_JWKS_URL', `must be the ${tokenVariables.READ_TOKEN_JWKS_URL}`);
  return url;
}

function readAlgorithms({ READ_TOKEN_ALGORITHMS: text }: Variables): readonly PublicKeyAlgorithm[] {
  if (!text) return publicKeyAlgorithms;
  const asked = text.split(',').map((name) => name.trim());
  const known = publicKeyAlgorithms.filter((name) => asked.includes(name));
  if (known.length !== asked.length)
    throw invalid('READ_TOKEN_ALGORITHMS', `must be ${tokenVariables.READ_TOKEN_ALGORITHMS}`);
  return known;
}

function invalid(name: keyof typeof tokenVariables, remedy: string): ProcessorError {
  return new ProcessorError('CONFIGURATION_INVALID', { [name]: remedy });
}
