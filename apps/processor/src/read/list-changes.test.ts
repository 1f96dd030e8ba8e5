import { createMemoryTable, type EntryContent, StorageError } from '@quartersec/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, ConnectionAccount, ConnectionTransaction } from '../api/contract.ts';
import { account, transaction } from '../scripted-pipeline.ts';
import { type ApiSystem, createApiSystem, nowEpochMs } from '../testing/api-system.ts';

const named = (accountId: string, minor = '100') => ({ ...account(minor), accountId });

/** What an app keeps. */
interface Copy {
  readonly seen: Set<string>;
  readonly transactions: Map<string, ConnectionTransaction>;
  readonly accounts: Map<string, ConnectionAccount>;
  readonly connections: Map<string, { readonly status: string; readonly history: string }>;
  cursor: string | undefined;
}

const emptyCopy = (): Copy => ({
  seen: new Set(),
  transactions: new Map(),
  accounts: new Map(),
  connections: new Map(),
  cursor: undefined,
});

function apply(copy: Copy, change: Change): void {
  if (copy.seen.has(change.id)) return;
  copy.seen.add(change.id);
  const { connectionId } = change;
  switch (change.kind) {
    case 'connection.changed':
      copy.connections.set(connectionId, change.connection);
      break;
    case 'connection.removed':
      copy.connections.delete(connectionId);
      for (const held of [copy.transactions, copy.accounts])
        for (const [id, record] of held) if (record.connectionId === connectionId) held.delete(id);
      break;
    case 'account.changed':
      copy.accounts.set(`${connectionId} ${change.account.accountId}`, change.account);
      break;
    case 'transaction.removed':
      copy.transactions.delete(change.transactionId);
      break;
    case 'insight.raised':
    case 'insight.cleared':
      break;
    default:
      copy.transactions.set(change.transaction.transactionId, change.transaction);
  }
}

/** Asks until there is no more. `repeats`: some pages are asked for twice, as after a response that was lost. */
async function follow(
  system: ApiSystem,
  copy: Copy,
  limit: number,
  repeats: () => boolean = () => false,
): Promise<Change[]> {
  const all: Change[] = [];
  for (let more = true, pages = 0; more; pages += 1) {
    if (pages > 1_000) throw new Error('a feed without end');
    const target = `/v1/changes?limit=${limit}${copy.cursor === undefined ? '' : `&after=${copy.cursor}`}`;
    const { status, body } = await system.get(target);
    expect([status, body.code]).toEqual([200, undefined]);
    expect(body.changes.length).toBeLessThanOrEqual(limit);
    if (repeats()) {
      const again = (await system.get(target)).body;
      expect(again.changes).toEqual(body.changes);
    }
    for (const change of body.changes) apply(copy, change);
    all.push(...body.changes);
    copy.cursor = body.nextCursor;
    more = body.more;
  }
  return all;
}

async function expectCopy(system: ApiSystem, copy: Copy): Promise<void> {
  const { transactions } = (await system.get('/v1/transactions?limit=500')).body;
  const byId = (found: readonly ConnectionTransaction[]) =>
    Object.fromEntries(found.map((record) => [record.transactionId, record]));
  expect(byId([...copy.transactions.values()])).toEqual(byId(transactions));
  const { accounts } = (await system.get('/v1/accounts')).body;
  const lasting = (found: readonly ConnectionAccount[]) =>
    Object.fromEntries(
      found.map(({ readEpochMs: _, ...record }) => [`${record.connectionId} ${record.accountId}`, record]),
    );
  expect(lasting([...copy.accounts.values()])).toEqual(lasting(accounts));
  const { connections } = (await system.get('/v1/connections')).body;
  expect([...copy.connections].map(([id, { status, history }]) => [id, status, history]).sort()).toEqual(
    connections
      .map((found: { connectionId: string; status: string; history: string }) => [
        found.connectionId,
        found.status,
        found.history,
      ])
      .sort(),
  );
}

type Step =
  | {
      readonly kind: 'append';
      readonly connection: string;
      readonly content: (system: ApiSystem, at: number) => EntryContent;
    }
  | { readonly kind: 'erase' | 'link'; readonly connection: string }
  | { readonly kind: 'follow'; readonly limit: number };

