import type { VerifiedWebhook, WebhookReaction } from '@quartersec/providers';
import { StorageError } from '@quartersec/storage';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { ProcessorError } from './processor-error.ts';
import { createSeenWebhooks } from './seen-webhooks.ts';
import { parseSyncRequested, type SyncRequested } from './sync-event.ts';
import { createWebhookHandler, type WebhookDependencies, type WebhookProvider } from './webhook-handler.ts';

const nowEpochMs = 1_700_000_000_000;
const look = {
  kind: 'look',
  itemId: 'item-1',
  code: 'SYNC',
  readAccounts: false,
  consentExpiresEpochMs: undefined,
} as const;

interface Parts {
  readonly verified?: VerifiedWebhook;
  readonly reaction?: WebhookReaction;
  readonly deps?: Partial<WebhookDependencies>;
}

function setUp({ verified = { outcome: 'genuine' }, reaction = look, deps = {} }: Parts = {}) {
  const sent: SyncRequested[] = [];
  const measured: Record<string, unknown>[] = [];
  const logged: unknown[][] = [];
  const bodies: string[] = [];
  let elapsedMs = 0;
  let cold = true;
  const provider: WebhookProvider = {
    tokenHeader: 'x-token',
    takenStatus: 200,
    async verify(_token, body) {
      bodies.push(Buffer.from(body).toString());
      elapsedMs += 7;
      return verified;
    },
    react: () => reaction,
    replayKeyOf: (token) => token,
  };
  const handler = createWebhookHandler(
    {
      providerFor: (name) => (name === 'plaid' ? provider : undefined),
      findConnection: async (_provider, itemId) => (itemId === 'item-1' ? 'conn-1' : undefined),
      queue: { send: async (event) => void sent.push(event) },
      seen: createSeenWebhooks(),
      log: { write: (...line) => void logged.push(line) },
      metrics: { write: (values, name) => void measured.push({ ...values, provider: name }) },
      newId: () => 'id-1',
      takeColdStart() {
        const first = cold;
        cold = false;
        return first;
      },
      nowMs: () => elapsedMs,
      nowEpochMs: () => nowEpochMs,
      ...deps,
    },
    { hardDeadlineMs: 1_000, bodyAtMost: 100 },
  );
  const post = async (
    members: Partial<{ body: string; token: string; path: string; method: string; base64: boolean }> = {},
  ) => {
    const { body = '{"a":1}', token = 'token-1', path = '/webhooks/plaid', method = 'POST', base64 = false } = members;
    const answer = await handler({
      rawPath: path,
      headers: { 'x-token': token },
      body: base64 ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded: base64,
      requestContext: { http: { method } },
    } as unknown as LambdaFunctionURLEvent);
    return { status: answer.statusCode, headers: answer.headers, code: JSON.parse(answer.body ?? '').code };
  };
  return { post, handler, sent, measured, logged, bodies };
}

describe('a verified webhook', () => {
  it('becomes one event of its connection, and is answered 200', async () => {
    const { post, sent, measured, logged } = setUp();
    expect(await post()).toMatchObject({ status: 200, code: 'QUEUED' });
    expect(sent).toEqual([
      parseSyncRequested(
        { connectionId: 'conn-1', reason: 'webhook' },
        { correlationId: 'id-1', requestedEpochMs: nowEpochMs },
      ),
    ]);
    expect(measured).toEqual([{ WebhookTime: 7, WebhooksQueued: 1, ColdStart: 1, provider: 'plaid' }]);
    expect(logged).toEqual([
      [
        'info',
        'webhook',
        { provider: 'plaid', outcome: 'QUEUED', kind: 'SYNC', connection_id: 'conn-1', correlation_id: 'id-1' },
      ],
    ]);
  });

  it('asks for the account list and says when the consent ends', async () => {
    const { post, sent } = setUp({ reaction: { ...look, readAccounts: true, consentExpiresEpochMs: 9 } });
    await post();
    expect(sent).toMatchObject([{ readAccounts: true, consentExpiresEpochMs: 9 }]);
  });

  it('is verified over the bytes that were sent, base64 undone', async () => {
    const { post, bodies } = setUp();
    await post({ body: '{ "n": "é" }' });
    await post({ body: '{ "n": "é" }', base64: true });
    expect(bodies).toEqual(['{ "n": "é" }', '{ "n": "é" }']);
  });

  it('makes no second message when it comes again', async () => {
    const { post, sent, measured } = setUp();
    await post();
    expect(await post()).toMatchObject({ status: 200, code: 'REPEATED' });
    expect(await post({ token: 'token-2' })).toMatchObject({ status: 200, code: 'QUEUED' });
    expect(sent).toHaveLength(2);
    expect(measured[1]).toEqual({ WebhookTime: 7, WebhooksRepeated: 1, provider: 'plaid' });
  });

  it.each<[WebhookReaction, string, object]>([
    [{ kind: 'nothing', code: 'LEGACY_UPDATE' }, 'NOTHING_TO_DO', {}],
    [{ kind: 'unknown', code: 'A/B' }, 'KIND_UNKNOWN', { WebhooksUnknown: 1 }],
    [{ ...look, itemId: 'item-2' }, 'ITEM_UNKNOWN', { WebhooksUnknown: 1 }],
  ])('that asks for nothing of ours is acknowledged and counted: %o', async (reaction, code, counts) => {
    const { post, sent, measured } = setUp({ reaction });
    expect(await post()).toMatchObject({ status: 200, code });
    expect(sent).toEqual([]);
    expect(measured).toEqual([{ WebhookTime: 7, ...counts, ColdStart: 1, provider: 'plaid' }]);
  });

  it.each<[string, Partial<WebhookDependencies>, string]>([
    [
      'the queue',
      { queue: { send: () => Promise.reject(new ProcessorError('QUEUE_UNAVAILABLE', {})) } },
      'QUEUE_UNAVAILABLE',
    ],
    [
      'the table',
      { findConnection: () => Promise.reject(new StorageError('TABLE_UNREACHABLE', {})) },
      'TABLE_UNREACHABLE',
    ],
  ])('is not taken while %s refuses, and is taken when it comes again', async (_, deps, code) => {
    const seen = createSeenWebhooks();
    const broken = setUp({ deps: { ...deps, seen } });
    const answer = await broken.post();
    expect(answer).toMatchObject({ status: 503, code, headers: { 'retry-after': '30' } });
    expect(broken.measured).toEqual([{ WebhookTime: 7, WebhooksFailed: 1, ColdStart: 1, provider: 'plaid' }]);
    const mended = setUp({ deps: { seen } });
    expect(await mended.post()).toMatchObject({ status: 200, code: 'QUEUED' });
    expect(mended.sent).toHaveLength(1);
  });
});

