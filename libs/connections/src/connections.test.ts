import type { ClientRequest, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { type Connections, type ConnectionsOptions, createConnections, type HttpRequest } from './connections.ts';
import { sendForText } from './send-for-text.ts';
import { createAuthority } from './testing/certificates.ts';
import { ok, type RawConnection, type RawServer, startRawServer } from './testing/raw-server.ts';

let server: RawServer;
let connections: Connections;
afterEach(async () => {
  connections.close();
  await server.close();
});

/** Answers each request with its path. */
const answerAll = async ({ socket, nextRequest }: RawConnection) => {
  for (;;) socket.write(ok((await nextRequest()).split(' ')[1] ?? ''));
};

async function start(
  serve: Parameters<typeof startRawServer>[0] = answerAll,
  options: ConnectionsOptions = {},
): Promise<void> {
  server = await startRawServer(serve);
  connections = createConnections(options);
}

const get = (path = '/', request: Partial<HttpRequest> = {}) =>
  sendForText(connections, new URL(path, server.url), { method: 'GET', headers: {}, ...request }, 1_000);

const responseTo = (request: ClientRequest) =>
  new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject));

/** Until nothing that has been written is on its way. */
const turns = async (count = 50) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

describe('a request', () => {
  it('is on the wire what was asked for', async () => {
    await start();
    await get('/a?b=c', { method: 'POST', headers: { 'x-d': 'e' }, body: 'é' });
    const [head, body] = (server.connections[0]?.received() ?? '').split('\r\n\r\n');
    expect(head?.split('\r\n')).toEqual(
      expect.arrayContaining(['POST /a?b=c HTTP/1.1', 'x-d: e', 'content-length: 2', `Host: ${server.url.host}`]),
    );
    expect(Buffer.from(body ?? '', 'latin1').toString()).toBe('é');
  });

  it('goes to http: and https: only', async () => {
    await start();
    const send = () => connections.send(new URL('ftp://127.0.0.1/'), { method: 'GET', headers: {} });
    expect(send).toThrow(new TypeError('no protocol of HTTP: ftp:'));
  });

  it('splits into no second one by its headers', async () => {
    await start();
    await expect(get('/', { headers: { 'x-a': 'b\r\nx-c: d' } })).rejects.toMatchObject({ code: 'ERR_INVALID_CHAR' });
    expect(server.connections).toHaveLength(0);
  });
});

