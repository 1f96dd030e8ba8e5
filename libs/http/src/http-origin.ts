/**
 * Calls to one origin over connections that are kept alive. It does what the hot path needs and no more: requests whose body is a
 * string, answers as they come. Retries, redirects, timers and limits are the caller's.
 */
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type AnswerHeaders, type AnswerParser, createAnswerParser } from './answer-parser.ts';

export interface HttpOriginOptions {
  /** `http:` or `https:`; its path does not matter. */
  readonly url: URL;
  /** Monotonic; default the process's own clock. */
  readonly nowMs?: () => number;
  /** Calls beyond it wait for a connection, first come, first served. Default: no limit. */
  readonly maxConnections?: number;
  /** A connection that was idle for longer is not used again: who is at its other end may have closed it. */
  readonly idleMs?: number;
  /** A connection that is older takes no further call: the name may lead elsewhere by now. Default 5 min. */
  readonly ageMs?: number;
  /** Resolves names, and may refuse to. Default: the system's resolver. */
  readonly lookup?: LookupFunction;
  /** Certificates to trust instead of the system's. */
  readonly ca?: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** With the query; percent-encoded, as a URL has it. */
  readonly path: string;
  /** Printable ASCII; `host` and `content-length` are added. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
}

/**
 * Told in this order: `onHead` once, `onData` any times, `onEnd` once; or `onError` once, at any time, as the last. Never before
 * `send` has returned. What a listener throws ends its call, and no other; `onError` is told of it.
 */
export interface AnswerListener {
  /** @param headers names in lower case; values of a header that came more than once with `, ` between */
  onHead(status: number, headers: AnswerHeaders): void;
  onData(part: Buffer): void;
  onEnd(): void;
  /** With node:net's or node:tls's `code`; `ECONNRESET` when the connection ended early, `ERR_HTTP_ANSWER` for what is no answer. */
  onError(error: Error & { readonly code?: string }): void;
}

export interface Exchange {
  /** Ends the call with its connection; the listener hears no more. */
  destroy(): void;
  /** Stops the coming of data, but for what has been read already, until `resume`. Meant for `onData`. */
  pause(): void;
  resume(): void;
}

export interface HttpOrigin {
  /** @throws {TypeError} for a request that would not be one on the wire */
  send(request: HttpRequest, listener: AnswerListener): Exchange;
  /** Closes idle connections now, and the others after their answers; calls that wait are still made. */
  close(): void;
}

/** Load balancers close idle connections after 60 s; ours go first, so that no call is sent into a closed one. */
const defaultIdleMs = 45_000;
const defaultAgeMs = 300_000;
/** A request that has not left so long after its answer never will: who is at the other end reads no more. */
const sentWithinMs = 1_000;

/** `performance.now` would load a module of its own at start. */
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

const pathForm = /^\/[!"$-~]*$/;
/** Without those that say where the request ends or what becomes of its connection: two opinions on that are one too many. */
const nameForm =
  /^(?!(?:host|content-length|transfer-encoding|connection|keep-alive|proxy-connection|te|trailer|expect|upgrade)$)[!#$%&'*+\-.^_`|~\dA-Z]+$/i;
const valueForm = /^[\t\x20-\x7e]*$/;

interface Call {
  readonly text: string;
  readonly listener: AnswerListener;
  connection: Connection | undefined;
  /** Nothing more is told. */
  over: boolean;
}

interface Connection {
  readonly socket: Socket;
  call: Call | undefined;
  parser: AnswerParser | undefined;
  readonly openedMs: number;
  /** Since when nobody uses it. */
  idleSinceMs: number;
  /** Whether anything has come since its call was sent. */
  heard: boolean;
  /** Whether its last request has left this process. Over TLS that is told later than it is so, also after the answer. */
  sent: boolean;
}

/** @throws {TypeError} for another protocol */
export function createHttpOrigin(options: HttpOriginOptions): HttpOrigin {
  const {
    url,
    nowMs = monotonicMs,
    maxConnections = Number.POSITIVE_INFINITY,
    idleMs = defaultIdleMs,
    ageMs = defaultAgeMs,
    lookup,
    ca,
  } = options;
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') throw new TypeError(`no protocol of HTTP: ${url.protocol}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const standardPort = secure ? 443 : 80;
  const port = url.port === '' ? standardPort : Number(url.port);
  const idle: Connection[] = [];
  /** With their answer, but not yet told that their request has left. */
  const unsent = new Set<Connection>();
  const waiting: Call[] = [];
  let open = 0;
  let closed = false;
  /** Of the last handshake: the next one is shorter. */
  let session: Buffer | undefined;

  function connectSocket(): Socket {
    const resolver = lookup === undefined ? {} : { lookup: answerLater(lookup) };
    const target = { host, port, noDelay: true, keepAlive: true, ...resolver };
    if (!secure) return connectPlain(target);
    // Loaded with the first connection that is encrypted: a stand-in on this machine needs none of it.
    const { connect } = process.getBuiltinModule('node:tls');
    const socket: TLSSocket = connect({
      ...target,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: true, // said here because a variable of the environment may turn the default off
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(session === undefined ? {} : { session }),
      ...(ca === undefined ? {} : { ca }),
    });
    socket.on('session', (fresh) => {
      session = fresh;
    });
    return socket;
  }

  function openConnection(call: Call): void {
    let socket: Socket;
    try {
      socket = connectSocket();
    } catch (error) {
      process.nextTick(fail, call, error); // a resolver may throw
      return;
    }
    open += 1;
    const connection: Connection = {
      socket,
      call,
      parser: undefined,
      openedMs: nowMs(),
      idleSinceMs: 0,
      heard: false,
      sent: true,
    };
    call.connection = connection;
    let failure: Error | undefined;
    // Only now, for a call must not be sent before its other end has shown who it is.
    socket.once(secure ? 'secureConnect' : 'connect', () => start(connection, call));
    socket.on('data', (bytes: Buffer) => take(connection, bytes));
    socket.once('end', () => {
      const { call: current, parser } = connection;
      if (current !== undefined && parser?.close()) finish(connection, current, false);
      // At once: a call must not be sent into it, and the end of a request that nobody reads would not come.
      socket.destroy();
    });
    socket.on('error', (error) => {
      failure = error;
      session = undefined;
    });
    socket.once('close', () => {
      open -= 1;
      const at = idle.indexOf(connection);
      if (at >= 0) idle.splice(at, 1);
      unsent.delete(connection);
      const { call: cut } = connection;
      connection.call = undefined;
      connection.parser = undefined;
      // Before the listener is told, which may send again: others have waited longer.
      serveWaiting();
      if (cut !== undefined)
        fail(cut, failure ?? Object.assign(new Error('the connection ended early'), { code: 'ECONNRESET' }));
    });
  }

  function start(connection: Connection, call: Call): void {
    connection.call = call;
    connection.heard = false;
    call.connection = connection;
    connection.parser = createAnswerParser({
      head: (status, headers) => void (call.over || call.listener.onHead(status, headers)),
      data: (part) => void (call.over || call.listener.onData(part)),
    });
    connection.sent = false;
    connection.socket.write(call.text, () => {
      connection.sent = true;
      if (unsent.delete(connection)) release(connection);
    });
  }

  function take(connection: Connection, bytes: Buffer): void {
    const { call, parser, socket } = connection;
    if (call === undefined || parser === undefined) {
      // What comes unasked belongs to no call: nothing on this connection can be believed any more.
      socket.destroy();
      return;
    }
    connection.heard = true;
    let end: ReturnType<AnswerParser['take']>;
    try {
      end = parser.take(bytes);
    } catch (error) {
      socket.destroy(error as Error);
      return;
    }
    if (end !== undefined) finish(connection, call, end === 'reusable');
  }

  function finish(connection: Connection, call: Call, reusable: boolean): void {
    connection.call = undefined;
    connection.parser = undefined;
    const { socket } = connection;
    // Bytes that are there already, read while the call had paused, must not become the next answer.
    const isClean = socket.writable && socket.readableLength === 0;
    const isYoung = nowMs() - connection.openedMs <= ageMs;
    // An answer before the end of its request: the rest of the request must not become the next one.
    const isSent = connection.sent || secure;
    if (!(reusable && !closed && isClean && isYoung && isSent)) socket.destroy();
    else if (connection.sent) release(connection);
    else waitUntilSent(connection);
    if (call.over) return;
    call.over = true;
    try {
      call.listener.onEnd();
    } catch (error) {
      call.listener.onError(error as Error);
    }
  }

  /** What comes meanwhile comes unasked. */
  function waitUntilSent(connection: Connection): void {
    connection.idleSinceMs = nowMs();
    connection.socket.resume();
    connection.socket.unref();
    unsent.add(connection);
  }

  function release(connection: Connection): void {
    const { socket } = connection;
    // The call may have paused it with the last of its data: what comes unasked, or its end, must be seen.
    socket.resume();
    const next = waiting.shift();
    if (next !== undefined) {
      socket.ref();
      start(connection, next);
      return;
    }
    connection.idleSinceMs = nowMs();
    socket.unref();
    idle.push(connection);
  }

  /** The one that was used last: the others grow old. */
  function takeIdle(): Connection | undefined {
    for (const { socket, idleSinceMs } of unsent) if (nowMs() - idleSinceMs > sentWithinMs) socket.destroy();
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
      const { socket, idleSinceMs, openedMs } = connection;
      const atMs = nowMs();
      if (!socket.destroyed && atMs - idleSinceMs <= idleMs && atMs - openedMs <= ageMs) return connection;
      socket.destroy();
    }
    return undefined;
  }

  function closeIdle(): void {
    for (const { socket } of [...idle.splice(0), ...unsent]) socket.destroy();
  }

  /** A call that is aborted before a byte of its response, a timeout for example: its connection may be dead without a FIN or RST. */
  function giveUp(connection: Connection): void {
    connection.socket.destroy();
    // So may the idle ones be: the next call opens a new connection.
    if (!connection.heard) closeIdle();
  }

  function serveWaiting(): void {
    while (open < maxConnections) {
      const next = waiting.shift();
      if (next === undefined) return;
      openConnection(next);
    }
  }

  function fail(call: Call, error: Error): void {
    if (call.over) return;
    call.over = true;
    call.listener.onError(error);
  }

  return {
    send(request, listener) {
      const call: Call = { text: textOf(request, url.host), listener, connection: undefined, over: false };
      const connection = takeIdle();
      if (connection !== undefined) {
        connection.socket.ref();
        start(connection, call);
      } else if (open < maxConnections) openConnection(call);
      else waiting.push(call);
      return {
        destroy() {
          call.over = true;
          if (call.connection?.call === call) giveUp(call.connection);
          else if (waiting.includes(call)) waiting.splice(waiting.indexOf(call), 1);
        },
        pause: () => void (call.connection?.call === call && call.connection.socket.pause()),
        resume: () => void (call.connection?.call === call && call.connection.socket.resume()),
      };
    },

    close() {
      closed = true;
      closeIdle();
    },
  };
}

/** When a resolver answers at once and the connection fails at once, node:tls throws, and its error event has no listener yet. */
function answerLater(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (...answer) => void process.nextTick(callback, ...answer));
}

function textOf({ method, path, headers, body }: HttpRequest, host: string): string {
  if (method !== 'GET' && method !== 'POST') throw new TypeError('a method other than GET and POST');
  if (!pathForm.test(path)) throw new TypeError('a path that is not percent-encoded');
  let text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    // The value may be a secret: the message has the name alone, and of a name that is none, nothing.
    if (!nameForm.test(name)) throw new TypeError('a header whose name is none, or not for the caller to give');
    if (!valueForm.test(value)) throw new TypeError(`header ${name} has a character that no header may have`);
    text += `${name}: ${value}\r\n`;
  }
  if (body === undefined && method === 'GET') return `${text}\r\n`;
  return `${text}content-length: ${Buffer.byteLength(body ?? '')}\r\n\r\n${body ?? ''}`;
}
