/** A whole response as text, for calls whose responses are small. */
import type { IncomingMessage } from 'node:http';
import type { Connections, HttpRequest } from './connections.ts';

export interface WholeResponse {
  readonly status: number;
  /** When it was made, by the other end's clock: its `date` header. */
  readonly date: string | undefined;
  /** UTF-8 */
  readonly text: string;
}

/**
 * @throws {Error} node:http's and node:tls's; a response over `limitBytes`; the signal's reason
 */
export function sendForText(
  connections: Connections,
  url: URL,
  request: HttpRequest,
  limitBytes: number,
  signal?: AbortSignal,
): Promise<WholeResponse> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const exchange = connections.send(url, request);
    const end = (reason: unknown) => {
      exchange.giveUp();
      reject(reason);
    };
    const abort = () => end(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    exchange.request
      .on('error', reject)
      .once('close', () => signal?.removeEventListener('abort', abort))
      .once('response', (response: IncomingMessage) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response
          .on('error', reject)
          .on('data', (part: Buffer) => {
            bytes += part.length;
            if (bytes > limitBytes) end(new Error(`response over ${limitBytes} bytes`));
            else parts.push(part);
          })
          .once('end', () => {
            const text = Buffer.concat(parts, bytes).toString();
            resolve({ status: response.statusCode ?? 0, date: response.headers.date, text });
          });
      });
  });
}
