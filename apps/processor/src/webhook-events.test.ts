/** What the events of webhooks do beyond a plain look: the account list, and the end of a consent. */

import { createDeadline } from '@quartersec/sla';
import { auditTable, createJournal, type Journal } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { processEvent } from './process-event.ts';
import { createProcessHandler } from './process-handler.ts';
import { type Answer, account, createScriptedPipeline, startEpochMs } from './scripted-pipeline.ts';
import type { SyncRequested } from './sync-event.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const quiet = (cursor: string): Answer => ({ page: {}, nextCursor: cursor });
const ends = startEpochMs + 7 * 86_400_000;

async function setUp(answers: Answer[], overrides: Parameters<typeof createScriptedPipeline>[1] = {}) {
  const pipeline = createScriptedPipeline(answers, overrides);
  await pipeline.link('conn-1');
  const run = async (members: Partial<SyncRequested>) => {
    pipeline.advanceMs(10);
    const event = pipeline.event('conn-1', { reason: 'webhook', requestedEpochMs: pipeline.nowEpochMs(), ...members });
    return (await processEvent(event, { hardDeadlineMs: 2_000 }, pipeline.deps)).outcome;
  };
  return { pipeline, run };
}

describe('new accounts', () => {
  it('are read at once, though the list of the day has been read', async () => {
    const second = { ...account('200'), accountId: 'acc-2', providerAccountId: 'p-acc-2' };
    const lists = [[account('100')], [account('100'), second]];
    const { pipeline, run } = await setUp([quiet('c1'), quiet('c2'), quiet('c3')], { accountLists: lists });
    await run({});
    await run({});
    expect(pipeline.listCalls).toHaveLength(1);
    expect(await run({ readAccounts: true })).toMatchObject({ kind: 'committed' });
    expect((await pipeline.head('conn-1')).accounts.map(({ accountId }) => accountId)).toEqual(['acc-1', 'acc-2']);
  });

  it('are read though a later sync has covered the event', async () => {
    const { pipeline, run } = await setUp([quiet('c1'), quiet('c2')]);
    await run({ queuedEpochMs: startEpochMs + 100 });
    expect(await run({ queuedEpochMs: startEpochMs + 50 })).toMatchObject({ kind: 'coalesced' });
    expect(await run({ queuedEpochMs: startEpochMs + 50, readAccounts: true })).toMatchObject({ kind: 'committed' });
    expect(pipeline.listCalls).toHaveLength(2);
  });
});

describe('new accounts whose list cannot be read', () => {
  it('are asked for again by themselves, later each time and not for ever', async () => {
    const { pipeline, run } = await setUp(Array(7).fill(quiet('c1')), { accountLists: [undefined] });
    expect(await run({ readAccounts: true })).toMatchObject({ kind: 'committed' });
    const repeats: [number, number][] = [];
    for (
      let sent = pipeline.sent.at(-1);
      sent !== undefined && repeats.length < 10;
      sent = pipeline.sent[repeats.length]
    ) {
      repeats.push([sent.event.attempts, sent.delayMs]);
      expect(await run(sent.event)).toMatchObject({ kind: 'committed' });
    }
    expect(repeats).toEqual([
      [1, 60_000],
      [2, 120_000],
      [3, 240_000],
      [4, 480_000],
      [5, 900_000],
    ]);
  });

  it('are there with the first list that can be', async () => {
    const { pipeline, run } = await setUp([quiet('c1'), quiet('c2')], { accountLists: [undefined, [account('100')]] });
    await run({ readAccounts: true });
    await run(pipeline.sent[0]?.event ?? {});
    expect((await pipeline.head('conn-1')).accounts).toHaveLength(1);
    expect(pipeline.sent).toHaveLength(1);
  });

  it('are no reason to ask again where nobody has told of them: the next event does', async () => {
    const { pipeline, run } = await setUp([quiet('c1')], { accountLists: [undefined] });
    await run({});
    expect(pipeline.sent).toEqual([]);
  });
});

