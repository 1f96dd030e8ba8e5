/**
 * A bank's event: a signed Security Event Token (RFC 8417). What its parts say, against the bank that it names and our clock; the signature
 * itself is checked by `verify-event.ts`. Pure.
 * @see https://openbankinguk.github.io/read-write-api-site3/v3.1.11/profiles/event-notification-api-profile.html
 */
import { isObject, type JsonObject, parseObject } from '../../json-object.ts';
import type { WebhookReaction } from '../../plaid/webhook/react-to-webhook.ts';

/** Banks send an event again for as long as they like, under the same token. */
export const eventOldestMs = 86_400_000;
/** Clocks may be apart. */
export const eventEarliestMs = 60_000;

/** The longest token that we look at: a bank's are under 2 KB. */
const tokenCharsAtMost = 16_384;
const compactToken = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;
const keyIdForm = /^[\x21-\x7e]{1,200}$/;
const idForm = /^[\x21-\x7e]{1,128}$/;

export type EventRefusal =
  | 'TOKEN_MISSING'
  /** Not a token of three parts with JSON objects in them. */
  | 'TOKEN_MALFORMED'
  /** Anything but PS256: the profile of the standard has no other. */
  | 'ALGORITHM_REFUSED'
  /** Of no bank that we are registered with. */
  | 'ISSUER_UNKNOWN'
  | 'KEY_UNKNOWN'
  | 'SIGNATURE_INVALID'
  | 'CLAIMS_MALFORMED'
  /** For another client of that bank. */
  | 'AUDIENCE_OTHER'
  | 'TOO_OLD'
  | 'FROM_THE_FUTURE';

/** As the token says of itself: nothing of it is believed before its signature is. */
export interface UnverifiedEvent {
  readonly issuer: string;
  readonly keyId: string;
}

/** What is to be known before any key is looked up. @param token the body, as text */
export function readEventToken(token: string): UnverifiedEvent | EventRefusal {
  if (token === '') return 'TOKEN_MISSING';
  const [, first, second] = (token.length <= tokenCharsAtMost && compactToken.exec(token)) || [];
  const [header, claims] = [partOf(first), partOf(second)];
  if (header === undefined || claims === undefined) return 'TOKEN_MALFORMED';
  if (header.alg !== 'PS256') return 'ALGORITHM_REFUSED';
  if (typeof header.kid !== 'string' || !keyIdForm.test(header.kid)) return 'TOKEN_MALFORMED';
  return typeof claims.iss === 'string' ? { issuer: claims.iss, keyId: header.kid } : 'CLAIMS_MALFORMED';
}

/** @param payload of a token whose signature holds @returns `undefined` when the event is for us, and of now */
export function judgeEvent(payload: Uint8Array, clientId: string, nowEpochMs: number): EventRefusal | undefined {
  const { iat, aud, jti, events } = parseObject(Buffer.from(payload).toString()) ?? {};
  const audience = [aud].flat();
  if (typeof iat !== 'number' || typeof jti !== 'string' || !idForm.test(jti) || !isObject(events))
    return 'CLAIMS_MALFORMED';
  if (!audience.includes(clientId)) return 'AUDIENCE_OTHER';
  const ageMs = nowEpochMs - iat * 1_000;
  if (ageMs > eventOldestMs) return 'TOO_OLD';
  return ageMs >= -eventEarliestMs ? undefined : 'FROM_THE_FUTURE';
}

const urn = 'urn:uk:org:openbanking:events:';
const resourceId = 'http://openbanking.org.uk/rid';
const resourceType = 'http://openbanking.org.uk/rty';
const consentType = 'account-access-consent';

/**
 * What a verified event asks for. An event is a hint: what it says is read again through the API. New transactions have none.
 * @param token that was verified
 */
export function reactToEvent(token: string): WebhookReaction {
  const { events } = partOf(token.split('.')[1]) ?? {};
  if (!isObject(events)) return { kind: 'unknown', code: 'BODY_UNREADABLE' };
  const [[name, said] = ['', undefined]] = Object.entries(events);
  const code =
    name.startsWith(urn) && /^[a-z-]{1,60}$/.test(name.slice(urn.length)) ? name.slice(urn.length) : 'UNLISTED';
  const subject = isObject(said) && isObject(said.subject) ? said.subject : {};
  const [id, type] = [subject[resourceId], subject[resourceType]];
  // Of payments, and of what is read with each read anyway.
  if (code === 'resource-update' && type !== consentType) return { kind: 'nothing', code };
  const isKnown = kinds.has(code) && type === consentType && typeof id === 'string' && idForm.test(id);
  if (!isKnown) return { kind: 'unknown', code };
  const readAccounts = code === 'account-access-consent-linked-account-update';
  return { kind: 'look', itemId: id, code, readAccounts, consentExpiresEpochMs: undefined };
}

const kinds: ReadonlySet<string> = new Set([
  'resource-update',
  'consent-authorization-revoked',
  'account-access-consent-linked-account-update',
]);

/** What tells one event from another. @param token that was verified */
export function eventIdOf(token: string): string {
  const { iss, jti } = partOf(token.split('.')[1]) ?? {};
  return `${String(iss)} ${String(jti)}`;
}

function partOf(part: string | undefined): JsonObject | undefined {
  return part === undefined ? undefined : parseObject(Buffer.from(part, 'base64url').toString());
}
