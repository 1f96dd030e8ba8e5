/** One answer, read to its end or ended: by the timer, by the byte limit, or by what its headers say. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Request } from 'got';
import { addressRefusedCode } from './allowed-origins.ts';
import type { ProviderErrorCode, ProviderErrorFacts } from './provider-error.ts';

export interface ReadLimits {
  /** Of the whole call, connecting included: bytes that trickle in do not put it off. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly maxErrorBodyBytes: number;
}

export interface ReadAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** `null` when it is not JSON by its content type, not UTF-8, empty, cut off or too large; never for a 200. */
  readonly text: string | null;
}

export interface ReadFailure {
  readonly code: ProviderErrorCode;
  readonly facts: Omit<ProviderErrorFacts, 'provider'>;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const jsonContentType = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i;

/**
 * Never rejects. The library's own errors go no further than this file: they hold the request with its secrets, and
 * a parse error of the HTTP layer holds the bytes that came.
 */
export function readBody(stream: Request, limits: ReadLimits): Promise<ReadAnswer | ReadFailure> {
  return new Promise((resolve) => {
    let answer: Omit<ReadAnswer, 'text'> | undefined;
    let isJson = false;
    let maxBytes = limits.maxErrorBodyBytes;
    let bytes = 0;
    const chunks: Uint8Array[] = [];

    const settle = (outcome: ReadAnswer | ReadFailure) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    /** Ends the call with its socket: what is left of the body must not reach the next call. */
    const abandon = (outcome: ReadAnswer | ReadFailure) => {
      settle(outcome);
      stream.destroy();
    };
    /** A fault in the body: fatal for a 200, while another status says enough without its body. */
    const bodyFault = (code: ProviderErrorCode, detail: string): ReadAnswer | ReadFailure =>
      answer === undefined || answer.status === 200
        ? { code, facts: { ...(answer && { status: answer.status }), detail } }
        : { ...answer, text: null };

    const timer = setTimeout(() => {
      abandon({ code: 'TIMEOUT', facts: answer ? { status: answer.status, detail: 'in the body' } : {} });
    }, limits.timeoutMs);

    stream.on('response', ({ statusCode: status, headers }) => {
      answer = { status, headers };
      isJson = jsonContentType.test(headers['content-type'] ?? '');
      if (status === 200) maxBytes = limits.maxBodyBytes;
      if (status >= 300 && status < 400) abandon({ code: 'URL_REFUSED', facts: { status, detail: 'redirect' } });
      else if (status === 200 && !isJson) abandon(bodyFault('BODY_UNREADABLE', 'content type'));
      else if (Number(headers['content-length']) > maxBytes) abandon(bodyFault('BODY_TOO_LARGE', 'content length'));
    });
    stream.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > maxBytes) abandon(bodyFault('BODY_TOO_LARGE', 'bytes received'));
      else if (isJson) chunks.push(chunk);
    });
    stream.on('end', () => {
      if (answer === undefined) return;
      const text = isJson ? decode(chunks) : null;
      if (text === null) settle(bodyFault('BODY_UNREADABLE', 'not UTF-8'));
      else if (text === '') settle(bodyFault('BODY_UNREADABLE', 'empty'));
      else settle({ ...answer, text });
    });
    stream.on('error', (error: Error & { code?: unknown }) => {
      const systemCode = typeof error.code === 'string' ? error.code : 'unknown';
      if (answer !== undefined) abandon(bodyFault('BODY_UNREADABLE', systemCode));
      else if (systemCode === addressRefusedCode)
        abandon({ code: 'URL_REFUSED', facts: { detail: 'private address' } });
      else abandon({ code: 'UNREACHABLE', facts: { detail: systemCode } });
    });
  });
}

function decode(chunks: readonly Uint8Array[]): string | null {
  const [only] = chunks;
  try {
    return utf8.decode(chunks.length === 1 ? only : Buffer.concat(chunks));
  } catch {
    return null;
  }
}
