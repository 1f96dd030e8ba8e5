/** The simulator as a server: one port for the providers' interfaces and the control API. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from './delivery.ts';
import type { PlaidBank } from './plaid/plaid-bank.ts';
import { ProvidersError } from './providers-error.ts';
import { createSimulator, defaults, type ProvidersOptions } from './simulator.ts';

export interface Providers {
  /** Base URL of Plaid's interface. */
  readonly url: string;
  readonly port: number;
  readonly controlUrl: string;
  /** The banks behind the server, for tests of the same process: change them, ask what they hold. By connection, from 0. */
  readonly bank: PlaidBank;
  /** Ends at once: open and hanging connections are dropped. May be called again. */
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 1_000_000;
const CONTROL = '/control';

/** Reads a body; `onText` is not called when it is too large or breaks off. */
function readText(request: IncomingMessage, response: ServerResponse, onText: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_LIMIT_BYTES) {
      chunks.push(chunk);
    } else if (!response.headersSent) {
      response.writeHead(413, { 'Content-Type': 'application/json', Connection: 'close' });
      response.end('{"error":"the request body is larger than 1 MB"}');
    }
  });
  request.on('end', () => {
    if (bytes > BODY_LIMIT_BYTES) return;
    const [only] = chunks;
    onText(chunks.length === 1 && only !== undefined ? only.toString() : Buffer.concat(chunks).toString());
  });
}

/**
 * Starts the simulator.
 * @returns once it listens
 * @throws {ProvidersError} `PORT_IN_USE`, `CANNOT_LISTEN`, `OPTION_INVALID`
 */
export async function startProviders(options: ProvidersOptions = {}): Promise<Providers> {
  const { host, port: wantedPort } = { ...defaults, ...options };
  const simulator = createSimulator(options);

  const server = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request;
    readText(request, response, (body) => {
      if (url === CONTROL || url.startsWith(`${CONTROL}/`)) {
        const answer = simulator.control(method, url.slice(CONTROL.length + 1), body);
        response.writeHead(answer.status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(answer.body));
        return;
      }
      const answer = simulator.answer(method, url, request.headers, body);
      const waitMs = simulator.latencyMs() + answer.delayMs;
      if (waitMs === 0) deliver(response, answer);
      else setTimeout(deliver, waitMs, response, answer).unref(); // the listening socket keeps the process alive
    });
  });
  server.keepAliveTimeout = 120_000; // longer than clients keep idle sockets, so that none is closed under a request
  server.requestTimeout = 0;

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'CANNOT_LISTEN';
      reject(
        new ProvidersError(code, { port: wantedPort, host, reason: error.code ?? error.message }, { cause: error }),
      );
    });
    server.listen(wantedPort, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  let closed: Promise<void> | undefined;
  return {
    url,
    port,
    controlUrl: url + CONTROL,
    bank: simulator.bank,
    close() {
      simulator.webhooks.close();
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}