const connection = fc.constantFrom('c1', 'c2', 'c3');
const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
const page = fc.record({
  connection,
  loop: fc.constantFrom('L1', 'L2', 'L3'),
  last: fc.boolean(),
  begins: fc.constantFrom('delta' as const, 'snapshot' as const),
  complete: fc.boolean(),
  added: fc.array(fc.record({ id: ids, day: fc.integer({ min: 1, max: 5 }) }), { maxLength: 4 }),
  removed: fc.array(ids, { maxLength: 2 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: page.map(
      (found): Step => ({
        kind: 'append',
        connection: found.connection,
        content: (system, at) => {
          const of = (id: string) => `${found.connection}-${id}`;
          const added = found.added.map(({ id, day }) =>
            transaction(of(id), { bookingDate: `2026-01-0${day}`, contentHash: `${id}-${day}-${at % 3}` }),
          );
          return system.page(added, {
            removed: found.removed.map(of),
            loop: { id: found.loop, page: 1, last: found.last, kind: found.begins },
            ...(found.complete ? {} : { history: 'recent' }),
          });
        },
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        connection,
        accounts: fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
        minor: fc.constantFrom('1', '2'),
      })
      .map(
        ({ connection: of, accounts, minor }): Step => ({
          kind: 'append',
          connection: of,
          content: (system) => system.accounts(accounts.map((id) => named(id, minor))),
        }),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ connection, isBad: fc.boolean() }).map(
      ({ connection: of, isBad }): Step => ({
        kind: 'append',
        connection: of,
        content: (_system, at) => ({
          kind: 'status',
          runId: `s${at}`,
          writtenEpochMs: nowEpochMs,
          status: isBad ? 'login-required' : 'active',
          reason: isBad ? 'LOGIN_REQUIRED' : null,
          nextAttemptEpochMs: null,
        }),
      }),
    ),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('erase' as const, 'link' as const), connection }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('follow' as const), limit: fc.integer({ min: 1, max: 6 }) }) },
);

