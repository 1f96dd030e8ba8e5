import type { Connector } from '@quartersec/providers';
import { auditTable, foldTransactions, type Journal, readEntries } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { isRedelivered } from './outcome.ts';
import { type EventReport, processEvent } from './process-event.ts';
import {
  account,
  createScriptedPipeline,
  type ScriptedPipeline,
  startEpochMs,
  transaction,
} from './scripted-pipeline.ts';
import type { SyncRequested } from './sync-event.ts';

const limits = { hardDeadlineMs: 2_000 };
const page = (ids: string[], nextCursor: string, hasMore = false) => ({
  page: { added: ids.map((id) => transaction(id)) },
  nextCursor,
  hasMore,
});

function run(pipeline: ScriptedPipeline, members: Partial<SyncRequested> = {}): Promise<EventReport> {
  return processEvent(pipeline.event('conn-1', members), limits, pipeline.deps);
}

describe('the usual event', () => {
  it('stores one page as one entry, moves the cursor and says so once', async () => {
    const pipeline = createScriptedPipeline([page(['a', 'b'], 'c1')]);
    await pipeline.link('conn-1');
    const report = await run(pipeline);
    expect(report).toMatchObject({
      outcome: { kind: 'committed', continued: false },
      version: 2,
      attempts: 1,
      added: 2,
      quarantined: 0,
    });
    expect(report.steps.map(({ step }) => step)).toEqual([
      'load',
      'fetch',
      'validate',
      'normalise',
      'accounts',
      'derive',
      'commit',
      'head',
      'insights',
    ]);
    expect(await pipeline.head('conn-1')).toMatchObject({ version: 2, cursor: 'c1', loop: null, status: 'active' });
    expect(pipeline.logged).toHaveLength(1);
    expect(pipeline.logged[0]).toMatchObject({
      level: 'info',
      message: 'event committed',
      fields: { correlation_id: 'corr-1', connection_id: 'conn-1', provider: 'plaid', attempts: 1, error_code: null },
    });
    expect(pipeline.measured).toEqual([
      { RoundTrip: 0, Processing: 0, Store: 0, ProviderTime: 0, Attempts: 1, Events: 1, Committed: 1, ColdStart: 1 },
    ]);
  });

  it('asks the next time from where it stopped, and is cold only once', async () => {
    const pipeline = createScriptedPipeline([page(['a'], 'c1'), page([], 'c1')]);
    await pipeline.link('conn-1');
    await run(pipeline);
    await run(pipeline);
    expect(pipeline.asked).toEqual([null, 'c1']);
    expect(pipeline.measured[1]).not.toHaveProperty('ColdStart');
  });

  it('stores an account once, and again only when it says something new', async () => {
    const balance = (minor: string) => ({
      page: { accounts: [account(minor)] },
      nextCursor: 'c1',
    });
    const pipeline = createScriptedPipeline([balance('100'), balance('100'), balance('200')]);
    await pipeline.link('conn-1');
    for (let event = 0; event < 3; event += 1) await run(pipeline);
    const entries = await readAll(pipeline);
    const stored = entries.map(({ content }) => (content.kind === 'page' ? content.accounts.length : 0));
    expect(stored).toEqual([0, 1, 0, 1]);
  });

  it('quarantines a bad record before it commits the rest', async () => {
    const bad = {
      path: '$input.added[1]',
      reason: 'SCHEMA',
      expected: 'number',
      received: 'string',
      redacted: '{}',
    } as const;
    const pipeline = createScriptedPipeline([
      { page: { added: [transaction('a')], quarantined: [bad] }, nextCursor: 'c1' },
    ]);
    await pipeline.link('conn-1');
    const report = await run(pipeline);
    expect(report).toMatchObject({ added: 1, quarantined: 1, outcome: { kind: 'committed' } });
    expect(report.steps.map(({ step }) => step).slice(-5)).toEqual([
      'quarantine',
      'derive',
      'commit',
      'head',
      'insights',
    ]);
    expect(pipeline.quarantined).toEqual([{ ...bad, asideVersion: 2 }]);
    expect(pipeline.measured[0]).toMatchObject({ Quarantined: 1 });
  });
});

