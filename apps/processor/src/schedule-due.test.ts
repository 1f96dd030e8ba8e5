import { createDeadline } from '@quartersec/sla';
import {
  createJournal,
  createMemoryTable,
  endErasures,
  eraseBrokenOffLink,
  forgetConnection,
  type Head,
  linkConnection,
  listShards,
  putOnList,
  readListed,
  StorageError,
  type Table,
} from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { type DueRules, isDue } from './due-connections.ts';
import { probeIntervalMs } from './gate.ts';
import { processEvent } from './process-event.ts';
import { askDue, lookEveryMs, readScheduleDue, type ScheduleDependencies, type ScheduleDue } from './schedule-due.ts';
import { createScriptedPipeline, startEpochMs } from './scripted-pipeline.ts';
import type { SyncRequested } from './sync-event.ts';
import { sampleHead } from './testing/sample-head.ts';

const hourMs = 3_600_000;
const rules: DueRules = { everyMs: 6 * hourMs, lookEveryMs };
const nowEpochMs = 1_800_000_000_000;
const within = () => ({ deadline: createDeadline(600_000, () => performance.now()) });

function head(members: Partial<Head>): Head {
  const sync = { startedEpochMs: nowEpochMs - hourMs, completedEpochMs: nowEpochMs - hourMs, queuedEpochMs: null };
  return sampleHead({ lastSync: sync, ...members });
}

const syncedAgo = (ms: number) => ({
  lastSync: { startedEpochMs: nowEpochMs - ms, completedEpochMs: nowEpochMs - ms, queuedEpochMs: null },
});

describe('a connection is due', () => {
  it.each<[string, Partial<Head>, boolean]>([
    ['never synced', { lastSync: null }, true],
    ['synced an hour ago', syncedAgo(hourMs), false],
    ['synced so that the next look is still in time', syncedAgo(6 * hourMs - lookEveryMs), false],
    ['synced so that the next look would be too late', syncedAgo(6 * hourMs - lookEveryMs + 1), true],
    ['synced in the future, by a clock that went back', syncedAgo(-hourMs), false],
    [
      'told to wait until later',
      { ...syncedAgo(9 * hourMs), status: 'waiting', nextAttemptEpochMs: nowEpochMs + 1 },
      false,
    ],
    ['whose wait is over', { ...syncedAgo(hourMs), status: 'waiting', nextAttemptEpochMs: nowEpochMs }, true],
    ['active with a wait of ours', { ...syncedAgo(9 * hourMs), nextAttemptEpochMs: nowEpochMs + 1 }, false],
    [
      'waiting for its user, probed less than a day ago',
      { status: 'login-required', nextAttemptEpochMs: nowEpochMs + 1 },
      false,
    ],
    [
      'waiting for its user, a day after the last probe',
      { status: 'login-required', nextAttemptEpochMs: nowEpochMs },
      true,
    ],
    ['whose consent has ended, a day after', { status: 'consent-expired', nextAttemptEpochMs: nowEpochMs - 1 }, true],
    ['revoked', { status: 'revoked', nextAttemptEpochMs: null }, false],
  ])('%s: %j', (_, members, due) => {
    expect(isDue(head(members), rules, nowEpochMs)).toBe(due);
  });

  it('at least once in the promised time, whenever its last sync was', () => {
    // Every look of the schedule over ten days: a sync follows at once when it is due.
    let syncedMs = 0;
    let longestMs = 0;
    for (let atMs = 0; atMs < 240 * hourMs; atMs += lookEveryMs) {
      if (!isDue(head(syncedAgo(nowEpochMs - (nowEpochMs + syncedMs))), rules, nowEpochMs + atMs)) continue;
      longestMs = Math.max(longestMs, atMs - syncedMs);
      syncedMs = atMs;
    }
    expect(longestMs).toBeLessThanOrEqual(6 * hourMs);
    expect(longestMs).toBeGreaterThan(4 * hourMs);
  });
});

async function setUp(count: number, overrides: Partial<ScheduleDependencies> = {}) {
  const table: Table = createMemoryTable();
  const journal = createJournal({ table });
  const ids = Array.from({ length: count }, (_, index) => `conn-${index}`);
  for (const connectionId of ids) {
    const link = { connectionId, userId: 'u', provider: 'plaid', institutionId: 'i', sealedToken: 's' };
    await linkConnection({ journal, table }, { ...link, runId: 'r', writtenEpochMs: 0 }, within());
  }
  const sent: (SyncRequested | ScheduleDue)[] = [];
  const logged: unknown[][] = [];
  let clockMs = nowEpochMs;
  const deps: ScheduleDependencies = {
    listed: (page, deadline) => readListed(table, page, { deadline }),
    readHead: (connectionId, deadline) => journal.readHead(connectionId, { deadline }),
    eraseBrokenOff: (connectionId, deadline) =>
      eraseBrokenOffLink(table, connectionId, { deadline, nowEpochMs: clockMs }),
    endErasures: (shard, deadline) => endErasures(table, shard, { deadline }),
    goOn: async (message) => void sent.push(message),
    ask: async (event) => void sent.push(event),
    everyMs: rules.everyMs,
    log: { write: (...line) => void logged.push(line) },
    newId: () => `id-${sent.length}`,
    nowEpochMs: () => clockMs,
    ...overrides,
  };
  const tick = async () => {
    const messages: ScheduleDue[] = [{ type: 'ScheduleDue' }];
    for (let message = messages.shift(); message !== undefined; message = messages.shift()) {
      const before = sent.length;
      await askDue(message, within().deadline, deps);
      for (const each of sent.slice(before)) if (each.type === 'ScheduleDue') messages.push(each);
    }
    clockMs += 60_000;
  };
  const asked = () => sent.flatMap((each) => (each.type === 'SyncRequested' ? [each.connectionId] : []));
  return { deps, ids, sent, logged, tick, asked, table, journal };
}

