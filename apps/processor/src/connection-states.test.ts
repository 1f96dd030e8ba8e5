/** What a connection becomes after the provider's errors, and how it comes back: public cases, by the codes that Plaid sends. */
import {
  createPlaidConnector,
  type HttpAnswer,
  type HttpClient,
  isProviderErrorCode,
  providerErrorOutcomes,
} from '@quartersec/providers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventReport, processEvent } from './process-event.ts';
import { type Answer, createScriptedPipeline, type ScriptedPipeline } from './scripted-pipeline.ts';
import type { SyncRequested } from './sync-event.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const limits = { hardDeadlineMs: 2_000 };

type Reply = Pick<HttpAnswer, 'status' | 'text'>;
const refusal = (error_type: string, error_code: string, status = 400): Reply => ({
  status,
  text: JSON.stringify({
    error_type,
    error_code,
    error_message: 'unstable text',
    display_message: null,
    request_id: 'req1',
  }),
});
const empty: Reply = {
  status: 200,
  text: JSON.stringify({
    added: [],
    modified: [],
    removed: [],
    accounts: [],
    next_cursor: 'c1',
    has_more: false,
    request_id: 'req1',
    transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE',
  }),
};

/** Says nothing of the accounts; its calls are not what is counted here. */
const noAccounts: Reply = { status: 200, text: JSON.stringify({ accounts: [], item: {}, request_id: 'req2' }) };

/** The pipeline over the real connector; each reply answers one call for a page, the last one all that follow. */
async function plaid(replies: readonly Reply[], settings: { baseUrl?: string; accessToken?: string } = {}) {
  const { baseUrl = 'https://production.plaid.com', accessToken = 'access-production-1' } = settings;
  let calls = 0;
  const http: HttpClient = {
    async send({ url }) {
      if (url.endsWith('/accounts/get')) return { ...noAccounts, headers: {}, retryAfterMs: undefined };
      const reply = replies[Math.min(calls, replies.length - 1)] ?? empty;
      calls += 1;
      return { ...reply, headers: {}, retryAfterMs: undefined };
    },
    close: () => {},
  };
  const connector = createPlaidConnector({ baseUrl, clientId: 'client-1', secret: 'secret-1', http });
  const pipeline = createScriptedPipeline([], { connectorFor: () => connector, openToken: () => accessToken });
  await pipeline.link('conn-1');
  return { pipeline, calls: () => calls };
}

function run(pipeline: ScriptedPipeline, members: Partial<SyncRequested> = {}): Promise<EventReport> {
  return processEvent(pipeline.event('conn-1', members), limits, pipeline.deps);
}

/** Delivers what is on the queue when its time has come, as often as told. */
async function drain(pipeline: ScriptedPipeline, deliveries: number): Promise<void> {
  for (let delivery = 0; delivery < deliveries; delivery += 1) {
    const message = pipeline.sent.shift();
    if (message === undefined) return;
    pipeline.advanceMs(Math.min(message.delayMs, 900_000));
    await processEvent(message.event, limits, pipeline.deps);
  }
}

describe('codes that their user cures', () => {
  it.each([
    ['INVALID_INPUT', 'ADDITIONAL_CONSENT_REQUIRED', 'consent-required'],
    ['ITEM_ERROR', 'ACCESS_NOT_GRANTED', 'consent-required'],
    ['ITEM_ERROR', 'PASSWORD_RESET_REQUIRED', 'login-required'],
    ['ITEM_ERROR', 'INVALID_MFA', 'login-required'],
    ['ITEM_ERROR', 'INSUFFICIENT_CREDENTIALS', 'login-required'],
    ['ITEM_ERROR', 'INVALID_UPDATED_USERNAME', 'login-required'],
    ['ITEM_ERROR', 'USER_INPUT_TIMEOUT', 'login-required'],
    ['ITEM_ERROR', 'A_CODE_OF_NEXT_YEAR', 'login-required'],
  ])('%s %s: one call, one entry, one alert, status %s', async (type, code, status) => {
    const { pipeline, calls } = await plaid([refusal(type, code)]);
    for (let event = 0; event < 3; event += 1) {
      expect((await run(pipeline)).outcome).toMatchObject({ kind: 'stopped', status, now: event === 0 });
    }
    expect(calls()).toBe(1);
    expect(pipeline.sent).toEqual([]);
    expect(await pipeline.head('conn-1')).toMatchObject({ version: 2, status });
    expect(pipeline.measured.map(({ ConsentEnded = 0 }) => ConsentEnded)).toEqual([1, 0, 0]);
  });

  it('counts a code that Plaid does not document as news', async () => {
    const { pipeline } = await plaid([refusal('ITEM_ERROR', 'A_CODE_OF_NEXT_YEAR')]);
    await run(pipeline);
    expect(pipeline.measured[0]).toMatchObject({ UnknownEnums: 1 });
  });
});

