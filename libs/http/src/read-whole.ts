/** A whole answer as text, for calls whose answers are small. */
import type { HttpOrigin, HttpRequest } from './http-origin.ts';

export interface WholeAnswer {
  readonly status: number;
  /** When it was made, by the other end's clock: its `date` header. */
  readonly date: string | undefined;
  /** UTF-8 */
  readonly text: string;
}

/**
 * @throws {Error} `AnswerListener.onError`'s; an answer over `limitBytes`; the signal's reason
 */
export function sendForText(
  origin: HttpOrigin,
  request: HttpRequest,
  limitBytes: number,
  signal?: AbortSignal,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let status = 0;
    let date: string | undefined;
    let bytes = 0;
    /** The first part itself, and only beyond it memory of our own: most answers come in one. */
    let whole: Buffer | undefined;
    const settle = () => signal?.removeEventListener('abort', abort);
    const exchange = origin.send(request, {
      onHead(answered, headers) {
        status = answered;
        date = headers.date;
      },
      onData(part) {
        if (bytes + part.length > limitBytes) {
          exchange.destroy();
          settle();
          reject(new Error(`answer over ${limitBytes} bytes`));
          return;
        }
        whole = whole === undefined ? part : append(whole, bytes, part);
        bytes += part.length;
      },
      onEnd() {
        settle();
        resolve({ status, date, text: whole?.toString('utf8', 0, bytes) ?? '' });
      },
      onError(error) {
        settle();
        reject(error);
      },
    });
    const abort = () => {
      exchange.destroy();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Copied rather than collected: a body that comes byte by byte takes no more memory than another. */
function append(whole: Buffer, usedBytes: number, part: Buffer): Buffer {
  const neededBytes = usedBytes + part.length;
  let room = whole;
  if (neededBytes > room.length) {
    room = Buffer.allocUnsafe(Math.max(neededBytes, 2 * room.length));
    whole.copy(room, 0, 0, usedBytes);
  }
  part.copy(room, usedBytes);
  return room;
}
