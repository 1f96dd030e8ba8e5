import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixedCredentials } from '@quartersec/aws';
import { afterEach, describe, expect, it } from 'vitest';
import { createSyncQueue } from './sync-queue.ts';

const event = {
  type: 'SyncRequested',
  connectionId: 'c',
  correlationId: 'corr',
  requestedEpochMs: 1,
  reason: 'user',
  restarts: 0,
  attempts: 0,
  firstRequestedEpochMs: 1,
  wakeEpochMs: null,
  timeouts: 0,
  fullRead: false,
  retakeAside: false,
  isSecondRead: false,
  queuedEpochMs: null,
} as const;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An SQS that gives these answers in turn, and 200 after them; `'hang up'` is a connection that breaks. */
async function scriptedQueue(...answers: readonly ({ status: number; type: string } | 'hang up')[]) {
  const requests: { target: string; body: Record<string, unknown> }[] = [];
  const waitsMs: number[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = answers[requests.length];
    requests.push({
      target: String(request.headers['x-amz-target']),
      body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
    });
    if (answer === 'hang up') request.socket.destroy();
    else if (answer === undefined) response.end('{"MessageId":"m-1"}');
    else response.writeHead(answer.status).end(JSON.stringify({ __type: `com.amazonaws.sqs#${answer.type}` }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const queue = createSyncQueue({
    queueUrl: `${url}/000000000000/sync`,
    queueUrls: { 'berlin-group': `${url}/000000000000/sync-berlin-group` },
    endpoint: new URL(url),
    region: 'eu-west-1',
    credentials: fixedCredentials({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' }),
    nowMs: () => waitsMs.reduce((sum, ms) => sum + ms, 0),
    nowEpochMs: () => 1_700_000_000_000,
    random: () => 1,
    sleep: async (ms) => void waitsMs.push(ms),
  });
  return { queue, requests, waitsMs };
}

describe('the queue', () => {
  it.each([
    [0, 0],
    [1, 1],
    [61_001, 62],
    [5_000_000, 900],
  ])('holds an event back for %i ms as %i seconds', async (delayMs, delaySeconds) => {
    const { queue, requests } = await scriptedQueue();
    await queue.send(event, 'plaid', delayMs);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ target: 'AmazonSQS.SendMessage', body: { DelaySeconds: delaySeconds } });
    expect(requests[0]?.body.QueueUrl).toMatch(/\/000000000000\/sync$/);
    expect(JSON.parse(String(requests[0]?.body.MessageBody))).toEqual(event);
  });

  it.each([
    ['berlin-group', /\/sync-berlin-group$/],
    ['openbanking-uk', /\/sync$/],
    ['unknown', /\/sync$/],
  ])("is the provider's own where it has one: %s", async (provider, url) => {
    const { queue, requests } = await scriptedQueue();
    await queue.send(event, provider, 0);
    expect(requests[0]?.body.QueueUrl).toMatch(url);
  });

  it("takes the schedule's own message, at once", async () => {
    const { queue, requests } = await scriptedQueue();
    await queue.sendDue({ type: 'ScheduleDue', shard: 3, after: 'conn-1' });
    expect(requests[0]).toMatchObject({ body: { DelaySeconds: 0 } });
    expect(JSON.parse(String(requests[0]?.body.MessageBody))).toEqual({
      type: 'ScheduleDue',
      shard: 3,
      after: 'conn-1',
    });
    const down = { status: 503, type: 'ServiceUnavailable' };
    const broken = await scriptedQueue(...Array(20).fill(down));
    const refused = broken.queue.sendDue({ type: 'ScheduleDue' });
    await expect(refused).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE', facts: { correlationId: 'schedule' } });
  });

  it('tries again after a failure that passes, longer apart each time', async () => {
    const { queue, requests, waitsMs } = await scriptedQueue('hang up', { status: 400, type: 'RequestThrottled' });
    await queue.send(event, 'plaid', 0);
    expect(requests).toHaveLength(3);
    expect(waitsMs).toEqual([25, 50]);
  });

  it('gives up after three seconds: an error that names its cause, never a silent loss', async () => {
    const down = { status: 503, type: 'ServiceUnavailable' };
    const { queue, waitsMs } = await scriptedQueue(...Array(20).fill(down));
    await expect(queue.send(event, 'plaid', 0)).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      facts: { correlationId: 'corr', reason: 'ServiceUnavailable' },
    });
    expect(waitsMs).toEqual([25, 50, 100, 200, 400, 400, 400, 400, 400, 400]);
  });

  it('does not ask again for what will be refused again', async () => {
    const { queue, requests } = await scriptedQueue({ status: 400, type: 'QueueDoesNotExist' });
    await expect(queue.send(event, 'plaid', 0)).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      facts: { reason: 'QueueDoesNotExist' },
    });
    expect(requests).toHaveLength(1);
  });
});
