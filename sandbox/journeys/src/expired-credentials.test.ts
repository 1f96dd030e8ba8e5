import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type System, sendEvent } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectTruth, readJournal, startJourneySystem, until } from './journey.ts';

const lines: string[] = [];
let hasExpired = false;
let system: System;
let proxy: Server;

/** Stands before the table: it is AWS that knows how old a token is. */
beforeAll(async () => {
  proxy = createServer((incoming, response) => {
    if (hasExpired) {
      incoming.resume();
      response.writeHead(400).end('{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"expired"}');
      return;
    }
    const { method = 'POST', headers } = incoming;
    const outgoing = forward(system.dynamoDbUrl, { method, headers }, (found) => {
      response.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  system = await startJourneySystem({
    dax: false,
    maxEnvironments: 1,
    queue: { visibilityTimeoutSeconds: 5, maxReceiveCount: 5 },
    processEnvironment: { DYNAMODB_ENDPOINT: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` },
    onLog: (_functionName, line) => void lines.push(line),
  });
});

afterAll(async () => {
  await system?.close();
  proxy.closeAllConnections();
  proxy.close();
});

it('an environment whose credentials have expired ends, and the next one takes its messages', async () => {
  const environments = () =>
    system.host
      .environments()
      .filter(({ functionName }) => functionName === 'process')
      .map(({ id }) => id);
  await sendEvent(system.queueUrl, 'conn-0');
  await until('the first commit', async () => (await readJournal(system, 'conn-0')).head.version === 3);
  const [living] = environments();
  hasExpired = true;
  await sendEvent(system.queueUrl, 'conn-1');
  await until('the end of the environment', () => !environments().includes(living as string));
  hasExpired = false;
  await until('the second commit', async () => (await readJournal(system, 'conn-1')).head.version === 3);
  await expectTruth(system, 1);
  expect(system.host.stats().queues['sync-dead']?.visible).toBe(0);
  expect(lines.filter((line) => line.includes('role refused')).length).toBeGreaterThan(0);
});
