import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PlaidVerificationKey } from '@quartersec/validation/plaid';
import { describe, expect, it, vi } from 'vitest';
import { createWebhookKeys } from '../../webhook-keys.ts';
import { replayKeyOf } from './decide-webhook.ts';
import { isExpired, verifyPlaidWebhook } from './verify-webhook.ts';

const nowSeconds = 1_700_000_000;
const nowEpochMs = nowSeconds * 1_000;
const body = Buffer.from('{"webhook_type":"ITEM",  "webhook_code":"LOGIN_REPAIRED"}');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function newKey(keyId: string, expiredAt: number | null = null) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const fixed = { alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig', created_at: 1 } as const;
  const jwk: PlaidVerificationKey = { ...fixed, kid: keyId, x, y, expired_at: expiredAt };
  return { privateKey, publicKey, jwk };
}

const good = newKey('key-1');
const expired = newKey('key-2', nowSeconds - 5);

interface Forgery {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: unknown;
  readonly signedBy?: KeyObject;
  readonly signature?: string;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token({ header = {}, claims, signedBy = good.privateKey, signature }: Forgery = {}): string {
  const signed = `${encode({ alg: 'ES256', kid: 'key-1', typ: 'JWT', ...header })}.${encode(
    claims ?? { iat: nowSeconds, request_body_sha256: sha256(body) },
  )}`;
  const made = sign('sha256', Buffer.from(signed), { key: signedBy, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature ?? made.toString('base64url')}`;
}

function setUp(lookupsPerMinute?: number) {
  const lookUp = vi.fn(async (keyId: string) => [good, expired].map(({ jwk }) => jwk).find(({ kid }) => kid === keyId));
  const keys = createWebhookKeys({ isExpired, lookUp, ...(lookupsPerMinute !== undefined && { lookupsPerMinute }) });
  const check = (jwt: string | undefined, bytes: Uint8Array = body, at = nowEpochMs) =>
    verifyPlaidWebhook({ token: jwt, body: bytes }, keys, at);
  return { lookUp, check };
}

const claims = (iat: unknown, hash: unknown = sha256(body)) => ({ iat, request_body_sha256: hash });
const refused = (refusal: string) => ({ outcome: 'refused', refusal });

describe('a webhook of Plaid', () => {
  it.each([
    ['now', 0],
    ['five minutes old', -300],
    ['a minute ahead of our clock', 60],
  ])('is genuine when it is signed %s', async (_, seconds) => {
    const { check } = setUp();
    expect(await check(token({ claims: claims(nowSeconds + seconds) }))).toEqual({ outcome: 'genuine' });
  });

  it('is genuine with the very bytes that were signed alone', async () => {
    const { check } = setUp();
    const again = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(await check(token(), again)).toEqual(refused('BODY_DIFFERS'));
    expect(await check(token(), Buffer.from('{}'))).toEqual(refused('BODY_DIFFERS'));
  });

  const noneToken = `${encode({ alg: 'none', kid: 'key-1' })}.${encode(claims(nowSeconds))}.`;
  const publicPem = good.publicKey.export({ type: 'spki', format: 'pem' });
  const confused = `${encode({ alg: 'HS256', kid: 'key-1' })}.${encode(claims(nowSeconds))}`;
  const hs256 = `${confused}.${createHmac('sha256', publicPem).update(confused).digest('base64url')}`;

  it.each([
    ['without a token', undefined, 'TOKEN_MISSING'],
    ['with an empty one', '', 'TOKEN_MISSING'],
    ['with two, which a gateway joins', `${token()},${token()}`, 'TOKEN_MALFORMED'],
    ['with no signature', noneToken, 'TOKEN_MALFORMED'],
    ['with the algorithm none', `${noneToken}AA`, 'ALGORITHM_REFUSED'],
    ['with the public key as a shared secret', hs256, 'ALGORITHM_REFUSED'],
    ['with an algorithm in lower case', token({ header: { alg: 'es256' } }), 'ALGORITHM_REFUSED'],
    ['with a header that is no JSON', `AAAA.${token().slice(5)}`, 'TOKEN_MALFORMED'],
    ['with a header that is a list', `${encode([])}.e30.AA`, 'TOKEN_MALFORMED'],
    ['without a key id', token({ header: { kid: undefined } }), 'TOKEN_MALFORMED'],
    ['with a key id that is a path', token({ header: { kid: '../key-1' } }), 'TOKEN_MALFORMED'],
    ['with a token of 5 KB', `${token()}${'A'.repeat(5_000)}`, 'TOKEN_MALFORMED'],
    ['with a key that Plaid does not have', token({ header: { kid: 'key-9' } }), 'KEY_UNKNOWN'],
    ['with a key that has expired', token({ header: { kid: 'key-2' }, signedBy: expired.privateKey }), 'KEY_EXPIRED'],
    ['signed with another key', token({ signedBy: expired.privateKey }), 'SIGNATURE_INVALID'],
    ['signed with nothing', token({ signature: 'AAAA' }), 'SIGNATURE_INVALID'],
    ['with critical extensions that we do not know', token({ header: { crit: ['exp'], exp: 1 } }), 'SIGNATURE_INVALID'],
    ['with a payload that is not encoded', token({ header: { crit: ['b64'], b64: false } }), 'CLAIMS_MALFORMED'],
    ['older than five minutes', token({ claims: claims(nowSeconds - 301) }), 'TOO_OLD'],
    ['from the future', token({ claims: claims(nowSeconds + 61) }), 'FROM_THE_FUTURE'],
    ['from a time that is no number', token({ claims: claims(String(nowSeconds)) }), 'CLAIMS_MALFORMED'],
    ['without a time', token({ claims: { request_body_sha256: sha256(body) } }), 'CLAIMS_MALFORMED'],
    ['without a hash', token({ claims: { iat: nowSeconds } }), 'CLAIMS_MALFORMED'],
    ['with claims that are no object', token({ claims: [] }), 'CLAIMS_MALFORMED'],
    ['with the hash of another body', token({ claims: claims(nowSeconds, sha256(Buffer.from('x'))) }), 'BODY_DIFFERS'],
    ['with a hash in capitals', token({ claims: claims(nowSeconds, sha256(body).toUpperCase()) }), 'BODY_DIFFERS'],
  ])('is refused %s', async (_, jwt, refusal) => {
    expect(await setUp().check(jwt)).toEqual(refused(refusal));
  });

  it('is refused when any character of its token is another one', async () => {
    const { check } = setUp();
    const jwt = token();
    const kept: number[] = [];
    // The last character has bits that belong to nothing: it has several spellings.
    for (let place = 0; place < jwt.length - 1; place += 1) {
      const changed = `${jwt.slice(0, place)}${jwt[place] === 'A' ? 'B' : 'A'}${jwt.slice(place + 1)}`;
      if ((await check(changed)).outcome === 'genuine') kept.push(place);
    }
    expect(kept).toEqual([]);
  });

  it('is told from another one by what cannot be changed without its key', async () => {
    const { check } = setUp();
    const jwt = token();
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
    const negated = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
    const twin = [header, payload, Buffer.concat([bytes.subarray(0, 32), negated]).toString('base64url')].join('.');
    expect(twin).not.toBe(jwt);
    expect(await check(twin)).toEqual({ outcome: 'genuine' });
    expect(replayKeyOf(twin)).toBe(replayKeyOf(jwt));
    expect(replayKeyOf(token())).not.toBe(replayKeyOf(jwt)); // the same words, signed once more
  });

  it('passes the key of the published example through its look-up', async () => {
    const file = new URL('../../../../validation/src/plaid/examples/verification-key.json', import.meta.url);
    const { key } = JSON.parse(readFileSync(file, 'utf8')) as { key: PlaidVerificationKey };
    const keys = createWebhookKeys({ isExpired, lookUp: async () => key });
    const jwt = token({ header: { kid: key.kid } });
    expect(await verifyPlaidWebhook({ token: jwt, body }, keys, nowEpochMs)).toEqual(refused('SIGNATURE_INVALID'));
  });

  it('is refused when its key has a point that is not on the curve', async () => {
    const keys = createWebhookKeys({ isExpired, lookUp: async () => ({ ...good.jwk, x: good.jwk.y }) });
    expect(await verifyPlaidWebhook({ token: token(), body }, keys, nowEpochMs)).toEqual(refused('SIGNATURE_INVALID'));
  });
});

describe('the keys', () => {
  it('are looked up once an hour, also when many webhooks come at once', async () => {
    const { check, lookUp } = setUp();
    await Promise.all(Array.from({ length: 50 }, () => check(token())));
    expect(lookUp).toHaveBeenCalledTimes(1);
    const later = nowEpochMs + 3_600_000;
    const fresh = token({ claims: claims(later / 1_000) });
    await check(fresh, body, later - 1_000);
    expect(lookUp).toHaveBeenCalledTimes(1);
    expect(await check(fresh, body, later)).toEqual({ outcome: 'genuine' });
    expect(lookUp).toHaveBeenCalledTimes(2);
  });

  it('that expire are found out at the next look', async () => {
    let expiredAt: number | null = null;
    const keys = createWebhookKeys({ isExpired, lookUp: async () => ({ ...good.jwk, expired_at: expiredAt }) });
    const check = (at: number) => verifyPlaidWebhook({ token: token({ claims: claims(at / 1_000) }), body }, keys, at);
    expect(await check(nowEpochMs)).toEqual({ outcome: 'genuine' });
    expiredAt = nowSeconds;
    expect(await check(nowEpochMs + 3_600_000)).toEqual(refused('KEY_EXPIRED'));
  });

  it('that are made up do not make us call Plaid more than the cap, and do not keep out a known one', async () => {
    const { check, lookUp } = setUp(3);
    await check(token());
    const outcomes: unknown[] = [];
    for (let forged = 0; forged < 500; forged += 1)
      outcomes.push(await check(token({ header: { kid: `made-up-${forged}` } })));
    expect(lookUp).toHaveBeenCalledTimes(3);
    expect(outcomes.slice(0, 3)).toEqual([
      refused('KEY_UNKNOWN'),
      refused('KEY_UNKNOWN'),
      { outcome: 'undecided', because: 'cap' },
    ]);
    expect(await check(token())).toEqual({ outcome: 'genuine' });
    const nextMinute = nowEpochMs + 60_000;
    expect(await check(token({ header: { kid: 'key-9' } }), body, nextMinute)).toEqual(refused('KEY_UNKNOWN'));
    expect(lookUp).toHaveBeenCalledTimes(4);
  });

  it('that do not exist are asked for again after five minutes: Plaid may have made them since', async () => {
    const { check, lookUp } = setUp();
    const jwt = token({ header: { kid: 'key-9' } });
    await check(jwt);
    await check(jwt, body, nowEpochMs + 299_000);
    expect(lookUp).toHaveBeenCalledTimes(1);
    await check(jwt, body, nowEpochMs + 300_000);
    expect(lookUp).toHaveBeenCalledTimes(2);
  });

  it('are remembered, a real one before a hundred made-up ones', async () => {
    const { check, lookUp } = setUp(1_000);
    await check(token());
    for (let forged = 0; forged < 300; forged += 1) await check(token({ header: { kid: `made-up-${forged}` } }));
    expect(lookUp).toHaveBeenCalledTimes(301);
    await check(token());
    expect(lookUp).toHaveBeenCalledTimes(301);
  });

  it('that were good are used on while Plaid does not answer; others are not decided', async () => {
    let isUp = true;
    const keys = createWebhookKeys({
      isExpired,
      lookUp: async () => (isUp ? good.jwk : Promise.reject(new Error('down'))),
      lookupsPerMinute: 2,
    });
    const check = (at: number, kid = 'key-1') =>
      verifyPlaidWebhook({ token: token({ header: { kid }, claims: claims(at / 1_000) }), body }, keys, at);
    expect(await check(nowEpochMs)).toEqual({ outcome: 'genuine' });
    isUp = false;
    const later = nowEpochMs + 3_600_000;
    expect(await check(later)).toEqual({ outcome: 'genuine' });
    expect(await check(later, 'key-8')).toEqual({ outcome: 'undecided', because: 'lookup' });
    expect(await check(later)).toEqual({ outcome: 'genuine' }); // beyond the cap
  });
});
