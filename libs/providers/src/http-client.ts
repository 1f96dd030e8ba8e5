/**
 * The one way out to a provider: keep-alive connections, one timer over the whole call, a limit on bytes, and no
 * address that the configuration does not name. Retries, statuses and bodies are judged elsewhere.
 */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { createAddressGuard, parseAllowedOrigins } from './allowed-origins.ts';
import type { CallLimits } from './connector.ts';
import type { AnswerHeaders, ClientCertificate, Transport } from './open-call.ts';
import { createNodeTransport } from './open-with-node.ts';
import { ProviderError, type ProviderErrorCode, type ProviderErrorFacts } from './provider-error.ts';
import { readBody } from './read-body.ts';
import { parseRetryAfterMs } from './retry-after.ts';

/** A page of 500 transactions is about 0.6 MB; what is ten times that is not a page. */
const defaultMaxBodyBytes = 8 * 1024 * 1024;

/** Of answers other than 200: enough for any error body, and little enough to read to its end and keep the socket. */
const maxErrorBodyBytes = 64 * 1024;

export interface HttpClientOptions {
  /** Named in every error. */
  readonly provider: string;
  /** Base URLs from the configuration; only their origins are ever connected to. `http:` on loopback only. */
  readonly allowedOrigins: readonly string[];
  /** Wall clock, for Retry-After dates of answers that carry no Date. */
  readonly nowEpochMs: () => number;
  readonly maxBodyBytes?: number;
  /**
   * `node`, Node's own client, for the hot path; `got`, the default, for everything else, at four times the CPU a call. Same behaviour.
   * Tests without sockets pass their own.
   */
  readonly transport?: 'got' | 'node' | Transport;
  /** For a provider that is reached over a private network: its name may then resolve to a private address. */
  readonly allowPrivateAddresses?: boolean;
  /** Resolves names; the system's resolver unless a test passes its own. */
  readonly lookup?: LookupFunction;
  /** Ours, for a provider that asks for one with every connection. */
  readonly certificate?: ClientCertificate;
  /** Certificates to trust instead of the system's: for tests. */
  readonly ca?: string;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  /** Secrets may be in here; they reach neither logs nor errors. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it goes over the wire: `content-type` says what it is. */
  readonly body?: string;
}

export interface HttpAnswer {
  /** 200, or what is neither 200 nor a redirect. */
  readonly status: number;
  readonly headers: AnswerHeaders;
  /**
   * The whole body: never `null` for a 200, where a lone surrogate stands for each byte that is not UTF-8; `null` for
   * others whose body is not UTF-8, empty, not complete or too large.
   */
  readonly text: string | null;
  /** Retry-After in ms, where the answer has a usable one. */
  readonly retryAfterMs: number | undefined;
}

export interface HttpClient {
  /**
   * One call, no retry, no redirect followed.
   * @throws {ProviderError} `URL_REFUSED` for an address that is not configured (before connecting) or a redirect,
   *   `TIMEOUT`, `UNREACHABLE` (no answer began), `BODY_UNREADABLE` (a 200 that is cut off, empty or not JSON by its
   *   content type), `BODY_TOO_LARGE`. No error holds a header, a body or a URL.
   */
  send(call: HttpCall, limits: CallLimits): Promise<HttpAnswer>;
  /** Closes the connections. */
  close(): void;
}

/** @throws {ProviderError} `URL_REFUSED` when an allowed origin is not a usable address */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { provider, nowEpochMs, maxBodyBytes = defaultMaxBodyBytes, lookup = systemLookup, certificate, ca } = options;
  const isAllowed = parseAllowedOrigins(options.allowedOrigins, provider);
  const opening = {
    lookup: options.allowPrivateAddresses ? lookup : createAddressGuard(lookup),
    ...(certificate !== undefined && { certificate }),
    ...(ca !== undefined && { ca }),
  };
  const { transport: wanted = 'got' } = options;
  let transport = wanted === 'node' ? createNodeTransport(opening) : wanted === 'got' ? undefined : wanted;

  const fail = (code: ProviderErrorCode, facts?: Omit<ProviderErrorFacts, 'provider'>) =>
    new ProviderError(code, { provider, ...facts });

  return {
    async send(call, limits) {
      const url = URL.parse(call.url);
      if (url === null || !isAllowed(url)) throw fail('URL_REFUSED', { detail: 'not an allowed origin' });
      const timeoutMs = Math.min(limits.attemptTimeoutMs, limits.deadline.remainingMs());
      if (!(timeoutMs > 0)) throw fail('TIMEOUT', { detail: 'no time left' });
      const { method, headers, body } = call;
      transport ??= (await import('./open-with-got.ts')).createGotTransport(opening);
      const opened = transport.open(url, body === undefined ? { method, headers } : { method, headers, body });
      const answer = await readBody(opened, { timeoutMs, maxBodyBytes, maxErrorBodyBytes });
      if ('code' in answer) throw fail(answer.code, answer.facts);
      const retryAfterMs = parseRetryAfterMs(answer.headers['retry-after'], answer.headers.date, nowEpochMs());
      return { ...answer, retryAfterMs };
    },
    close() {
      transport?.close();
    },
  };
}
