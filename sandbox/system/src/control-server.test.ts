import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { summariseConnections } from './connections-summary.ts';
import { type ControlServer, type ControlSources, startControlServer } from './control-server.ts';

const noConnections = summariseConnections([], { linked: 0, healthy: [], readEpochMs: 7 });

let server: ControlServer;
let simulator: Server | undefined;
let sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await server.close();
  simulator?.close();
  simulator?.closeAllConnections();
  simulator = undefined;
});

async function start(sources: Partial<ControlSources> = {}): Promise<void> {
  server = await startControlServer({
    exposition: () => 'quartersec_retries_total 0\n',
    droppedValues: () => 0,
    errors: () => [],
    connections: async () => noConnections,
    simulatorUrl: undefined,
    apiUrl: 'http://127.0.0.1:9',
    tokenFor: (userId) => `token of ${userId}`,
    finishLink: async (body) => ({ status: 200, body }),
    runEvent: async (body) => ({ status: 200, body }),
    compare: async (body) => ({ status: 200, body }),
    addCount: () => {},
    recordAudit: () => {},
    lastAudit: () => null,
    forget: () => {},
    rekey: async () => ({ connections: 0, resealed: 0, others: 0, unreadable: [] }),
    redrive: () => 0,
    ...sources,
  });
}

async function ask(method: string, path: string, body?: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(server.url + path, { method, ...(body === undefined ? {} : { body }) });
  expect(response.headers.get('content-type')).toBe('application/json');
  return { status: response.status, body: await response.json() };
}

/** A stand-in of the simulator's control API that repeats what it was asked. */
async function startSimulator(): Promise<string> {
  simulator = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.statusCode = request.method === 'POST' ? 409 : 200;
    response.end(JSON.stringify({ method: request.method, url: request.url, body }));
  });
  simulator.listen(0, '127.0.0.1');
  await once(simulator, 'listening');
  return `http://127.0.0.1:${(simulator.address() as AddressInfo).port}/control`;
}

