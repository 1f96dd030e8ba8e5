import { pbkdf2Sync } from 'node:crypto';
import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttpOrigin, type HttpOriginOptions } from './http-origin.ts';
import { ok, type RawServer, startRawServer, watchCall } from './raw-server.contract.ts';
import { type Authority, type Certificate, createAuthority } from './testing/certificates.ts';

const secret = { method: 'POST', headers: { authorization: 'hunter2' }, body: 'hunter3' } as const;

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

/** Counts connections. */
const answerInThread = `
  const { workerData: { key, cert, connections }, parentPort } = require('node:worker_threads');
  const server = require('node:tls').createServer({ key, cert }, (socket) => {
    Atomics.add(connections, 0, 1);
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi'));
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

const answerAll: Parameters<typeof startRawServer>[0] = async ({ socket, nextRequest }) => {
  for (;;) {
    await nextRequest();
    socket.write(ok('hi'));
  }
};

describe('a certificate', () => {
  it.each([
    ['of another host', 'otherHost', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that has expired', 'expired', true, 'CERT_HAS_EXPIRED'],
    ['of an unknown authority', 'right', false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('%s is refused before a byte of the request is sent, also the second time', async (...subject) => {
    const [, which, isKnown, code] = subject;
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      server = await startRawServer(answerAll, { ...certificates[which], maxVersion });
      const origin = createHttpOrigin({ url: server.url, ...(isKnown ? { ca: authority.ca } : {}) });
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const call = watchCall(origin, secret);
        expect(await call.ended).toBe(code);
        expect(call.told).toEqual([`error ${code}`]);
      }
      // In 1.2 the server has seen the handshake to its end, and could read a request: it has heard nothing.
      if (maxVersion === 'TLSv1.2')
        expect([await server.nextConnection(), await server.nextConnection()]).toHaveLength(2);
      const received = await Promise.all(server.connections.map(({ closed }) => closed));
      expect(received.join('')).toBe('');
      await server.close();
    }
  });

  it('is refused although the environment says that none need be good', async () => {
    server = await startRawServer(answerAll, certificates.expired);
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const call = watchCall(createHttpOrigin({ url: server.url, ca: authority.ca }), secret);
      expect(await call.ended).toBe('CERT_HAS_EXPIRED');
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
    expect(await Promise.all(server.connections.map(({ closed }) => closed))).toEqual(server.connections.map(() => ''));
  });

  it('is checked against the name, also where that resolves to the address', async () => {
    server = await startRawServer(answerAll, certificates.right);
    const call = (name: string) => {
      const url = new URL(`https://${name}:${server.url.port}`);
      const lookup: HttpOriginOptions['lookup'] = (_name, options, callback) =>
        options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);
      return watchCall(createHttpOrigin({ url, ca: authority.ca, lookup })).ended;
    };
    expect(await call('bank.example')).toBe('end');
    expect(await call('evil.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(
      server.connections.map(({ socket }) => (socket as TLSSocket & { readonly servername: string }).servername),
    ).toContain('bank.example');
  });
});

describe('over TLS', () => {
  it('carries calls over one connection, in HTTP/1.1', async () => {
    server = await startRawServer(answerAll, { ...certificates.right, ALPNProtocols: ['h2', 'http/1.1'] });
    const origin = createHttpOrigin({ url: server.url, ca: authority.ca });
    for (let index = 0; index < 3; index += 1) {
      const call = watchCall(origin, { ...secret, body: `call ${index}` });
      expect(await call.ended).toBe('end');
      expect(call.body()).toBe('hi');
    }
    expect(server.connections).toHaveLength(1);
    const protocols = server.connections.map(({ socket }) => (socket as TLSSocket).alpnProtocol);
    expect(protocols).toEqual(['http/1.1']);
    origin.close();
    expect(await server.connections[0]?.closed).toContain('authorization: hunter2');
  });

  it('keeps its connection where our own work delays what is read and written', async () => {
    const connections = new Int32Array(new SharedArrayBuffer(4));
    const thread = new Worker(answerInThread, { eval: true, workerData: { ...certificates.right, connections } });
    const [port] = (await once(thread, 'message')) as [number];
    const origin = createHttpOrigin({ url: new URL(`https://127.0.0.1:${port}`), ca: authority.ca });
    try {
      for (let index = 0; index < 20; index += 1) {
        const call = watchCall(origin, secret);
        pbkdf2Sync('work', 'of our own', 20_000, 32, 'sha256');
        expect(await call.ended).toBe('end');
      }
      expect(Atomics.load(connections, 0)).toBe(1);
    } finally {
      origin.close();
      await thread.terminate();
    }
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'takes the session up again with the second connection, %s',
    async (version) => {
      let nowMs = 0;
      const reused: boolean[] = [];
      const only = { minVersion: version, maxVersion: version };
      server = await startRawServer(
        (connection) => {
          reused.push((connection.socket as TLSSocket).isSessionReused());
          return answerAll(connection);
        },
        { ...certificates.right, ...only },
      );
      const origin = createHttpOrigin({ url: server.url, ca: authority.ca, idleMs: 10, nowMs: () => nowMs });
      expect(await watchCall(origin).ended).toBe('end');
      nowMs = 11;
      expect(await watchCall(origin).ended).toBe('end');
      expect(reused).toEqual([false, true]);
      origin.close();
    },
  );

  it('ends with its call in the middle of a handshake', async () => {
    const silent = await startRawServer(); // takes the first bytes of the handshake, and answers none
    server = silent;
    const url = new URL(`https://127.0.0.1:${silent.url.port}`);
    const origin = createHttpOrigin({ url });
    const call = watchCall(origin);
    const connection = await silent.nextConnection();
    await new Promise((resolve) => connection.socket.once('data', resolve));
    call.exchange.destroy();
    expect(await connection.ended).not.toContain('HTTP');
    expect(call.told).toEqual([]);
  });

  it('trusts nobody where the certificates to trust cannot be read', async () => {
    server = await startRawServer(answerAll, certificates.right);
    const ca = '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n';
    expect(await watchCall(createHttpOrigin({ url: server.url, ca }), secret).ended).toBe(
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    );
    expect(await Promise.all(server.connections.map(({ closed }) => closed))).toEqual(server.connections.map(() => ''));
  });
});