describe('a provider that fails', () => {
  const serverError = { error: 'SERVER_ERROR' } as const;

  it.each([
    [1, 2],
    [2, 3],
    [3, 4],
  ])('is asked again after %i failures and commits on call %i', async (failures, attempts) => {
    const pipeline = createScriptedPipeline([
      ...Array.from({ length: failures }, () => serverError),
      page(['a'], 'c1'),
    ]);
    await pipeline.link('conn-1');
    expect(await run(pipeline)).toMatchObject({ attempts, outcome: { kind: 'committed' } });
    expect(pipeline.measured[0]).toMatchObject({ Attempts: attempts, Retries: failures });
    expect(pipeline.measured[0]).not.toHaveProperty('RetriesExhausted');
  });

  it('is given up after four calls: counted once, logged as critical with its code', async () => {
    const pipeline = createScriptedPipeline([serverError, serverError, serverError, serverError]);
    await pipeline.link('conn-1');
    const report = await run(pipeline);
    expect(report.outcome).toMatchObject({ kind: 'failed', code: 'SERVER_ERROR', exhausted: true });
    expect(pipeline.asked).toHaveLength(4);
    expect(pipeline.measured).toHaveLength(1);
    expect(pipeline.measured[0]).toMatchObject({ RetriesExhausted: 1, Failed: 1, Attempts: 4, Retries: 3 });
    expect(pipeline.logged).toEqual([
      expect.objectContaining({
        level: 'critical',
        message: 'retries exhausted',
        fields: expect.objectContaining({ error_code: 'SERVER_ERROR', correlation_id: 'corr-1', attempts: 4 }),
      }),
    ]);
    expect((await pipeline.head('conn-1')).version).toBe(1);
  });

  it.each([
    ['PAGE_INVALID', { ContractBroken: 1, RetriesExhausted: 1 }],
    ['BODY_UNREADABLE', { ContractBroken: 1, RetriesExhausted: 1 }],
    ['URL_REFUSED', { AddressRefused: 1 }],
  ] as const)('to the end with %s counts what was broken', async (error, counts) => {
    const pipeline = createScriptedPipeline(Array.from({ length: 4 }, () => ({ error })));
    await pipeline.link('conn-1');
    await run(pipeline);
    expect(pipeline.measured[0]).toMatchObject(counts);
  });

  it('is not asked again when our request is wrong', async () => {
    const pipeline = createScriptedPipeline([{ error: 'REQUEST_REJECTED', facts: { status: 400 } }]);
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'failed', code: 'REQUEST_REJECTED', exhausted: false });
    expect(pipeline.logged[0]).toMatchObject({ level: 'error' });
  });

  it('that asks for a wait beyond the deadline is left alone for so long, by every event: one call, one waiting message', async () => {
    const pipeline = createScriptedPipeline([{ error: 'THROTTLED', facts: { retryAfterMs: 30_000 } }]);
    await pipeline.link('conn-1');
    const { outcome } = await run(pipeline);
    expect(outcome).toMatchObject({ kind: 'postponed', code: 'THROTTLED', exhausted: false });
    expect(pipeline.sent).toHaveLength(1);
    expect(pipeline.sent[0]).toMatchObject({ event: { reason: 'continuation', connectionId: 'conn-1' } });
    expect(pipeline.sent[0]?.delayMs).toBeGreaterThanOrEqual(30_000);
    expect(await pipeline.head('conn-1')).toMatchObject({ version: 2, status: 'waiting', statusReason: 'THROTTLED' });

    for (let event = 0; event < 30; event += 1) await run(pipeline, { reason: event % 2 === 0 ? 'user' : 'webhook' });
    expect(pipeline.asked).toHaveLength(1);
    expect(pipeline.sent).toHaveLength(1);
    expect((await pipeline.head('conn-1')).version).toBe(2);
  });

  it('is throttling on every attempt: alerted, and still back on the queue', async () => {
    const throttled = { error: 'THROTTLED', facts: { retryAfterMs: 10 } } as const;
    const pipeline = createScriptedPipeline([throttled, throttled, throttled, throttled]);
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'postponed', exhausted: true });
    expect(pipeline.measured[0]).toMatchObject({ RetriesExhausted: 1, Throttled: 4, Deferred: 1 });
    expect(pipeline.logged[0]).toMatchObject({ level: 'critical', message: 'retries exhausted' });
    expect(pipeline.sent).toHaveLength(1);
  });

  it('is asked ever more rarely while it is down: after five minutes, ten, twenty, forty, then each hour', async () => {
    const down = { error: 'INSTITUTION_DOWN' } as const;
    const pipeline = createScriptedPipeline([down, down, down, down, down, down, page(['a'], 'c1')]);
    await pipeline.link('conn-1');
    await run(pipeline);
    const minutes: number[] = [];
    for (let waits = 0; waits < 6; waits += 1) {
      const waitMs = ((await pipeline.head('conn-1')).nextAttemptEpochMs ?? 0) - pipeline.nowEpochMs();
      minutes.push(Math.floor(waitMs / 60_000));
      pipeline.advanceMs(waitMs);
      await run(pipeline, pipeline.sent.at(-1)?.event);
    }
    expect(minutes).toEqual([5, 10, 21, 42, 60, 60]); // with up to a tenth more, so that they do not all come back together
    expect(pipeline.asked).toHaveLength(7);
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', cursor: 'c1' });
  });

  it('is down for hours: the wait is stored, other events respect it, and one continuation keeps it alive', async () => {
    const pipeline = createScriptedPipeline([{ error: 'INSTITUTION_DOWN' }, page(['a'], 'c1')]);
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'postponed', code: 'INSTITUTION_DOWN' });
    const { status, nextAttemptEpochMs } = await pipeline.head('conn-1');
    expect(status).toBe('waiting');
    expect(nextAttemptEpochMs).toBeGreaterThanOrEqual(startEpochMs + 300_000);
    expect(nextAttemptEpochMs).toBeLessThanOrEqual(startEpochMs + 330_000);
    expect(pipeline.sent).toHaveLength(1);

    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'postponed' });
    expect(pipeline.sent).toHaveLength(1);
    expect((await run(pipeline, pipeline.sent[0]?.event)).outcome).toMatchObject({ kind: 'postponed' });
    expect(pipeline.sent).toHaveLength(2);
    expect(pipeline.sent[1]?.event).toEqual(pipeline.sent[0]?.event);
    expect(pipeline.asked).toHaveLength(1);

    pipeline.advanceMs((nextAttemptEpochMs ?? 0) - pipeline.nowEpochMs());
    expect((await run(pipeline, { reason: 'continuation' })).outcome).toMatchObject({ kind: 'committed' });
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', nextAttemptEpochMs: null, cursor: 'c1' });
  });

  it.each([
    ['LOGIN_REQUIRED', 'login-required'],
    ['CONSENT_EXPIRED', 'consent-expired'],
    ['CONSENT_REQUIRED', 'consent-required'],
    ['RELINK_REQUIRED', 'relink-required'],
    ['ACCESS_REVOKED', 'revoked'],
  ] as const)('says %s: stored once as %s, and not asked again for events of before', async (error, status) => {
    const pipeline = createScriptedPipeline([{ error }]);
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toEqual({ kind: 'stopped', status, code: error, now: true });
    expect((await run(pipeline)).outcome).toEqual({ kind: 'stopped', status, code: error, now: false });
    expect(pipeline.measured.map(({ ConsentEnded }) => ConsentEnded)).toEqual([1, undefined]);
    expect(pipeline.asked).toHaveLength(1);
    expect(await pipeline.head('conn-1')).toMatchObject({ version: 2, status, statusReason: error });
  });
});

