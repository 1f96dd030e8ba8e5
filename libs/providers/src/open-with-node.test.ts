import { lookup } from 'node:dns';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenAnswer, OpenCall, Transport } from './open-call.ts';
import { createNodeTransport } from './open-with-node.ts';
import { type answers, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

let server: ScriptedServer;
let transport: Transport;

beforeEach(async () => {
  server = await startScriptedServer();
  transport = createNodeTransport({ lookup });
});
afterEach(async () => {
  transport.close();
  await server.close();
});

function open(): { call: OpenCall; answer: Promise<OpenAnswer>; error: Promise<string | undefined> } {
  const call = transport.open(new URL(`${server.baseUrl}/pages`), { method: 'GET', headers: {} });
  const answer = Promise.withResolvers<OpenAnswer>();
  const error = Promise.withResolvers<string | undefined>();
  call.onError(({ code }) => error.resolve(code));
  call.onAnswer(answer.resolve);
  return { call, answer: answer.promise, error: error.promise };
}

/** Reads on in the turn in which the answer came. */
async function readWhole({ call }: { call: OpenCall }): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  call.onError(reject);
  call.onAnswer(({ body }) => {
    body.on('data', (part) => void parts.push(part));
    body.on('end', () => resolve(Buffer.concat(parts)));
  });
  return promise;
}

const gzipAs =
  (coding: string, packed: Uint8Array) =>
  (response: Parameters<ReturnType<typeof answers.silence>>[0]): void =>
    void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding }).end(packed);

describe('a packed body', () => {
  it.each(['gzip', 'GZIP', 'x-gzip'])('is unpacked, called %s', async (coding) => {
    server.script(gzipAs(coding, gzipSync('{"a":1}')));
    expect((await readWhole(open())).toString()).toBe('{"a":1}');
  });

  it('is unpacked whole where it was packed in two members', async () => {
    server.script(gzipAs('gzip', Buffer.concat([gzipSync('{"a"'), gzipSync(':1}')])));
    expect((await readWhole(open())).toString()).toBe('{"a":1}');
  });

  it('that unpacks more slowly than it comes holds its connection back, and leaves it to the next call', async () => {
    const text = Buffer.alloc(3_000_000, Array.from({ length: 5_000 }, (_, index) => `${index * 7_919}`).join());
    server.script(gzipAs('gzip', gzipSync(text, { level: 0 })), gzipAs('gzip', gzipSync('{"a":1}')));
    expect((await readWhole(open())).equals(text)).toBe(true);
    expect((await readWhole(open())).toString()).toBe('{"a":1}');
    expect(server.connections()).toBe(1);
  });

  it('that is cut short is an error', async () => {
    server.script(gzipAs('gzip', gzipSync('{"a":1}').subarray(0, -4)));
    const opened = open();
    opened.call.onAnswer(({ body }) => body.on('data', () => {}));
    expect(await opened.error).toBe('Z_BUF_ERROR');
  });

  it('of a call that was given up is not unpacked any further', async () => {
    server.script(gzipAs('gzip', gzipSync(new Uint8Array(50_000_000))));
    const { call } = open();
    let parts = 0;
    const unpacker = await new Promise<OpenAnswer['body'] & { readonly destroyed: boolean }>((resolve) => {
      call.onAnswer(({ body }) => {
        body.on('data', () => {
          parts += 1;
          call.destroy();
          resolve(body as never);
        });
      });
    });
    expect(unpacker.destroyed).toBe(true);
    expect(parts).toBe(1);
  });
});
