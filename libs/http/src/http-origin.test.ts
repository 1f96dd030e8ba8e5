import type { LookupFunction } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpOrigin, type HttpOrigin, type HttpOriginOptions, type HttpRequest } from './http-origin.ts';
import { ok, type RawConnection, type RawServer, startRawServer, watchCall } from './raw-server.contract.ts';

let server: RawServer;
let origins: HttpOrigin[];

beforeEach(async () => {
  origins = [];
  server = await startRawServer();
});
afterEach(async () => {
  for (const origin of origins) origin.close();
  await server.close();
});

function createOrigin(options: Partial<HttpOriginOptions> = {}): HttpOrigin {
  const origin = createHttpOrigin({ url: server.url, ...options });
  origins.push(origin);
  return origin;
}

/** Each request is answered with its own path. */
async function echo({ socket, nextRequest }: RawConnection): Promise<void> {
  for (;;) socket.write(ok((await nextRequest()).split(' ')[1] ?? ''));
}

/** Calls once and has the connection idle. */
async function warm(origin: HttpOrigin): Promise<RawConnection> {
  const call = watchCall(origin);
  const connection = await server.nextConnection();
  await connection.nextRequest();
  connection.socket.write(ok('warm'));
  expect(await call.ended).toBe('end');
  return connection;
}

/** Calls twice at once and has both connections idle. */
async function warmTwo(origin: HttpOrigin): Promise<readonly RawConnection[]> {
  const calls = [watchCall(origin), watchCall(origin)];
  const connections = [await server.nextConnection(), await server.nextConnection()];
  for (const { socket, nextRequest } of connections) {
    await nextRequest();
    socket.write(ok(''));
  }
  await Promise.all(calls.map(({ ended }) => ended));
  return connections;
}

/** A turn of the network: by its end, what was on its way here before it has arrived. */
async function roundTrip(): Promise<void> {
  const origin = createHttpOrigin({ url: server.url });
  const call = watchCall(origin);
  const connection = await server.nextConnection();
  await connection.nextRequest();
  connection.socket.write(ok('', 'Connection: close\r\n'));
  await call.ended;
}

describe('a request', () => {
  it('is on the wire what was asked for', async () => {
    const headers = { 'x-one': 'a "b"\tc', accept: '*/*' };
    watchCall(createOrigin(), { method: 'POST', path: '/a/b?c=%20d', headers, body: 'Caffè €' });
    const { nextRequest } = await server.nextConnection();
    const [head = '', sent] = Buffer.from(await nextRequest(), 'latin1')
      .toString()
      .split('\r\n\r\n');
    expect(sent).toBe('Caffè €');
    const [line, ...fields] = head.split('\r\n');
    expect(line).toBe('POST /a/b?c=%20d HTTP/1.1');
    expect(fields.toSorted()).toEqual([
      'Connection: keep-alive',
      'Content-Length: 10',
      `Host: ${server.url.host}`,
      'accept: */*',
      'x-one: a "b"\tc',
    ]);
  });

  it('has a length where it has a body, or might have one', async () => {
    const origin = createOrigin();
    const sent = async (request: Partial<HttpRequest>) => {
      watchCall(origin, request);
      return (await server.nextConnection()).nextRequest();
    };
    expect(await sent({ method: 'GET' })).not.toContain('Content-Length');
    expect(await sent({ method: 'POST' })).toContain('\r\nContent-Length: 0\r\n');
    expect(await sent({ method: 'POST', body: '' })).toContain('\r\nContent-Length: 0\r\n');
  });

  it.each<[string, Partial<HttpRequest>]>([
    ['a line in a value', { headers: { 'x-a': 'hunter2\r\nx-b: c' } }],
    ['a line feed in a value', { headers: { 'x-a': 'hunter2\n' } }],
    ['a carriage return in a value', { headers: { 'x-a': 'hunter2\r' } }],
    ['a NUL in a value', { headers: { 'x-a': 'hunter2\0' } }],
    ['a character that becomes a line feed in latin1', { headers: { 'x-a': 'hunter2\u010a' } }],
    ['a blank in its path', { path: '/hunter2 HTTP/1.1\r\n' }],
    ['a line in its path', { path: '/a\r\nhunter2: b' }],
  ])('with %s is refused before connecting, and its parts are not told', async (_what, request) => {
    const origin = createOrigin();
    let error: unknown;
    try {
      watchCall(origin, request);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain('hunter');
    watchCall(origin, { path: '/next' });
    expect(await (await server.nextConnection()).nextRequest()).toContain('GET /next ');
    expect(server.connections).toHaveLength(1);
  });

  it('goes to an IPv6 address as it stands: no resolver is asked for it', async () => {
    const asked: string[] = [];
    const lookup: LookupFunction = (name, _options, callback) => {
      asked.push(name);
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '', 0);
    };
    // Nobody listens there: refused, or unreachable where the machine has no IPv6.
    const call = watchCall(createOrigin({ url: new URL('http://[::1]:1'), lookup }));
    expect(await call.ended).toMatch(/^E(CONNREFUSED|ADDRNOTAVAIL|NETUNREACH|HOSTUNREACH|AFNOSUPPORT)$/);
    expect(asked).toEqual([]);
  });

  it('goes to http: and https: only', () => {
    expect(() => createHttpOrigin({ url: new URL('ftp://127.0.0.1/') })).toThrow(TypeError);
  });

  it.each([
    ['http://bank.example', 80],
    ['https://bank.example', 443],
    ['https://bank.example:80', 80],
    ['http://bank.example:443', 443],
  ])('to %s goes to port %s', async (url, port) => {
    // No connection can be made to this address: the error comes from this machine, and says where it would have gone.
    const nowhere = '255.255.255.255';
    const lookup: LookupFunction = (_name, options, callback) =>
      options.all ? callback(null, [{ address: nowhere, family: 4 }]) : callback(null, nowhere, 4);
    const error = await new Promise((resolve, reject) => {
      const listener = { onHead: reject, onData: reject, onEnd: reject, onError: resolve };
      createOrigin({ url: new URL(url), lookup }).send({ method: 'GET', path: '/', headers: {} }, listener);
    });
    expect(error).toMatchObject({ address: nowhere });
    expect((error as { port?: number }).port).toBe(port);
  });
});