describe('a loop of pages', () => {
  it('counts only once its last page is here', async () => {
    const pipeline = createScriptedPipeline([page(['a'], 'p1', true), page(['b'], 'p2', true), page(['c'], 'c1')]);
    await pipeline.link('conn-1');
    expect(await run(pipeline)).toMatchObject({ version: 4, added: 3, attempts: 3, outcome: { continued: false } });
    expect(pipeline.asked).toEqual([null, 'p1', 'p2']);
    expect(await pipeline.head('conn-1')).toMatchObject({ cursor: 'c1', loop: null });
  });

  it('goes on in a continuation when the time is used up, from where it stopped', async () => {
    const pipeline = createScriptedPipeline([page(['a'], 'p1', true), page(['b'], 'c1')]);
    await pipeline.link('conn-1');
    const slow = {
      ...pipeline.deps,
      afterStep: (step: string) => void (step === 'fetch' && pipeline.advanceMs(1_700)),
    };
    const report = await processEvent(pipeline.event('conn-1'), limits, slow);
    expect(report.outcome).toEqual({ kind: 'committed', continued: true });
    expect(pipeline.sent).toEqual([
      { provider: 'plaid', event: expect.objectContaining({ reason: 'continuation' }), delayMs: 0 },
    ]);
    expect(await pipeline.head('conn-1')).toMatchObject({ cursor: null, loop: { cursor: 'p1' } });

    await run(pipeline, { reason: 'continuation' });
    expect(pipeline.asked).toEqual([null, 'p1']);
    expect(await pipeline.head('conn-1')).toMatchObject({ cursor: 'c1', loop: null });
  });

  it.each([
    ['stands still', [page(['a'], 'c1', true), page(['a'], 'c1', true)]],
    ['leads nowhere', [{ page: { added: [transaction('a')] }, nextCursor: null, hasMore: true }]],
    [
      'goes round',
      [page(['a'], 'p1', true), page(['b'], 'p2', true), page(['c'], 'p3', true), page(['d'], 'p1', true)],
    ],
  ])('whose cursor %s is ended after few calls: one alert, nothing stored, nothing queued', async (_how, pages) => {
    const pipeline = createScriptedPipeline(pages);
    await pipeline.link('conn-1');
    const report = await run(pipeline);
    expect(report.outcome).toMatchObject({ kind: 'failed', code: 'PAGINATION_STUCK', exhausted: true });
    expect(isRedelivered(report.outcome)).toBe(false);
    expect(pipeline.asked.length).toBeLessThanOrEqual(5);
    expect(pipeline.measured[0]).toMatchObject({ RestartsExhausted: 1 });
    expect(pipeline.sent).toEqual([]);
    expect(await pipeline.head('conn-1')).toMatchObject({ version: 1 });
  });

  it('whose cursors go round in a circle larger than what a run holds is ended too, over its continuations', async () => {
    const pages = Array.from({ length: 300 }, (_, at) => page([], `p${at < 30 ? at : 30 + ((at - 30) % 40)}`, true));
    const pipeline = createScriptedPipeline(pages);
    await pipeline.link('conn-1');
    let event: Partial<SyncRequested> | undefined = {};
    let last: EventReport | undefined;
    while (event !== undefined) {
      last = await run(pipeline, event);
      event = pipeline.sent.splice(0, 1)[0]?.event;
    }
    expect(last?.outcome).toMatchObject({ code: 'PAGINATION_STUCK' });
    expect(pipeline.asked.length).toBeLessThan(200);
  });

  it('that is broken at its first cursor again and again is read from the start', async () => {
    const mutated = { error: 'MUTATED_DURING_PAGINATION' } as const;
    const pipeline = createScriptedPipeline([page(['a'], 'c1'), mutated, mutated, page(['a', 'b'], 'd1')]);
    await pipeline.link('conn-1');
    await run(pipeline);
    expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'committed' } });
    expect(pipeline.asked).toEqual([null, 'c1', 'c1', null]);
  });

  it('from the start begins at the start again when it is disturbed', async () => {
    const pipeline = createScriptedPipeline([
      page(['a'], 'c1'),
      { error: 'CURSOR_UNKNOWN' },
      page(['b'], 'p1', true),
      { error: 'MUTATED_DURING_PAGINATION' },
      page(['b'], 'd1'),
    ]);
    await pipeline.link('conn-1');
    await run(pipeline);
    await run(pipeline);
    expect(pipeline.asked).toEqual([null, 'c1', null, 'p1', null]);
    expect(await standing(pipeline)).toEqual(['b']);
  });

  it('counts its restarts over all waits', async () => {
    const mutated = { error: 'MUTATED_DURING_PAGINATION' } as const;
    const throttled = { error: 'THROTTLED', facts: { retryAfterMs: 60_000 } } as const;
    const pipeline = createScriptedPipeline([mutated, mutated, throttled, mutated, mutated]);
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'postponed' });
    const [waiting] = pipeline.sent;
    expect(waiting?.event).toMatchObject({ restarts: 2 });
    pipeline.advanceMs(120_000);
    expect((await run(pipeline, waiting?.event)).outcome).toMatchObject({ code: 'PAGINATION_UNSTABLE' });
  });

  it('that is cut off by a failure keeps the pages that it has read', async () => {
    const failure = { error: 'SERVER_ERROR' } as const;
    const pipeline = createScriptedPipeline([
      page(['a'], 'p1', true),
      failure,
      failure,
      failure,
      failure,
      page(['b'], 'c1'),
    ]);
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'failed', exhausted: true });
    expect(await pipeline.head('conn-1')).toMatchObject({ loop: { cursor: 'p1' } });
    await run(pipeline);
    expect(await standing(pipeline)).toEqual(['a', 'b']);
  });

  it('that never ends becomes a continuation at the page limit, never a silent success', async () => {
    const pipeline = createScriptedPipeline(Array.from({ length: 20 }, (_, index) => page([], `p${index}`, true)));
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toEqual({ kind: 'committed', continued: true });
    expect(pipeline.asked).toHaveLength(20);
  });

  it('starts over from its first cursor when the provider changes the data, and what it had staged is void', async () => {
    const pipeline = createScriptedPipeline([
      page(['void'], 'p1', true),
      { error: 'MUTATED_DURING_PAGINATION' },
      page(['a'], 'q1', true),
      page(['b'], 'c1'),
    ]);
    await pipeline.link('conn-1');
    await run(pipeline);
    expect(pipeline.asked).toEqual([null, 'p1', null, 'q1']);
    expect(await standing(pipeline)).toEqual(['a', 'b']);
  });

  it('that the provider breaks a fourth time is reported like used-up retries', async () => {
    const mutated = { error: 'MUTATED_DURING_PAGINATION' } as const;
    const pipeline = createScriptedPipeline([mutated, mutated, mutated, mutated]);
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({ code: 'PAGINATION_UNSTABLE', exhausted: true });
    expect(pipeline.measured[0]).toMatchObject({ RestartsExhausted: 1 });
    expect(pipeline.measured[0]).not.toHaveProperty('RetriesExhausted');
  });

  it('reads everything again when the provider does not know the cursor', async () => {
    const pipeline = createScriptedPipeline([page(['a'], 'c1'), { error: 'CURSOR_UNKNOWN' }, page(['a', 'b'], 'd1')]);
    await pipeline.link('conn-1');
    await run(pipeline);
    await run(pipeline);
    expect(pipeline.asked).toEqual([null, 'c1', null]);
    expect(await pipeline.head('conn-1')).toMatchObject({ cursor: 'd1' });
    expect(await standing(pipeline)).toEqual(['a', 'b']);
  });

  it('claims no sync while the provider has nothing yet: a slow poll, which news end', async () => {
    const nothing = { page: {}, nextCursor: null, history: 'not-ready' } as const;
    const pipeline = createScriptedPipeline([nothing, page(['a'], 'c1')]);
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'postponed', code: 'NOT_READY', exhausted: false });
    expect(await pipeline.head('conn-1')).toMatchObject({ lastSync: null, history: 'none', cursor: null });
    expect(pipeline.sent).toHaveLength(1);
    expect(pipeline.sent[0]?.delayMs).toBeGreaterThanOrEqual(600_000);
    expect((await run(pipeline, { reason: 'webhook' })).outcome).toMatchObject({ kind: 'committed' });
    expect(pipeline.asked).toEqual([null, null]);
    expect(await pipeline.head('conn-1')).toMatchObject({ history: 'complete', status: 'active' });
  });
});

