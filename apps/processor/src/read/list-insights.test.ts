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

describe('GET /v1/insights/{insightId}', () => {
  const one = (fingerprint: string, userId = 'user-1') => system.get(`/v1/insights/${fingerprint}`, { userId });
  const dearer = async () => {
    const [last] = monthly('acc-1', 'Reelhouse', '-1599').slice(-1) as [Transaction];
    await system.append('c1', system.page([{ ...last, transactionId: 'p-new', bookingDate: dateAt(-29) }]));
    today += 30 * dayMs;
    return (await told('/v1/insights?kind=price-change')).insights[0];
  };

  it('gives one insight as the list tells it, with what can be done about it and nothing else', async () => {
    const insight = await dearer();
    const { status, body } = await one(insight.fingerprint);
    expect(status).toBe(200);
    expect(body.insight).toEqual(insight);
    expect(body.insight.evidence[0]).toMatchObject({ connectionId: 'c1', accountId: 'acc-1', minor: -1_599 });
    expect(body.recommendations).toMatchObject([
      { action: 'review-subscription', insights: [insight.fingerprint], exponent: 2, isConfirmed: false },
    ]);
    expect(body.connections).toMatchObject([{ connectionId: 'c1' }, { connectionId: 'c2' }]);
    const [recurring] = (await told('/v1/insights?kind=recurring')).insights;
    expect((await one(recurring.fingerprint)).body).toMatchObject({ insight: recurring, recommendations: [] });
  });

  it("answers another user's id like one that never was", async () => {
    await system.link('c3', 'user-2');
    const { fingerprint } = (await told()).insights[0];
    const theirs = await one(fingerprint, 'user-2');
    expect(theirs.status).toBe(404);
    expect(theirs.headers['content-type']).toBe('application/problem+json');
    expect(theirs.body).toEqual({
      type: 'urn:quartersec:problem:INSIGHT_UNKNOWN',
      title: 'You have no such insight',
      status: 404,
      code: 'INSIGHT_UNKNOWN',
    });
    const none = await one('never-was', 'user-2');
    expect([none.status, none.headers, none.body]).toEqual([theirs.status, theirs.headers, theirs.body]);
    expect(await one(fingerprint, 'user-without-a-bank')).toMatchObject({ status: 404, body: theirs.body });
  });

  it('answers 404 once the user has dismissed it, and leaves out a recommendation that was', async () => {
    const { fingerprint } = await dearer();
    const [recommendation] = (await one(fingerprint)).body.recommendations;
    const dismiss = (of: string) =>
      putFeedback(
        system.table,
        'user-1',
        { fingerprint: of, verdict: 'dismissed', untilDate: null, saidEpochMs: 1 },
        within,
      );
    await dismiss(recommendation.fingerprint);
    expect(await one(fingerprint)).toMatchObject({ status: 200, body: { recommendations: [] } });
    await dismiss(fingerprint);
    expect(await one(fingerprint)).toMatchObject({ status: 404, body: { code: 'INSIGHT_UNKNOWN' } });
  });

  it('answers 304 to who has it already, and only of this insight', async () => {
    const { fingerprint } = await dearer();
    const { headers } = await one(fingerprint);
    const [recurring] = (await told('/v1/insights?kind=recurring')).insights;
    const ask = (id: string) =>
      system.get(`/v1/insights/${id}`, { headers: { 'if-none-match': String(headers.etag) } });
    expect((await ask(fingerprint)).status).toBe(304);
    expect((await ask(recurring.fingerprint)).status).toBe(200);
    expect((await ask('never-was')).status).toBe(404);
  });

  it('does not say that it is gone where a connection cannot be read', async () => {
    const { fingerprint } = (await told()).insights[0];
    const item = await system.table.get({ pk: 'CONN#c2', sk: 'LOG#000000000002' }, within);
    if (item === undefined) throw new Error('no entry');
    await system.table.put({ ...item, body: Buffer.from('damaged') }, undefined, within);
    today += dayMs; // what was told before is remembered for that day
    expect(await one(fingerprint)).toMatchObject({
      status: 200,
      body: { insight: { fingerprint }, unreadable: [{ connectionId: 'c2' }] },
    });
    expect(await one('never-was')).toMatchObject({ status: 503, body: { code: 'ENTRY_CORRUPT' } });
  });

  it('takes no parameter', async () => {
    expect(await system.get('/v1/insights/never-was?kind=recurring')).toMatchObject({ status: 400 });
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
