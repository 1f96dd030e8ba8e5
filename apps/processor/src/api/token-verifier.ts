/** Authentication: the bearer token of the API. Signed by the app's identity provider; only verified here. */

import type { Deadline } from '@quartersec/sla';
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Jwks } from './jwks.ts';
import { ApiError } from './problems.ts';

/** Of public keys: whatever a token says of itself, no other is tried, so no public key ever serves as a shared secret. */
export const publicKeyAlgorithms = ['RS256', 'ES256'] as const;
export type PublicKeyAlgorithm = (typeof publicKeyAlgorithms)[number];

/** The claims that a token must have, besides `sub` and `exp`. */
export interface TokenClaims {
  readonly audience: string;
  /** `undefined`: any. */
  readonly issuer: string | undefined;
}

export type TokenKeys =
  /** HS256. Each at least 32 bytes; any of them may have signed, so that one can follow another. */
  | { readonly kind: 'secret'; readonly secrets: readonly Uint8Array[] }
  | { readonly kind: 'jwks'; readonly jwks: Jwks; readonly algorithms: readonly PublicKeyAlgorithm[] };

export type Authorise = (authorization: string | undefined, deadline: Deadline) => Promise<string>;

/** A partition key of the table has room for it many times over. */
const longestUserId = 256;

/**
 * @returns a function that gives the user's id (`sub`) of an `Authorization` header. It throws {ApiError} `TOKEN_INVALID` for a
 *   missing, forged, expired or foreign token, and no more is told; `TOKEN_KEYS_UNAVAILABLE` where that cannot be judged
 */
export function createTokenVerifier(keys: TokenKeys, claims: TokenClaims, nowEpochMs: () => number): Authorise {
  return async (authorization, deadline) => {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new ApiError('TOKEN_INVALID');
    const options = {
      audience: claims.audience,
      ...(claims.issuer !== undefined && { issuer: claims.issuer }),
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(nowEpochMs()),
    };
    const { sub } = await verify(token, keys, options, deadline);
    if (typeof sub !== 'string' || sub === '' || sub.length > longestUserId) throw new ApiError('TOKEN_INVALID');
    return sub;
  };
}

async function verify(
  token: string,
  keys: TokenKeys,
  options: JWTVerifyOptions,
  deadline: Deadline,
): Promise<JWTPayload> {
  try {
    if (keys.kind === 'secret') return await verifyBySecret(token, keys.secrets, options);
    return await verifyByJwks(token, keys.jwks, { ...options, algorithms: [...keys.algorithms] }, deadline);
  } catch (error) {
    // TypeError: a key of the set that is none, or not for the token's algorithm.
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw new ApiError('TOKEN_INVALID');
    throw error;
  }
}

async function verifyBySecret(
  token: string,
  secrets: readonly Uint8Array[],
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let failure: unknown;
  for (const secret of secrets) {
    try {
      return (await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })).payload;
    } catch (error) {
      failure = error;
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
    }
  }
  throw failure;
}

async function verifyByJwks(
  token: string,
  jwks: Jwks,
  options: JWTVerifyOptions,
  deadline: Deadline,
): Promise<JWTPayload> {
  const keys = await jwks.current(deadline.remainingMs());
  if (keys === undefined) throw new ApiError('TOKEN_KEYS_UNAVAILABLE');
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    const renewed = await jwks.renewed(deadline.remainingMs());
    if (renewed === undefined) throw new ApiError('TOKEN_KEYS_UNAVAILABLE');
    if (renewed === 'same') throw error;
    return (await jwtVerify(token, renewed, options)).payload;
  }
}