describe('a full read', () => {
  const many = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `t${from + at}`);

  it('on request takes away what the bank no longer has', async () => {
    const pipeline = createScriptedPipeline([page(['a', 'b'], 'c1'), page(['b'], 'd1')]);
    await pipeline.link('conn-1');
    await run(pipeline);
    await run(pipeline, { fullRead: true, queuedEpochMs: 1 });
    expect(pipeline.asked).toEqual([null, null]);
    expect(await standing(pipeline)).toEqual(['b']);
    // A second read is queued before the last entry; it finds no doubt and asks for nothing.
    expect(pipeline.sent).toMatchObject([{ event: { fullRead: true, isSecondRead: true }, delayMs: 900_000 }]);
    expect((await run(pipeline, pipeline.sent[0]?.event)).outcome).toEqual({ kind: 'coalesced' });
    expect(pipeline.asked).toEqual([null, null]);
  });

  it('that is not believed is read once more also when its run ends behind the last entry', async () => {
    const pipeline = createScriptedPipeline([page(many(0, 50), 'c1'), page(['t0'], 'd1'), page(['t0'], 'e1')]);
    await pipeline.link('conn-1');
    await run(pipeline);
    const crashing = {
      ...pipeline.deps,
      afterStep: (step: string) => {
        if (step === 'head') throw new Error('crash');
      },
    };
    await processEvent(pipeline.event('conn-1', { fullRead: true }), limits, crashing);
    expect(await standing(pipeline)).toHaveLength(50);
    await run(pipeline, pipeline.sent[0]?.event);
    expect(await standing(pipeline)).toEqual(['t0']);
  });

  it('that would take away much is read once more, later, and believed then', async () => {
    const pipeline = createScriptedPipeline([page(many(0, 50), 'c1'), page(['t0'], 'd1'), page(['t0'], 'e1')]);
    await pipeline.link('conn-1');
    await run(pipeline);
    await run(pipeline, { fullRead: true });
    expect(await standing(pipeline)).toHaveLength(50);
    expect(pipeline.sent).toMatchObject([{ event: { fullRead: true, isSecondRead: true }, delayMs: 900_000 }]);
    await run(pipeline, pipeline.sent[0]?.event);
    expect(await standing(pipeline)).toEqual(['t0']);
    expect(pipeline.sent).toHaveLength(1);
  });

  it('that its time cuts in two goes on where it was, and is not begun again by its continuation', async () => {
    const pipeline = createScriptedPipeline([page(['a', 'b'], 'c1'), page(['b'], 'p1', true), page(['c'], 'd1')]);
    await pipeline.link('conn-1');
    await run(pipeline);
    const slow = {
      ...pipeline.deps,
      afterStep: (step: string) => void (step === 'fetch' && pipeline.advanceMs(1_700)),
    };
    await processEvent(pipeline.event('conn-1', { fullRead: true }), limits, slow);
    await run(pipeline, pipeline.sent[0]?.event);
    expect(pipeline.asked).toEqual([null, null, 'p1']);
    expect(await standing(pipeline)).toEqual(['b', 'c']);
  });
});

