/** One HTTP call under way, as `read-body.ts` reads it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { createConnections } from '@quartersec/connections';

export interface OpenCall {
  /** Failures of the connection and of the body, at any time. */
  onError(listener: (error: NodeJS.ErrnoException) => void): void;
  /** `body` is unpacked already. */
  onAnswer(listener: (answer: OpenAnswer) => void): void;
  /** Ends the call and its socket. */
  destroy(): void;
}

/** Names in lower case. */
export type AnswerHeaders = Readonly<IncomingHttpHeaders>;

export interface OpenAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: AnswerBody;
}

/** As much of a stream as is needed to read it. */
export interface AnswerBody {
  on(event: 'data', listener: (part: Uint8Array) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
}

export interface CallToOpen {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** A way to open calls, with the connections that it keeps alive. No retry, no redirect, no timer: those are the client's. */
export interface Transport {
  /** @throws {TypeError} for a header that is none */
  open(url: URL, call: CallToOpen): OpenCall;
  /** Closes the connections. */
  close(): void;
}

/** What every call says of itself. */
const commonHeaders = {
  'user-agent': 'quartersec',
  accept: 'application/json',
  'accept-encoding': 'gzip',
} as const;

/** RFC 9110 section 8.4.1.3: `x-gzip` is the same. */
const gzipNames: ReadonlySet<string> = new Set(['gzip', 'x-gzip']);

export function createTransport(lookup: LookupFunction): Transport {
  const connections = createConnections({ lookup });
  return {
    open(url, { method, headers, body }) {
      const exchange = connections.send(url, { method, headers: { ...commonHeaders, ...headers }, body });
      let tellError: Parameters<OpenCall['onError']>[0] = () => {};
      let tellAnswer: (answer: OpenAnswer) => void = () => {};
      let stopUnpacking = () => {};
      exchange.request.on('error', (error) => tellError(error));
      exchange.request.once('response', (response: IncomingMessage) => {
        const { statusCode: status = 0, headers: answered } = response;
        response.on('error', (error) => tellError(error));
        if (!gzipNames.has(answered['content-encoding']?.toLowerCase() ?? '')) {
          tellAnswer({ status, headers: answered, body: response });
          return;
        }
        // Loaded with the first answer that needs it: 8 ms of a cold start otherwise.
        const gunzip = process.getBuiltinModule('node:zlib').createGunzip();
        gunzip.on('error', (error) => tellError(error));
        stopUnpacking = () => void gunzip.destroy(); // what little has come may unpack to a thousand times its size
        tellAnswer({ status, headers: answered, body: response.pipe(gunzip) });
      });
      return {
        onError(listener) {
          tellError = listener;
        },
        onAnswer(listener) {
          tellAnswer = listener;
        },
        destroy() {
          exchange.giveUp();
          stopUnpacking();
        },
      };
    },
    close: () => connections.close(),
  };
}
