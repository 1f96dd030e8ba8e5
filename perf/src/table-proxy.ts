/**
 * Stands between the functions and the table, to spoil it on purpose: `POST /spoil {delayMs, loseShare}`. A lost write is
 * answered as done and never forwarded. Only journal entries are lost: they are what must not be.
 */
import { Agent, createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleepMs } from 'node:timers/promises';

const { url } = JSON.parse(process.argv[2] ?? '{}') as { url: string };
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
let spoil = { delayMs: 0, loseShare: 0 };
/** Every so many writes are lost: no randomness, so a short run loses some too. */
let writes = 0;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  if (request.url === '/spoil') {
    spoil = JSON.parse(body.toString()) as typeof spoil;
    response.end('{}');
    return;
  }
  if (spoil.delayMs > 0) await sleepMs(spoil.delayMs);
  if (isLost(request, body)) {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{}');
    return;
  }
  const passing = forward(
    url,
    { method: request.method ?? 'POST', path: request.url ?? '/', headers: request.headers, agent },
    (found) => {
      response.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(response);
    },
  );
  passing.on('error', () => response.destroy()); // the client sees what it would see of a broken table
  passing.end(body);
}

function isLost(request: IncomingMessage, body: Buffer): boolean {
  if (spoil.loseShare === 0 || !String(request.headers['x-amz-target']).endsWith('.PutItem')) return false;
  if (!body.includes('LOG#')) return false;
  writes += 1;
  return writes % Math.round(1 / spoil.loseShare) === 0;
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = 120_000; // longer than clients keep idle sockets, so that none is closed under a request
server.listen(0, '127.0.0.1', () =>
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {}); // the harness ends us in its own order
process.once('disconnect', () => process.exit(0));
