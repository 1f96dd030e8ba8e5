/**
 * Compact JWTs, signed and checked with Node's own cryptography: PS256 and ES256, the two algorithms that the UK's security profile
 * has (FAPI 1.0 Advanced, section 8.6).
 */
import { constants, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';

export type Algorithm = 'PS256' | 'ES256';

export interface PublicJwk extends JsonWebKey {
  readonly kid?: string;
}

export type Claims = Readonly<Record<string, unknown>>;

const saltBytes = 32;

function keyFor(alg: Algorithm, key: KeyObject) {
  return alg === 'PS256'
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltBytes }
    : { key, dsaEncoding: 'ieee-p1363' as const };
}

export function signToken(
  claims: Claims,
  { alg, kid, key }: { readonly alg: Algorithm; readonly kid: string; readonly key: KeyObject },
): string {
  const parts = [{ alg, kid, typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const text = parts.join('.');
  return `${text}.${sign('sha256', Buffer.from(text), keyFor(alg, key)).toString('base64url')}`;
}

/** @returns the claims of a token that one of the keys has signed, `undefined` for any other text */
export function readToken(token: string, keys: readonly PublicJwk[]): Claims | undefined {
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  const { alg, kid } = parse(head) ?? {};
  const jwk = keys.find((each) => each.kid === kid);
  if (rest.length > 0 || jwk === undefined || (alg !== 'PS256' && alg !== 'ES256')) return undefined;
  if (jwk.kty !== (alg === 'PS256' ? 'RSA' : 'EC')) return undefined;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    keyFor(alg, key),
    Buffer.from(signature, 'base64url'),
  );
  return isSigned ? parse(body) : undefined;
}

function parse(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