describe('the end of a consent', () => {
  it('is written into the journal once, and data go on', async () => {
    const { pipeline, run } = await setUp([quiet('c1'), quiet('c2')]);
    expect(await run({ consentExpiresEpochMs: ends })).toMatchObject({ kind: 'committed' });
    const { version } = await pipeline.head('conn-1');
    await run({ consentExpiresEpochMs: ends });
    const head = await pipeline.head('conn-1');
    expect(head).toMatchObject({ consentExpiresEpochMs: ends, status: 'active' });
    expect(head.version).toBe(version + 1); // the page alone
    expect(await auditTable(pipeline.table, within)).toMatchObject({ findings: [] });
  });

  it('is written for a connection that waits for its user, and for one that a later sync covers', async () => {
    const { pipeline, run } = await setUp([{ error: 'LOGIN_REQUIRED' }, quiet('c1')]);
    await run({});
    await run({ reason: 'webhook', requestedEpochMs: 0, consentExpiresEpochMs: ends });
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'login-required', consentExpiresEpochMs: ends });
  });

  it('is not taken from an event that goes on later: it may have been renewed since', async () => {
    const { pipeline, run } = await setUp([quiet('c1')]);
    await run({ reason: 'continuation', consentExpiresEpochMs: ends });
    expect(await pipeline.head('conn-1')).not.toHaveProperty('consentExpiresEpochMs');
  });

  it('is written after the winner where another run wins', async () => {
    const { pipeline, run } = await setUp([quiet('c1')]);
    const { table } = pipeline;
    const plain = createJournal({ table });
    let raced = false;
    const journal: Journal = {
      ...plain,
      async append(head, connectionId, content, options) {
        if (content.kind === 'consent' && !raced) {
          raced = true;
          const base = {
            runId: 'other',
            writtenEpochMs: 0,
            status: 'active',
            reason: null,
            nextAttemptEpochMs: null,
          } as const;
          await plain.append(head, connectionId, { ...base, kind: 'status' }, options);
        }
        return plain.append(head, connectionId, content, options);
      },
    };
    Object.assign(pipeline.deps, { journal });
    await run({ consentExpiresEpochMs: ends });
    expect(await pipeline.head('conn-1')).toMatchObject({ consentExpiresEpochMs: ends, version: 4 });
    expect(await auditTable(table, within)).toMatchObject({ findings: [] });
  });
});

describe('a burst of webhooks of one connection', () => {
  const batch = (first: number, count: number, handedOut: number) => ({
    Records: Array.from({ length: count }, (_, index) => ({
      messageId: `m-${first + index}`,
      body: JSON.stringify({ connectionId: 'conn-1', reason: 'webhook' }),
      attributes: {
        SentTimestamp: String(startEpochMs + first + index),
        ApproximateFirstReceiveTimestamp: String(startEpochMs + handedOut),
        ApproximateReceiveCount: '1',
      },
      eventSource: 'aws:sqs',
    })),
  });
  const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 5_000 };
  const noSchedule = async () => ({ looked: 0, asked: 0, goesOn: false });

  it('is answered by one sync: what waits behind its first event is covered', async () => {
    const { pipeline } = await setUp([quiet('c1'), quiet('c2')]);
    const run = createProcessHandler(
      { ...pipeline.deps, askDue: noSchedule },
      { hardDeadlineMs: 2_000, answerReserveMs: 200 },
    );
    await run(batch(0, 1, 500), context);
    for (let first = 1; first < 100; first += 1) await run(batch(first, 1, 501 + first), context);
    expect(pipeline.asked).toEqual([null]);
    await run(batch(500, 1, 700), context); // it reached the queue as the first event was handed out
    expect(pipeline.asked).toEqual([null, 'c1']);
  });

  it('is not covered by a message that was handed out before, though it is worked on later', async () => {
    const { pipeline } = await setUp([quiet('c1'), quiet('c2')]);
    const run = createProcessHandler(
      { ...pipeline.deps, askDue: noSchedule },
      { hardDeadlineMs: 2_000, answerReserveMs: 200 },
    );
    await run(batch(0, 1, 10), context);
    await run(batch(20, 1, 900), context);
    expect(pipeline.asked).toEqual([null, 'c1']);
  });

  it('is covered by the older of two times where the queue says nothing of the later one', async () => {
    const { pipeline } = await setUp([quiet('c1'), quiet('c2')]);
    const run = createProcessHandler(
      { ...pipeline.deps, askDue: noSchedule },
      { hardDeadlineMs: 2_000, answerReserveMs: 200 },
    );
    await run(batch(50, 1, Number.NaN), context);
    await run(batch(49, 1, 900), context);
    await run(batch(51, 1, 900), context);
    expect(pipeline.asked).toEqual([null, 'c1']);
  });
});