describe('a login that is repaired', () => {
  const login = refusal('ITEM_ERROR', 'ITEM_LOGIN_REQUIRED');

  it.each(['webhook', 'user'] as const)('is found out by an event of reason %s a minute later', async (reason) => {
    const { pipeline, calls } = await plaid([login, empty]);
    await run(pipeline);
    pipeline.advanceMs(60_000);
    expect((await run(pipeline, { reason })).outcome).toMatchObject({ kind: 'committed' });
    expect(calls()).toBe(2);
    expect(await pipeline.head('conn-1')).toMatchObject({
      status: 'active',
      statusReason: null,
      nextAttemptEpochMs: null,
    });
  });

  it('is found out by the schedule once a day, and by no more than that', async () => {
    const { pipeline, calls } = await plaid([login]);
    await run(pipeline);
    for (let hour = 1; hour <= 72; hour += 1) {
      pipeline.advanceMs(hourMs);
      expect((await run(pipeline, { reason: 'schedule' })).outcome).toMatchObject({ kind: 'stopped', now: false });
    }
    expect(calls()).toBe(4);
    expect((await pipeline.head('conn-1')).version).toBe(5);
  });

  it('that is not yet repaired costs a call for each wish of its user, and stores nothing', async () => {
    const { pipeline, calls } = await plaid([login]);
    await run(pipeline);
    for (let click = 0; click < 3; click += 1) {
      pipeline.advanceMs(60_000);
      expect((await run(pipeline, { reason: 'user' })).outcome).toMatchObject({ kind: 'stopped', now: false });
    }
    expect(calls()).toBe(4);
    expect((await pipeline.head('conn-1')).version).toBe(2);
  });

  it('is not asked for by a message from before the stop', async () => {
    const { pipeline, calls } = await plaid([login]);
    const before = pipeline.nowEpochMs();
    pipeline.advanceMs(60_000);
    await run(pipeline);
    await run(pipeline, { reason: 'user', requestedEpochMs: before });
    expect(calls()).toBe(1);
  });
});

describe('an end', () => {
  it.each([
    ['ITEM_ERROR', 'ITEM_NOT_FOUND'],
    ['INVALID_INPUT', 'USER_PERMISSION_REVOKED'],
    ['INSTITUTION_ERROR', 'INSTITUTION_NO_LONGER_SUPPORTED'],
  ])('%s %s holds for the schedule and webhooks, and is asked again for its user alone', async (type, code) => {
    const { pipeline, calls } = await plaid([refusal(type, code)]);
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'stopped', status: 'revoked', now: true });
    pipeline.advanceMs(7 * dayMs);
    await run(pipeline, { reason: 'schedule' });
    await run(pipeline, { reason: 'webhook' });
    expect(calls()).toBe(1);
    expect((await run(pipeline, { reason: 'user' })).outcome).toMatchObject({ kind: 'stopped', now: false });
    expect(calls()).toBe(2);
    expect((await pipeline.head('conn-1')).version).toBe(2);
  });
});

