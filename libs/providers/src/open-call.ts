/** One HTTP call under way, as `read-body.ts` reads it: opened by got or by Node's own client. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

export interface OpenCall {
  /** Failures of the connection and of the body, at any time. */
  onError(listener: (error: { readonly code?: string }) => void): void;
  /** `body` is unpacked already. */
  onAnswer(listener: (answer: OpenAnswer) => void): void;
  /** Ends the call and its socket. */
  destroy(): void;
}

export interface OpenAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

export interface CallToOpen {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** No retry, no redirect, no timer: those are the client's. */
export type CallOpener = (url: URL, call: CallToOpen) => OpenCall;

/** What every call says of itself. */
export const commonHeaders = {
  'user-agent': 'quartersec',
  accept: 'application/json',
  'accept-encoding': 'gzip',
} as const;