describe('an answer', () => {
  it.each([
    ['of a length', ok('hi'), ['head 200', 'data 2', 'end']],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', ['head 204', 'end']],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1\r\ni\r\n0\r\n\r\n',
      ['head 200', 'data 1', 'data 1', 'end'],
    ],
    [
      'in chunks, with trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-After: 1\r\n\r\n',
      ['head 200', 'data 2', 'end'],
    ],
    [
      'with two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi',
      ['error HPE_UNEXPECTED_CONTENT_LENGTH'],
    ],
    ['after another to wait', `HTTP/1.1 103 Early Hints\r\n\r\n${ok('hi')}`, ['head 200', 'data 2', 'end']],
    ['of HTTP/1.0', 'HTTP/1.0 404 No\r\nContent-Length: 2\r\n\r\nhi', ['head 404', 'data 2', 'end']],
    ['up to the end of the connection', 'HTTP/1.1 200 OK\r\n\r\nhi', ['head 200', 'data 2', 'end']],
    ['cut in its head', 'HTTP/1.1 200 OK\r\nContent-', ['error ECONNRESET']],
    ['cut in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi', ['head 200', 'data 2', 'error ECONNRESET']],
    ['that does not come', '', ['error ECONNRESET']],
    ['that is none', 'hunter2\r\n\r\n', ['error HPE_INVALID_CONSTANT']],
    ['with more after it', `${ok('hi')}hunter2`, ['head 200', 'error HPE_INVALID_CONSTANT']],
  ])('%s is told in order', async (_what, bytes, told) => {
    const call = watchCall(createOrigin());
    const { socket, nextRequest } = await server.nextConnection();
    await nextRequest();
    socket.end(bytes);
    await call.ended;
    expect(call.told).toEqual(told);
  });

  it('is not whole when its connection is reset, even where that could be its end', async () => {
    const call = watchCall(createOrigin(), {}, (step) => void (step === 'data' && connection.socket.resetAndDestroy()));
    const connection = await server.nextConnection();
    await connection.nextRequest();
    connection.socket.write('HTTP/1.1 200 OK\r\n\r\nhi');
    expect(await call.ended).toBe('ECONNRESET');
  });

  it('has its headers', async () => {
    const call = watchCall(createOrigin());
    const { socket, nextRequest } = await server.nextConnection();
    await nextRequest();
    socket.write(ok('', 'X-Id: 1\r\n'));
    await call.ended;
    expect({ ...call.headers() }).toEqual({ 'content-length': '0', 'x-id': '1' });
  });

  it('that half closes while the request is still on its way ends the call', async () => {
    const call = watchCall(createOrigin(), { method: 'POST', body: 'a'.repeat(20_000_000) });
    const { socket } = await server.nextConnection();
    socket.pause();
    socket.end();
    expect(await call.ended).toBe('ECONNRESET');
  });
});