describe('what is no webhook of the provider', () => {
  it.each(['SIGNATURE_INVALID', 'TOO_OLD', 'FROM_THE_FUTURE', 'BODY_DIFFERS', 'KEY_UNKNOWN'] as const)(
    'is refused and counted as forged: %s',
    async (refusal) => {
      const { post, sent, measured, logged } = setUp({ verified: { outcome: 'refused', refusal } });
      expect(await post({ body: '{"secret":"4711"}' })).toMatchObject({ status: 401, code: refusal });
      expect(sent).toEqual([]);
      expect(measured).toEqual([{ WebhookForged: 1, ColdStart: 1, provider: 'plaid' }]);
      expect(JSON.stringify(logged)).not.toContain('4711');
    },
  );

  it('is no forgery without a token', async () => {
    const { post, measured } = setUp({ verified: { outcome: 'refused', refusal: 'TOKEN_MISSING' } });
    expect(await post()).toMatchObject({ status: 401 });
    expect(measured).toEqual([{ Refused: 1, ColdStart: 1, provider: 'plaid' }]);
  });

  it.each([
    ['cap', 'KEY_CAP'],
    ['lookup', 'KEY_UNAVAILABLE'],
  ] as const)('is asked to come again when its key cannot be had: %s', async (because, code) => {
    const { post, sent } = setUp({ verified: { outcome: 'undecided', because } });
    expect(await post()).toMatchObject({ status: 503, code });
    expect(sent).toEqual([]);
  });

  it.each([
    ['as text', false],
    ['in base64', true],
  ])('is refused when it is too large, %s, before anything else', async (_, base64) => {
    const { post, bodies } = setUp();
    expect(await post({ body: 'x'.repeat(100), base64 })).toMatchObject({ status: 200 });
    expect(await post({ body: 'x'.repeat(101), base64 })).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    expect(await post({ body: 'é'.repeat(51), base64 })).toMatchObject({ status: 413 });
    expect(await post({ body: 'x'.repeat(5_000_000), base64 })).toMatchObject({ status: 413 });
    expect(bodies).toHaveLength(1);
  });

  it.each([
    [{ path: '/webhooks/other' }, 404],
    [{ path: '/webhooks/toString' }, 404],
    [{ path: '/' }, 404],
    [{ path: '/webhooks/plaid/more' }, 404],
    [{ method: 'GET' }, 405],
  ])('is refused at another address: %o', async (members, status) => {
    const { post, bodies } = setUp();
    expect(await post(members)).toMatchObject({ status });
    expect(bodies).toEqual([]);
  });

  it('takes a request without a body for an empty one', async () => {
    const { handler, bodies } = setUp();
    const request = { rawPath: '/webhooks/plaid', headers: {}, requestContext: { http: { method: 'POST' } } };
    await handler(request as unknown as LambdaFunctionURLEvent);
    expect(bodies).toEqual(['']);
  });
});

it('lets a defect of ours through, counted as one that was not taken', async () => {
  const findConnection = vi.fn().mockRejectedValue(new RangeError('x'));
  const { post, measured } = setUp({ deps: { findConnection } });
  await expect(post()).rejects.toThrow(RangeError);
  expect(measured).toEqual([{ WebhookTime: 7, WebhooksFailed: 1, ColdStart: 1, provider: 'plaid' }]);
});

describe('the memory of webhooks', () => {
  it('ends with the time in which their token would be taken again', () => {
    const seen = createSeenWebhooks();
    seen.add('a', 1_000);
    expect([seen.has('a', 361_000), seen.has('a', 361_001), seen.has('b', 1_000)]).toEqual([true, false, false]);
  });

  it('is bounded: the oldest go first', () => {
    const seen = createSeenWebhooks(3);
    for (const key of ['a', 'b', 'c', 'd']) seen.add(key, 0);
    expect(['a', 'b', 'c', 'd'].map((key) => seen.has(key, 0))).toEqual([false, true, true, true]);
    seen.add('e', 400_000);
    expect(['b', 'c', 'd', 'e'].map((key) => seen.has(key, 300_000))).toEqual([false, false, false, true]);
  });
});
