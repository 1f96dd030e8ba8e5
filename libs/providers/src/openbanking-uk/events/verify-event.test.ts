import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { createWebhookKeys } from '../../webhook-keys.ts';
import { eventIdOf, reactToEvent } from './event-token.ts';
import { verifyEvent } from './verify-event.ts';

const issuer = 'https://auth.bank.example';
const nowSeconds = 1_700_000_000;
const nowEpochMs = nowSeconds * 1_000;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'key-1' } as JWK;
const urn = 'urn:uk:org:openbanking:events:';
const subjectOf = (id: unknown, type = 'account-access-consent') => ({
  subject: { 'http://openbanking.org.uk/rid': id, 'http://openbanking.org.uk/rty': type },
});
const claims = {
  iss: issuer,
  iat: nowSeconds,
  jti: 'event-1',
  aud: 'us',
  events: { [`${urn}consent-authorization-revoked`]: subjectOf('consent-1') },
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Forgery {
  readonly header?: object;
  readonly said?: object;
  readonly key?: KeyObject;
  readonly signature?: string;
}

function token({ header = {}, said = {}, key = privateKey, signature }: Forgery = {}): string {
  const text = `${encode({ alg: 'PS256', kid: 'key-1', ...header })}.${encode({ ...claims, ...said })}`;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return `${text}.${signature ?? sign('sha256', Buffer.from(text), { key, padding, saltLength: 32 }).toString('base64url')}`;
}

async function verify(text: string, keys: readonly JWK[] = [jwk]) {
  let lookups = 0;
  const lookUp = async (keyId: string) => {
    lookups += 1;
    return keys.find(({ kid }) => kid === keyId);
  };
  const at = { issuer, clientId: 'us', keys: createWebhookKeys<JWK>({ lookUp }) };
  const verified = await verifyEvent(text, [{ ...at, issuer: 'https://other.example' }, at], nowEpochMs);
  return { verified, lookups };
}

describe('an event of a bank', () => {
  it.each([
    ['now', {}],
    ['a day ago, and sent again', { iat: nowSeconds - 86_400 }],
    ['a minute ahead of our clock', { iat: nowSeconds + 60 }],
    ['to several clients', { aud: ['them', 'us'] }],
  ])('is genuine when it was signed %s', async (_, said) => {
    expect((await verify(token({ said }))).verified).toEqual({ outcome: 'genuine' });
  });

  const hs256 = `${encode({ alg: 'HS256', kid: 'key-1' })}.${encode(claims)}`;
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const confused = `${hs256}.${createHmac('sha256', pem).update(hs256).digest('base64url')}`;

  it.each([
    ['that is empty', '', 'TOKEN_MISSING'],
    ['that is no token', '{"events":{}}', 'TOKEN_MALFORMED'],
    ['of 20 KB', token({ said: { more: 'x'.repeat(20_000) } }), 'TOKEN_MALFORMED'],
    ['without a key id', token({ header: { kid: undefined } }), 'TOKEN_MALFORMED'],
    ['with the algorithm none', `${encode({ alg: 'none', kid: 'key-1' })}.${encode(claims)}.AA`, 'ALGORITHM_REFUSED'],
    ['with the public key as a shared secret', confused, 'ALGORITHM_REFUSED'],
    ['with RS256', token({ header: { alg: 'RS256' } }), 'ALGORITHM_REFUSED'],
    ['without an issuer', token({ said: { iss: 7 } }), 'CLAIMS_MALFORMED'],
    ['of a bank that is none of ours', token({ said: { iss: 'https://auth.bank.example.org' } }), 'ISSUER_UNKNOWN'],
    ['with a key that the bank does not have', token({ header: { kid: 'key-2' } }), 'KEY_UNKNOWN'],
    ['signed with another key', token({ key: other.privateKey }), 'SIGNATURE_INVALID'],
    ['signed with nothing', token({ signature: 'AAAA' }), 'SIGNATURE_INVALID'],
    ['for another client', token({ said: { aud: 'them' } }), 'AUDIENCE_OTHER'],
    ['for nobody', token({ said: { aud: undefined } }), 'AUDIENCE_OTHER'],
    ['with a time that is a text', token({ said: { iat: String(nowSeconds) } }), 'CLAIMS_MALFORMED'],
    ['without an id', token({ said: { jti: undefined } }), 'CLAIMS_MALFORMED'],
    ['without events', token({ said: { events: [] } }), 'CLAIMS_MALFORMED'],
    ['older than a day', token({ said: { iat: nowSeconds - 86_401 } }), 'TOO_OLD'],
    ['of the future', token({ said: { iat: nowSeconds + 61 } }), 'FROM_THE_FUTURE'],
  ])('%s is refused', async (_, text, refusal) => {
    expect((await verify(text)).verified).toEqual({ outcome: 'refused', refusal });
  });

  it('of a stranger costs no look-up of a key', async () => {
    for (const said of [{ iss: 'https://stranger.example' }, { iss: undefined }])
      expect((await verify(token({ said }))).lookups).toBe(0);
  });

  it('is undecided while the bank does not tell its keys', async () => {
    const keys = createWebhookKeys<JWK>({ lookUp: () => Promise.reject(new Error('down')) });
    expect(await verifyEvent(token(), [{ issuer, clientId: 'us', keys }], nowEpochMs)).toEqual({
      outcome: 'undecided',
      because: 'lookup',
    });
  });

  it('under a key that is no RSA key is refused', async () => {
    const { publicKey: curve } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = { ...curve.export({ format: 'jwk' }), kid: 'key-1' } as JWK;
    expect((await verify(token(), [key])).verified).toEqual({ outcome: 'refused', refusal: 'SIGNATURE_INVALID' });
  });
});

describe('what an event asks for', () => {
  const reaction = (events: object) => reactToEvent(token({ said: { events } }));

  it.each([
    ['consent-authorization-revoked', false],
    ['account-access-consent-linked-account-update', true],
    ['resource-update', false],
  ])('%s of a consent: a look at its connection', (name, readAccounts) => {
    const look = { kind: 'look', itemId: 'consent-1', code: name, consentExpiresEpochMs: undefined };
    expect(reaction({ [urn + name]: subjectOf('consent-1') })).toEqual({ ...look, readAccounts });
  });

  it('an update of a payment: nothing', () => {
    const events = { [`${urn}resource-update`]: subjectOf('payment-1', 'domestic-payment') };
    expect(reaction(events)).toEqual({ kind: 'nothing', code: 'resource-update' });
  });

  it.each([
    ['a kind that is newer', { [`${urn}something-new`]: subjectOf('consent-1') }, 'something-new'],
    ['a kind of somebody else', { 'Anna Example 4711': subjectOf('consent-1') }, 'UNLISTED'],
    ['no consent', { [`${urn}consent-authorization-revoked`]: {} }, 'consent-authorization-revoked'],
    [
      'an id that is none',
      { [`${urn}consent-authorization-revoked`]: subjectOf('a b') },
      'consent-authorization-revoked',
    ],
    ['nothing', {}, 'UNLISTED'],
  ])('%s: unknown', (_, events, code) => {
    expect(reaction(events)).toEqual({ kind: 'unknown', code });
  });

  it('is told from others by its bank and its id', () => {
    expect(eventIdOf(token())).toBe(`${issuer} event-1`);
    expect(eventIdOf(token({ said: { iat: 1 } }))).toBe(eventIdOf(token()));
  });
});