describe('a connection', () => {
  it('carries call after call', async () => {
    const origin = createOrigin();
    const connection = await warm(origin);
    const call = watchCall(origin);
    await connection.nextRequest();
    connection.socket.write(ok('again'));
    expect(await call.ended).toBe('end');
    expect(server.connections).toHaveLength(1);
  });

  it.each([
    ['says that it closes', ok('hi', 'Connection: close\r\n')],
    ['is of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi'],
  ])('whose answer %s is closed and not used again', async (_what, bytes) => {
    const origin = createOrigin();
    const call = watchCall(origin);
    const connection = await server.nextConnection();
    await connection.nextRequest();
    connection.socket.write(bytes);
    expect(await call.ended).toBe('end');
    await connection.ended;
    watchCall(origin);
    await server.nextConnection();
  });

  it('that was idle for too long is not used again', async () => {
    let nowMs = 0;
    const origin = createOrigin({ nowMs: () => nowMs, idleMs: 100 });
    const connection = await warm(origin);
    nowMs = 100;
    const second = watchCall(origin);
    await connection.nextRequest();
    connection.socket.write(ok(''));
    await second.ended;
    nowMs = 201;
    watchCall(origin);
    await (await server.nextConnection()).nextRequest();
    await connection.ended;
    expect(server.connections).toHaveLength(2);
  });

  it('that is too old is not kept', async () => {
    let nowMs = 0;
    const origin = createOrigin({ nowMs: () => nowMs, ageMs: 1_000 });
    const first = await warm(origin);
    nowMs = 1_000;
    const last = watchCall(origin);
    await first.nextRequest();
    nowMs = 1_001;
    first.socket.write(ok(''));
    await last.ended;
    await first.ended;
    await warm(origin);
    expect(server.connections).toHaveLength(2);
  });

  it('that was silent until its call was given up takes those that are idle with it', async () => {
    const origin = createOrigin();
    const old = await warmTwo(origin);
    const lost = watchCall(origin);
    await Promise.race(old.map(({ nextRequest }) => nextRequest()));
    lost.exchange.destroy();
    const again = watchCall(origin);
    echo(await server.nextConnection());
    expect(await again.ended).toBe('end');
    await Promise.all(old.map(({ ended }) => ended));
  });

  it('that had begun to answer when its call was given up leaves the others alone', async () => {
    const origin = createOrigin();
    const old = await warmTwo(origin);
    const begun = Promise.withResolvers<void>();
    const cut = watchCall(origin, {}, (step) => step === 'head' && begun.resolve());
    const asked = old.map((one) => one.nextRequest().then(() => one));
    const used = await Promise.race(asked);
    used.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n');
    await begun.promise;
    cut.exchange.destroy();
    watchCall(origin);
    await asked[old.findIndex((one) => one !== used)];
    expect(server.connections).toHaveLength(2);
  });

  it('that the other end closed while it was idle is not used again', async () => {
    const origin = createOrigin();
    const connection = await warm(origin);
    connection.socket.end();
    await connection.closed; // ours has closed too
    watchCall(origin);
    await (await server.nextConnection()).nextRequest();
  });

  it('that was reset while it was idle is not used again', async () => {
    const origin = createOrigin();
    (await warm(origin)).socket.resetAndDestroy();
    await roundTrip();
    watchCall(origin);
    await (await server.nextConnection()).nextRequest();
  });

  it('on which something comes unasked is not used again, whatever it is', async () => {
    const origin = createOrigin();
    const connection = await warm(origin);
    connection.socket.write(ok('for nobody'));
    await connection.ended;
    const call = watchCall(origin);
    const next = await server.nextConnection();
    await next.nextRequest();
    next.socket.write(ok('for the call'));
    await call.ended;
    expect(call.body()).toBe('for the call');
  });

  it('with more than an answer on it is not used again', async () => {
    const origin = createOrigin();
    const first = watchCall(origin, { path: '/first' });
    const connection = await server.nextConnection();
    await connection.nextRequest();
    connection.socket.write(`${ok('a')}${ok('b')}`);
    expect(await first.ended).toBe('end');
    const second = watchCall(origin, { path: '/second' });
    const next = await server.nextConnection();
    expect(await next.nextRequest()).toContain('GET /second ');
    next.socket.write(ok('c'));
    expect(await second.ended).toBe('end');
    expect(second.body()).toBe('c');
    expect(await connection.ended).not.toContain('/second');
  });

  it('whose answer came before the end of its request is not used again', async () => {
    const origin = createOrigin();
    const call = watchCall(origin, { method: 'POST', body: 'a'.repeat(20_000_000) });
    const connection = await server.nextConnection();
    connection.socket.once('data', () => {
      connection.socket.pause();
      connection.socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
    });
    expect(await call.ended).toBe('end');
    expect(call.told).toEqual(['head 413', 'end']);
    watchCall(origin, { path: '/next' });
    expect(await (await server.nextConnection()).nextRequest()).toContain('GET /next ');
  });
});

