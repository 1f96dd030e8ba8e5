/** Sends an answer, well or badly. */
import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

const BLOCK = Buffer.alloc(64 * 1024, 'x');

/** Valid JSON of exactly `bytes` bytes: only a limit on size can refuse it. Memory stays flat: it waits for the reader. */
function sendPadded(response: ServerResponse, bytes: number): void {
  const head = '{"added":[],"modified":[],"removed":[],"accounts":[],"has_more":false,"next_cursor":"","padding":"';
  const tail = '"}';
  let left = bytes - head.length - tail.length;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      const size = Math.min(left, BLOCK.length);
      left -= size;
      if (!response.write(BLOCK.subarray(0, size))) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end(tail);
  };
  response.write(head);
  more();
}

function sendByteByByte(response: ServerResponse, body: Buffer, everyMs: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + 1));
    sent += 1;
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.once('close', () => clearInterval(timer));
}

export function deliver(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return; // the client has gone
  const { status, contentType, body, retryAfter, manner } = answer;
  if (manner.way === 'never') return; // the socket stays open until the client or `close` ends it
  if (manner.way === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const headers: (string | number)[] = ['Content-Type', contentType];
  if (retryAfter !== undefined) headers.push('Retry-After', retryAfter);
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers.push(name, value);
  if (manner.way === 'padded') {
    response.writeHead(status, headers);
    sendPadded(response, manner.bytes);
    return;
  }
  const length = answer.bytes?.length ?? Buffer.byteLength(body);
  headers.push('Content-Length', length);
  response.writeHead(status, headers);
  if (answer.bytes !== undefined) {
    response.end(answer.bytes);
    return;
  }
  if (manner.way === 'whole') {
    response.end(body, length === body.length ? 'latin1' : 'utf8'); // ASCII leaves as it is: a fifth less CPU
    return;
  }
  const bytes = Buffer.from(body);
  if (manner.way === 'byte-by-byte') {
    sendByteByByte(response, bytes, manner.everyMs);
    return;
  }
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.socket?.resetAndDestroy());
}
