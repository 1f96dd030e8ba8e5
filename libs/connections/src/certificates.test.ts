import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectionsOptions, createConnections } from './connections.ts';
import { sendForText } from './send-for-text.ts';
import { type Authority, type Certificate, createAuthority } from './testing/certificates.ts';
import { ok, type RawServer, startRawServer } from './testing/raw-server.ts';

let authority: Authority;
let certificates: Readonly<Record<'right' | 'otherHost' | 'expired', Certificate>>;
let server: RawServer;

beforeAll(() => {
  authority = createAuthority();
  certificates = {
    right: authority.sign('IP:127.0.0.1,DNS:bank.example', 1),
    otherHost: authority.sign('DNS:other.example', 1),
    expired: authority.sign('IP:127.0.0.1', -1),
  };
});
afterEach(() => server.close());

const answerAll: Parameters<typeof startRawServer>[0] = async ({ socket, nextRequest }) => {
  for (;;) {
    await nextRequest();
    socket.write(ok('hi'));
  }
};

/** @returns the response's text, or the code of the failure */
async function send(options: ConnectionsOptions, url = server.url): Promise<string> {
  const connections = createConnections(options);
  const secret = { method: 'POST', headers: { authorization: 'hunter2' }, body: 'hunter3' } as const;
  try {
    return (await sendForText(connections, url, secret, 100)).text;
  } catch (error) {
    return String((error as { readonly code?: unknown }).code);
  } finally {
    connections.close();
  }
}

const received = async () => (await Promise.all(server.connections.map(({ closed }) => closed))).join('');

describe('a certificate', () => {
  it.each([
    ['of another host', 'otherHost', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that has expired', 'expired', true, 'CERT_HAS_EXPIRED'],
    ['of an unknown authority', 'right', false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('%s is refused before a byte of the request is sent', async (_title, which, isKnown, code) => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      server = await startRawServer(answerAll, { ...certificates[which], maxVersion });
      expect(await send(isKnown ? { ca: authority.ca } : {})).toBe(code);
      // In 1.2 the server has seen the handshake to its end, and could read a request: it has heard nothing.
      if (maxVersion === 'TLSv1.2') await server.nextConnection();
      expect(await received()).toBe('');
      await server.close();
    }
  });

  it('is refused although the environment says that none need be good', async () => {
    server = await startRawServer(answerAll, certificates.expired);
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await send({ ca: authority.ca })).toBe('CERT_HAS_EXPIRED');
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
    expect(await received()).toBe('');
  });

  it('is checked against the name, also where that resolves to the address', async () => {
    server = await startRawServer(answerAll, certificates.right);
    const lookup: ConnectionsOptions['lookup'] = (_name, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const call = (name: string) => send({ ca: authority.ca, lookup }, new URL(`https://${name}:${server.url.port}`));
    expect(await call('bank.example')).toBe('hi');
    expect(await call('evil.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('that never comes ends with its call, in the middle of the handshake', async () => {
    server = await startRawServer(); // takes the first bytes of the handshake, and answers none
    const abort = new AbortController();
    const connections = createConnections();
    const url = new URL(`https://127.0.0.1:${server.url.port}`);
    const call = sendForText(connections, url, { method: 'GET', headers: {} }, 100, abort.signal);
    const connection = await server.nextConnection();
    await new Promise((resolve) => connection.socket.once('data', resolve));
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(await connection.ended).not.toContain('HTTP');
    connections.close();
  });

  it('is not needed twice: the session is taken up again by the next connection', async () => {
    const reused: boolean[] = [];
    server = await startRawServer((connection) => {
      reused.push((connection.socket as TLSSocket).isSessionReused());
      return answerAll(connection);
    }, certificates.right);
    let nowMs = 0;
    const connections = createConnections({ ca: authority.ca, nowMs: () => nowMs });
    for (nowMs of [0, 45_001]) await sendForText(connections, server.url, { method: 'GET', headers: {} }, 100);
    expect(reused).toEqual([false, true]);
    connections.close();
  });
});