describe('the schedule', () => {
  it('asks for each of thousands of connections once in its round, in pages', async () => {
    const { tick, asked, ids, sent } = await setUp(7_000);
    for (let minute = 0; minute < listShards; minute += 1) await tick();
    expect(asked().toSorted()).toEqual(ids.toSorted());
    expect(sent.filter(({ type }) => type === 'ScheduleDue').length).toBeGreaterThan(20); // pages behind the first
    expect(sent.find(({ type }) => type === 'SyncRequested')).toMatchObject({
      reason: 'schedule',
      requestedEpochMs: expect.any(Number),
    });
  });

  it('leaves alone what has been synced since, and what is told to wait', async () => {
    const { tick, asked, journal } = await setUp(3);
    const pages = { ...within() };
    const current = await journal.readHead('conn-1', pages);
    const waiting = { kind: 'status', runId: 's', writtenEpochMs: 0, status: 'waiting', reason: 'THROTTLED' } as const;
    const result = await journal.append(current, 'conn-1', { ...waiting, nextAttemptEpochMs: nowEpochMs + 9e9 }, pages);
    if (result.head !== undefined) await journal.saveHead(result.head, pages);
    for (let minute = 0; minute < listShards; minute += 1) await tick();
    expect(asked().toSorted()).toEqual(['conn-0', 'conn-2']);
  });

  it('goes on with the others when one does not verify, or is gone', async () => {
    const { tick, asked, logged } = await setUp(3, {
      async readHead(connectionId) {
        if (connectionId === 'conn-1') throw new StorageError('ENTRY_CORRUPT', { connectionId });
        return connectionId === 'conn-2' ? undefined : head({ connectionId, lastSync: null });
      },
    });
    for (let minute = 0; minute < listShards; minute += 1) await tick();
    expect(asked()).toEqual(['conn-0']);
    expect(logged).toContainEqual([
      'error',
      'schedule left out a connection',
      { connection_id: 'conn-1', error_code: 'ENTRY_CORRUPT' },
    ]);
  });

  it('erases a link that broke off, once nobody can go on with it, and nothing that does not verify', async () => {
    const dayMs = 24 * hourMs;
    const shards = Array.from({ length: listShards }, (_, shard) => shard);
    const corrupt: Partial<ScheduleDependencies> = {
      readHead: (connectionId) => Promise.reject(new StorageError('ENTRY_CORRUPT', { connectionId })),
    };
    for (const [openedEpochMs, overrides, isErased] of [
      [nowEpochMs - 8 * dayMs, {}, true],
      [nowEpochMs - 6 * dayMs, {}, false],
      [nowEpochMs - 8 * dayMs, corrupt, false],
    ] as const) {
      const { tick, asked, logged, table } = await setUp(0, overrides);
      await putOnList(table, 'conn-1', within(), { userId: 'u', provider: 'plaid', openedEpochMs });
      for (let minute = 0; minute < listShards; minute += 1) await tick();
      expect(asked()).toEqual([]);
      expect(logged.filter(([, message]) => message === 'broken off link erased')).toHaveLength(isErased ? 1 : 0);
      const listed = await Promise.all(shards.map((shard) => readListed(table, { shard, limit: 10 }, within())));
      expect(listed.flat()).toEqual(isErased ? [] : ['conn-1']);
    }
  });

  it('ends an erasure that broke off and that nobody asks for again', async () => {
    const { tick, logged, table, asked } = await setUp(3);
    const crashing: Table = { ...table, delete: () => Promise.reject(new Error('crash')) };
    await expect(forgetConnection(crashing, 'conn-1', within())).rejects.toThrow('crash');
    for (let minute = 0; minute < listShards; minute += 1) await tick();
    const keys: string[] = [];
    for await (const { pk, sk } of table.scan(within())) keys.push(`${pk} ${sk}`);
    expect(keys.filter((key) => key.includes('conn-1'))).toEqual([]);
    expect(keys.some((key) => key.includes('conn-2'))).toBe(true);
    expect(logged).toContainEqual(['warn', 'erasure ended', { connection_id: 'conn-1' }]);
    expect(logged.filter(([, message]) => message === 'erasure ended')).toHaveLength(1);
    expect(asked()).toEqual(expect.arrayContaining(['conn-0', 'conn-2']));
  });

  it('says what a look came to, and nothing of an empty part of the list', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `conn-${index}`);
    const due = (connectionId: string) =>
      head({ connectionId, ...(Number(connectionId.slice(5)) < 20 && { lastSync: null }) });
    const { deps, logged, asked } = await setUp(0, { listed: async () => ids, readHead: async (id) => due(id) });
    const message: ScheduleDue = { type: 'ScheduleDue', shard: 3 };
    expect(await askDue(message, within().deadline, deps)).toEqual({ looked: 30, asked: 20, goesOn: false });
    expect(asked()).toEqual(ids.slice(0, 20));
    expect(logged).toEqual([['info', 'schedule', { shard: 3, looked: 30, asked: 20, goes_on: false }]]);
    const empty = await setUp(0);
    expect(await askDue(message, within().deadline, empty.deps)).toEqual({ looked: 0, asked: 0, goesOn: false });
    expect(empty.logged).toEqual([]);
  });

  it.each([
    [undefined, undefined],
    [null, undefined],
    ['ScheduleDue', undefined],
    [{ type: 'SyncRequested' }, undefined],
    [{ type: 'ScheduleDue' }, { type: 'ScheduleDue' }],
    [
      { type: 'ScheduleDue', shard: 0, after: 'conn-1', more: 1 },
      { type: 'ScheduleDue', shard: 0, after: 'conn-1' },
    ],
  ])('reads of %j the message %j', (value, message) => {
    expect(readScheduleDue(value)).toEqual(message);
  });

  it.each([
    ['shard', -1],
    ['shard', listShards],
    ['shard', 0.5],
    ['shard', '1'],
    ['after', 7],
  ])('refuses a message whose %s is %j, and names the member', (member, value) => {
    const read = () => readScheduleDue({ type: 'ScheduleDue', [member]: value });
    expect(read).toThrow(
      expect.objectContaining({
        code: 'EVENT_MALFORMED',
        facts: { member, expected: member === 'after' ? 'the id of a connection' : `0 to ${listShards - 1}` },
      }),
    );
  });

  it('comes again where the table fails', async () => {
    const { deps } = await setUp(1, { listed: () => Promise.reject(new StorageError('TABLE_THROTTLED', {})) });
    await expect(askDue({ type: 'ScheduleDue' }, within().deadline, deps)).rejects.toMatchObject({
      code: 'TABLE_THROTTLED',
    });
    const broken = await setUp(3, { readHead: () => Promise.reject(new StorageError('TABLE_UNREACHABLE', {})) });
    const every = async () => {
      for (let shard = 0; shard < listShards; shard += 1)
        await askDue({ type: 'ScheduleDue', shard }, within().deadline, broken.deps);
    };
    await expect(every()).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE' });
  });

  it('finds a login that has healed within a day, and asks no sooner', async () => {
    const pipeline = createScriptedPipeline([
      { error: 'LOGIN_REQUIRED' },
      { error: 'LOGIN_REQUIRED' },
      { page: {}, nextCursor: 'c' },
    ]);
    await pipeline.link('conn-1');
    const run = (members: object) =>
      processEvent(pipeline.event('conn-1', members), { hardDeadlineMs: 2_000 }, pipeline.deps);
    await run({ reason: 'webhook' });
    const looks = async (hours: number) => {
      let asked = 0;
      for (let hour = 0; hour < hours; hour += 1) {
        pipeline.advanceMs(hourMs);
        const due = isDue(await pipeline.head('conn-1'), rules, pipeline.nowEpochMs());
        if (due) await run({ reason: 'schedule', requestedEpochMs: pipeline.nowEpochMs() });
        asked += Number(due);
      }
      return asked;
    };
    expect(await looks(23)).toBe(0);
    expect(await looks(1)).toBe(1);
    expect(await looks(23)).toBe(0);
    expect(await looks(1)).toBe(1);
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active' });
    expect(pipeline.nowEpochMs() - startEpochMs).toBe(2 * probeIntervalMs);
  });
});

describe('its message', () => {
  it.each([
    [{ type: 'ScheduleDue' }],
    [{ type: 'ScheduleDue', shard: 0 }],
    [{ type: 'ScheduleDue', shard: 63, after: 'conn-1' }],
  ])('is %j', (message) => {
    expect(readScheduleDue({ ...message, more: 1 })).toEqual(message);
  });

  it.each([[{ shard: 64 }], [{ shard: -1 }], [{ shard: 1.5 }], [{ shard: '1' }], [{ after: 5 }]])(
    'is refused with %j',
    (members) => {
      expect(() => readScheduleDue({ type: 'ScheduleDue', ...members })).toThrow(
        expect.objectContaining({ code: 'EVENT_MALFORMED' }),
      );
    },
  );

  it.each([[undefined], [null], ['ScheduleDue'], [[]], [{ connectionId: 'conn-1' }], [{ type: 'SyncRequested' }]])(
    'is none as %j',
    (other) => {
      expect(readScheduleDue(other)).toBeUndefined();
    },
  );
});
