/** One HTTP call under way, as `read-body.ts` reads it: opened by got or by Node's own client. */
import type { LookupFunction } from 'node:net';

export interface OpenCall {
  /** Failures of the connection and of the body, at any time. */
  onError(listener: (error: { readonly code?: string }) => void): void;
  /** `body` is unpacked already. */
  onAnswer(listener: (answer: OpenAnswer) => void): void;
  /** Ends the call and its socket. */
  destroy(): void;
}

/** Names in lower case. */
export interface AnswerHeaders {
  readonly [name: string]: string | readonly string[] | undefined;
  readonly 'content-length'?: string | undefined;
  readonly 'content-type'?: string | undefined;
  readonly date?: string | undefined;
  readonly 'retry-after'?: string | undefined;
}

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
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** No retry, no redirect, no timer: those are the client's. */
export type CallOpener = (url: URL, call: CallToOpen) => OpenCall;

/** A way to open calls, with the connections that it keeps alive. */
export interface Transport {
  readonly open: CallOpener;
  /** Closes the connections. */
  close(): void;
}

/** PEM texts: what a bank asks for that wants to know who calls before it reads a byte (mutual TLS). */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface TransportOptions {
  readonly lookup: LookupFunction;
  readonly certificate?: ClientCertificate;
  /** Certificates to trust instead of the system's. */
  readonly ca?: string;
}

/** What every call says of itself. */
export const commonHeaders = {
  'user-agent': 'quartersec',
  accept: 'application/json',
  'accept-encoding': 'gzip',
} as const;
