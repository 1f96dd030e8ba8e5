/**
 * The running system's address for whoever watches or steers it: the board, Prometheus, the npm commands. On loopback only, since
 * nothing is authenticated. It answers when asked and pushes nothing, so a reader that hangs costs its socket and no more.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type CountMetric, countMetrics } from '@quartersec/sla';
import type { RekeyReport } from '@quartersec/storage';
import type { ConnectionsSummary } from './connections-summary.ts';

export interface ControlSources {
  /** Prometheus' text format 0.0.4. */
  exposition(): string;
  /** Metric values that were not counted since the start. */
  droppedValues(): number;
  /** The latest critical and error lines of the functions' logs, newest first. */
  errors(): readonly Readonly<Record<string, unknown>>[];
  /** The connections as the table has them, in bounded form. */
  connections(): Promise<ConnectionsSummary>;
  /** Control API of the provider simulator; `undefined` with a real provider. */
  readonly simulatorUrl: string | undefined;
  /** Where the API is, without a slash at the end. */
  readonly apiUrl: string;
  /** A bearer token of the API, for development. */
  tokenFor(userId: string): string;
  /** Plays a user's login at the simulated bank, to the end of Link. */
  finishLink(body: string): Promise<Answer>;
  /** Runs one event and gives the function's answer. */
  runEvent(body: string): Promise<Answer>;
  /** Reads a connection from the provider and compares it with what stands. */
  compare(body: string): Promise<Answer>;
  addCount(metric: CountMetric, value: number): void;
  /** Takes note of an audit that ran to its end. */
  recordAudit(differences: number): void;
  /** The latest audit; `null` before the first. */
  lastAudit(): AuditResult | null;
  /** Sends no more traffic of ours to a connection. */
  forget(connectionId: string): void;
  /** Takes a new token key and seals everything anew under it. */
  rekey(): Promise<RekeyReport>;
  /** Moves the dead letters back to their queue. @returns how many */
  redrive(): number;
}

export interface AuditResult {
  readonly atEpochMs: number;
  readonly differences: number;
}

export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  /** Default: JSON. */
  readonly type?: string;
  readonly body: string;
}

/** A request that cannot be answered: becomes `{ "error": message }`. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Route = (body: string, path: string, method: string) => Answer | Promise<Answer>;

const bodyLimitBytes = 64 * 1024;
/** Far more than the few readers there are; what hangs beyond is refused. */
const connectionsAtMost = 64;
/** A socket on which nothing moves while an answer is due is dropped. */
const stalledMs = 30_000;
/** Longer than readers let pass between two scrapes, so that none is closed under a request. */
const keepAliveMs = 75_000;
const simulatorTimeoutMs = 5_000;

