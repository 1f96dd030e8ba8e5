import { createMemoryTable, encodeInsightState, putFeedback } from '@quartersec/storage';
import type { Transaction } from '@quartersec/validation';
import { beforeEach, describe, expect, it } from 'vitest';
import { readDerivedOrWhole } from '../insights/read-derived.ts';
import { account, transaction } from '../scripted-pipeline.ts';
import { type ApiSystem, createApiSystem, nowEpochMs } from '../testing/api-system.ts';

const dayMs = 86_400_000;
const within = { deadline: { remainingMs: () => 10_000, elapsedMs: () => 0 } };
const dateAt = (daysAgo: number) => new Date(nowEpochMs - daysAgo * dayMs).toISOString().slice(0, 10);
const usd = (minor: string) => ({ minor, exponent: 2, currency: 'USD', unofficialCurrency: null });

/** Eight of them, a month apart. */
function monthly(accountId: string, id: string, minor: string, changes: Partial<Transaction> = {}): Transaction[] {
  return [215, 185, 154, 124, 93, 62, 32, 1].map((daysAgo) =>
    transaction(`${id}-${daysAgo}`, {
      accountId,
      amount: usd(minor),
      direction: minor.startsWith('-') ? 'DBIT' : 'CRDT',
      bookingDate: dateAt(daysAgo),
      description: id,
      merchantName: id,
      merchantEntityId: `entity-${id}`,
      category: { primary: 'ENTERTAINMENT', detailed: 'ENTERTAINMENT_TV_AND_MOVIES' },
      ...changes,
    }),
  );
}

const transferTo = (own: string) => ({
  merchantName: null,
  description: `Transfer ${own}`,
  category: { primary: 'TRANSFER_OUT', detailed: 'TRANSFER_OUT_ACCOUNT_TRANSFER' },
});
const transferFrom = (own: string) => ({
  merchantName: null,
  description: `Transfer ${own}`,
  category: { primary: 'TRANSFER_IN', detailed: 'TRANSFER_IN_ACCOUNT_TRANSFER' },
});

let system: ApiSystem;
let today = nowEpochMs;

beforeEach(async () => {
  today = nowEpochMs;
  system = createApiSystem({ nowEpochMs: () => today });
  for (const [connectionId, accountId] of [
    ['c1', 'acc-1'],
    ['c2', 'acc-2'],
  ] as const) {
    await system.link(connectionId);
    await system.append(connectionId, system.accounts([{ ...account('4000'), accountId }]));
  }
  await system.append(
    'c1',
    system.page([
      ...monthly('acc-1', 'Reelhouse', '-1299'),
      ...monthly('acc-1', 'savings', '-40000', transferTo('to savings')),
    ]),
  );
  await system.append('c2', system.page(monthly('acc-2', 'savings', '40000', transferFrom('from checking'))));
});

const told = async (target = '/v1/insights', userId = 'user-1') => (await system.get(target, { userId })).body;

