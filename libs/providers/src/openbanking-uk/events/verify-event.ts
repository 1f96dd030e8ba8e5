/** Verifies one event of a bank: header, issuer, key, signature, then audience and time. Nothing of it is used before that. */
import { compactVerify, errors, importJWK, type JWK } from 'jose';
import type { WebhookKeys } from '../../webhook-keys.ts';
import { type EventRefusal, judgeEvent, readEventToken } from './event-token.ts';

export type VerifiedEvent =
  | { readonly outcome: 'genuine' }
  | { readonly outcome: 'refused'; readonly refusal: EventRefusal }
  /** Its key cannot be had now: neither genuine nor refused. */
  | { readonly outcome: 'undecided'; readonly because: 'cap' | 'lookup' };

/** A bank at which we are registered. */
export interface EventIssuer {
  readonly issuer: string;
  readonly clientId: string;
  /** Of that issuer alone, by their ids. */
  readonly keys: WebhookKeys<JWK>;
}

/** Never throws for what was sent. @param token the body as text */
export async function verifyEvent(
  token: string,
  issuers: readonly EventIssuer[],
  nowEpochMs: number,
): Promise<VerifiedEvent> {
  const named = readEventToken(token);
  if (typeof named === 'string') return refused(named);
  const issuer = issuers.find((each) => each.issuer === named.issuer);
  if (issuer === undefined) return refused('ISSUER_UNKNOWN');
  const found = await issuer.keys.find(named.keyId, nowEpochMs);
  if (found.kind === 'unavailable') return { outcome: 'undecided', because: found.because };
  if (found.kind !== 'key') return refused('KEY_UNKNOWN');
  const payload = await payloadOf(token, found.key);
  if (payload === undefined) return refused('SIGNATURE_INVALID');
  const refusal = judgeEvent(payload, issuer.clientId, nowEpochMs);
  return refusal === undefined ? { outcome: 'genuine' } : refused(refusal);
}

/** @returns the payload that was signed; `undefined` when it was not signed with this key */
async function payloadOf(token: string, { kty, n, e }: JWK): Promise<Uint8Array | undefined> {
  try {
    if (kty !== 'RSA' || n === undefined || e === undefined) return undefined;
    const key = await importJWK({ kty, n, e }, 'PS256');
    return (await compactVerify(token, key, { algorithms: ['PS256'] })).payload;
  } catch (error) {
    // A key that a bank gives in a wrong form verifies nothing; WebCrypto says so with errors of its own.
    if (error instanceof errors.JOSEError || error instanceof DOMException || error instanceof TypeError)
      return undefined;
    throw error;
  }
}

function refused(refusal: EventRefusal): VerifiedEvent {
  return { outcome: 'refused', refusal };
}
