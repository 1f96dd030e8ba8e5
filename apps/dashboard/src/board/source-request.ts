/** One request to the source, with an end: what hangs is given up, what refuses is told from what is only slow. */

/** `refused`: nobody is there. `silent`: no whole answer in time. `wrong`: an answer that is none. */
export type SourceErrorCode = 'SOURCE_REFUSED' | 'SOURCE_SILENT' | 'SOURCE_WRONG';

export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  /** Of the answer, where there was one. */
  readonly status: number | undefined;
  constructor(code: SourceErrorCode, message: string, options?: ErrorOptions & { readonly status?: number }) {
    super(message, options);
    this.code = code;
    this.status = options?.status;
  }
}

export interface SourceRequest {
  readonly method?: string;
  readonly body?: string;
  readonly timeoutMs?: number;
}

const readTimeoutMs = 2_000;

/** @throws {SourceError} also for an answer that is not 2xx */
export async function requestText(url: string, request: SourceRequest = {}): Promise<string> {
  const { method = 'GET', body, timeoutMs = readTimeoutMs } = request;
  const { pathname } = new URL(url);
  try {
    const response = await fetch(url, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (response.ok) return text;
    throw new SourceError('SOURCE_WRONG', `${pathname} answers ${response.status}: ${text.slice(0, 200)}`, {
      status: response.status,
    });
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new SourceError('SOURCE_SILENT', `${pathname} does not answer within ${timeoutMs / 1_000} s`, {
        cause: error,
      });
    }
    const { cause } = error as { readonly cause?: { readonly code?: string } };
    throw new SourceError('SOURCE_REFUSED', `no connection to ${new URL(url).host} (${cause?.code ?? String(error)})`, {
      cause: error,
    });
  }
}

/** @throws {SourceError} */
export async function requestJson(url: string, request: SourceRequest = {}): Promise<unknown> {
  const text = await requestText(url, request);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SourceError('SOURCE_WRONG', `${new URL(url).pathname} answers what is not JSON`, { cause });
  }
}
