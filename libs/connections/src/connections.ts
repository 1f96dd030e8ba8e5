/**
 * Kept-alive connections of Node's own HTTP client, and when one is believed no more: when it has been idle for long, when it is
 * old, when a call on it was given up in silence. Retries, redirects, timers and limits are the caller's.
 */
import { Agent, type AgentOptions, type ClientRequest, request as openPlain } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ConnectionsOptions {
  /** Resolves names, and may refuse to. Default: the system's resolver. */
  readonly lookup?: LookupFunction;
  /** Of each origin; calls beyond it wait. Default: no limit. */
  readonly maxSockets?: number;
  /** Certificates to trust instead of the system's. */
  readonly ca?: string;
  /** Monotonic; default the process's own clock. */
  readonly nowMs?: () => number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** `content-length` and `host` are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Exchange {
  /** Sent already. `response` and `error` are to be listened for in the same turn. */
  readonly request: ClientRequest;
  /** Ends the call with its connection. */
  giveUp(): void;
}

export interface Connections {
  /** @throws {TypeError} for another protocol than `http:` and `https:`, and for a header that is none */
  send(url: URL, request: HttpRequest): Exchange;
  /** Closes them all, with the calls that are under way. */
  close(): void;
}

/** Load balancers close idle connections after 60 s; ours go first, so that no call is sent into a closed one. */
const idleAtMostMs = 45_000;
/** An older connection takes no further call: the name may lead elsewhere by now. */
const ageAtMostMs = 300_000;

/** `performance.now` would load a module of its own at start. */
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

interface Pool {
  readonly agent: Agent;
  /** Closes connections that were idle for too long: while a function is frozen, no timer does it. */
  closeStale(): void;
  closeIdle(): void;
}

export function createConnections(options: ConnectionsOptions = {}): Connections {
  const { lookup, maxSockets = Number.POSITIVE_INFINITY, ca, nowMs = monotonicMs } = options;
  const settings: AgentOptions = {
    keepAlive: true,
    timeout: idleAtMostMs, // or shorter, where the server's Keep-Alive header says so
    maxSockets,
    ...(lookup === undefined ? {} : { lookup }),
  };
  let plain: { readonly open: typeof openPlain; readonly pool: Pool } | undefined;
  let secure: typeof plain;

  function openerOf(protocol: string) {
    if (protocol === 'http:') {
      plain ??= { open: openPlain, pool: createPool(new Agent(settings), nowMs) };
      return plain;
    }
    if (protocol !== 'https:') throw new TypeError(`no protocol of HTTP: ${protocol}`);
    if (secure === undefined) {
      // Loaded with the first connection that is encrypted: a stand-in on this machine needs none of it.
      const https = process.getBuiltinModule('node:https');
      // Said here because a variable of the environment may turn the default off.
      const checked = { ...settings, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
      secure = { open: https.request, pool: createPool(new https.Agent(checked), nowMs) };
    }
    return secure;
  }

  return {
    send(url, { method, headers, body }) {
      const { open, pool } = openerOf(url.protocol);
      pool.closeStale();
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const { hostname, port, pathname, search } = url;
      // Taken apart here: from a URL, Node copies every option twice, a tenth of a call.
      const request = open({
        agent: pool.agent,
        host: hostname.replace(/^\[|\]$/g, ''),
        port,
        method,
        path: `${pathname}${search}`,
        headers: { ...headers, ...length },
      });
      let isAnswered = false;
      request.once('response', () => {
        isAnswered = true;
      });
      request.end(body);
      return {
        request,
        giveUp() {
          // Silent until now: the connection may be dead without a FIN or RST, and so may the idle ones be.
          if (!isAnswered) pool.closeIdle();
          request.destroy();
        },
      };
    },
    close() {
      plain?.pool.agent.destroy();
      secure?.pool.agent.destroy();
    },
  };
}

/** Through the method that Node's documentation gives to whoever wants another policy for kept connections. */
function createPool(agent: Agent, nowMs: () => number): Pool {
  const firstKeptMs = new WeakMap<Duplex, number>();
  const keptMs = new WeakMap<Duplex, number>();
  const keep = agent.keepSocketAlive;

  agent.keepSocketAlive = (socket) => {
    const atMs = nowMs();
    const firstMs = firstKeptMs.get(socket) ?? atMs;
    firstKeptMs.set(socket, firstMs);
    keptMs.set(socket, atMs);
    return atMs - firstMs <= ageAtMostMs && (keep.call(agent, socket) as unknown as boolean);
  };

  function closeIdle(keptBeforeMs: number): void {
    for (const sockets of Object.values(agent.freeSockets))
      for (const socket of sockets ?? []) if (Number(keptMs.get(socket)) < keptBeforeMs) socket.destroy();
  }

  return {
    agent,
    closeStale: () => closeIdle(nowMs() - idleAtMostMs),
    closeIdle: () => closeIdle(Number.POSITIVE_INFINITY),
  };
}