describe('a configuration that the provider refuses', () => {
  const codes = [
    ['RATE_LIMIT_EXCEEDED', 'CREDITS_EXHAUSTED', 429],
    ['INVALID_INPUT', 'INVALID_API_KEYS', 401],
    ['INVALID_INPUT', 'UNAUTHORIZED_ENVIRONMENT', 400],
    ['INSTITUTION_ERROR', 'INSTITUTION_REGISTRATION_REQUIRED', 400],
    ['ITEM_ERROR', 'PRODUCT_NOT_ENABLED', 400],
    ['INVALID_INPUT', 'INVALID_ACCESS_TOKEN', 400],
  ] as const;

  it.each(codes)('%s %s: alerted, asked hourly, and the connection stays active', async (type, code, status) => {
    const { pipeline, calls } = await plaid([refusal(type, code, status)]);
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'postponed', misconfigured: true, exhausted: false });
    expect(pipeline.logged[0]).toMatchObject({ level: 'critical', message: 'configuration refused' });
    expect(pipeline.logged[0]?.fields.error_detail).toContain(code);
    expect(pipeline.measured[0]).toMatchObject({ ConfigurationRefused: 1 });
    expect(pipeline.measured[0]).not.toHaveProperty('RetriesExhausted');
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active' });
    await drain(pipeline, 30); // about seven hours, in steps of what the queue can hold
    expect(calls()).toBeLessThanOrEqual(8);
    expect(pipeline.sent).toHaveLength(1);
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active' });
  });

  it('that is mended lets every connection go on by itself', async () => {
    const { pipeline } = await plaid([refusal('INVALID_INPUT', 'INVALID_API_KEYS', 401), empty]);
    await run(pipeline);
    await drain(pipeline, 8);
    expect(pipeline.sent).toEqual([]);
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', nextAttemptEpochMs: null, cursor: 'c1' });
  });

  it.each([
    ['INVALID_INPUT', 'INVALID_ACCESS_TOKEN'],
    ['ITEM_ERROR', 'ITEM_NOT_FOUND'],
  ])('that names another environment takes %s %s for no end of the connection', async (type, code) => {
    const { pipeline } = await plaid([refusal(type, code), empty], { accessToken: 'access-sandbox-1' });
    expect((await run(pipeline)).outcome).toMatchObject({
      kind: 'postponed',
      code: 'WRONG_ENVIRONMENT',
      misconfigured: true,
    });
    pipeline.advanceMs(dayMs);
    expect((await run(pipeline, { reason: 'user' })).outcome).toMatchObject({ kind: 'committed' });
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', cursor: 'c1' });
  });

  it('leaves a connection that waits for its user as it is', async () => {
    const { pipeline } = await plaid([
      refusal('ITEM_ERROR', 'ITEM_LOGIN_REQUIRED'),
      refusal('INVALID_INPUT', 'INVALID_API_KEYS', 401),
    ]);
    await run(pipeline);
    pipeline.advanceMs(2 * dayMs);
    expect((await run(pipeline, { reason: 'schedule' })).outcome).toMatchObject({ misconfigured: true });
    expect((await run(pipeline, { reason: 'schedule' })).outcome).toMatchObject({ kind: 'stopped', now: false });
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'login-required', statusReason: 'LOGIN_REQUIRED' });
    expect(pipeline.sent).toEqual([]);
  });
});

describe('an answer that can mean several things', () => {
  it.each([
    ['ITEM_ERROR', 'NO_ACCOUNTS'],
    ['INSTITUTION_ERROR', 'UNSUPPORTED_RESPONSE'],
  ])('%s %s is asked again in a day, and ends nothing', async (type, code) => {
    const { pipeline, calls } = await plaid([refusal(type, code), empty]);
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'postponed', code: 'STATE_UNCLEAR' });
    await drain(pipeline, 90);
    expect(calls()).toBe(1);
    await drain(pipeline, 20);
    expect(calls()).toBe(2);
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', cursor: 'c1' });
  });
});

describe('data in the making', () => {
  const notReady = refusal('ITEM_ERROR', 'PRODUCT_NOT_READY');

  it('are polled slowly, and no sync is claimed', async () => {
    const { pipeline, calls } = await plaid([notReady, notReady, empty]);
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'postponed', code: 'NOT_READY' });
    expect(await pipeline.head('conn-1')).toMatchObject({ lastSync: null, cursor: null });
    await drain(pipeline, 2);
    expect(calls()).toBe(3);
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', cursor: 'c1' });
  });

  it('are asked for at once when the webhook comes, and the poll that waits then ends', async () => {
    const { pipeline, calls } = await plaid([notReady, notReady, empty]);
    await run(pipeline);
    pipeline.advanceMs(60_000);
    expect((await run(pipeline, { reason: 'webhook' })).outcome).toMatchObject({ kind: 'postponed' });
    pipeline.advanceMs(60_000);
    expect((await run(pipeline, { reason: 'schedule' })).outcome).toMatchObject({ kind: 'postponed' });
    const [first, second] = pipeline.sent.splice(0);
    await processEvent(first?.event as SyncRequested, limits, pipeline.deps);
    expect(pipeline.sent).toEqual([]); // the later wait has its own message
    pipeline.advanceMs(second?.delayMs ?? 0);
    await processEvent(second?.event as SyncRequested, limits, pipeline.deps);
    expect(calls()).toBe(3);
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', cursor: 'c1' });
  });
});

