import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSignedCall } from './signed-call.ts';

const ourEpochMs = Date.UTC(2026, 0, 1, 12);
const serviceEpochMs = ourEpochMs + 3_600_000;
const refusal = (type: string, message = '') => JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message });

/** @param answers by turn, of a service whose clock is an hour ahead; the last one is given from then on */
async function serve(...answers: readonly [status: number, text: string][]) {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const [status, text] = answers[Math.min(seen.length, answers.length - 1)] ?? [500, ''];
    seen.push(request.headers);
    response.sendDate = false;
    request.resume().once('end', () => {
      response.writeHead(status, { date: new Date(serviceEpochMs).toUTCString() }).end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const call = createSignedCall({
    service: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810',
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    nowEpochMs: () => ourEpochMs,
  });
  return { call, dates: () => seen.map((headers) => headers['x-amz-date']) };
}

describe('a request that was refused for its time', () => {
  it.each([
    ['RequestTimeTooSkewed', ''],
    ['RequestExpired', ''],
    ['RequestInTheFuture', ''],
    ['InvalidSignatureException', 'Signature expired: 20260101T120000Z is now earlier than ...'],
    ['InvalidSignatureException', 'Signature not yet current: ...'],
  ])('%s %s is signed again by the clock of the service, and so are those after it', async (name, message) => {
    const { call, dates } = await serve([400, refusal(name, message)], [200, '{"ok":1}']);
    expect(await call('GetItem', {})).toEqual({ ok: 1 });
    await call('GetItem', {});
    expect(dates()).toEqual(['20260101T120000Z', '20260101T130000Z', '20260101T130000Z']);
  });

  it('is given up when it is refused again', async () => {
    const { call, dates } = await serve([400, refusal('RequestExpired')]);
    await expect(call('GetItem', {})).rejects.toMatchObject({ name: 'RequestExpired' });
    expect(dates()).toHaveLength(2);
  });
});

it.each([
  ['InvalidSignatureException', 'The request signature we calculated does not match the signature you provided.'],
  ['AccessDeniedException', 'expired'],
])('a refusal for another reason is final: %s', async (name, message) => {
  const { call, dates } = await serve([400, refusal(name, message)]);
  await expect(call('GetItem', {})).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  expect(dates()).toEqual(['20260101T120000Z']);
});