describe('GET /v1/insights', () => {
  it('merges what the connections say: own transfers between them are neither spending nor income', async () => {
    const { insights, connections, unreadable } = await told();
    expect(insights).toEqual([
      expect.objectContaining({
        kind: 'recurring',
        direction: 'out',
        cadence: 'monthly',
        counterparty: 'Reelhouse',
        typicalMinor: 1_299,
        currency: 'USD',
        exponent: 2,
        isConfirmed: false,
        fingerprint: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      }),
    ]);
    expect(insights[0].evidence[0]).toEqual({ connectionId: 'c1', accountId: 'acc-1', date: dateAt(1), minor: -1_299 });
    expect(connections.map(({ connectionId }: { connectionId: string }) => connectionId)).toEqual(['c1', 'c2']);
    expect(unreadable).toEqual([]);
    expect((await told('/v1/insights?kind=missed')).insights).toEqual([]);
    expect((await told('/v1/insights?kind=recurring')).insights).toHaveLength(1);
  });

  it('says nothing to another user, and nothing of this one', async () => {
    await system.link('c3', 'user-2');
    expect(await told('/v1/insights', 'user-2')).toMatchObject({ insights: [], connections: [{ connectionId: 'c3' }] });
  });

  it('leaves out what the user dismissed, for good, and what is snoozed until its day is over', async () => {
    const [{ fingerprint }] = (await told()).insights;
    const say = (verdict: 'confirmed' | 'dismissed' | 'snoozed', untilDate: string | null = null) =>
      putFeedback(system.table, 'user-1', { fingerprint, verdict, untilDate, saidEpochMs: 1 }, within);
    await say('confirmed');
    expect((await told()).insights).toMatchObject([{ fingerprint, isConfirmed: true, status: 'mature' }]);
    await say('snoozed', dateAt(-1));
    expect((await told()).insights).toEqual([]);
    today += 2 * dayMs;
    expect((await told()).insights).toMatchObject([{ fingerprint }]);
    await say('dismissed');
    const drifted = monthly('acc-1', 'Reelhouse', '-1349', { merchantName: 'REELHOUSE.COM 866' }).slice(-1);
    await system.append(
      'c1',
      system.page(drifted.map((each) => ({ ...each, transactionId: 'new', bookingDate: dateAt(0) }))),
    );
    expect((await told('/v1/insights?kind=recurring')).insights).toEqual([]);
  });

  it('answers 304 to who has it already, until a connection, the day or the feedback changes', async () => {
    const first = await system.get('/v1/insights');
    const again = () => system.get('/v1/insights', { headers: { 'if-none-match': String(first.headers.etag) } });
    expect((await again()).status).toBe(304);
    today += dayMs;
    expect((await again()).status).toBe(200);
    today -= dayMs;
    await putFeedback(
      system.table,
      'user-1',
      { fingerprint: 'x', verdict: 'confirmed', untilDate: null, saidEpochMs: 1 },
      within,
    );
    expect((await again()).status).toBe(200);
  });

  it('assesses once for insights, recommendations and forecast, and anew once anything has changed', async () => {
    const table = createMemoryTable();
    let derivations = 0;
    system = createApiSystem({
      table,
      nowEpochMs: () => today,
      readDerived(head, deadline) {
        derivations += 1;
        return readDerivedOrWhole({ cache: table, entries: table }, table, head, deadline);
      },
    });
    await system.link('c1');
    const derivedFor = async (targets: readonly string[]) => {
      derivations = 0;
      for (const target of targets) await told(target);
      return derivations;
    };
    const all = ['/v1/insights', '/v1/recommendations', '/v1/forecast'];
    expect(await derivedFor(all)).toBe(1);
    await system.append('c1', system.page([]));
    expect(await derivedFor(all)).toBe(1);
    const feedback = { fingerprint: 'x', verdict: 'dismissed', untilDate: null, saidEpochMs: 1 } as const;
    await putFeedback(table, 'user-1', feedback, within);
    expect(await derivedFor(all)).toBe(1);
    today += dayMs;
    expect(await derivedFor(all)).toBe(1);
    expect(await derivedFor(all)).toBe(0);
    expect(await derivedFor(['/v1/forecast?without=abcdefghijklmnopqrstuv'])).toBe(1); // another question
  });

  it('tells of the rest where one connection does not verify, and says so', async () => {
    const item = await system.table.get({ pk: 'CONN#c2', sk: 'LOG#000000000002' }, within);
    if (item === undefined) throw new Error('no entry');
    await system.table.put({ ...item, body: Buffer.from('damaged') }, undefined, within);
    expect(await told()).toMatchObject({
      connections: [{ connectionId: 'c1' }],
      unreadable: [{ connectionId: 'c2', code: 'ENTRY_CORRUPT' }],
    });
    expect(system.measured.at(-1)).toMatchObject({ ReadsFailed: 1 });
  });

  it('does not trust a state of another history', async () => {
    const head = await system.append('c1', system.page([]));
    const body = Buffer.alloc(8);
    await system.table.put(encodeInsightState({ ...head, hash: 'a'.repeat(64), body }), undefined, within);
    expect((await told()).insights).toHaveLength(1);
  });
});

describe('GET /v1/recommendations', () => {
  it('says what to do about a price that went up, and what that is worth', async () => {
    const [dearer] = monthly('acc-1', 'Reelhouse', '-1599').slice(-1) as [Transaction];
    await system.append('c1', system.page([{ ...dearer, transactionId: 'p-new', bookingDate: dateAt(-29) }]));
    today += 30 * dayMs;
    const { recommendations } = await told('/v1/recommendations');
    expect(recommendations).toMatchObject([
      {
        action: 'review-subscription',
        benefitPeriod: 'yearly',
        currency: 'USD',
        exponent: 2,
        counterparty: 'Reelhouse',
      },
    ]);
    expect(recommendations[0].benefitMinor).toBeGreaterThan(0);
  });
});

describe('GET /v1/forecast', () => {
  it('gives each current account a band of days, and more money without a contract', async () => {
    const { accounts } = await told('/v1/forecast');
    expect(accounts.map(({ accountId }: { accountId: string }) => accountId)).toEqual(['acc-1', 'acc-2']);
    const [mine] = accounts;
    expect(mine.days).toHaveLength(45);
    for (const { lowMinor, likelyMinor, highMinor } of mine.days) {
      expect(lowMinor).toBeLessThanOrEqual(likelyMinor);
      expect(likelyMinor).toBeLessThanOrEqual(highMinor);
    }
    const [{ fingerprint }] = (await told()).insights;
    const without = await told(`/v1/forecast?without=${fingerprint}`);
    const end = (body: { accounts: { days: { likelyMinor: number }[] }[] }) =>
      body.accounts[0]?.days.at(-1)?.likelyMinor ?? 0;
    expect(end(without)).toBeGreaterThan(end({ accounts }));
  });

  it('refuses names of contracts that are none', async () => {
    expect(await system.get('/v1/forecast?without=a b')).toMatchObject({ status: 400 });
  });
});
