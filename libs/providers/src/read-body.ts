/** One answer, read to its end or ended: by the timer, by the byte limit, or by what its headers say. */
import { addressRefusedCode } from './allowed-origins.ts';
import { decodeDamaged } from './decode-damaged.ts';
import type { AnswerHeaders, OpenCall } from './open-call.ts';
import type { ProviderErrorCode, ProviderErrorFacts } from './provider-error.ts';

export interface ReadLimits {
  /** Of the whole call, connecting included: bytes that trickle in do not put it off. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly maxErrorBodyBytes: number;
}

interface AnswerHead {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

export interface ReadAnswer extends AnswerHead {
  /** `null` when it is not UTF-8, empty, cut off or too large; never for a 200, which must be JSON by its content type. */
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
export function readBody(call: OpenCall, limits: ReadLimits): Promise<ReadAnswer | ReadFailure> {
  return new Promise((resolve) => {
    let head: AnswerHead | undefined;
    const settle = (outcome: ReadAnswer | ReadFailure) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    /** Ends the call with its socket: what is left of the body must not reach the next call. */
    const abandon = (outcome: ReadAnswer | ReadFailure) => {
      settle(outcome);
      call.destroy();
    };
    const timer = setTimeout(() => {
      abandon({ code: 'TIMEOUT', facts: head ? { status: head.status, detail: 'in the body' } : {} });
    }, limits.timeoutMs);

    call.onError((error) => {
      const detail = error.code ?? 'unknown';
      abandon(head ? bodyFault(head, 'BODY_UNREADABLE', detail) : connectionFault(detail));
    });
    call.onAnswer(({ status, headers, body }) => {
      const answer: AnswerHead = { status, headers };
      head = answer;
      const isJson = jsonContentType.test(headers['content-type'] ?? '');
      const maxBytes = status === 200 ? limits.maxBodyBytes : limits.maxErrorBodyBytes;
      if (status >= 300 && status < 400) return abandon({ code: 'URL_REFUSED', facts: { status, detail: 'redirect' } });
      if (status === 200 && !isJson) return abandon(bodyFault(answer, 'BODY_UNREADABLE', 'content type'));
      if (Number(headers['content-length']) > maxBytes) {
        return abandon(bodyFault(answer, 'BODY_TOO_LARGE', 'content length'));
      }

      const chunks: Uint8Array[] = [];
      let bytes = 0;
      body.on('data', (chunk: Uint8Array) => {
        bytes += chunk.length;
        if (bytes > maxBytes) abandon(bodyFault(answer, 'BODY_TOO_LARGE', 'bytes received'));
        else chunks.push(chunk);
      });
      body.on('end', () => {
        const text = decode(chunks, status);
        if (text === null)
          settle({ ...answer, text }); // never for a 200
        else if (text === '') settle(bodyFault(answer, 'BODY_UNREADABLE', 'empty'));
        else settle({ ...answer, text });
      });
    });
  });
}

/** Fatal for a 200, while another status says enough without its body. */
function bodyFault(head: AnswerHead, code: ProviderErrorCode, detail: string): ReadAnswer | ReadFailure {
  return head.status === 200 ? { code, facts: { status: 200, detail } } : { ...head, text: null };
}

function connectionFault(systemCode: string): ReadFailure {
  if (systemCode === addressRefusedCode) return { code: 'URL_REFUSED', facts: { detail: 'private address' } };
  return { code: 'UNREACHABLE', facts: { detail: systemCode } };
}

/** One bad byte must not cost a page of 500 records; of another status an error body with one is none. */
function decode(chunks: readonly Uint8Array[], status: number): string | null {
  const [only] = chunks;
  const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
  try {
    return utf8.decode(bytes);
  } catch {
    return status === 200 ? decodeDamaged(bytes) : null;
  }
}