describe('the account list', () => {
  const other = (id: string) => ({ ...account('5'), accountId: id, providerAccountId: `p-${id}` });
  const openAccounts = async (pipeline: ScriptedPipeline) =>
    (await pipeline.head('conn-1')).accounts.filter(({ state }) => state === 'open').map(({ accountId }) => accountId);
  const dayMs = 86_400_000;

  it('is read at the link and daily, and has accounts without transactions', async () => {
    const pages = Array.from({ length: 3 }, () => ({ page: { accounts: [account('1')] }, nextCursor: 'c1' }));
    const accountLists = [[account('1'), other('savings')]];
    const pipeline = createScriptedPipeline(pages, { accountLists });
    await pipeline.link('conn-1');
    await run(pipeline);
    expect(await openAccounts(pipeline)).toEqual(['acc-1', 'savings']);
    await run(pipeline);
    expect(pipeline.listCalls).toHaveLength(1);
    pipeline.advanceMs(dayMs);
    await run(pipeline);
    expect(pipeline.listCalls).toHaveLength(2);
  });

  it('is asked for beside the page where it is a day old, and after it where it is the first or an account is not known', async () => {
    const pages = [page(['a'], 'c1'), page([], 'c1'), { page: { accounts: [other('new')] }, nextCursor: 'c2' }];
    const pipeline = createScriptedPipeline(pages, {
      accountLists: [[account('1')], [account('1')], [account('1'), other('new')]],
    });
    const scripted = pipeline.deps.connectorFor('plaid', 'ins-1');
    if (scripted === undefined) throw new Error('the script has a connector');
    const listCallsBeforePage: number[] = [];
    const connector: Connector = {
      ...scripted,
      async fetchPage(request, limits) {
        await new Promise((resolve) => setImmediate(resolve));
        listCallsBeforePage.push(pipeline.listCalls.length);
        return scripted.fetchPage(request, limits);
      },
    };
    const deps = { ...pipeline.deps, connectorFor: () => connector };
    await pipeline.link('conn-1');
    await run({ ...pipeline, deps });
    pipeline.advanceMs(dayMs);
    await run({ ...pipeline, deps });
    await run({ ...pipeline, deps });
    expect(listCallsBeforePage).toEqual([0, 2, 2]);
    expect(pipeline.listCalls).toHaveLength(3);
    expect(await openAccounts(pipeline)).toEqual(['acc-1', 'new']);
  });

  it('is read when a page has an account that is not known, and closes those that it lacks', async () => {
    const pages = [
      { page: { accounts: [account('1')] }, nextCursor: 'c1' },
      { page: { accounts: [other('new')] }, nextCursor: 'c2' },
    ];
    const pipeline = createScriptedPipeline(pages, { accountLists: [[account('1')], [other('new')]] });
    await pipeline.link('conn-1');
    await run(pipeline);
    await run(pipeline);
    expect(pipeline.listCalls).toHaveLength(2);
    expect(await openAccounts(pipeline)).toEqual(['new']);
  });

  it('is read with every full read but the first, so that the history of an account that has just closed stands', async () => {
    const record = (id: string, accountId: string) => transaction(id, { accountId });
    const both = [record('a', '1'), record('gone', '1'), record('b', 'acc-2')];
    const pages = [
      { page: { added: both }, nextCursor: 'c1' },
      { page: { added: [record('a', '1')] }, nextCursor: 'd1' },
    ];
    const lists = [[{ ...account('1'), accountId: '1' }, other('acc-2')], [{ ...account('1'), accountId: '1' }]];
    const pipeline = createScriptedPipeline(pages, { accountLists: lists });
    await pipeline.link('conn-1');
    await run(pipeline);
    await run(pipeline, { fullRead: true });
    expect(pipeline.listCalls).toHaveLength(2);
    expect(await standing(pipeline)).toEqual(['a', 'b']);
  });

  it('is read again where an account may have closed while a full read was disturbed', async () => {
    const pipeline = createScriptedPipeline([
      page(['a'], 'c1'),
      page(['a'], 'p1', true),
      { error: 'MUTATED_DURING_PAGINATION' },
      page(['a'], 'd1'),
    ]);
    await pipeline.link('conn-1');
    await run(pipeline);
    const before = pipeline.listCalls.length;
    await run(pipeline, { fullRead: true });
    expect(pipeline.asked).toEqual([null, null, 'p1', null]);
    expect(pipeline.listCalls).toHaveLength(before + 2);
  });

  it('that cannot be read costs the event nothing: the next one asks again', async () => {
    const pipeline = createScriptedPipeline([page(['a'], 'c1'), page(['b'], 'c2')], { accountLists: [] });
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toEqual({ kind: 'committed', continued: false });
    expect(pipeline.logged[0]?.fields).toMatchObject({ accounts_error: 'SERVER_ERROR' });
    await run(pipeline);
    expect(pipeline.listCalls).toHaveLength(2);
    expect(await standing(pipeline)).toEqual(['a', 'b']);
  });
});

