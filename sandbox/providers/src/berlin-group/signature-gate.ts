/**
 * A bank that demands signed requests, in front of the bank of the redirect approach. Written from the standard's section on signing
 * requests, version 1.3: a digest of the body, and a signature of the headers that the standard names.
 */
import { createHash, createVerify, X509Certificate } from 'node:crypto';
import type { MessageCode } from './error-body.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Path of its API. */
export const signedBase = '/berlin-group/signed/psd2/v1';

export const isSignedPath = (url: string): boolean => url.startsWith(`${signedBase}/`);

const mandatory = ['digest', 'x-request-id'];
/** Where the request has them. */
const conditional = ['psu-id', 'psu-corporate-id', 'tpp-redirect-uri'];
const hashes: Readonly<Record<string, string>> = { 'rsa-sha256': 'RSA-SHA256', 'rsa-sha512': 'RSA-SHA512' };
const digests: Readonly<Record<string, string>> = { 'SHA-256': 'sha256', 'SHA-512': 'sha512' };

/**
 * @param registered the only certificate that the bank trusts, as a PEM text
 * @returns with which message code it refuses, by 401; `undefined` where everything holds
 */
export function refusalOfSignature(
  headers: Headers,
  body: string,
  registered: string | undefined,
): MessageCode | undefined {
  const [shown, signature] = [headers['tpp-signature-certificate'], headers.signature];
  if (typeof shown !== 'string') return 'CERTIFICATE_MISSING';
  const certificate = registered === undefined ? undefined : new X509Certificate(registered);
  if (certificate?.raw.toString('base64') !== shown) return 'CERTIFICATE_INVALID';
  if (typeof signature !== 'string') return 'SIGNATURE_MISSING';
  const isGood = isDigestOf(headers.digest, body) && isSignatureOf(parametersIn(signature), headers, certificate);
  return isGood ? undefined : 'SIGNATURE_INVALID';
}

function isDigestOf(digest: Headers[string], body: string): boolean {
  const [, name = '', value = ''] = /^(SHA-\d+)=(.+)$/.exec(String(digest)) ?? [];
  const hash = digests[name];
  return hash !== undefined && createHash(hash).update(body).digest('base64') === value;
}

/** `keyId="SN=1,CA=CN=a,O=b",algorithm="rsa-sha256",...`: commas stand within the quotes too. */
function parametersIn(signature: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...signature.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function isSignatureOf(
  { keyId = '', algorithm = '', headers: signed = '', signature = '' }: Readonly<Record<string, string>>,
  headers: Headers,
  { serialNumber, issuer, publicKey }: X509Certificate,
): boolean {
  const names = signed.split(' ');
  const wanted = [...mandatory, ...conditional.filter((name) => headers[name] !== undefined)];
  const [, serial = '', authority = ''] = /^SN=([0-9A-Fa-f]+),CA=(.+)$/.exec(keyId) ?? [];
  const isItsKey = BigInt(`0x${serial || 0}`) === BigInt(`0x${serialNumber}`) && isSameName(authority, issuer);
  const hash = hashes[algorithm];
  if (!isItsKey || hash === undefined || !wanted.every((name) => names.includes(name))) return false;
  const text = names.map((name) => `${name}: ${String(headers[name] ?? '')}`).join('\n');
  return createVerify(hash).update(text).verify(publicKey, signature, 'base64');
}

/** In either order of its parts. */
function isSameName(given: string, issuer: string): boolean {
  return given.split(',').sort().join() === issuer.split('\n').sort().join();
}
