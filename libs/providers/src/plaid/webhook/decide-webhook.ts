/**
 * Whether a webhook is Plaid's: what its token says, against the body that came with it and our clock. Pure; the signature itself
 * is checked by `verify-webhook.ts`, with the key that the token's header names.
 * @see https://plaid.com/docs/api/webhooks/webhook-verification/
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { parseObject } from '../../json-object.ts';

/** Plaid's own limit. */
export const oldestMs = 300_000;
/** Clocks may be apart; Plaid does not say by how much. */
export const earliestMs = 60_000;

/** The longest token that we look at: Plaid's are under 400 characters. */
const tokenCharsAtMost = 4_096;
const compactToken = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;
const keyIdPattern = /^[\w-]{1,128}$/;

/** 32 of 64 bytes, in base64url: the whole characters of it. */
const halfSignatureChars = 42;

export type WebhookRefusal =
  /** No token: whoever sent this did not even try. */
  | 'TOKEN_MISSING'
  /** Not a token of three parts, or a header that is no JSON object with a key id. */
  | 'TOKEN_MALFORMED'
  /** Anything but ES256, `none` included. */
  | 'ALGORITHM_REFUSED'
  /** Plaid has no such key. */
  | 'KEY_UNKNOWN'
  | 'KEY_EXPIRED'
  | 'SIGNATURE_INVALID'
  /** Signed, with claims that are not what Plaid signs. */
  | 'CLAIMS_MALFORMED'
  | 'TOO_OLD'
  | 'FROM_THE_FUTURE'
  | 'BODY_DIFFERS';

export type TokenHeader =
  | { readonly ok: true; readonly keyId: string }
  | { readonly ok: false; readonly refusal: WebhookRefusal };

/**
 * What is to be known before any key is looked up.
 * @param token the header `plaid-verification`; two of them, which a gateway joins with a comma, are none
 */
export function readTokenHeader(token: string | undefined): TokenHeader {
  if (token === undefined || token === '') return { ok: false, refusal: 'TOKEN_MISSING' };
  const [, encoded] = (token.length <= tokenCharsAtMost && compactToken.exec(token)) || [];
  const header = encoded === undefined ? undefined : parseObject(Buffer.from(encoded, 'base64url').toString());
  if (header === undefined) return { ok: false, refusal: 'TOKEN_MALFORMED' };
  if (header.alg !== 'ES256') return { ok: false, refusal: 'ALGORITHM_REFUSED' };
  if (typeof header.kid !== 'string' || !keyIdPattern.test(header.kid))
    return { ok: false, refusal: 'TOKEN_MALFORMED' };
  return { ok: true, keyId: header.kid };
}

/**
 * @param payload of a token whose signature holds
 * @param body the very bytes that came: JSON that was read and written again has another hash
 * @returns `undefined` when the webhook is Plaid's
 */
export function judgeClaims(payload: Uint8Array, body: Uint8Array, nowEpochMs: number): WebhookRefusal | undefined {
  const claims = parseObject(Buffer.from(payload).toString());
  const { iat, request_body_sha256: bodyHash } = claims ?? {};
  if (typeof iat !== 'number' || typeof bodyHash !== 'string') return 'CLAIMS_MALFORMED';
  const ageMs = nowEpochMs - iat * 1_000;
  if (ageMs > oldestMs) return 'TOO_OLD';
  if (!(ageMs >= -earliestMs)) return 'FROM_THE_FUTURE';
  return isHashOf(body, bodyHash) ? undefined : 'BODY_DIFFERS';
}

/**
 * What tells one signed webhook from another: all that was signed and the first half of the signature. The other half can be
 * replaced by its negative without the key (ECDSA), and the last character of the text has bits that nothing reads.
 * @param token that was verified
 */
export function replayKeyOf(token: string): string {
  return token.slice(0, token.lastIndexOf('.') + 1 + halfSignatureChars);
}

function isHashOf(body: Uint8Array, stated: string): boolean {
  const actual = Buffer.from(hash('sha256', body, 'hex'));
  const given = Buffer.from(stated);
  return given.length === actual.length && timingSafeEqual(given, actual);
}