describe('a record that was set aside', () => {
  const record = (id: string, accountId: string) => transaction(id, { accountId });
  const aside = (id: string, accountId: string) => ({
    path: '$input.added[0]',
    reason: 'ACCOUNT_UNKNOWN' as const,
    expected: 'an account of this connection',
    received: 'string',
    redacted: '{}',
    original: JSON.stringify(record(id, accountId)),
  });
  const late = () => ({ ...account('5'), accountId: 'late', providerAccountId: 'p-late' });

  it('comes back by itself when its account is listed', async () => {
    const pages = [{ page: { quarantined: [aside('a', 'late')] }, nextCursor: 'c1' }, page([], 'c1')];
    const pipeline = createScriptedPipeline(pages, { accountLists: [[account('1')], [account('1'), late()]] });
    await pipeline.link('conn-1');
    await run(pipeline);
    expect(await standing(pipeline)).toEqual([]);
    expect(await pipeline.head('conn-1')).toMatchObject({ aside: 1 });
    pipeline.advanceMs(86_400_000);
    await run(pipeline);
    expect(await standing(pipeline)).toEqual(['a']);
    expect(await pipeline.head('conn-1')).toMatchObject({ aside: 0 });
    expect(pipeline.quarantined).toEqual([]);
  });

  it('stays away where the bank has removed it since', async () => {
    const pages = [
      { page: { added: [record('a', 'acc-1')] }, nextCursor: 'c1' },
      { page: { quarantined: [aside('a', 'late')] }, nextCursor: 'c2' },
      { page: { removed: ['a'] }, nextCursor: 'c3' },
      page([], 'c3'),
    ];
    const lists = [[account('1')], [account('1')], [account('1'), late()]];
    const pipeline = createScriptedPipeline(pages, { accountLists: lists });
    await pipeline.link('conn-1');
    for (let event = 0; event < 3; event += 1) await run(pipeline);
    pipeline.advanceMs(86_400_000);
    await run(pipeline);
    expect(await standing(pipeline)).toEqual([]);
    expect(await pipeline.head('conn-1')).toMatchObject({ aside: 0 });
  });
});

