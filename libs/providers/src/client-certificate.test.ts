/** Mutual TLS: a bank that asks who calls before it reads a byte. Both transports, since links and reads take one each. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Authority, type Certificate, createAuthority } from '@quartersec/http/testing';
import { createDeadline } from '@quartersec/sla';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient } from './http-client.ts';

let banks: Authority;
let ours: Authority;
let certificate: Certificate;
let server: Server;
let url: string;
const callers: string[] = [];

beforeAll(async () => {
  [banks, ours] = [createAuthority(), createAuthority()];
  certificate = ours.sign('DNS:us.example', 1);
  // TLS 1.2 tells in the handshake that a certificate is missing; the bank's answer would otherwise race with the refusal.
  const asking = { requestCert: true, rejectUnauthorized: true, ca: ours.ca, maxVersion: 'TLSv1.2' } as const;
  server = createServer({ ...banks.sign('IP:127.0.0.1', 1), ...asking }, ({ socket }, response) => {
    callers.push((socket as TLSSocket).getPeerCertificate().subjectaltname ?? '');
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe.each(['node', 'got'] as const)('a bank that asks for a certificate, over %s', (transport) => {
  const call = async (shown: Certificate | undefined) => {
    const http = createHttpClient({
      ...{ provider: 'berlin-group', allowedOrigins: [url], nowEpochMs: () => 0, transport, ca: banks.ca },
      ...(shown !== undefined && { certificate: shown }),
    });
    const limits = { attemptTimeoutMs: 60_000, deadline: createDeadline(60_000, () => performance.now()) };
    try {
      return await http.send({ method: 'GET', url: `${url}/accounts`, headers: {} }, limits);
    } finally {
      http.close();
    }
  };

  it('answers who shows it, and nobody else', async () => {
    callers.length = 0;
    expect(await call(certificate)).toMatchObject({ status: 200, text: '{}' });
    expect(callers).toEqual(['DNS:us.example']);
    await expect(call(undefined)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(call(banks.sign('DNS:us.example', 1))).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(callers).toHaveLength(1);
  });
});
