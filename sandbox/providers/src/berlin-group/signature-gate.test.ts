import { createHash, createSign, X509Certificate } from 'node:crypto';
import { type Certificate, createAuthority } from '@quartersec/http/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOfSignature } from './signature-gate.ts';

const body = '{"access":{}}';
let seal: Certificate;
let other: Certificate;

beforeAll(() => {
  const authority = createAuthority();
  [seal, other] = [authority.sign('DNS:us.example', 1, 'rsa'), authority.sign('DNS:them.example', 1, 'rsa')];
});

interface Signing {
  readonly names?: readonly string[];
  readonly key?: string;
  readonly serial?: string;
  readonly algorithm?: string;
}

/** As the standard has it, by hand. */
function signed(more: Record<string, string> = {}, { names, key, serial, algorithm }: Signing = {}) {
  const { raw, serialNumber } = new X509Certificate(seal.cert);
  const headers: Record<string, string> = {
    'x-request-id': 'id-1',
    digest: `SHA-256=${createHash('sha256').update(body).digest('base64')}`,
    'tpp-signature-certificate': raw.toString('base64'),
    ...more,
  };
  const signedNames = names ?? [
    'digest',
    'x-request-id',
    ...Object.keys(more).filter((name) => name === 'tpp-redirect-uri'),
  ];
  const text = signedNames.map((name) => `${name}: ${headers[name]}`).join('\n');
  const signature = createSign('RSA-SHA256')
    .update(text)
    .sign(key ?? seal.key, 'base64');
  const keyId = `SN=${serial ?? serialNumber},CA=CN=authority,O=tests,C=DE`;
  return {
    ...headers,
    signature: `keyId="${keyId}",algorithm="${algorithm ?? 'rsa-sha256'}",headers="${signedNames.join(' ')}",signature="${signature}"`,
  };
}

const refusal = (headers: Record<string, string | undefined>, text = body) =>
  refusalOfSignature(headers, text, seal.cert);

describe('a bank that demands signatures', () => {
  it('takes a request that is signed', () => {
    expect(refusal(signed())).toBeUndefined();
    expect(refusal(signed({ 'tpp-redirect-uri': 'https://app.example/back' }))).toBeUndefined();
  });

  it('says what is missing', () => {
    expect(refusal({})).toBe('CERTIFICATE_MISSING');
    expect(refusal({ ...signed(), signature: undefined })).toBe('SIGNATURE_MISSING');
  });

  it('trusts the registered certificate alone', () => {
    const shown = new X509Certificate(other.cert).raw.toString('base64');
    expect(refusal({ ...signed(), 'tpp-signature-certificate': shown })).toBe('CERTIFICATE_INVALID');
    expect(refusalOfSignature(signed(), body, undefined)).toBe('CERTIFICATE_INVALID');
  });

  it.each<[string, () => Record<string, string | undefined>]>([
    ['another body', () => signed({ digest: `SHA-256=${createHash('sha256').update('{}').digest('base64')}` })],
    ['a digest that is none', () => signed({ digest: 'MD5=x' })],
    ['another key', () => signed({}, { key: other.key })],
    ['another serial number', () => signed({}, { serial: '01' })],
    ['another algorithm', () => signed({}, { algorithm: 'hmac-sha256' })],
    ['an id that was changed', () => ({ ...signed(), 'x-request-id': 'id-2' })],
    ['an id that is not signed', () => signed({}, { names: ['digest'] })],
    [
      'an address that is not signed',
      () => signed({ 'tpp-redirect-uri': 'https://x' }, { names: ['digest', 'x-request-id'] }),
    ],
    ['a header that is none', () => ({ ...signed(), signature: 'none' })],
  ])('refuses %s', (_title, headers) => {
    expect(refusal(headers())).toBe('SIGNATURE_INVALID');
  });
});
