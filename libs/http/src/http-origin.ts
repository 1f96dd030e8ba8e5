/**
 * Calls to one origin over Node's own client and its kept-alive connections, with what that client leaves to who uses it: when a
 * connection is too old, and what becomes of the others when one turns out dead. Retries, redirects, timers and limits of bytes are the
 * caller's.
 */
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http';
import type { LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export type AnswerHeaders = IncomingHttpHeaders;

export interface HttpOriginOptions {
  /** `http:` or `https:`; its path does not matter. */
  readonly url: URL;
  /** Monotonic; default the process's own clock. */
  readonly nowMs?: () => number;
  /** A connection that was idle for longer is not used again: who is at its other end may have closed it. */
  readonly idleMs?: number;
  /** A connection that is older is not kept: the name may lead elsewhere by now. Default 5 min. */
  readonly ageMs?: number;
  /** Resolves names, and may refuse to. Default: the system's resolver. */
  readonly lookup?: LookupFunction;
  /** Certificates to trust instead of the system's. */
  readonly ca?: string;
  /** Ours, for servers that ask who calls (mutual TLS), and its private key: PEM texts. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With the query; percent-encoded, as a URL has it. */
  readonly path: string;
  /** `host` and `content-length` are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** Told in this order: `onHead` once, `onData` any times, `onEnd` once; or `onError` once, at any time, as the last. Never before `send` has returned. */
export interface AnswerListener {
  /** @param headers names in lower case */
  onHead(status: number, headers: AnswerHeaders): void;
  onData(part: Buffer): void;
  onEnd(): void;
  /** With Node's `code`; `ECONNRESET` when the connection ended early, `HPE_...` for what is no answer. */
  onError(error: Error & { readonly code?: string }): void;
}

export interface Exchange {
  /** Ends the call with its connection; the listener hears no more. */
  destroy(): void;
  /** Stops the coming of data, but for what has been read already, until `resume`. Meant for `onHead` and `onData`. */
  pause(): void;
  resume(): void;
}

export interface HttpOrigin {
  /** @throws {TypeError} for a request that would not be one on the wire */
  send(request: HttpRequest, listener: AnswerListener): Exchange;
  /** Closes idle connections now, and the others after their answers. */
  close(): void;
}

/** Load balancers close idle connections after 60 s; ours go first, so that no call is sent into a closed one. */
const defaultIdleMs = 45_000;
const defaultAgeMs = 300_000;

/** `performance.now` would load a module of its own at start. */
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

/** @throws {TypeError} for another protocol */
export function createHttpOrigin({ url, ...options }: HttpOriginOptions): HttpOrigin {
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') throw new TypeError(`no protocol of HTTP: ${url.protocol}`);
  // Loaded with the first origin that is encrypted: a stand-in on this machine needs none of it.
  const https = secure ? process.getBuiltinModule('node:https') : undefined;
  const request = https?.request ?? requestPlain;
  const { nowMs = monotonicMs, idleMs = defaultIdleMs, ageMs = defaultAgeMs, lookup, ca, certificate } = options;
  const agentOptions = {
    keepAlive: true,
    maxFreeSockets: Number.POSITIVE_INFINITY,
    noDelay: true,
    ...(lookup === undefined ? {} : { lookup: answerLater(lookup) }),
    ...(ca === undefined ? {} : { ca }),
    ...certificate,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true, // said here because a variable of the environment may turn the default off
  };
  const agent: Agent = https === undefined ? new Agent(agentOptions) : new https.Agent(agentOptions);
  const openedMs = new WeakMap<Duplex, number>();
  const idleSinceMs = new WeakMap<Duplex, number>();
  let closed = false;

  const idle = (): readonly Socket[] => Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);

  const keep = agent.keepSocketAlive.bind(agent);
  agent.keepSocketAlive = (socket: Duplex) => {
    const isYoung = nowMs() - (openedMs.get(socket) ?? 0) <= ageMs;
    const kept: unknown = !closed && isYoung && keep(socket); // Node's own answer; its types have none
    idleSinceMs.set(socket, nowMs());
    return kept;
  };

  /** The agent keeps them in the order in which they fell idle, and passes over what is destroyed at its beginning. */
  function dropStale(): void {
    for (const socket of idle()) {
      if (nowMs() - (idleSinceMs.get(socket) ?? 0) <= idleMs) return;
      socket.destroy();
    }
  }

  function closeIdle(): void {
    for (const socket of idle()) socket.destroy();
  }

  return {
    send({ method, path, headers, body }, listener) {
      dropStale();
      let over = false;
      let answer: IncomingMessage | undefined;
      let connection: Socket | undefined;
      let readBefore = 0;
      const fail = (error: Error) => {
        if (over) return;
        over = true;
        listener.onError(error);
      };
      const sent = request(url, { method, path, headers, agent });
      sent.on('socket', (socket) => {
        if (!openedMs.has(socket)) openedMs.set(socket, nowMs());
        connection = socket;
        readBefore = socket.bytesRead;
      });
      sent.on('error', fail);
      sent.on('response', (response) => {
        answer = response;
        if (over) return;
        response.on('error', fail);
        response.on('data', (part: Buffer) => void (over || listener.onData(part)));
        response.on('end', () => {
          if (over) return;
          over = true;
          listener.onEnd();
        });
        listener.onHead(response.statusCode ?? 0, response.headers);
      });
      sent.end(body);
      return {
        destroy() {
          if (over) return;
          over = true;
          sent.destroy();
          // Silent until it was given up, by a timeout for example: it may be dead without a FIN or RST. So may the idle ones be.
          if (connection?.bytesRead === readBefore) closeIdle();
        },
        pause: () => void (over || answer?.pause()),
        resume: () => void (over || answer?.resume()),
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
