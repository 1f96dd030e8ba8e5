import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CredentialSource, createAwsCall, fixedCredentials } from './aws-call.ts';
import type { AwsCredentials } from './aws-signature.ts';

const ourEpochMs = Date.UTC(2026, 0, 1, 12);
const hourMs = 3_600_000;
const refusal = (type: string, message = '') => JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message });
const old = { accessKeyId: 'old', secretAccessKey: 's', sessionToken: 'old-token' };

interface Service {
  /** Its clock less ours. */
  readonly aheadMs?: number;
  readonly credentials?: CredentialSource;
}

/** @param answers by turn; the last one is given from then on */
async function serve(answers: readonly [status: number, text: string][], options: Service = {}) {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const [status, text] = answers[Math.min(seen.length, answers.length - 1)] ?? [500, ''];
    seen.push(request.headers);
    response.sendDate = false;
    request.resume().once('end', () => {
      response.writeHead(status, { date: new Date(ourEpochMs + (options.aheadMs ?? 0)).toUTCString() }).end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const call = createAwsCall({
    service: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810',
    region: 'eu-central-1',
    endpoint: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    credentials: options.credentials ?? fixedCredentials(old),
    nowEpochMs: () => ourEpochMs,
  });
  return { call, seen, dates: () => seen.map((headers) => headers['x-amz-date']) };
}

it('speaks the JSON protocol, signed', async () => {
  const { call, seen } = await serve([[200, '{"ok":1}']]);
  expect(await call('GetItem', { a: 1 })).toEqual({ ok: 1 });
  expect(seen[0]).toMatchObject({
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.GetItem',
    'x-amz-security-token': 'old-token',
    'content-length': '7',
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=old\/20260101\/eu-central-1\/dynamodb\/aws4_request, SignedHeaders=\S+host\S+, Signature=[0-9a-f]{64}$/,
    ),
  });
});

describe('a request that was refused for its time', () => {
  it.each([
    ['RequestTimeTooSkewed', ''],
    ['RequestExpired', ''],
    ['RequestInTheFuture', ''],
    ['InvalidSignatureException', 'Signature expired: 20260101T120000Z is now earlier than ...'],
    ['InvalidSignatureException', 'Signature not yet current: ...'],
  ])('%s %s is signed again by the clock of the service, and so are those after it', async (name, message) => {
    const { call, dates } = await serve(
      [
        [400, refusal(name, message)],
        [200, '{"ok":1}'],
      ],
      { aheadMs: hourMs },
    );
    expect(await call('GetItem', {})).toEqual({ ok: 1 });
    await call('GetItem', {});
    expect(dates()).toEqual(['20260101T120000Z', '20260101T130000Z', '20260101T130000Z']);
  });

  it('is given up when it is refused again', async () => {
    const { call, dates } = await serve([[400, refusal('RequestExpired')]], { aheadMs: -hourMs });
    await expect(call('GetItem', {})).rejects.toMatchObject({ name: 'RequestExpired' });
    expect(dates()).toHaveLength(2);
  });

  it.each(['InvalidSignatureException', 'AccessDeniedException', 'ValidationException'])(
    'is final where the clocks agree: %s',
    async (name) => {
      const { call, dates } = await serve([[400, refusal(name)]], { aheadMs: 60_000 });
      await expect(call('GetItem', {})).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
      expect(dates()).toHaveLength(1);
    },
  );
});

describe('a request whose credentials were refused', () => {
  const fresh = { accessKeyId: 'new', secretAccessKey: 's' };
  const renewable = (next: AwsCredentials | undefined) => {
    let current: AwsCredentials = old;
    let reads = 0;
    const source: CredentialSource = {
      current: () => current,
      async renew() {
        reads += 1;
        current = next ?? current;
        return next !== undefined;
      },
    };
    return { source, reads: () => reads };
  };

  it.each(['ExpiredTokenException', 'UnrecognizedClientException'])(
    'is signed again with those that are read then: %s',
    async (name) => {
      const { source } = renewable(fresh);
      const { call, seen } = await serve(
        [
          [400, refusal(name)],
          [200, '{}'],
        ],
        { credentials: source },
      );
      await call('GetItem', {});
      expect(seen.map(({ authorization }) => /Credential=(\w+)/.exec(authorization ?? '')?.[1])).toEqual([
        'old',
        'new',
      ]);
    },
  );

  it('is final where there are no others', async () => {
    const { source, reads } = renewable(undefined);
    const { call, seen } = await serve([[400, refusal('ExpiredTokenException')]], { credentials: source });
    await expect(call('GetItem', {})).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    expect([seen.length, reads()]).toEqual([1, 1]);
  });

  it('is final where the others are refused as well', async () => {
    const { source, reads } = renewable(fresh);
    const { call, seen } = await serve([[400, refusal('ExpiredTokenException')]], { credentials: source });
    await expect(call('GetItem', {})).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    expect([seen.length, reads()]).toEqual([2, 1]);
  });
});

it.each([
  ['no JSON', '<html>', 'UnknownError'],
  ['null', 'null', 'UnknownError'],
  ['another shape', '{"error":"x"}', 'UnknownError'],
  ['a capital message', '{"__type":"AccessDeniedException","Message":"no"}', 'AccessDeniedException'],
])('names what refuses it by what there is: %s', async (_title, text, name) => {
  const { call } = await serve([[403, text]]);
  await expect(call('GetItem', {})).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
});
