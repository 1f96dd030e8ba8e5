/** The plain web page of the sandbox and its small control API. The SLA board proper is a part of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Summary } from './summary.ts';

export interface PageSources {
  summary(): Summary;
  /** The latest critical and error lines of the functions' logs, newest first. */
  errors(): readonly Readonly<Record<string, unknown>>[];
  /** Runs one event and gives the function's answer. */
  runEvent(body: string): Promise<{ readonly status: number; readonly body: string }>;
}

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

const bodyLimitBytes = 64 * 1024;

/** @throws {Error} when the port is occupied, naming the remedy */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await new Promise((resolve) => server.close(resolve));
}

/** @throws {Error} when the port is occupied, naming the remedy */
export async function servePage(port: number, sources: PageSources): Promise<Page> {
  const server = createServer((request, response) => {
    answer(request, response, sources).catch((error: unknown) => {
      send(response, 500, 'application/json', JSON.stringify({ error: String(error) }));
    });
  });
  await listen(server, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} is occupied: choose another with --port, or leave it out to get a free one`)
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, sources: PageSources): Promise<void> {
  const route = `${request.method} ${request.url}`;
  if (route === 'GET /') return send(response, 200, 'text/html; charset=utf-8', pageHtml);
  if (route === 'GET /summary.json') {
    return send(response, 200, 'application/json', JSON.stringify({ ...sources.summary(), errors: sources.errors() }));
  }
  if (route === 'POST /events') {
    const result = await sources.runEvent(await readText(request));
    return send(response, result.status, 'application/json', result.body);
  }
  send(response, 404, 'application/json', JSON.stringify({ error: 'try GET /, GET /summary.json or POST /events' }));
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > bodyLimitBytes) throw new Error(`body over ${bodyLimitBytes} bytes`);
  }
  return text;
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

const pageHtml = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>quartersec sandbox</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; margin: 1rem 0; }
  th, td { text-align: right; padding: .2rem .8rem; border-bottom: 1px solid #8884; }
  th:first-child, td:first-child { text-align: left; }
  .broken { color: #d33; font-weight: bold; }
</style>
<h1>quartersec sandbox</h1>
<p id="state" role="status">connecting</p>
<table><thead><tr><th>last minute<th>p50 ms<th>tail ms<th>objective<th>kept</tr></thead><tbody id="latencies"></tbody></table>
<table><tbody id="totals"></tbody></table>
<h2>Latest errors</h2>
<table><thead><tr><th>time<th>component<th>code<th>connection<th>correlation id</tr></thead><tbody id="errors"></tbody></table>
<script>
  const row = (cells) => {
    const tr = document.createElement('tr');
    for (const cell of cells) tr.appendChild(document.createElement('td')).textContent = cell ?? '-';
    return tr;
  };
  const ms = (value) => (value === null ? '-' : value.toFixed(0));
  async function refresh() {
    const state = document.getElementById('state');
    try {
      const summary = await (await fetch('summary.json')).json();
      state.textContent = summary.eventsPerMinute + ' events in the last minute';
      document.getElementById('latencies').replaceChildren(...summary.latencies.map((latency) => {
        const { percentile, underMs } = latency.objective;
        const tr = row([latency.name, ms(latency.p50Ms), ms(latency.tailMs), 'p' + percentile * 100 + ' < ' + underMs + ' ms',
          latency.kept === null ? 'no data' : latency.kept ? 'yes' : 'NO']);
        tr.className = latency.kept === false ? 'broken' : '';
        return tr;
      }));
      document.getElementById('totals').replaceChildren(...Object.entries(summary.totals).map((pair) => row(pair)),
        row(['deadLetters', summary.deadLetters]));
      document.getElementById('errors').replaceChildren(...summary.errors.map((error) =>
        row([error.timestamp, error.component, error.error_code, error.connection_id, error.correlation_id])));
    } catch {
      state.textContent = 'the sandbox does not answer: is npm start still running?';
    }
    setTimeout(refresh, 1000);
  }
  refresh();
</script>
</html>
`;
