/**
 * Signs webhooks as Plaid does: a compact JWT (ES256) over the time and the SHA-256 of the body, under a key that is named by its id
 * and can be looked up. Written from the published protocol, with Node's own cryptography.
 * @see https://plaid.com/docs/api/webhooks/webhook-verification/
 */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';

interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly jwk: { readonly x: string; readonly y: string };
  readonly createdEpochSeconds: number;
  expiredEpochSeconds: number | null;
}

export class WebhookSigner {
  readonly #keys = new Map<string, SigningKey>();
  readonly #nowEpochMs: () => number;
  #current: SigningKey | undefined;

  constructor(nowEpochMs: () => number) {
    this.#nowEpochMs = nowEpochMs;
  }

  /** Signs from now on with a new key. @param expireOld the keys before are no longer good. @returns its id */
  rotate(expireOld: boolean): string {
    if (expireOld) {
      for (const key of this.#keys.values()) key.expiredEpochSeconds ??= this.#seconds();
    }
    this.#current = this.#made();
    return this.#current.keyId;
  }

  /** @returns the header `Plaid-Verification` */
  token(body: string, issuedEpochSeconds = this.#seconds()): string {
    this.#current ??= this.#made();
    const { keyId, privateKey } = this.#current;
    const header = { alg: 'ES256', kid: keyId, typ: 'JWT' };
    const claims = { iat: issuedEpochSeconds, request_body_sha256: createHash('sha256').update(body).digest('hex') };
    const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }

  /** @returns the `key` of /webhook_verification_key/get; `undefined` where there is none of that id */
  publicKey(keyId: string): Readonly<Record<string, unknown>> | undefined {
    const key = this.#keys.get(keyId);
    if (key === undefined) return undefined;
    const { jwk, createdEpochSeconds, expiredEpochSeconds } = key;
    return {
      alg: 'ES256',
      created_at: createdEpochSeconds,
      crv: 'P-256',
      expired_at: expiredEpochSeconds,
      kid: keyId,
      kty: 'EC',
      use: 'sig',
      x: jwk.x,
      y: jwk.y,
    };
  }

  #seconds(): number {
    return Math.floor(this.#nowEpochMs() / 1_000);
  }

  #made(): SigningKey {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const keyId = randomUUID();
    const jwk = { x, y };
    const key = { keyId, privateKey, jwk, createdEpochSeconds: this.#seconds(), expiredEpochSeconds: null };
    this.#keys.set(keyId, key);
    return key;
  }
}
