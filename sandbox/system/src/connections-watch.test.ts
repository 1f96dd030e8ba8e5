import { createDeadline } from '@quartersec/sla';
import {
  connectionPk,
  createJournal,
  createMemoryTable,
  entrySk,
  forgetConnection,
  headSk,
  linkConnection,
  putOnList,
  StorageError,
  type Table,
} from '@quartersec/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionsWatch, createConnectionsWatch } from './connections-watch.ts';

const within = { deadline: createDeadline(60_000, () => 0) };

let stored: Table;
let nowMs: number;
let calls: { gets: number; queries: number };
/** What the table does in place of a read. */
let broken: (() => Promise<never>) | undefined;
let watch: ConnectionsWatch;

beforeEach(() => {
  stored = createMemoryTable();
  nowMs = 1_000_000;
  calls = { gets: 0, queries: 0 };
  broken = undefined;
  const table: Table = {
    ...stored,
    get(...call) {
      calls.gets += 1;
      return broken?.() ?? stored.get(...call);
    },
    query(...call) {
      calls.queries += 1;
      return broken?.() ?? stored.query(...call);
    },
  };
  const startedWith = new Set(Array.from({ length: 500 }, (_, index) => `conn-${index}`));
  watch = createConnectionsWatch({ table, startedWith, nowMs: () => nowMs, nowEpochMs: () => nowMs });
});

async function link(connectionId: string): Promise<void> {
  const journal = createJournal({ table: stored });
  const who = { connectionId, userId: 'anna', provider: 'plaid', institutionId: 'ins_1', sealedToken: 'sealed' };
  await linkConnection({ journal, table: stored }, { ...who, runId: connectionId, writtenEpochMs: nowMs }, within);
}

async function linkMany(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await link(`conn-${index}`);
}

/** The answer that the next refresh has made: it comes behind the one that begins it. */
async function afterRefresh() {
  nowMs += 2_000;
  await watch.summary();
  await new Promise((resolve) => setImmediate(resolve)); // a memory table answers within microtasks
  return watch.summary();
}

const unreachable = () => Promise.reject(new StorageError('TABLE_UNREACHABLE', {}));

