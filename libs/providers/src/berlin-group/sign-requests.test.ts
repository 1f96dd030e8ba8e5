/** The signature against a verification written from the standard, at the simulated bank that demands it: `consent.test.ts` of the journeys. */
import { createHash, verify, X509Certificate } from 'node:crypto';
import { type Certificate, createAuthority } from '@quartersec/http/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HttpCall, HttpClient } from '../http-client.ts';
import { signRequests } from './sign-requests.ts';

const baseUrl = 'https://bank.example/psd2/v1';
const limits = { attemptTimeoutMs: 1, deadline: { remainingMs: () => 1, elapsedMs: () => 0 } };
let seal: Certificate;

beforeAll(() => {
  seal = createAuthority().sign('DNS:us.example', 1, 'rsa');
});

/** @returns the call as it leaves */
async function sent(call: Partial<HttpCall>): Promise<HttpCall> {
  const calls: HttpCall[] = [];
  const http: HttpClient = {
    send(each) {
      calls.push(each);
      return Promise.resolve({ status: 200, headers: {}, text: '{}', retryAfterMs: undefined });
    },
    close: () => {},
  };
  const headers = { 'x-request-id': 'id-1' };
  await signRequests(http, seal, `${baseUrl}/`).send(
    { method: 'GET', url: `${baseUrl}/accounts`, headers, ...call },
    limits,
  );
  return calls[0] as HttpCall;
}

const form = /^keyId="(SN=([0-9A-F]+),CA=([^"]+))",algorithm="([^"]+)",headers="([^"]+)",signature="([^"]+)"$/;

describe('a signed request', () => {
  it('shows the certificate, and names its key by serial number and issuer', async () => {
    const { headers } = await sent({});
    const { raw, serialNumber } = new X509Certificate(seal.cert);
    expect(headers['tpp-signature-certificate']).toBe(raw.toString('base64'));
    const [, , serial, authority, algorithm] = form.exec(headers.signature ?? '') ?? [];
    expect([serial, authority, algorithm]).toEqual([serialNumber, 'CN=authority,O=tests,C=DE', 'rsa-sha256']);
  });

  it('signs the digest of the body, which may be empty, and the id', async () => {
    const { headers } = await sent({});
    expect(headers.digest).toBe('SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
    const [, , , , , names, signature = ''] = form.exec(headers.signature ?? '') ?? [];
    expect(names).toBe('digest x-request-id');
    const text = Buffer.from(`digest: ${headers.digest}\nx-request-id: id-1`);
    const { publicKey } = new X509Certificate(seal.cert);
    expect(verify('RSA-SHA256', text, publicKey, Buffer.from(signature, 'base64'))).toBe(true);
    expect(headers).toMatchObject({ 'x-request-id': 'id-1' });
  });

  it('signs where the user is sent back to, where the request has it', async () => {
    const headers = { 'x-request-id': 'id-1', 'tpp-redirect-uri': 'https://app.example/back?a=b' };
    const body = '{"access":{}}';
    const call = await sent({ method: 'POST', url: `${baseUrl}/consents`, headers, body });
    expect(call.headers.digest).toBe(`SHA-256=${createHash('sha256').update(body).digest('base64')}`);
    const [, , , , , names, signature = ''] = form.exec(call.headers.signature ?? '') ?? [];
    expect(names).toBe('digest x-request-id tpp-redirect-uri');
    const text = `digest: ${call.headers.digest}\nx-request-id: id-1\ntpp-redirect-uri: https://app.example/back?a=b`;
    const { publicKey } = new X509Certificate(seal.cert);
    expect(verify('RSA-SHA256', Buffer.from(text), publicKey, Buffer.from(signature, 'base64'))).toBe(true);
    expect(call.body).toBe(body);
  });

  it('is none that goes to the authorization server, nor to another version of the API', async () => {
    for (const url of ['https://auth.bank.example/token', 'https://bank.example/psd2/v10/accounts'])
      expect(Object.keys((await sent({ url })).headers)).toEqual(['x-request-id']);
  });
});
