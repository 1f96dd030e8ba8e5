import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startDaxNode } from './dax-node.ts';
import { closeDaxClient, newDaxClient } from './testing/dax-client.ts';
import { startHarness } from './testing/harness.ts';
import { connectRaw, JAVA_PREAMBLE, PREAMBLE } from './testing/raw-client.ts';
import { getRequest, putRequest, request } from './testing/requests.ts';

const endpoint = 'http://127.0.0.1:1';

describe('startDaxNode', () => {
  it.each([
    [{ endpoint: 'localhost:8000' }, 'endpoint must be a URL'],
    [{ endpoint, port: 70_000 }, 'port must be a whole number from 0 to 65535'],
    [{ endpoint, itemTtlMs: -1 }, 'itemTtlMs'],
    [{ endpoint, memoryLimitBytes: 1.5 }, 'memoryLimitBytes'],
    [{ endpoint, advertise: 'example.com:1' }, 'advertise must be an IP address'],
    [{ endpoint, advertise: '192.0.2.7' }, 'advertise must be an IP address'],
  ])('refuses %j', async (options, message) => {
    await expect(startDaxNode(options)).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('says what to do about a port in use, its own or that of the metrics', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const inUse = { code: 'PORT_IN_USE', message: expect.stringContaining('choose another port') };
    await expect(startDaxNode({ endpoint, port })).rejects.toMatchObject(inUse);
    await expect(startDaxNode({ endpoint, metricsPort: port })).rejects.toMatchObject(inUse);
    server.close();
  });

  it('names an address that every client can use', async () => {
    const node = await startDaxNode({ endpoint, host: '0.0.0.0' });
    expect(node.url).toBe(`dax://127.0.0.1:${node.port}`);
    await Promise.all([node.close(), node.close()]);
  });

  it('stops accepting and lets go of idle clients when it closes', async () => {
    await using harness = await startHarness();
    const client = await harness.connect();
    client.send(request('endpoints'));
    await client.receive(10);
    await harness.node.close();
    await client.closed;
    await expect(connectRaw(harness.node.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each([
    ['without frames', PREAMBLE, ''],
    ['with frames', JAVA_PREAMBLE, '0000000d01000000'],
  ])('serves a thousand connections at once, of clients %s', async (_, preamble, frame) => {
    await using harness = await startHarness();
    const { port } = harness.node;
    const clients = await Promise.all(Array.from({ length: 1_000 }, () => connectRaw(port)));
    const frameBytes = frame.length / 2;
    for (const [index, client] of clients.entries()) client.send(Buffer.concat([preamble, putRequest(`key ${index}`)]));
    await Promise.all(clients.map((client) => client.receive(frameBytes + 2)));
    for (const [index, client] of clients.entries()) client.send(getRequest(`key ${index}`));
    const answers = await Promise.all(
      clients.map(async (client) => (await client.receive(frameBytes + 5)).toString('hex')),
    );
    expect(new Set(answers)).toEqual(new Set([`${frame}80a1004101`]));
    expect(harness.node.stats()).toMatchObject({
      connections: { open: 1_000, refused: 0 },
      itemCache: { hits: 1_000 },
    });
    for (const client of clients) client.close();
  });

  it('keeps ids of attribute lists across a restart, so that no client stores under wrong names', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const stateDirectory = mkdtempSync(`${tmpdir()}/dax-node-`);
    let puts: unknown[] = [];
    await using harness = await startHarness(({ body }) => {
      puts = [...puts, body.Item];
      return {};
    });
    const run = async (port?: number) => startDaxNode({ endpoint: harness.backend.endpoint, stateDirectory, port });
    const first = await run();
    const client = await connectRaw(first.port);
    client.send(Buffer.concat([PREAMBLE, request('defineAttributeListId', '81 61"x"')]));
    const id = (await client.receive(10)).subarray(1);
    await first.close();
    const second = await run();
    const later = await connectRaw(second.port);
    const item = Buffer.concat([Buffer.from([0x4a]), id, Buffer.from([0x05])]);
    later.send(Buffer.concat([PREAMBLE, request('putItem', '45"table" 41"a"'), item, Buffer.from([0xf6])]));
    expect((await later.receive(2)).toString('hex')).toBe('80f6');
    expect(puts).toEqual([{ pk: { S: 'a' }, x: { N: '5' } }]);
    later.close();
    await second.close();
    rmSync(stateDirectory, { recursive: true });
  });
});

describe('metrics', () => {
  it('are served for Prometheus and as JSON', async () => {
    await using harness = await startHarness(() => ({ Item: { pk: { S: 'a' } } }), { metricsPort: 0 });
    const client = await harness.connect();
    for (const _ of [1, 2, 3]) {
      client.send(getRequest('a'));
      await client.receive(5);
    }
    const text = async (path: string) => (await fetch(`${harness.node.metricsUrl}${path}`)).text();
    const metrics = await text('/metrics');
    expect(metrics).toContain('dax_cache_reads_total{cache="item",result="hit"} 2\n');
    expect(metrics).toContain('dax_table_reads_total{table="table",result="miss"} 1\n');
    expect(metrics).toContain('dax_request_duration_seconds_count{operation="getItem"} 3\n');
    for (const line of metrics.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? [\d.e+-]+)$/);
    expect(JSON.parse(await text('/stats'))).toMatchObject({
      itemCache: { hits: 2, misses: 1, entries: 1 },
      operations: { getItem: { count: 3, errors: 0 } },
    });
    expect((await fetch(`${harness.node.metricsUrl}/else`)).status).toBe(404);
  });
});

describe('memory', () => {
  it('stays within its limit whatever is written', async () => {
    await using harness = await startHarness(() => ({}), { memoryLimitBytes: 20_000 });
    const client = await harness.connect();
    for (let index = 0; index < 200; index += 1) {
      client.send(putRequest(`key ${index}`));
      await client.receive(2);
    }
    const { memory, itemCache } = harness.node.stats();
    expect(memory.usedBytes).toBeLessThanOrEqual(20_000);
    expect(itemCache.entries + itemCache.evictions).toBe(200);
    expect(itemCache.evictions).toBeGreaterThan(100);
  });
});

describe('the JavaScript client', () => {
  it('is told at once that a backend is not there', async () => {
    const node = await startDaxNode({ endpoint });
    const dax = newDaxClient(node.url);
    await expect(dax.getItem({ TableName: 'table', Key: { pk: { S: 'a' } } })).rejects.toMatchObject({
      code: 'InternalServerError',
    });
    closeDaxClient(dax);
    await node.close();
  });
});
