import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connections, createConnections } from './connections.ts';
import { sendForText } from './send-for-text.ts';
import { ok, type RawConnection, type RawServer, startRawServer } from './testing/raw-server.ts';

let connections: Connections;
let server: RawServer;
let serve: (connection: RawConnection) => unknown;

beforeEach(async () => {
  connections = createConnections({ maxSockets: 1 });
  server = await startRawServer((connection) => serve(connection));
});
afterEach(async () => {
  connections.close();
  await server.close();
});

const send = (signal?: AbortSignal, limitBytes = 100) =>
  sendForText(connections, server.url, { method: 'POST', headers: {}, body: '{}' }, limitBytes, signal);

const answering = (bytes: string) => async (connection: RawConnection) => {
  for (;;) {
    await connection.nextRequest();
    connection.socket.write(bytes);
  }
};

describe('a whole response', () => {
  it('has status, time and text', async () => {
    serve = answering(ok('häi', 'Date: Tue, 24 Nov 2026 12:00:00 GMT\r\n'));
    expect(await send()).toEqual({ status: 200, date: 'Tue, 24 Nov 2026 12:00:00 GMT', text: 'häi' });
  });

  it('is taken up to the limit, and given up beyond it', async () => {
    serve = answering(ok('123456'));
    expect(await send(undefined, 6)).toMatchObject({ text: '123456' });
    await expect(send(undefined, 5)).rejects.toThrow('response over 5 bytes');
    expect(await send(undefined, 6)).toMatchObject({ text: '123456' });
    expect(server.connections).toHaveLength(2);
  });

  it.each([
    ['in chunks with a trailer', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nx-t: 1\r\n\r\n'],
    ['behind an interim response', `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${ok('hi')}`],
    ['of HTTP/1.0, without a length', 'HTTP/1.0 200 OK\r\n\r\nhi'],
  ])('is whole %s', async (_how, bytes) => {
    serve = async ({ socket, nextRequest }) => {
      await nextRequest();
      socket.end(bytes);
    };
    expect(await send()).toMatchObject({ status: 200, text: 'hi' });
  });

  it.each([
    ['before it began', ''],
    ['in its head', 'HTTP/1.1 200 OK\r\n'],
    ['in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'],
    ['in its chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('is an error where the connection ends %s', async (_where, bytes) => {
    serve = async ({ socket, nextRequest }) => {
      await nextRequest();
      socket.end(bytes);
    };
    await expect(send()).rejects.toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|HPE_INVALID_EOF_STATE)$/) });
  });
});

describe('a signal', () => {
  const reason = new Error('enough');

  it('that says so before lets nothing be sent', async () => {
    await expect(send(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(server.connections).toHaveLength(0);
  });

  it.each(['before it is answered', 'in its body'])('ends a call %s, with its connection', async (when) => {
    const abort = new AbortController();
    serve = async ({ socket, nextRequest }) => {
      await nextRequest();
      if (when === 'in its body') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
      setImmediate(() => abort.abort(reason));
    };
    await expect(send(abort.signal)).rejects.toBe(reason);
    await server.connections[0]?.ended;
  });

  it('that says so after does nothing to the connection', async () => {
    serve = answering(ok('hi'));
    const abort = new AbortController();
    await send(abort.signal);
    await new Promise(setImmediate);
    abort.abort(reason);
    expect(await send()).toMatchObject({ text: 'hi' });
    expect(server.connections).toHaveLength(1);
  });
});