describe('pause', () => {
  it('holds data back until resume', async () => {
    const call = watchCall(createOrigin(), {}, (step, exchange) => void (step === 'head' && exchange.pause()));
    const { socket, nextRequest } = await server.nextConnection();
    await nextRequest();
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n');
    await roundTrip();
    expect(call.told).toEqual(['head 200']);
    socket.write('ha');
    await roundTrip();
    socket.write('lt');
    await roundTrip();
    expect(call.told).toEqual(['head 200']);
    call.exchange.resume();
    expect(await call.ended).toBe('end');
    expect(call.body()).toBe('halt');
  });

  it('with the last data leaves a connection that can be used', async () => {
    const origin = createOrigin();
    const pausing = watchCall(origin, {}, (step, exchange) => void (step === 'data' && exchange.pause()));
    const connection = await server.nextConnection();
    echo(connection);
    expect(await pausing.ended).toBe('end');
    const next = watchCall(origin, { path: '/next' });
    expect(await next.ended).toBe('end');
    expect(next.body()).toBe('/next');
    expect(server.connections).toHaveLength(1);
  });

  it.each(['an answer', 'its end'])('with the last data does not hide %s that comes unasked', async (what) => {
    const origin = createOrigin();
    const pausing = watchCall(origin, {}, (step, exchange) => void (step === 'data' && exchange.pause()));
    const connection = await server.nextConnection();
    await connection.nextRequest();
    connection.socket.write(ok('hi'));
    expect(await pausing.ended).toBe('end');
    if (what === 'an answer') connection.socket.write(ok('for nobody'));
    else connection.socket.end();
    await connection.ended;
    watchCall(origin);
    await server.nextConnection();
  });

  it('and resume of a call that is over do nothing to the next', async () => {
    const origin = createOrigin();
    const first = watchCall(origin);
    echo(await server.nextConnection());
    await first.ended;
    const second = watchCall(origin);
    first.exchange.pause();
    expect(await second.ended).toBe('end');
    const third = watchCall(origin, {}, (step, exchange) => void (step === 'head' && exchange.pause()));
    await roundTrip();
    first.exchange.resume();
    await roundTrip();
    expect(third.told).toEqual(['head 200']);
  });
});

describe('destroy', () => {
  it.each([
    ['before the answer', '', []],
    ['in the head', 'HTTP/1.1 200 OK\r\nConten', []],
    ['in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi', ['head 200', 'data 2']],
  ])('ends a call with its connection, %s', async (_where, bytes, told) => {
    const origin = createOrigin();
    const call = watchCall(origin);
    const connection = await server.nextConnection();
    await connection.nextRequest();
    connection.socket.write(bytes);
    await roundTrip();
    call.exchange.destroy();
    connection.socket.write('more');
    await connection.ended;
    expect(call.told).toEqual(told);
    const next = watchCall(origin);
    echo(await server.nextConnection());
    expect(await next.ended).toBe('end');
    expect(call.told).toEqual(told);
  });

  it.each([
    ['head', ['head 200']],
    ['data', ['head 200', 'data 2']],
  ])('from within %s is the last that is told, although all had come', async (place, told) => {
    const origin = createOrigin();
    const call = watchCall(origin, {}, (step, exchange) => void (step === place && exchange.destroy()));
    const connection = await server.nextConnection();
    await connection.nextRequest();
    connection.socket.write(ok('hi'));
    await connection.ended;
    const next = watchCall(origin, { path: '/next' });
    echo(await server.nextConnection());
    expect(await next.ended).toBe('end');
    expect(next.body()).toBe('/next');
    expect(call.told).toEqual(told);
  });

  it('after the end, or from within it, does nothing to the connection', async () => {
    const origin = createOrigin();
    const first = watchCall(origin, {}, (step, exchange) => void (step === 'end' && exchange.destroy()));
    echo(await server.nextConnection());
    expect(await first.ended).toBe('end');
    first.exchange.destroy();
    const second = watchCall(origin, { path: '/second' });
    first.exchange.destroy();
    expect(await second.ended).toBe('end');
    expect(server.connections).toHaveLength(1);
  });

  it('after an error does nothing', async () => {
    const origin = createOrigin();
    const call = watchCall(origin, {}, (step, exchange) => void (step === 'error' && exchange.destroy()));
    (await server.nextConnection()).socket.resetAndDestroy();
    expect(await call.ended).toBe('ECONNRESET');
    call.exchange.destroy();
    expect(call.told).toEqual(['error ECONNRESET']);
  });
});

