/** Held to Node's own client: what it would not take for an answer, we must not either, and what we take, it takes for the same. */
import { request } from 'node:http';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutAt, latin1 } from './answer-reading.contract.ts';
import { createHttpOrigin } from './http-origin.ts';
import { mutatedAnswer, validAnswer } from './random-answers.contract.ts';
import { type RawServer, startRawServer } from './raw-server.contract.ts';

interface Accepted {
  readonly status: number;
  readonly body: string;
  /** `undefined` for those that came more than once, which each client joins in its own way. */
  readonly headers: ReadonlyMap<string, string | undefined>;
}

type Verdict = Accepted | { readonly refused: string };

let server: RawServer;
let pieces: readonly Buffer[] = [];

beforeAll(async () => {
  server = await startRawServer(async ({ socket, nextRequest }) => {
    await nextRequest();
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise(setImmediate);
    }
    socket.end();
  });
});
afterAll(() => server.close());

function askOurs(): Promise<Verdict> {
  const origin = createHttpOrigin({ url: server.url });
  return new Promise((resolve) => {
    let status = 0;
    let headers = new Map<string, string>();
    const parts: Buffer[] = [];
    origin.send(
      { method: 'GET', path: '/', headers: {} },
      {
        onHead(code, answered) {
          status = code;
          headers = new Map(Object.entries(answered).map(([name, value]) => [name, value ?? '']));
        },
        onData: (part) => void parts.push(part),
        onEnd() {
          origin.close();
          resolve({ status, headers, body: Buffer.concat(parts).toString('latin1') });
        },
        onError: ({ code, message }) =>
          resolve({
            refused: code === 'ERR_HTTP_ANSWER' ? message.replace('not an answer of HTTP/1.1: ', '') : `${code}`,
          }),
      },
    );
  });
}

/** @param rawHeaders names and values in turn */
function onceEach(rawHeaders: readonly string[]): Accepted['headers'] {
  const headers = new Map<string, string | undefined>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = String(rawHeaders[index]).toLowerCase();
    headers.set(name, headers.has(name) ? undefined : rawHeaders[index + 1]);
  }
  return headers;
}

function askNode(): Promise<Verdict> {
  return new Promise((resolve) => {
    let verdict: Verdict = { refused: 'no answer' };
    const call = request(server.url, { agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', () => {});
      answer.on('end', () => {
        if (!answer.complete) return;
        verdict = {
          status: answer.statusCode ?? 0,
          headers: onceEach(answer.rawHeaders),
          body: Buffer.concat(parts).toString('latin1'),
        };
      });
    });
    call.on('upgrade', (_answer, socket) => socket.destroy());
    call.on('error', () => {});
    call.on('close', () => resolve(verdict));
    call.end();
  });
}

/** Whatever else ours refuses and Node's takes is a bug of ours. With an example each. */
const refusesMore = new Map<string, string>([
  ['status line', '\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'], // also 600 to 999, HTTP/0.9 and HTTP/2.0
  ['Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 0000000000000002\r\n\r\nhi'], // of more than 15 digits
  ['chunks from HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n'],
  [
    'a transfer coding other than chunked',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
  ],
  [
    'an interim answer with a body',
    'HTTP/1.1 103 E\r\nContent-Length: 2\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
  ],
  ['status 101', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['a head over the limit', `HTTP/1.1 200 OK\r\nX:${' '.repeat(17_000)}\r\nContent-Length: 2\r\n\r\nhi`], // counts blanks, all heads together
  ['the size of a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;;a=\r\nhi\r\n0\r\n\r\n'], // also of more than 12 digits
  [
    'a line over the limit',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;${'a'.repeat(2_000)}\r\nhi\r\n0\r\n\r\n`,
  ],
  [
    'a trailer about the length',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  [
    'bytes after its end',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nho',
  ],
]);

async function compare(text: string, places: readonly number[]): Promise<void> {
  pieces = cutAt(latin1(text), places);
  const [ours, node] = await Promise.all([askOurs(), askNode()]);
  if ('refused' in ours) {
    if (!('refused' in node)) expect([...refusesMore.keys()]).toContain(ours.refused);
    return;
  }
  expect(node).toMatchObject({ status: ours.status, body: ours.body });
  const { headers } = node as Accepted;
  expect([...ours.headers.keys()].sort()).toEqual([...headers.keys()].sort());
  for (const [name, value] of headers) if (value !== undefined) expect(ours.headers.get(name)).toBe(value);
}

const fewCuts = fc.array(fc.nat(4_000), { maxLength: 2 });

describe('beside node:http', () => {
  it('takes every answer that RFC 9112 allows, for the same', async () => {
    await fc.assert(
      fc.asyncProperty(validAnswer, fewCuts, async (text, places) => {
        await compare(text, places);
        expect(await askOurs()).not.toHaveProperty('refused');
      }),
      { numRuns: 200 },
    );
  });

  it('takes nothing that node:http refuses, nor for anything else', async () => {
    await fc.assert(
      fc.asyncProperty(mutatedAnswer, fewCuts, (text, places) => compare(text, places)),
      { numRuns: 1_000 },
    );
  });

  it.each([...refusesMore])('refuses more: %s', async (why, text) => {
    pieces = [latin1(text)];
    expect(await askNode()).not.toHaveProperty('refused');
    expect(await askOurs()).toEqual({ refused: why });
  });
});