describe('the feed of changes', () => {
  it('gives an app that applies it what the reads say, whatever happens in between, and however often it asks', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 30 }),
        fc.infiniteStream(fc.boolean()),
        async (steps, coins) => {
          const system = createApiSystem();
          const copy = emptyCopy();
          const linked = new Set<string>();
          for (const [at, { connection: of = '', ...what }] of (
            steps as (Step & { readonly connection?: string })[]
          ).entries()) {
            if (what.kind === 'follow') {
              for (const { kind } of await follow(system, copy, what.limit, () => coins.next().value === true))
                seen.add(kind);
              continue;
            }
            if (what.kind === 'erase') await system.forget(of);
            // Another history each time it is linked anew.
            else if (!linked.has(of)) await system.link(of, 'user-1', { runId: `link-${at}` });
            if (what.kind === 'erase') linked.delete(of);
            else linked.add(of);
            if (what.kind === 'append') await system.append(of, what.content(system, at));
          }
          for (const { kind } of await follow(system, copy, 500)) seen.add(kind);
          await expectCopy(system, copy);
          const anew = emptyCopy();
          await follow(system, anew, 3);
          await expectCopy(system, anew);
        },
      ),
      { numRuns: 150 },
    );
    expect([...seen].sort()).toEqual([
      'account.changed',
      'connection.changed',
      'connection.removed',
      'transaction.added',
      'transaction.modified',
      'transaction.removed',
    ]);
  });

  it('has stable ids and an order by version in each connection', async () => {
    const system = createApiSystem();
    await system.link('c1');
    await system.append('c1', system.accounts([named('x')]));
    await system.append('c1', system.page([transaction('b'), transaction('a')]));
    await system.append('c1', system.page([transaction('a', { contentHash: 'other' })], { removed: ['b'] }));
    const changes = await follow(system, emptyCopy(), 2);
    expect(changes.map(({ version, kind }) => [version, kind])).toEqual([
      [1, 'connection.changed'],
      [2, 'account.changed'],
      [3, 'connection.changed'],
      [3, 'transaction.added'],
      [3, 'transaction.added'],
      [4, 'transaction.removed'],
      [4, 'transaction.modified'],
    ]);
    expect(new Set(changes.map(({ id }) => id)).size).toBe(7);
    expect((await follow(system, emptyCopy(), 500)).map(({ id }) => id)).toEqual(changes.map(({ id }) => id));
    expect(changes[1]).toMatchObject({
      connectionId: 'c1',
      account: { accountId: 'x', connectionId: 'c1', state: 'open' },
    });
    expect(changes[5]).toMatchObject({ transactionId: 'b' });
    expect(JSON.stringify(changes)).not.toContain('sealed');
  });

  it('begins from now on where that is asked for', async () => {
    const system = createApiSystem();
    await system.link('c1');
    await system.append('c1', system.page([transaction('a')]));
    const { body } = await system.get('/v1/changes?after=now');
    expect(body).toMatchObject({ changes: [], more: false, unreadable: [] });
    await system.append('c1', system.page([transaction('b')]));
    await system.link('c2');
    const next = await system.get(`/v1/changes?after=${body.nextCursor}`);
    expect(next.body.changes).toMatchObject([
      { kind: 'transaction.added', transaction: { transactionId: 'b' } },
      { kind: 'connection.changed', connectionId: 'c2' },
    ]);
    expect((await system.get(`/v1/changes?after=${next.body.nextCursor}`)).body.changes).toEqual([]);
  });

  it('waits for a change, looks once a second, and answers as soon as there is one', async () => {
    const system = createApiSystem();
    await system.link('c1');
    const { body } = await system.get('/v1/changes?after=now');
    let slept = 0;
    const waiting = createApiSystem({
      table: system.table,
      sleep: async (ms) => {
        waiting.advanceMs(ms);
        slept += ms;
        if (slept === 3_000) await system.append('c1', system.page([transaction('a')]));
      },
    });
    const answer = await waiting.get(`/v1/changes?after=${body.nextCursor}&wait=20`, {}, () => 29_000);
    expect(answer.body.changes).toMatchObject([{ kind: 'connection.changed' }, { kind: 'transaction.added' }]);
    expect(slept).toBe(3_000);
    expect(waiting.measured).toEqual([{ ReadTime: 0, ColdStart: 1 }]);
  });

  it('waits no longer than it was asked to, and than its function has time for', async () => {
    const system = createApiSystem();
    await system.link('c1');
    const cursor = (await system.get('/v1/changes?after=now')).body.nextCursor;
    const timed = async (query: string, leftMs?: () => number) => {
      const before = system.deps.nowMs();
      const { body } = await system.get(`/v1/changes?after=${cursor}${query}`, {}, leftMs);
      expect(body.changes).toEqual([]);
      return system.deps.nowMs() - before;
    };
    expect(await timed('&wait=20', () => 29_000)).toBe(20_000);
    expect(await timed('&wait=2', () => 29_000)).toBe(2_000);
    expect(await timed('&wait=20', () => 5_000)).toBe(2_500);
    expect(await timed('&wait=20')).toBe(0);
    expect(await timed('', () => 29_000)).toBe(0);
  });

  it('holds back what cannot be read, names it, goes on with the rest, and gives it when it can be read again', async () => {
    const table = createMemoryTable();
    const plain = createApiSystem({ table });
    let isBroken = true;
    const system = createApiSystem({
      table,
      readChanges: (head, ...rest) =>
        isBroken && head.connectionId === 'c1'
          ? Promise.reject(new StorageError('ENTRY_CORRUPT', { version: 2 }))
          : plain.deps.readChanges(head, ...rest),
    });
    for (const connectionId of ['c1', 'c2']) await plain.link(connectionId);
    const { body } = await system.get('/v1/changes');
    expect(body).toMatchObject({
      changes: [{ connectionId: 'c2' }],
      unreadable: [{ connectionId: 'c1', code: 'ENTRY_CORRUPT' }],
      more: false,
    });
    isBroken = false;
    expect((await system.get(`/v1/changes?after=${body.nextCursor}`)).body).toMatchObject({
      changes: [{ connectionId: 'c1' }],
      unreadable: [],
    });
  });

  it('gives what it has where the time ends in the middle, and fails where it has nothing', async () => {
    const table = createMemoryTable();
    const plain = createApiSystem({ table });
    const late = new Set(['c2']);
    const system = createApiSystem({
      table,
      readChanges: (head, ...rest) =>
        late.has(head.connectionId)
          ? Promise.reject(new StorageError('DEADLINE_EXCEEDED', {}))
          : plain.deps.readChanges(head, ...rest),
    });
    for (const connectionId of ['c1', 'c2']) await plain.link(connectionId);
    const { body } = await system.get('/v1/changes');
    expect(body).toMatchObject({ changes: [{ connectionId: 'c1' }], more: true });
    expect((await system.get(`/v1/changes?after=${body.nextCursor}`)).status).toBe(503);
    late.clear();
    expect((await system.get(`/v1/changes?after=${body.nextCursor}`)).body).toMatchObject({
      changes: [{ connectionId: 'c2' }],
      more: false,
    });
  });

  it('takes no cursor but its own', async () => {
    const system = createApiSystem();
    await system.link('c1');
    const { body } = await system.get('/v1/changes');
    const refused = { status: 400, body: { code: 'CURSOR_INVALID' } };
    expect(await system.get('/v1/changes?after=later')).toMatchObject(refused);
    expect(await system.get(`/v1/changes?after=${body.nextCursor}`, { userId: 'user-2' })).toMatchObject(refused);
    expect(await system.get(`/v1/changes?after=${body.nextCursor.slice(0, -2)}`)).toMatchObject(refused);
  });

  it('has a cursor that a URL has room for, of 100 connections with ids of ours; of ids that are too long it is refused', async () => {
    const system = createApiSystem();
    for (let at = 0; at < 100; at += 1) await system.link(`c${String(at).padStart(22, '0')}`);
    const { body } = await system.get('/v1/changes?after=now');
    expect(body.nextCursor.length).toBeLessThan(4_300);
    expect((await system.get(`/v1/changes?after=${body.nextCursor}`)).status).toBe(200);
    const long = createApiSystem();
    for (let at = 0; at < 40; at += 1) await long.link(`c${String(at).padStart(127, '0')}`);
    expect(await long.get('/v1/changes?after=now')).toMatchObject({ status: 422 });
  });
});
