/** For tests: the other end of connections, byte by byte, on loopback. */
import { type AddressInfo, createServer as createPlainServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { AnswerHeaders, Exchange, HttpOrigin, HttpRequest } from './http-origin.ts';

export interface RawConnection {
  readonly socket: Socket;
  /** All that came, as it came. */
  received(): string;
  /** The next request with its body, once it is whole. */
  nextRequest(): Promise<string>;
  /** The other end will send no more; resolves with all that came. */
  readonly ended: Promise<string>;
  /** By both ends; resolves with all that came. */
  readonly closed: Promise<string>;
}

export interface RawServer {
  readonly url: URL;
  readonly connections: readonly RawConnection[];
  /** The next one that no one has taken. */
  nextConnection(): Promise<RawConnection>;
  close(): Promise<void>;
}

interface Queue<T> {
  put(item: T): void;
  take(): Promise<T>;
}

function createQueue<T>(): Queue<T> {
  const items: T[] = [];
  const takers: ((item: T) => void)[] = [];
  return {
    put(item) {
      const taker = takers.shift();
      if (taker === undefined) items.push(item);
      else taker(item);
    },
    take() {
      const [item] = items.splice(0, 1);
      return item === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(item);
    },
  };
}

/** @returns bytes of the first request of the text; `undefined` when it is not whole */
function requestLength(text: string): number | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  return text.length >= end + 4 + length ? end + 4 + length : undefined;
}

function watch(socket: Socket): RawConnection {
  const requests = createQueue<string>();
  let received = '';
  let usedBytes = 0;
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    for (;;) {
      const length = requestLength(received.slice(usedBytes));
      if (length === undefined) return;
      requests.put(received.slice(usedBytes, usedBytes + length));
      usedBytes += length;
    }
  });
  return {
    socket,
    received: () => received,
    nextRequest: () => requests.take(),
    ended: new Promise((resolve) => {
      for (const event of ['end', 'close']) socket.once(event, () => resolve(received));
    }),
    closed: new Promise((resolve) => socket.once('close', () => resolve(received))),
  };
}

export async function startRawServer(
  serve: (connection: RawConnection) => unknown = () => {},
  tls?: TlsOptions,
): Promise<RawServer> {
  const connections: RawConnection[] = [];
  const fresh = createQueue<RawConnection>();
  const accept = (socket: Socket) => {
    const connection = watch(socket);
    connections.push(connection);
    fresh.put(connection);
    serve(connection);
  };
  const server: Server =
    tls === undefined
      ? createPlainServer({ allowHalfOpen: true }, accept)
      : createTlsServer(tls, accept).on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`),
    connections,
    nextConnection: () => fresh.take(),
    close() {
      for (const { socket } of connections) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export const ok = (body: string, headers = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

export interface WatchedCall {
  readonly exchange: Exchange;
  /** What was told, in order. */
  readonly told: readonly string[];
  readonly headers: () => AnswerHeaders;
  readonly body: () => string;
  /** The last of it: `end`, or the error's code or message. */
  readonly ended: Promise<string>;
}

type Step = 'head' | 'data' | 'end' | 'error';

/** A call of which everything that is told is noted. @param on runs with each step, after it was noted */
export function watchCall(
  origin: HttpOrigin,
  request: Partial<HttpRequest> = {},
  on: (step: Step, exchange: Exchange) => void = () => {},
): WatchedCall {
  const told: string[] = [];
  const parts: Buffer[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  let headers: AnswerHeaders = {};
  const exchange: Exchange = origin.send(
    { method: 'GET', path: '/', headers: {}, ...request },
    {
      onHead(status, answered) {
        told.push(`head ${status}`);
        headers = answered;
        on('head', exchange);
      },
      onData(part) {
        told.push(`data ${part.length}`);
        parts.push(Buffer.from(part));
        on('data', exchange);
      },
      onEnd() {
        told.push('end');
        resolve('end');
        on('end', exchange);
      },
      onError(error) {
        const what = error.code ?? error.message;
        told.push(`error ${what}`);
        resolve(what);
        on('error', exchange);
      },
    },
  );
  return { exchange, told, headers: () => headers, body: () => Buffer.concat(parts).toString('latin1'), ended };
}
