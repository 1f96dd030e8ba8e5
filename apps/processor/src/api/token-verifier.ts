/** Authentication: the bearer token of the API. Signed by the app's identity provider; only verified here. */

import { hash } from 'node:crypto';
import type { Deadline } from '@quartersec/sla';
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { rememberLast } from '../remember-last.ts';
import type { Jwks, KeySet } from './jwks.ts';
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

/** An app sends the same token for as long as it is good: a signature is verified once. Some 300 bytes each. */
const mostVerified = 2_000;

/** A token whose signature and claims hold while its keys are the issuer's and its time is not over. */
interface Verified {
  readonly userId: string;
  readonly expSeconds: number;
  /** `undefined`: shared secrets, which an environment keeps for as long as it lives. */
  readonly keys: KeySet | undefined;
}

/**
 * @returns a function that gives the user's id (`sub`) of an `Authorization` header. It throws {ApiError} `TOKEN_INVALID` for a
 *   missing, forged, expired or foreign token, and no more is told; `TOKEN_KEYS_UNAVAILABLE` where that cannot be judged
 */
export function createTokenVerifier(keys: TokenKeys, claims: TokenClaims, nowEpochMs: () => number): Authorise {
  // By hash: what is remembered is nobody's way in.
  const known = rememberLast<Verified>(mostVerified);
  return async (authorization, deadline) => {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new ApiError('TOKEN_INVALID');
    const name = hash('sha256', token, 'base64url');
    const seen = known.get(name);
    // Each time: a key that its issuer has withdrawn verifies nothing any more.
    const current = keys.kind === 'jwks' ? await keys.jwks.current(deadline.remainingMs()) : undefined;
    const isGood = seen !== undefined && seen.keys === current && seen.expSeconds > Math.floor(nowEpochMs() / 1_000);
    if (isGood) return seen.userId;
    const options = {
      audience: claims.audience,
      ...(claims.issuer !== undefined && { issuer: claims.issuer }),
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(nowEpochMs()),
    };
    const { payload, by } = await verify(token, keys, current, options, deadline);
    const { sub, exp } = payload;
    if (typeof sub !== 'string' || sub === '' || sub.length > longestUserId) throw new ApiError('TOKEN_INVALID');
    if (exp !== undefined) known.set(name, { userId: sub, expSeconds: exp, keys: by });
    return sub;
  };
}

interface Checked {
  readonly payload: JWTPayload;
  /** The set whose key has signed it; `undefined`: a shared secret has. */
  readonly by: KeySet | undefined;
}

/** @param current public keys as they are known */
async function verify(
  token: string,
  keys: TokenKeys,
  current: KeySet | undefined,
  options: JWTVerifyOptions,
  deadline: Deadline,
): Promise<Checked> {
  try {
    if (keys.kind === 'secret') return { payload: await verifyBySecret(token, keys.secrets, options), by: undefined };
    if (current === undefined) throw new ApiError('TOKEN_KEYS_UNAVAILABLE');
    const { jwks, algorithms } = keys;
    return await verifyByJwks(token, { jwks, current }, { ...options, algorithms: [...algorithms] }, deadline);
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
  { jwks, current }: { readonly jwks: Jwks; readonly current: KeySet },
  options: JWTVerifyOptions,
  deadline: Deadline,
): Promise<Checked> {
  try {
    return { payload: (await jwtVerify(token, current, options)).payload, by: current };
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    const renewed = await jwks.renewed(deadline.remainingMs());
    if (renewed === undefined) throw new ApiError('TOKEN_KEYS_UNAVAILABLE');
    if (renewed === 'same') throw error;
    return { payload: (await jwtVerify(token, renewed, options)).payload, by: renewed };
  }
}