describe('a throttle that does not end', () => {
  it('is asked ever more rarely, by one message', async () => {
    const { pipeline, calls } = await plaid([refusal('RATE_LIMIT_EXCEEDED', 'RATE_LIMIT', 429)]);
    await run(pipeline);
    const startedEpochMs = pipeline.nowEpochMs();
    while (pipeline.nowEpochMs() - startedEpochMs < dayMs) await drain(pipeline, 1);
    expect(calls()).toBeGreaterThan(20);
    expect(calls()).toBeLessThan(40);
    expect(pipeline.sent).toHaveLength(1);
  });
});

describe('restarts and waits in turns', () => {
  it('end after three restarts in all, with the alert', async () => {
    const mutated = { error: 'MUTATED_DURING_PAGINATION' } as const;
    const throttled = { error: 'THROTTLED' } as const;
    const pipeline = createScriptedPipeline([mutated, mutated, throttled, mutated, throttled, mutated]);
    await pipeline.link('conn-1');
    await run(pipeline);
    await drain(pipeline, 10);
    expect(pipeline.asked).toHaveLength(6);
    expect(pipeline.measured.at(-1)).toMatchObject({ RestartsExhausted: 1 });
    expect(pipeline.sent).toEqual([]);
  });

  it('keep the age of the wish', async () => {
    const pipeline = createScriptedPipeline([{ error: 'THROTTLED' }, { error: 'THROTTLED' }]);
    await pipeline.link('conn-1');
    const firstRequestedEpochMs = pipeline.nowEpochMs();
    await run(pipeline);
    await drain(pipeline, 1);
    expect(pipeline.sent[0]?.event).toMatchObject({ attempts: 2, firstRequestedEpochMs });
  });
});

describe('the body of an answer', () => {
  const { text } = refusal('ITEM_ERROR', 'ITEM_LOGIN_REQUIRED');

  it.each([200, 400, 401, 429, 500])('decides under status %i', async (status) => {
    const { pipeline } = await plaid([{ status, text }]);
    expect(await run(pipeline)).toMatchObject({ attempts: 1, outcome: { kind: 'stopped', status: 'login-required' } });
  });

  it.each([
    ['202', { status: 202, text: '{}' }, 'failed', 'BODY_UNREADABLE', 4],
    ['520 in HTML', { status: 520, text: '<html>' }, 'failed', 'SERVER_ERROR', 4],
    ['429 without a body', { status: 429, text: null }, 'postponed', 'THROTTLED', 1],
    ['400 without a body', { status: 400, text: null }, 'failed', 'BODY_UNREADABLE', 4],
    ['400 wrapped by something in between', { status: 400, text: `{"error":${text}}` }, 'failed', 'BODY_UNREADABLE', 4],
  ] as const)('of %s is none of the provider: the status decides', async (_title, reply, kind, code, attempts) => {
    const { pipeline } = await plaid([reply]);
    expect(await run(pipeline)).toMatchObject({ attempts, outcome: { kind, code } });
  });
});

describe('any sequence of provider errors', () => {
  const codes = Object.keys(providerErrorOutcomes).filter(isProviderErrorCode);
  const step = fc.record({
    code: fc.constantFrom(...codes),
    reason: fc.constantFrom('webhook', 'schedule', 'user', 'continuation' as const),
    waitedMs: fc.constantFrom(0, 1_000, 60_000, hourMs, dayMs),
  });

  it('leaves a connection that the next day asks again, and that works from then on; an end asks for its user', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const answers: Answer[] = [];
        const pipeline = createScriptedPipeline(answers);
        await pipeline.link('conn-1');
        for (const { code, reason, waitedMs } of steps) {
          pipeline.advanceMs(waitedMs);
          answers.length = pipeline.asked.length;
          answers.push(...Array.from({ length: 8 }, () => ({ error: code })));
          await run(pipeline, { reason: reason as SyncRequested['reason'] });
        }
        const isEnded = (await pipeline.head('conn-1')).status === 'revoked';
        pipeline.advanceMs(2 * dayMs);
        answers.length = pipeline.asked.length;
        answers.push({ page: {}, nextCursor: 'c1' });
        const { outcome } = await run(pipeline, { reason: isEnded ? 'user' : 'schedule' });
        expect(outcome.kind).toBe('committed');
        expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', nextAttemptEpochMs: null });
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
