/** The private key with which we prove to every bank who we are. Pure but for the import of the key itself. */

import type { webcrypto } from 'node:crypto';

/** Of a JSON Web Key (RFC 7517) what is looked at here; the rest is for the cryptography. */
export interface ClientKey {
  /** Names the public half in the directory. */
  readonly kid: string;
  /** FAPI 1.0 Advanced, section 8.6: these two and no others. */
  readonly alg: 'PS256' | 'ES256';
  readonly jwk: webcrypto.JsonWebKey;
}

/** @returns `undefined` for what is no private key of the two algorithms, with its name */
export function readClientKey(text: string): ClientKey | undefined {
  const jwk = parse(text);
  const { kid, kty, crv, alg = kty === 'EC' ? 'ES256' : 'PS256', d } = jwk;
  if (typeof kid !== 'string' || kid === '' || typeof d !== 'string') return undefined;
  const isRsa = kty === 'RSA' && alg === 'PS256';
  const isEc = kty === 'EC' && crv === 'P-256' && alg === 'ES256';
  if (!isRsa && !isEc) return undefined;
  // What a directory says of the key's use is not for the import, which has a use of its own.
  const { use: _, key_ops: __, ...numbers } = jwk;
  return { kid, alg, jwk: numbers };
}

const importParameters = {
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
} as const;

/** @throws {DOMException} when its numbers are no key */
export async function importClientKey({
  jwk,
  alg,
  kid,
}: ClientKey): Promise<{ key: webcrypto.CryptoKey; kid: string }> {
  return { kid, key: await crypto.subtle.importKey('jwk', jwk, importParameters[alg], false, ['sign']) };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