describe('a call', () => {
  const refusedUrl = async () => {
    const closed = await startRawServer();
    await closed.close();
    return closed.url;
  };
  const failing =
    (code: string): LookupFunction =>
    (_name, _options, callback) =>
      callback(Object.assign(new Error('lookup'), { code }), '');

  it.each([
    ['nobody listens', async () => ({ url: await refusedUrl() }), 'ECONNREFUSED'],
    [
      'the name does not resolve',
      async () => ({ url: new URL('http://bank.example'), lookup: failing('ENOTFOUND') }),
      'ENOTFOUND',
    ],
    [
      'the address is refused',
      async () => ({ url: new URL('https://bank.example'), lookup: failing('ADDRESS_REFUSED') }),
      'ADDRESS_REFUSED',
    ],
  ])('fails where %s, and so does each one after it', async (_what, optionsOf, what) => {
    const origin = createOrigin(await optionsOf());
    const calls = Array.from({ length: 7 }, () => watchCall(origin));
    expect(calls.map(({ told }) => told.length)).toEqual(Array(7).fill(0)); // never before `send` has returned
    expect(await Promise.all(calls.map(({ ended }) => ended))).toEqual(Array(7).fill(what));
    const late = watchCall(origin);
    expect(await late.ended).toBe(what);
    expect(late.told).toHaveLength(1);
  });
});

describe('close', () => {
  it('closes what is idle', async () => {
    const origin = createOrigin();
    const connection = await warm(origin);
    origin.close();
    await connection.ended;
  });

  it('lets calls under way end, and closes their connections', async () => {
    const origin = createOrigin();
    const call = watchCall(origin);
    const connection = await server.nextConnection();
    await connection.nextRequest();
    origin.close();
    connection.socket.write(ok('a'));
    expect(await call.ended).toBe('end');
    await connection.ended;
  });

  it('from within an answer counts for its connection', async () => {
    const origin = createOrigin();
    const call = watchCall(origin, {}, (step) => void (step === 'head' && origin.close()));
    const connection = await server.nextConnection();
    await connection.nextRequest();
    connection.socket.write(ok('hi'));
    expect(await call.ended).toBe('end');
    await connection.ended;
  });
});

describe('a thousand calls at once', () => {
  it('get each its own answer', async () => {
    await server.close();
    let turn = 0;
    server = await startRawServer(async ({ socket, nextRequest }) => {
      for (;;) {
        const [, path = ''] = (await nextRequest()).split(' ');
        turn += 1;
        const body = `${path}:${'x'.repeat((turn * 37) % 500)}`;
        const half = Math.floor(body.length / 2).toString(16);
        const rest = body.length - Number.parseInt(half, 16);
        for (let waits = turn % 4; waits > 0; waits -= 1) await new Promise(setImmediate);
        if (turn % 3 === 0) socket.write(ok(body));
        else {
          socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${half}\r\n${body.slice(0, -rest)}\r\n`);
          if (turn % 2 === 0) await new Promise(setImmediate);
          socket.write(`${rest.toString(16)}\r\n${body.slice(-rest)}\r\n0\r\n\r\n`);
        }
      }
    });
    const origin = createOrigin();
    const calls = Array.from({ length: 1_000 }, (_, index) => {
      const call = watchCall(origin, { method: 'POST', path: `/${index}`, body: 'b'.repeat(index) });
      if (index % 10 === 9) call.exchange.destroy();
      return call;
    });
    for (const [index, call] of calls.entries()) {
      if (index % 10 === 9) {
        expect(call.told).toEqual([]);
        continue;
      }
      expect(await call.ended).toBe('end');
      expect(call.body().split(':')[0]).toBe(`/${index}`);
    }
  });
});