describe('a record that was set aside and is asked for', () => {
  const aside = (id: string, original: string | undefined) => ({
    path: '$input.added[0]',
    reason: 'SCHEMA' as const,
    expected: id,
    received: 'string',
    redacted: '{}',
    ...(original !== undefined && { original }),
  });
  const readable = (id: string) => aside(id, JSON.stringify(transaction(id)));
  const fails = (id: string) => aside(id, JSON.stringify(transaction(id, { accountId: 'nobody' })));

  it('comes back without a new list, and what cannot be read stays and is counted', async () => {
    const quarantined = [readable('a'), fails('b'), aside('c', undefined)];
    const pages = [{ page: { quarantined }, nextCursor: 'c1' }, page([], 'c1'), page([], 'c1')];
    // The first reading is of an older version, which could read none of them.
    const pipeline = createScriptedPipeline(pages, { accountLists: [[account('1')]] });
    const { readAside } = pipeline.deps;
    const older = { ...pipeline.deps, readAside: async () => ({ records: [], unreadable: 3 }) };
    await pipeline.link('conn-1');
    await processEvent(pipeline.event('conn-1'), limits, older);
    expect(await pipeline.head('conn-1')).toMatchObject({ aside: 3 });
    await run(pipeline);
    expect(await standing(pipeline)).toEqual([]);
    expect((await readAside('conn-1', { remainingMs: () => 1, elapsedMs: () => 0 })).records).toHaveLength(2);
    const report = await run(pipeline, { retakeAside: true, queuedEpochMs: 1 });
    expect(report).toMatchObject({ outcome: { kind: 'committed' }, returned: 1 });
    expect(await standing(pipeline)).toEqual(['a']);
    expect(await pipeline.head('conn-1')).toMatchObject({ aside: 2 });
    expect(pipeline.quarantined.map(({ expected }) => expected)).toEqual(['b', 'c']);
  });

  it('stores nothing where nothing has changed, and counts anew what has ended with its time to live', async () => {
    const pages = [
      { page: { quarantined: [fails('a'), fails('b')] }, nextCursor: 'c1' },
      page([], 'c1'),
      page([], 'c1'),
    ];
    const pipeline = createScriptedPipeline(pages, { accountLists: [[account('1')]] });
    await pipeline.link('conn-1');
    await run(pipeline);
    const { version } = await pipeline.head('conn-1');
    await run(pipeline, { retakeAside: true });
    expect(await pipeline.head('conn-1')).toMatchObject({ version: version + 1, aside: 2 }); // the page alone
    pipeline.quarantined.pop();
    await run(pipeline, { retakeAside: true });
    expect(await pipeline.head('conn-1')).toMatchObject({ version: version + 3, aside: 1 });
  });
});

describe('runs that meet', () => {
  it('let exactly one win; the other starts over from what the winner stored', async () => {
    const pipeline = createScriptedPipeline([page(['a'], 'c1'), page(['a'], 'c1'), page(['b'], 'c2')]);
    await pipeline.link('conn-1');
    const reports = await Promise.all([run(pipeline), run(pipeline)]);
    expect(reports.map(({ outcome }) => outcome.kind)).toEqual(['committed', 'committed']);
    expect(pipeline.asked).toEqual([null, null, 'c1']);
    expect(await pipeline.head('conn-1')).toMatchObject({ version: 3, cursor: 'c2' });
    expect(pipeline.measured.map((values) => values.Conflicts ?? 0)).toEqual([0, 1]);
  });

  it('mend the head of a winner that died before it wrote its own', async () => {
    const pipeline = createScriptedPipeline([page(['a'], 'c1'), page(['a'], 'c1')]);
    await pipeline.link('conn-1');
    const stale = await pipeline.head('conn-1');
    const { journal } = pipeline.deps;
    const dying: Journal = { ...journal, saveHead: async () => 'unknown' };
    pipeline.advanceMs(60_000);
    const winner = pipeline.event('conn-1', { queuedEpochMs: startEpochMs + 1 });
    await processEvent(winner, limits, { ...pipeline.deps, journal: dying });
    const behind: Journal = { ...journal, readHead: async () => stale };
    const late = pipeline.event('conn-1', { queuedEpochMs: startEpochMs });
    expect((await processEvent(late, limits, { ...pipeline.deps, journal: behind })).outcome).toEqual({
      kind: 'coalesced',
    });
    const { findings } = await auditTable(pipeline.table, {
      deadline: { remainingMs: () => 1_000, elapsedMs: () => 0 },
    });
    expect(findings).toEqual([]);
  });

  it('read the account list of the day all the same, where its own entry lost against an older run', async () => {
    const accounts = [account('1')];
    const answers = [page(['a'], 'c1'), page([], 'c2'), page([], 'c2'), page([], 'c2')];
    const pipeline = createScriptedPipeline(answers, { accountLists: [accounts] });
    await pipeline.link('conn-1');
    await run(pipeline);
    const stale = await pipeline.head('conn-1');
    await run(pipeline, {}); // its head is lost
    pipeline.advanceMs(25 * 3_600_000);
    let reads = 0;
    const { journal } = pipeline.deps;
    const behind: Journal = {
      ...journal,
      readHead: async (...asked) => (reads++ === 0 ? stale : journal.readHead(...asked)),
    };
    const report = await processEvent(pipeline.event('conn-1'), limits, { ...pipeline.deps, journal: behind });
    expect(report.outcome.kind).toBe('committed');
    expect((await pipeline.head('conn-1')).accountsReadEpochMs).toBe(pipeline.nowEpochMs());
  });

  it('answer an event from the head when a later sync has covered it, without a provider call', async () => {
    const pipeline = createScriptedPipeline([page(['a'], 'c1')]);
    await pipeline.link('conn-1');
    await run(pipeline, { queuedEpochMs: 2_000 });
    const late = await run(pipeline, { queuedEpochMs: 1_999 });
    expect(late.outcome).toEqual({ kind: 'coalesced' });
    expect(pipeline.asked).toHaveLength(1);
    expect(pipeline.measured[1]).toMatchObject({ Coalesced: 1 });
  });

  it.each([
    ['reached the queue after the one that began it', 2_000, 2_001, 2],
    ['reached the queue with it', 2_000, 2_000, 2],
    ['reached the queue before it', 2_000, 1_999, 1],
    ['is a call', 2_000, null, 2],
    ['reached the queue at any time, when the sync was a call', null, 1, 2],
  ])(
    'after a sync, ask the provider again for an event only if it may have missed it: one that %s',
    async (_when, syncQueuedEpochMs, queuedEpochMs, calls) => {
      const pipeline = createScriptedPipeline([page(['a'], 'c1'), page(['b'], 'c2')]);
      await pipeline.link('conn-1');
      await run(pipeline, { queuedEpochMs: syncQueuedEpochMs });
      // Whatever the sender's clock says: only the queue's own times are compared.
      await run(pipeline, { queuedEpochMs, requestedEpochMs: startEpochMs - 600_000 });
      expect(pipeline.asked).toHaveLength(calls);
    },
  );

  it('give up after conflicts without end and leave the event to the queue', async () => {
    const pipeline = createScriptedPipeline(Array.from({ length: 7 }, () => page(['a'], 'c1')));
    await pipeline.link('conn-1');
    const refuse: Journal = { ...pipeline.deps.journal, append: async (head) => ({ outcome: 'conflict', head }) };
    const report = await processEvent(pipeline.event('conn-1'), limits, { ...pipeline.deps, journal: refuse });
    expect(report.outcome).toMatchObject({ kind: 'failed', code: 'CONFLICTS_UNRESOLVED' });
  });

  it('leave a status alone that another run has stored meanwhile', async () => {
    const pipeline = createScriptedPipeline([{ error: 'LOGIN_REQUIRED' }, { error: 'LOGIN_REQUIRED' }]);
    await pipeline.link('conn-1');
    await Promise.all([run(pipeline), run(pipeline)]);
    expect(await pipeline.head('conn-1')).toMatchObject({ version: 2, status: 'login-required' });
  });

  it('cannot store a status against conflicts without end', async () => {
    const pipeline = createScriptedPipeline([{ error: 'LOGIN_REQUIRED' }]);
    await pipeline.link('conn-1');
    const refuse: Journal = { ...pipeline.deps.journal, append: async (head) => ({ outcome: 'conflict', head }) };
    const report = await processEvent(pipeline.event('conn-1'), limits, { ...pipeline.deps, journal: refuse });
    expect(report.outcome).toMatchObject({ kind: 'failed', code: 'CONFLICTS_UNRESOLVED' });
  });
});

