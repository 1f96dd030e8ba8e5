/** For tests: a real HTTP server on loopback that answers as scripted, once per line of the script, with each fault of FAULTS. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export type ScriptedAnswer = (response: ServerResponse) => void;

export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedServer {
  readonly baseUrl: string;
  readonly calls: readonly ReceivedCall[];
  /** Connections accepted so far: tells a reused socket from a fresh one. */
  connections(): number;
  /** The next answers, in order; the last one stays. */
  script(...answers: readonly ScriptedAnswer[]): void;
  close(): Promise<void>;
}

const json = { 'content-type': 'application/json' };

/** An endless body by `write`, as fast as the reader takes it, until the reader goes. */
function pour(response: ServerResponse, chunk: Buffer, everyMs: number, onBytes: (bytes: number) => void): void {
  let bytes = 0;
  const next = () => {
    if (response.destroyed) return;
    const canTakeMore = response.write(chunk);
    bytes += chunk.length;
    if (everyMs > 0) setTimeout(next, everyMs);
    else if (canTakeMore) setImmediate(next);
    else response.once('drain', next);
  };
  response.once('close', () => onBytes(bytes));
  next();
}

export const answers = {
  json: (status: number, body: string, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer => {
    return (response) => void response.writeHead(status, { ...json, ...headers }).end(body);
  },
  as: (contentType: string | undefined, status: number, body: string | Uint8Array): ScriptedAnswer => {
    return (response) => {
      response.writeHead(status, contentType === undefined ? {} : { 'content-type': contentType }).end(body);
    };
  },
  gzip: (body: string | Uint8Array): ScriptedAnswer => {
    const packed = gzipSync(body);
    return (response) => void response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(packed);
  },
  /** Accepts the call and says nothing. */
  silence: (): ScriptedAnswer => () => {},
  /** Closes without a word. */
  hangUp: (): ScriptedAnswer => (response) => void response.req.socket.destroy(),
  /** Not HTTP at all. */
  garbage:
    (text: string): ScriptedAnswer =>
    (response) =>
      void response.req.socket.end(text),
  /** Half of a body of known length, then a reset. */
  cutOff: (status: number, body: string): ScriptedAnswer => {
    return (response) => {
      response.writeHead(status, { ...json, 'content-length': Buffer.byteLength(body) });
      response.write(body.slice(0, body.length / 2), () => response.req.socket.resetAndDestroy());
    };
  },
  /** Half of a chunked body, then an orderly close without its last chunk. */
  unfinished: (body: string): ScriptedAnswer => {
    return (response) => {
      response.writeHead(200, json);
      response.write(body.slice(0, body.length / 2), () => response.req.socket.end());
    };
  },
  /** A byte every few ms, for ever: no idle timer would end it. */
  trickle: (status: number): ScriptedAnswer => {
    return (response) => {
      response.writeHead(status, json);
      pour(response, Buffer.from(' '), 5, () => {});
    };
  },
  /** An endless body as fast as it is read. */
  flood: (status: number, onBytes: (bytes: number) => void = () => {}): ScriptedAnswer => {
    const chunk = Buffer.alloc(64 * 1024, ' ');
    return (response) => {
      response.writeHead(status, json);
      pour(response, chunk, 0, onBytes);
    };
  },
  /** Says how long its body is, and sends none of it. */
  announce: (status: number, bytes: number): ScriptedAnswer => {
    return (response) => void response.writeHead(status, { ...json, 'content-length': bytes }).flushHeaders();
  },
  redirect: (location: string): ScriptedAnswer => {
    return (response) => void response.writeHead(307, { location }).end();
  },
} as const;

export async function startScriptedServer(): Promise<ScriptedServer> {
  const calls: ReceivedCall[] = [];
  let connections = 0;
  let script: ScriptedAnswer[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    calls.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
    const answer = script.length > 1 ? script.shift() : script[0];
    (answer ?? answers.json(500, '{}'))(response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    calls,
    connections: () => connections,
    script(...answersInOrder) {
      script = [...answersInOrder];
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
