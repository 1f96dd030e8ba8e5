// One connection to the Runtime API. Written on node:net for two reasons. It tells the moment the connection breaks, and an
// environment without its host ends with it. And it is cheap: two requests share a packet, and a handler that waits and
// writes two lines cost 0.8 CPU-ms per invocation where node:http with keep-alive cost 1.6 (three pairs of 1 700
// invocations, 24 environments on two cores). It speaks only as much HTTP as the host: every response has a Content-Length.
import { createConnection } from 'node:net';

/** @typedef {{ status: number, headers: Record<string, string>, body: string }} Answer */
/** @typedef {{ request(method: string, path: string, body?: string, errorType?: string): Promise<Answer> }} Connection */

/**
 * @param {string} authority `host:port`
 * @returns {Connection}
 */
export function connect(authority) {
  const [host, port] = authority.split(':');
  const socket = createConnection({ host, port: Number(port), noDelay: true });
  /** @type {((answer: Answer) => void)[]} */
  const waiting = [];
  let received = Buffer.alloc(0);
  /** @type {Buffer[]} */
  let chunks = [];
  let missingBytes = 0;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    missingBytes -= chunk.length;
    if (missingBytes > 0) return; // of a large payload, joined once
    received = received.length === 0 && chunks.length === 1 ? chunk : Buffer.concat([received, ...chunks]);
    chunks = [];
    for (let parsed = parse(received); ; parsed = parse(received)) {
      missingBytes = parsed.lengthBytes - received.length;
      if (parsed.answer === undefined) return;
      received = received.subarray(parsed.lengthBytes);
      waiting.shift()?.(parsed.answer);
    }
  });
  // Without its host an environment has no purpose, and must not outlive it, not even in the middle of an invocation.
  socket.on('error', () => process.exit(1));
  socket.on('close', () => process.exit(1));
  return {
    request(method, path, body = '', errorType = undefined) {
      const error = errorType === undefined ? '' : `Lambda-Runtime-Function-Error-Type: ${headerValue(errorType)}\r\n`;
      const length =
        method === 'GET' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
      socket.cork();
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: ${authority}\r\n${error}${length}\r\n${body}`);
      process.nextTick(() => socket.uncork());
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** The first response in `bytes`, or, when it is not all there, how long it must be at least. @param {Buffer} bytes */
function parse(bytes) {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return { lengthBytes: bytes.length + 1 };
  const [statusLine = '', ...lines] = bytes.latin1Slice(0, headEnd).split('\r\n');
  /** @type {Record<string, string>} */
  const headers = {};
  for (const line of lines) {
    const colonAt = line.indexOf(':');
    headers[line.slice(0, colonAt).toLowerCase()] = line.slice(colonAt + 1).trim();
  }
  const lengthBytes = headEnd + 4 + Number(headers['content-length']);
  if (bytes.length < lengthBytes) return { lengthBytes };
  const body = bytes.utf8Slice(headEnd + 4, lengthBytes);
  return { lengthBytes, answer: { status: Number(statusLine.split(' ')[1]), headers, body } };
}

/** An error's name is the function's own: it must not end the header. */
function headerValue(/** @type {string} */ text) {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
