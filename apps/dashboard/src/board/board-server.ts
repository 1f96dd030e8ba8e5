/**
 * The board over HTTP, on loopback: the page, its events, the same for programs, the webhook of Alertmanager and Grafana, and the source's
 * fault switches behind a check of who asks.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type UserPage, userRoutes } from '../user-page/user-routes.ts';
import { lossOf, readNotification } from './alertmanager.ts';
import { type Answer, html, json, Refused, type Route, readBody, script, styles } from './answering.ts';
import type { Board } from './board.ts';
import { chartRanges } from './charts.ts';
import { EventStream } from './event-stream.ts';
import { boardPage } from './page.ts';
import type { PageFiles } from './page-files.ts';
import { isOwnHost, mayChange } from './request-origin.ts';
import { runbookHtml, runbookSection } from './runbook.ts';
import { SourceError } from './source-request.ts';

export interface BoardServerOptions {
  /** 0: a free one. */
  readonly port: number;
  readonly files: PageFiles;
  /** Text of docs/troubleshooting.md. */
  readonly runbooks: string;
  /** Where the source can issue tokens of its users. */
  readonly userPage?: UserPage;
  readonly nowEpochMs: () => number;
}

export interface BoardServer {
  readonly url: string;
  /** Judges what is known now and tells every reader. */
  publish(): void;
  heartbeat(): void;
  readonly readers: number;
  close(): Promise<void>;
}

/** Half-open requests end; a stream of events is written to all the time. */
const requestTimeoutMs = 10_000;

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.5" fill="none" stroke="#2a6fb0" stroke-width="2"/><path d="M8 8V1.5A6.5 6.5 0 0 1 14.5 8z" fill="#2a6fb0"/></svg>`;

/** @throws {Error} when the port is occupied, naming the remedy */
export async function startBoardServer(board: Board, options: BoardServerOptions): Promise<BoardServer> {
  const stream = new EventStream(options.nowEpochMs);
  const routes = routesOf(board, options);
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    if (isStreamRequest(request)) openStream(stream, board, response);
    else
      answer(request, routes).then(
        (result) => send(response, result),
        (error: unknown) => send(response, refusal(error)),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const occupied = `port ${options.port} is occupied: set PORT to another one, or to 0 for a free one`;
      reject(error.code === 'EADDRINUSE' ? new Error(occupied, { cause: error }) : error);
    });
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publish: () => stream.send('snapshot', JSON.stringify(board.snapshot())),
    heartbeat: () => stream.heartbeat(),
    get readers() {
      return stream.readers;
    },
    async close() {
      stream.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function isStreamRequest({ method, url, headers }: IncomingMessage): boolean {
  return method === 'GET' && url === '/events-stream' && isOwnHost(headers.host);
}

function openStream(stream: EventStream, board: Board, response: ServerResponse): void {
  if (!stream.add(response, securityHeaders)) send(response, json({ error: 'too many readers' }, 503));
  else response.write(`event: snapshot\ndata: ${JSON.stringify(board.snapshot())}\n\n`);
}

function routesOf(board: Board, { files, runbooks, userPage }: BoardServerOptions): Readonly<Record<string, Route>> {
  const [firstRange] = chartRanges;
  const passFault: Route = async (request, { pathname }) => {
    const { method = 'GET' } = request;
    const body = method === 'GET' ? '' : await readBody(request);
    if (method !== 'GET' && !mayChange(request.headers, body !== '')) {
      throw new Refused(403, 'only the board itself may switch faults, with a JSON body');
    }
    return { status: 200, type: 'application/json', body: await board.reader.switchFault(method, pathname, body) };
  };
  return {
    'GET /': () => {
      const first = { snapshot: board.snapshot(), charts: board.chartData(firstRange.id) };
      return html(boardPage(first));
    },
    'GET /board.js': () => script(files.script),
    'GET /board.css': () => styles(files.styles),
    'GET /icon.svg': () => ({ status: 200, type: 'image/svg+xml', body: icon }),
    'GET /snapshot.json': () => json(board.snapshot()),
    'GET /charts.json': (_, { searchParams }) => json(board.chartData(searchParams.get('range') ?? firstRange.id)),
    'GET /runbook/:': (_, { pathname }) => {
      const section = runbookSection(runbooks, pathname.slice('/runbook/'.length));
      if (section === undefined) throw new Refused(404, 'there is no such section in docs/troubleshooting.md');
      return html(runbookHtml(section));
    },
    'GET /runbook': () => html(runbookHtml(runbooks)),
    'POST /alertmanager': async (request) => {
      const body = await readBody(request).catch((error: unknown) => {
        // A page elsewhere is refused below, and is no delivery that anybody misses.
        if (error instanceof Refused && mayChange(request.headers, true)) board.lose(error.message);
        throw error;
      });
      if (!mayChange(request.headers, true)) {
        throw new Refused(403, 'only Alertmanager and Grafana may send notices, as JSON');
      }
      const notification = readNotification(body);
      if (typeof notification === 'string') {
        board.lose(notification);
        throw new Refused(400, notification);
      }
      board.receive(notification.notices);
      const loss = lossOf(notification);
      if (loss !== undefined) board.lose(loss);
      return json({ taken: notification.notices.length, ...(loss !== undefined && { lost: loss }) });
    },
    'GET /faults': passFault,
    'POST /faults': passFault,
    'DELETE /faults': passFault,
    'DELETE /faults/:': passFault,
    ...(userPage !== undefined && userRoutes(userPage, () => board.snapshot().connections)),
  };
}

async function answer(request: IncomingMessage, routes: Readonly<Record<string, Route>>): Promise<Answer> {
  if (!isOwnHost(request.headers.host)) throw new Refused(421, 'the board answers on loopback only, by that name');
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1') ?? new URL('http://127.0.0.1/');
  const path = url.pathname.replace(/^\/(runbook|faults)\/[\w.-]+$|^\/(user\/api)\/.+$/, '/$1$2/:');
  const key = `${request.method} ${path}`;
  const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
  if (route === undefined) throw new Refused(404, `no such call; there are: ${Object.keys(routes).join(', ')}`);
  return route(request, url);
}

function refusal(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Refused) return json({ error: message }, error.status);
  if (error instanceof RangeError) return json({ error: message }, 400);
  if (error instanceof SourceError) return json({ error: message }, error.status ?? 502);
  return json({ error: message }, 500);
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': type }).end(body);
}