/** Listens on a free port of loopback. */
export async function startControlServer(sources: ControlSources): Promise<ControlServer> {
  const routes = routesOf(sources);
  const answering = new WeakSet<Socket>();
  const server = createServer((request, response) => {
    const { socket } = request;
    // No reader of ours sends a request before it has its answer; from one that does not read, answers would pile up here.
    if (answering.has(socket)) return void socket.destroy();
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
    answer(request, routes).then(
      (result) => send(response, result),
      (error: unknown) => send(response, refusal(error)),
    );
  });
  server.maxConnections = connectionsAtMost;
  server.timeout = stalledMs;
  server.requestTimeout = stalledMs;
  server.keepAliveTimeout = keepAliveMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function routesOf(sources: ControlSources): Readonly<Record<string, Route>> {
  const passOn: Route = (body, path, method) => passToSimulator(sources.simulatorUrl, method, path, body);
  return {
    'GET /metrics': () => ({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: sources.exposition(),
    }),
    'GET /errors': () => json(200, sources.errors()),
    'GET /health': () =>
      json(200, {
        status: 'ok',
        pid: process.pid, // by which a command knows that it talks to the system it has read of
        droppedValues: sources.droppedValues(),
      }),
    'GET /connections': async () => json(200, await sources.connections()),
    'GET /faults': passOn,
    'POST /faults': passOn,
    'DELETE /faults': passOn,
    'GET /faults/:': passOn,
    'DELETE /faults/:': passOn,
    'POST /tokens': (body) => {
      const { userId } = readObject(body);
      if (typeof userId !== 'string' || userId === '') throw new Refused(400, 'userId must be a text');
      return json(200, { token: sources.tokenFor(userId), apiUrl: sources.apiUrl });
    },
    'POST /logins': (body) => sources.finishLink(body),
    'POST /events': (body) => sources.runEvent(body),
    'POST /compare': (body) => sources.compare(body),
    'POST /samples': (body) => {
      const { metric, value } = readSample(body);
      sources.addCount(metric, value);
      return json(200, { metric, added: value });
    },
    'GET /audits': () => json(200, sources.lastAudit()),
    'POST /audits': (body) => {
      sources.recordAudit(wholeNumberOf(body, 'differences'));
      return json(200, sources.lastAudit());
    },
    'POST /forgotten': (body) => {
      const { connectionId } = readObject(body);
      if (typeof connectionId !== 'string') throw new Refused(400, 'connectionId must be a text');
      sources.forget(connectionId);
      return json(200, { connectionId });
    },
    'POST /rekey': async () => json(200, await sources.rekey()),
    'POST /redrive': () => json(200, { moved: sources.redrive() }),
  };
}

async function answer(request: IncomingMessage, routes: Readonly<Record<string, Route>>): Promise<Answer> {
  const body = await readBody(request);
  const { method = 'GET', url = '/' } = request;
  const path = URL.parse(url, 'http://127.0.0.1')?.pathname ?? '/';
  const key = `${method} ${path.replace(/^\/faults\/[^/]+$/, '/faults/:')}`;
  const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
  if (route === undefined) throw new Refused(404, `no such call; there are: ${Object.keys(routes).join(', ')}`);
  return route(body, path, method);
}

/** Reads to the end also what is too much: a client that is still sending would not hear the refusal. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyLimitBytes) chunks.push(chunk);
  }
  if (bytes > bodyLimitBytes) throw new Refused(413, `the body is larger than ${bodyLimitBytes} bytes`);
  return Buffer.concat(chunks).toString();
}

async function passToSimulator(
  simulatorUrl: string | undefined,
  method: string,
  path: string,
  body: string,
): Promise<Answer> {
  if (simulatorUrl === undefined)
    throw new Refused(404, 'a real provider is used: faults can only be planted in the simulator');
  const response = await fetch(simulatorUrl + path, {
    method,
    ...(method === 'POST' ? { body } : {}),
    signal: AbortSignal.timeout(simulatorTimeoutMs),
  }).catch((cause: unknown) => {
    throw new Refused(502, `the provider simulator does not answer: ${String(cause)}`);
  });
  return { status: response.status, body: await response.text() };
}

function wholeNumberOf(body: string, member: string): number {
  const value = readObject(body)[member];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Refused(400, `${member} must be a whole number from 0`);
  return value;
}

function readSample(body: string): { metric: CountMetric; value: number } {
  const { metric } = readObject(body);
  const known = countMetrics.find((name) => name === metric);
  if (known === undefined) throw new Refused(400, `metric must be a count metric: ${countMetrics.join(', ')}`);
  return { metric: known, value: wholeNumberOf(body, 'value') };
}

function readObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new Refused(400, 'the body must be a JSON object');
}

function refusal(error: unknown): Answer {
  const status = error instanceof Refused ? error.status : 500;
  return json(status, { error: error instanceof Error ? error.message : String(error) });
}

function json(status: number, value: unknown): Answer {
  return { status, body: JSON.stringify(value) };
}

function send(response: ServerResponse, { status, type = 'application/json', body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
