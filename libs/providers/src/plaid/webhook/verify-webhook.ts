/** Verifies one webhook of Plaid: header, key, signature, then time and body. Nothing of it is used before that. */
import type { PlaidVerificationKey } from '@quartersec/validation/plaid';
import { compactVerify, errors, importJWK } from 'jose';
import type { WebhookKeys } from '../../webhook-keys.ts';
import { judgeClaims, readTokenHeader, type WebhookRefusal } from './decide-webhook.ts';

export type VerifiedWebhook =
  | { readonly outcome: 'genuine' }
  | { readonly outcome: 'refused'; readonly refusal: WebhookRefusal }
  /** Its key cannot be had now: neither genuine nor refused. Plaid sends it again when told so. */
  | { readonly outcome: 'undecided'; readonly because: 'cap' | 'lookup' };

export interface ReceivedWebhook {
  /** The header `plaid-verification`. */
  readonly token: string | undefined;
  /** The raw bytes, with the gateway's base64 undone. */
  readonly body: Uint8Array;
}

/** Plaid says when a key has ended. */
export function isExpired({ expired_at: expiredAt }: PlaidVerificationKey): boolean {
  return expiredAt !== null;
}

/** Never throws for what was sent. */
export async function verifyPlaidWebhook(
  { token, body }: ReceivedWebhook,
  keys: WebhookKeys<PlaidVerificationKey>,
  nowEpochMs: number,
): Promise<VerifiedWebhook> {
  const header = readTokenHeader(token);
  if (!header.ok) return refused(header.refusal);
  const found = await keys.find(header.keyId, nowEpochMs);
  if (found.kind === 'unavailable') return { outcome: 'undecided', because: found.because };
  if (found.kind !== 'key') return refused(found.kind === 'unknown' ? 'KEY_UNKNOWN' : 'KEY_EXPIRED');
  const payload = await verifySignature(token ?? '', found.key);
  if (payload === undefined) return refused('SIGNATURE_INVALID');
  const refusal = judgeClaims(payload, body, nowEpochMs);
  return refusal === undefined ? { outcome: 'genuine' } : refused(refusal);
}

/** @returns the payload that was signed; `undefined` when it was not signed with this key */
async function verifySignature(token: string, jwk: PlaidVerificationKey): Promise<Uint8Array | undefined> {
  try {
    const { kty, crv, x, y, alg } = jwk;
    const key = await importJWK({ kty, crv, x, y, alg }, 'ES256');
    return (await compactVerify(token, key, { algorithms: ['ES256'] })).payload;
  } catch (error) {
    // A key that Plaid gives in a wrong form verifies nothing; WebCrypto says so with errors of its own.
    if (error instanceof errors.JOSEError || error instanceof DOMException || error instanceof TypeError)
      return undefined;
    throw error;
  }
}

function refused(refusal: WebhookRefusal): VerifiedWebhook {
  return { outcome: 'refused', refusal };
}