describe('what cannot be run', () => {
  it('names an unknown connection', async () => {
    const pipeline = createScriptedPipeline([]);
    expect((await run(pipeline)).outcome).toMatchObject({
      kind: 'failed',
      code: 'CONNECTION_UNKNOWN',
      detail: '{"connectionId":"conn-1"}',
    });
  });

  it('names a provider without a connector', async () => {
    const pipeline = createScriptedPipeline([], { connectorFor: () => undefined });
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({
      code: 'PROVIDER_UNSUPPORTED',
      detail: '{"provider":"plaid","institutionId":"ins-1"}',
    });
  });

  it('notices a connection that is erased while it runs', async () => {
    const pipeline = createScriptedPipeline([page(['a'], 'c1')]);
    await pipeline.link('conn-1');
    const erased: Journal = {
      ...pipeline.deps.journal,
      append: async () => ({ outcome: 'conflict', head: undefined }),
    };
    const report = await processEvent(pipeline.event('conn-1'), limits, { ...pipeline.deps, journal: erased });
    expect(report.outcome).toMatchObject({ code: 'CONNECTION_UNKNOWN' });
  });

  it('ends a run that does not end by itself', async () => {
    const pipeline = createScriptedPipeline([{ hang: true }], {
      afterMs: () => ({ elapsed: Promise.resolve(), cancel: () => {} }),
    });
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({ kind: 'failed', code: 'EVENT_HUNG', exhausted: false });
  });

  it('tells of an unforeseen error by name and place, never by a message that could quote data', async () => {
    const pipeline = createScriptedPipeline([page([], 'c1')], {
      openToken: () => {
        throw new TypeError('secret-token');
      },
    });
    await pipeline.link('conn-1');
    const { outcome } = await run(pipeline);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'UNEXPECTED', detail: expect.stringContaining('TypeError') });
    expect(JSON.stringify([outcome, pipeline.logged])).not.toContain('secret-token');
  });

  it('copes with something thrown that is no error', async () => {
    const pipeline = createScriptedPipeline([], {
      openToken: () => {
        throw 'secret-token';
      },
    });
    await pipeline.link('conn-1');
    expect((await run(pipeline)).outcome).toMatchObject({ code: 'UNEXPECTED', detail: '{"name":"string","at":""}' });
  });
});

async function readAll(pipeline: ScriptedPipeline) {
  const { version } = await pipeline.head('conn-1');
  const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
  return readEntries(pipeline.table, 'conn-1', { fromVersion: 1, toVersion: version }, { deadline });
}

/** Ids of the transactions that count. */
async function standing(pipeline: ScriptedPipeline): Promise<string[]> {
  return foldTransactions(await readAll(pipeline))
    .map(({ transaction: { transactionId } }) => transactionId)
    .sort();
}