describe('the connections of a table', () => {
  it('are none in an empty one', async () => {
    expect(await watch.summary()).toMatchObject({ linked: 0, unseen: 0, rows: [], readEpochMs: 1_000_000 });
  });

  it('are those on its list, however they were linked', async () => {
    await linkMany(2);
    await link('plaid-by-hand');
    const { linked, neverRead, rows } = await watch.summary();
    expect([linked, neverRead]).toEqual([3, 3]);
    expect(rows.map(({ connectionId, byHand }) => [connectionId, byHand])).toEqual([
      ['plaid-by-hand', true],
      ['conn-0', false],
      ['conn-1', false],
    ]);
  });

  it('have their ids and states, and nothing else', async () => {
    await link('conn-0');
    expect((await watch.summary()).rows).toEqual([
      {
        connectionId: 'conn-0',
        userId: 'anna',
        institutionId: 'ins_1',
        status: 'active',
        userAction: 'none',
        history: 'none',
        accounts: 0,
        syncedEpochMs: null,
        byHand: false,
      },
    ]);
  });

  it('are there within two refreshes once linked, and gone once forgotten', async () => {
    await linkMany(3);
    await watch.summary();
    await link('plaid-1');
    await afterRefresh();
    expect(await afterRefresh()).toMatchObject({ linked: 4, rows: [{ connectionId: 'plaid-1' }, {}, {}, {}] });
    await forgetConnection(stored, 'plaid-1', within);
    await afterRefresh();
    expect(await afterRefresh()).toMatchObject({ linked: 3, rows: [{}, {}, {}] });
  });

  it('change with their heads', async () => {
    await linkMany(1);
    await watch.summary();
    const journal = createJournal({ table: stored });
    const head = await journal.readHead('conn-0', within);
    const reason = 'LOGIN_REQUIRED';
    const status = { kind: 'status', status: 'login-required', reason, nextAttemptEpochMs: null } as const;
    const result = await journal.append(head, 'conn-0', { ...status, runId: 'r', writtenEpochMs: nowMs }, within);
    if (result.head !== undefined) await journal.saveHead(result.head, within);
    expect(await afterRefresh()).toMatchObject({
      byStatus: { 'login-required': 1 },
      userNeeded: 1,
      rows: [{ status: 'login-required', userAction: 'update-mode' }],
    });
  });

  it('cost the table no more when there are many, and are all looked at in time', async () => {
    await linkMany(300);
    const first = await watch.summary();
    expect(first).toMatchObject({ linked: 300, unseen: 236 });
    expect(calls).toEqual({ gets: 64, queries: 64 });
    for (let refresh = 0; refresh < 4; refresh += 1) await afterRefresh();
    expect(await watch.summary()).toMatchObject({ linked: 300, unseen: 0, neverRead: 300 });
    calls = { gets: 0, queries: 0 };
    await afterRefresh();
    expect(calls.queries).toBe(32);
    expect(calls.gets).toBeLessThanOrEqual(84);
    expect(calls.gets).toBeGreaterThanOrEqual(64);
  });

  it('are not read again for every question', async () => {
    await linkMany(2);
    await watch.summary();
    calls = { gets: 0, queries: 0 };
    nowMs += 1_999;
    await Promise.all(Array.from({ length: 50 }, () => watch.summary()));
    expect(calls).toEqual({ gets: 0, queries: 0 });
  });

  it('are read at once after a pause, not told as they were before it', async () => {
    await linkMany(1);
    await watch.summary();
    await link('conn-1');
    await watch.summary();
    nowMs += 3_600_000;
    expect((await watch.summary()).readEpochMs).toBe(nowMs);
  });

  it('leave out what is on the list without any entry, and name what does not verify', async () => {
    await linkMany(2);
    await putOnList(stored, 'begun', within);
    const key = { pk: connectionPk('conn-1'), sk: entrySk(1) };
    const entry = (await stored.get(key, within)) ?? key;
    await stored.put({ ...entry, hash: new Uint8Array(32) }, undefined, within);
    await stored.delete({ pk: connectionPk('conn-1'), sk: headSk }, within);
    expect(await watch.summary()).toMatchObject({ linked: 2, unseen: 0, unreadable: 1, rows: [{}] });
  });

  it('stay as they were while the table does not answer, with the time of that', async () => {
    await linkMany(2);
    await watch.summary();
    broken = unreachable;
    expect(await afterRefresh()).toMatchObject({ linked: 2, readEpochMs: 1_000_000 });
    nowMs += 60_000;
    expect(await watch.summary()).toMatchObject({ linked: 2, readEpochMs: 1_000_000 });
    broken = undefined;
    nowMs += 2_000;
    expect((await watch.summary()).readEpochMs).toBe(nowMs);
  });

  it('are an error before the first read, and no call more until it is due again', async () => {
    await linkMany(70);
    broken = unreachable;
    await expect(watch.summary()).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE' });
    const { queries } = calls;
    await expect(watch.summary()).rejects.toThrow('could not be read yet');
    expect(calls.queries).toBe(queries);
    broken = undefined;
    nowMs += 2_000;
    expect(await watch.summary()).toMatchObject({ linked: 70 });
  });

  it('that work keep their places for a while, whatever is read meanwhile', async () => {
    await linkMany(4);
    const { rows } = await watch.summary();
    await link('conn-4');
    for (let refresh = 0; refresh < 3; refresh += 1) await afterRefresh();
    expect((await watch.summary()).rows).toEqual(rows);
    await afterRefresh();
    await afterRefresh();
    expect((await watch.summary()).rows).toHaveLength(5);
  });
});