describe('the control server', () => {
  it('issues a token for the user that is named', async () => {
    await start();
    expect(await ask('POST', '/tokens', '{"userId":"anna"}')).toEqual({
      status: 200,
      body: { token: 'token of anna', apiUrl: 'http://127.0.0.1:9' },
    });
    for (const body of ['{}', '{"userId":""}', '{"userId":7}'])
      expect(await ask('POST', '/tokens', body)).toMatchObject({ status: 400 });
  });

  it('gives the metrics as Prometheus asks for them', async () => {
    await start();
    const response = await fetch(`${server.url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe('quartersec_retries_total 0\n');
  });

  it('gives the latest errors, and its health with what was not counted', async () => {
    const error = { level: 'CRITICAL', error_code: 'SERVER_ERROR', correlation_id: 'c-1' };
    await start({ errors: () => [error], droppedValues: () => 7 });
    expect(await ask('GET', '/errors')).toEqual({ status: 200, body: [error] });
    expect(await ask('GET', '/health')).toEqual({
      status: 200,
      body: { status: 'ok', pid: process.pid, droppedValues: 7 },
    });
  });

  it('gives the connections, and the reason when the table does not', async () => {
    await start();
    expect(await ask('GET', '/connections')).toEqual({ status: 200, body: noConnections });
    await server.close();
    await start({ connections: () => Promise.reject(new Error('TABLE_UNREACHABLE')) });
    expect(await ask('GET', '/connections')).toEqual({ status: 500, body: { error: 'TABLE_UNREACHABLE' } });
  });

  it('takes note of audits and of forgotten connections, and refuses what is neither', async () => {
    const audits: number[] = [];
    const forgotten: string[] = [];
    await start({
      recordAudit: (differences) => void audits.push(differences),
      lastAudit: () => (audits.length === 0 ? null : { atEpochMs: 7, differences: audits.at(-1) ?? 0 }),
      forget: (connectionId) => void forgotten.push(connectionId),
    });
    expect(await ask('GET', '/audits')).toEqual({ status: 200, body: null });
    expect(await ask('POST', '/audits', '{"differences":2}')).toEqual({
      status: 200,
      body: { atEpochMs: 7, differences: 2 },
    });
    expect(await ask('GET', '/audits')).toEqual({ status: 200, body: { atEpochMs: 7, differences: 2 } });
    expect(await ask('POST', '/audits', '{"differences":-1}')).toMatchObject({ status: 400 });
    expect(await ask('POST', '/forgotten', '{"connectionId":"conn-3"}')).toMatchObject({ status: 200 });
    expect(await ask('POST', '/forgotten', '{}')).toMatchObject({ status: 400 });
    expect([audits, forgotten]).toEqual([[2], ['conn-3']]);
  });

  it("runs an event and gives the function's own answer, status included", async () => {
    await start({ runEvent: async (body) => ({ status: 502, body: `{"got":${body}}` }) });
    expect(await ask('POST', '/events', '{"connectionId":"conn-0"}')).toEqual({
      status: 502,
      body: { got: { connectionId: 'conn-0' } },
    });
  });

  it('answers 500 with the reason when an event cannot be run, and goes on', async () => {
    await start({ runEvent: () => Promise.reject(new Error('connection refused')) });
    expect(await ask('POST', '/events', '{}')).toEqual({ status: 500, body: { error: 'connection refused' } });
    expect((await ask('GET', '/health')).status).toBe(200);
  });

  it('adds to a count metric of the catalogue', async () => {
    const added: unknown[] = [];
    await start({ addCount: (...sample) => void added.push(sample) });
    expect(await ask('POST', '/samples', '{"metric":"AuditDifferences","value":3}')).toEqual({
      status: 200,
      body: { metric: 'AuditDifferences', added: 3 },
    });
    expect(added).toEqual([['AuditDifferences', 3]]);
  });

  it.each([
    ['a timing', '{"metric":"RoundTrip","value":3}', 'metric must be a count metric'],
    ['an unknown metric', '{"metric":"toString","value":3}', 'metric must be a count metric'],
    ['a negative value', '{"metric":"Failed","value":-1}', 'value must be a whole number from 0'],
    ['a fraction', '{"metric":"Failed","value":0.5}', 'value must be a whole number from 0'],
    ['no value', '{"metric":"Failed"}', 'value must be a whole number from 0'],
    ['no object', 'null', 'the body must be a JSON object'],
    ['no JSON', '{', 'the body must be a JSON object'],
  ])('refuses a sample with %s', async (_title, sample, reason) => {
    const added: unknown[] = [];
    await start({ addCount: (...one) => void added.push(one) });
    expect(await ask('POST', '/samples', sample)).toEqual({
      status: 400,
      body: { error: expect.stringContaining(reason) },
    });
    expect(added).toEqual([]);
  });

  it('moves dead letters back and says how many', async () => {
    await start({ redrive: () => 2 });
    expect(await ask('POST', '/redrive')).toEqual({ status: 200, body: { moved: 2 } });
    expect(await ask('POST', '/rekey')).toMatchObject({ status: 200, body: { resealed: 0, unreadable: [] } });
  });

  it.each([
    ['GET', '/faults', undefined],
    ['POST', '/faults', '{"kind":"status"}'],
    ['DELETE', '/faults', undefined],
    ['GET', '/faults/f%201', undefined],
    ['DELETE', '/faults/f%201', undefined],
  ])('passes %s %s on to the simulator, and its answer back', async (method, path, body) => {
    await start({ simulatorUrl: await startSimulator() });
    expect(await ask(method, path, body)).toEqual({
      status: method === 'POST' ? 409 : 200,
      body: { method, url: `/control${path}`, body: body ?? '' },
    });
  });

  it.each(['/faults/../latency', '/faults/%2e%2e/latency', '/faults/a/b', '/latency'])(
    'passes nothing else of the simulator on: %s',
    async (path) => {
      await start({ simulatorUrl: await startSimulator() });
      const socket = await open();
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`); // as it is: fetch would tidy it
      expect(await readAll(socket)).toContain('404 Not Found');
    },
  );

  it('has no faults with a real provider, and says so', async () => {
    await start();
    expect(await ask('GET', '/faults')).toEqual({
      status: 404,
      body: { error: 'a real provider is used: faults can only be planted in the simulator' },
    });
  });

  it('says when the simulator does not answer', async () => {
    const simulatorUrl = await startSimulator();
    simulator?.close();
    await start({ simulatorUrl });
    expect(await ask('GET', '/faults')).toEqual({
      status: 502,
      body: { error: expect.stringContaining('the provider simulator does not answer') },
    });
  });

  it('says what there is when asked for something else', async () => {
    await start();
    expect(await ask('PUT', '/metrics', 'x')).toEqual({
      status: 404,
      body: { error: expect.stringContaining('GET /metrics, GET /errors, GET /health') },
    });
  });

  it('refuses a body over 64 KiB, however it is sent, and takes one of exactly that', async () => {
    await start({ runEvent: async (body) => ({ status: 200, body: String(body.length) }) });
    expect(await ask('POST', '/events', 'x'.repeat(65_536))).toEqual({ status: 200, body: 65_536 });
    expect(await ask('POST', '/events', 'x'.repeat(1_000_000))).toEqual({
      status: 413,
      body: { error: 'the body is larger than 65536 bytes' },
    });
  });
});

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {}); // cut off, as some of them are to be
  await once(socket, 'connect');
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

describe('a reader that hangs', () => {
  const request = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
  const megabyte = `${'x'.repeat(1_048_575)}\n`;

  it('is cut off when it asks on without reading, and nothing piles up for it', async () => {
    let made = 0;
    const exposition = () => {
      made += 1;
      return megabyte;
    };
    await start({ exposition });
    const socket = await open();
    socket.pause();
    socket.write(request.repeat(1_000));
    await once(socket, 'close');
    expect((await ask('GET', '/health')).status).toBe(200);
    const response = await fetch(`${server.url}/metrics`);
    expect((await response.text()).length).toBe(1_048_576);
    expect(made).toBeLessThanOrEqual(2); // one of them ours
  });

  it('may ask again on its connection once it has its answer', async () => {
    await start();
    const socket = await open();
    for (let count = 0; count < 3; count += 1) {
      socket.write(request);
      const [answer] = await once(socket, 'data');
      expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK/);
    }
  });

  it('or stops in the middle of its request keeps neither others from reading nor the server from closing', async () => {
    await start({ exposition: () => megabyte.repeat(16) }); // more than the sockets' buffers hold
    for (let count = 0; count < 5; count += 1) {
      const socket = await open();
      socket.pause();
      socket.write(count % 2 === 0 ? request : 'POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"a');
    }
    expect((await ask('GET', '/health')).status).toBe(200);
    await server.close();
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it('finds no room when there are too many of its kind', async () => {
    await start();
    const ended: Promise<unknown>[] = [];
    for (let count = 0; count < 80; count += 1) {
      const socket = await open();
      ended.push(once(socket.resume(), 'close'));
    }
    await Promise.all(ended.slice(64)); // the rest was let in
    expect(sockets.slice(0, 64).filter(({ destroyed }) => destroyed)).toEqual([]);
  });
});