describe('a connection', () => {
  it('carries call after call, with synchronous work between', async () => {
    await start();
    for (const path of ['/1', '/2', '/3']) expect(await get(path)).toMatchObject({ status: 200, text: path });
    expect(server.connections).toHaveLength(1);
  });

  it('that was idle for longer than load balancers allow is not used again', async () => {
    let nowMs = 0;
    await start(answerAll, { nowMs: () => nowMs });
    await get();
    nowMs = 45_000;
    await get();
    expect(server.connections).toHaveLength(1);
    nowMs = 90_001;
    await get();
    expect(server.connections).toHaveLength(2);
    await server.connections[0]?.ended;
  });

  it('that is older than five minutes takes no further call, however busy it was', async () => {
    let nowMs = 0;
    await start(answerAll, { nowMs: () => nowMs });
    for (nowMs = 0; nowMs <= 300_000; nowMs += 30_000) await get();
    expect(server.connections).toHaveLength(1);
    await get(); // ended at 330 s: the last on the old one
    await get();
    expect(server.connections).toHaveLength(2);
  });

  it('that was silent until its call was given up takes those that are idle with it', async () => {
    let isDead = false;
    await start(async ({ socket, nextRequest }) => {
      const isFirst = server.connections.length <= 2;
      for (;;) {
        const request = await nextRequest();
        if (!(isDead && isFirst)) socket.write(ok(request.split(' ')[1] ?? ''));
      }
    });
    await Promise.all([get(), get()]);
    expect(server.connections).toHaveLength(2);
    isDead = true;
    const silent = connections.send(server.url, { method: 'GET', headers: {} });
    silent.request.on('error', () => {});
    await turns();
    silent.giveUp();
    expect(await get('/again')).toMatchObject({ text: '/again' });
    expect(server.connections).toHaveLength(3);
  });

  it('that had begun to answer when its call was given up leaves the others alone', async () => {
    await start(async ({ socket, nextRequest }) => {
      for (;;) {
        const [, path = ''] = (await nextRequest()).split(' ');
        socket.write(path === '/half' ? 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf' : ok(path));
      }
    });
    await Promise.all([get(), get()]);
    const half = connections.send(new URL('/half', server.url), { method: 'GET', headers: {} });
    const response = await responseTo(half.request);
    response.on('error', () => {});
    half.giveUp();
    await get();
    expect(server.connections).toHaveLength(2);
  });

  it('that is waited for takes no other with it when its call is given up', async () => {
    await start(undefined, { maxSockets: 1 });
    const first = get('/first');
    const waiting = connections.send(server.url, { method: 'GET', headers: {} });
    waiting.request.on('error', () => {});
    waiting.giveUp();
    expect(await first).toMatchObject({ text: '/first' });
    expect(await get('/second')).toMatchObject({ text: '/second' });
    expect(server.connections).toHaveLength(1);
  });

  it.each(['another response', 'its end', 'a reset'])('on which %s comes unasked is not used again', async (what) => {
    await start();
    await get();
    const [connection] = server.connections;
    if (what === 'another response') connection?.socket.write(ok('/not asked for'));
    else if (what === 'its end') connection?.socket.end();
    else connection?.socket.resetAndDestroy();
    await connection?.ended;
    await turns();
    expect(await get('/asked')).toMatchObject({ text: '/asked' });
    expect(server.connections).toHaveLength(2);
  });

  it.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a bare line feed', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nab'],
    ['too long a head', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['two responses', `${ok('one')}${ok('two')}`],
  ])('whose response can be read in two ways (%s) carries no other call', async (_what, bytes) => {
    await start(async (connection) => {
      if (server.connections.length > 1) return answerAll(connection);
      await connection.nextRequest();
      connection.socket.write(bytes);
    });
    await get('/first').catch(() => {});
    await turns();
    expect(await get('/second')).toMatchObject({ text: '/second' });
    expect(server.connections).toHaveLength(2);
  });

  it('is one of so many, and calls beyond them wait', async () => {
    await start(answerAll, { maxSockets: 2 });
    const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
    const texts = await Promise.all(paths.map(async (path) => (await get(path)).text));
    expect(texts).toEqual(paths);
    expect(server.connections).toHaveLength(2);
  });

  it('goes to an IPv6 address as it stands: no resolver is asked for it', async () => {
    const asked: string[] = [];
    await start(answerAll, { lookup: (name) => void asked.push(name) });
    const url = new URL(`http://[::1]:${server.url.port}/`); // where the server does not listen
    await expect(sendForText(connections, url, { method: 'GET', headers: {} }, 100)).rejects.toMatchObject({
      code: expect.stringMatching(/^(ECONNREFUSED|EADDRNOTAVAIL|EAFNOSUPPORT)$/),
    });
    expect(asked).toEqual([]);
  });

  it('goes to the address that the resolver gives', async () => {
    await start(answerAll, {
      lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const url = new URL(`http://bank.example:${server.url.port}/named`);
    expect(await sendForText(connections, url, { method: 'GET', headers: {} }, 100)).toMatchObject({ text: '/named' });
  });
});

describe('over TLS', () => {
  const work = (ms: number) => {
    const endMs = performance.now() + ms;
    while (performance.now() < endMs) Math.sqrt(endMs);
  };

  it('twenty calls that each follow 8 ms of synchronous work use one connection', async () => {
    const { ca, sign } = createAuthority();
    server = await startRawServer(answerAll, sign('IP:127.0.0.1', 1));
    connections = createConnections({ ca });
    for (let call = 0; call < 20; call += 1) {
      work(8);
      const request = { method: 'POST', body: 'x'.repeat(5_000) } as const;
      expect((await get(`/${call}`, request)).text).toBe(`/${call}`);
    }
    expect(server.connections).toHaveLength(1);
    expect(server.connections.map(({ socket }) => (socket as TLSSocket).getProtocol())).toEqual(['TLSv1.3']);
  });
});
