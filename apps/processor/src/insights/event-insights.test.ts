import { createMemoryTable, insightStateKey, StorageError, walkEntries } from '@quartersec/storage';
import type { Account, CanonicalPage, Transaction } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { processEvent } from '../process-event.ts';
import {
  type Answer,
  createScriptedPipeline,
  type ScriptedPipeline,
  startEpochMs,
  transaction,
} from '../scripted-pipeline.ts';
import { packDerived } from './derived.ts';
import { insightsOver } from './insights-over.ts';
import { readDerived, readWhole } from './read-derived.ts';

const dayMs = 86_400_000;
const dateAt = (daysAgo: number) => new Date(startEpochMs - daysAgo * dayMs).toISOString().slice(0, 10);
const account: Account = {
  accountId: 'acc-1',
  identityBasis: 'persistentId',
  providerAccountId: 'acc-1',
  currency: 'USD',
  type: 'CACC',
  nature: 'asset',
  name: 'Checking',
  mask: '0000',
  balances: [],
};
const limits = { hardDeadlineMs: 60_000 };
const within = () => ({ remainingMs: () => 60_000, elapsedMs: () => 0 });

/** 12.99 to a streaming service, some days ago. */
function payment(id: string, daysAgo: number, changes: Partial<Transaction> = {}): Transaction {
  return transaction(id, {
    accountId: 'acc-1',
    amount: { minor: '-1299', exponent: 2, currency: 'USD', unofficialCurrency: null },
    bookingDate: dateAt(daysAgo),
    merchantName: 'Reelhouse',
    merchantEntityId: 'entity-reelhouse',
    category: { primary: 'ENTERTAINMENT', detailed: 'ENTERTAINMENT_TV_AND_MOVIES' },
    ...changes,
  });
}

const half = [210, 180, 150, 120, 90, 60, 30].map((daysAgo) => payment(`p-${daysAgo}`, daysAgo));
const page = (members: Partial<CanonicalPage>, nextCursor: string): Answer => ({ page: members, nextCursor });
const first = page({ added: half, accounts: [account] }, 'c1');
const quiet = (from: number, count: number) => Array.from({ length: count }, (_, at) => page({}, `c${from + at}`));

/** An event some time after the one before. */
const sync = (pipeline: ScriptedPipeline, pauseMs = 121_000) => {
  pipeline.advanceMs(pauseMs);
  return processEvent(pipeline.event('conn-1', { reason: 'schedule' }), limits, pipeline.deps);
};

async function linked(answers: readonly Answer[], overrides?: Parameters<typeof createScriptedPipeline>[1]) {
  const pipeline = createScriptedPipeline([...answers], overrides);
  await pipeline.link('conn-1');
  return pipeline;
}

/** By entry: kinds raised and number cleared; entries without news are left out. */
async function newsOf(pipeline: ScriptedPipeline) {
  const told: string[] = [];
  for await (const { version, content } of walkEntries(pipeline.table, 'conn-1', 1, { deadline: within() })) {
    if (content.kind !== 'page' || content.insights === undefined) continue;
    const { raised, cleared } = content.insights;
    const kinds = raised.map((insight) => (insight as { readonly kind?: string }).kind).sort();
    told.push(`${version}: ${kinds.join(' ')}, ${cleared.length} cleared`);
  }
  return told;
}

async function storedVersion(pipeline: ScriptedPipeline) {
  return (await pipeline.table.get(insightStateKey('conn-1'), { deadline: within() }))?.version;
}

/** What stands in the item and the entries behind it is what all entries come to. */
async function expectSameAsWhole(pipeline: ScriptedPipeline) {
  const head = await pipeline.head('conn-1');
  const tables = { cache: pipeline.table, entries: pipeline.table };
  const read = await readDerived(tables, head, within());
  const whole = (await readWhole(pipeline.table, head, within())).derived();
  expect(read?.derived).toMatchObject({ version: head.version, hash: head.hash });
  if (read !== undefined) expect(packDerived(read.derived)).toEqual(packDerived(whole));
}

describe('the derive step', () => {
  it('raises what the first import shows, with its page, and stores the state', async () => {
    const pipeline = await linked([first]);
    expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, insightsRaised: 1 });
    expect(await newsOf(pipeline)).toEqual(['2: recurring, 0 cleared']);
    expect(await storedVersion(pipeline)).toBe(2);
    await expectSameAsWhole(pipeline);
  });

  it('raises a change of the price with the very page that brings it, once', async () => {
    const dearer = payment('p-0', 0, {
      amount: { minor: '-1599', exponent: 2, currency: 'USD', unofficialCurrency: null },
    });
    const pipeline = await linked([first, page({ added: [dearer] }, 'c2'), page({ added: [dearer] }, 'c3')]);
    for (let events = 0; events < 3; events += 1) await sync(pipeline);
    expect(await newsOf(pipeline)).toEqual(['2: recurring, 0 cleared', '3: price-change, 0 cleared']);
    await expectSameAsWhole(pipeline);
  });

  it('follows an account that the bank renumbers, whose history comes bit by bit under the new one', async () => {
    const renumbered = { ...account, accountId: 'acc-2', providerAccountId: 'acc-2' };
    const again = (daysAgo: number) => payment(`n-${daysAgo}`, daysAgo, { accountId: 'acc-2' });
    const answers = [first, page({ added: [again(30)] }, 'c2'), page({ added: [again(60)] }, 'c3')];
    const pipeline = await linked(answers, { accountLists: [[account], [renumbered]] });
    await sync(pipeline);
    for (let events = 1; events < answers.length; events += 1) {
      await sync(pipeline, dayMs + 1);
      await expectSameAsWhole(pipeline);
    }
    expect((await pipeline.head('conn-1')).accounts.map(({ state }) => state)).toEqual(['replaced', 'open']);
    expect(await storedVersion(pipeline)).toBe(3); // all later ones were taken on from there
  });

  describe('behind a second read from the start', () => {
    const again = (daysAgo: number) =>
      payment(`n-${daysAgo}`, daysAgo, { contentHash: payment(`p-${daysAgo}`, daysAgo).contentHash });
    const reread = (pipeline: ScriptedPipeline) => {
      pipeline.advanceMs(121_000);
      return processEvent(pipeline.event('conn-1', { fullRead: true }), limits, pipeline.deps);
    };

    it('lets go what the read lacks, with the page that completes the history', async () => {
      const recent: Answer = { page: { added: [again(20)] }, nextCursor: 'd1', history: 'recent' };
      const pipeline = await linked([first, recent, page({ added: [again(40)] }, 'd2')]);
      await sync(pipeline);
      await reread(pipeline);
      await sync(pipeline);
      await expectSameAsWhole(pipeline);
    });

    it('lets go what the bank tells under another id, when it does', async () => {
      const pipeline = await linked([
        first,
        page({ added: [again(20)] }, 'd1'),
        page({ added: [payment('new', 1)] }, 'd2'),
        page({ added: [again(30)] }, 'd3'),
      ]);
      await sync(pipeline);
      await reread(pipeline);
      const storedBefore = await storedVersion(pipeline);
      await sync(pipeline);
      expect(await storedVersion(pipeline)).toBe(storedBefore); // what is like no other is taken on
      await sync(pipeline);
      await expectSameAsWhole(pipeline);
    });
  });

  it('tells of a payment that does not come when its time is over, without any news from the bank, and of its coming', async () => {
    const late = payment('late', -20, { bookingDate: dateAt(-20) });
    const pipeline = await linked([first, ...quiet(2, 2), page({ added: [late] }, 'c4')]);
    await sync(pipeline);
    await sync(pipeline);
    expect(await newsOf(pipeline)).toHaveLength(1);
    pipeline.advanceMs(20 * dayMs);
    await sync(pipeline);
    expect((await newsOf(pipeline))[1]).toMatch(/^4: missed, /);
    await sync(pipeline);
    expect((await newsOf(pipeline))[2]).toMatch(/^5: .*, 1 cleared$/);
    await expectSameAsWhole(pipeline);
  });

  it('reads what lies behind the stored state, and stores it anew when that is eight entries', async () => {
    const pipeline = await linked([first, ...quiet(2, 10)]);
    const versions: unknown[] = [];
    for (let events = 0; events < 11; events += 1) {
      await sync(pipeline);
      versions.push(await storedVersion(pipeline));
      await expectSameAsWhole(pipeline);
    }
    expect(versions).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 10, 10, 10]);
  });

  it('looks about each two minutes at a connection that is read again and again, and then at all that came', async () => {
    const dearer = payment('p-0', 0, {
      amount: { minor: '-1599', exponent: 2, currency: 'USD', unofficialCurrency: null },
    });
    const pipeline = await linked([first, page({ added: [dearer] }, 'c2'), ...quiet(3, 2)]);
    await sync(pipeline);
    for (let events = 0; events < 2; events += 1) await sync(pipeline, 36_000);
    expect(await newsOf(pipeline)).toEqual(['2: recurring, 0 cleared', '4: price-change, 0 cleared']);
    await expectSameAsWhole(pipeline);
  });

  it('looks about each five minutes at one that is read more than twice a minute', async () => {
    const pipeline = await linked([first, ...quiet(2, 40)]);
    await sync(pipeline);
    const reads: number[] = [];
    const deps = { ...pipeline.deps, insights: { ...pipeline.deps.insights } };
    for (let event = 1; event <= 40; event += 1) {
      pipeline.advanceMs(20_000);
      const readDerived = (...asked: Parameters<typeof deps.insights.readDerived>) => {
        reads.push(event);
        return pipeline.deps.insights.readDerived(...asked);
      };
      await processEvent(pipeline.event('conn-1', { reason: 'schedule' }), limits, {
        ...deps,
        insights: { ...deps.insights, readDerived },
      });
    }
    expect(reads.length).toBeGreaterThan(1);
    const gaps = reads.slice(1).map((event, at) => event - (reads[at] ?? 0));
    expect(new Set(gaps)).toEqual(new Set([16])); // 16 times 20 s
  });

  it('looks with the first event after a pause, and with the first of a day', async () => {
    const dearer = payment('p-0', 0, {
      amount: { minor: '-1599', exponent: 2, currency: 'USD', unofficialCurrency: null },
    });
    const news = page({ added: [dearer] }, 'c3');
    const paused = await linked([first, page({}, 'c2'), news, page({}, 'c4')]);
    await sync(paused);
    await sync(paused); // version 3
    await sync(paused, 36_000); // version 4 looks: each fourth time
    const untilMidnight = await linked([first, news]);
    await sync(untilMidnight, dayMs - (startEpochMs % dayMs) - 2_000);
    await sync(untilMidnight, 4_000); // version 3, soon after the one before, and the first of its day
    for (const pipeline of [paused, untilMidnight]) {
      expect((await newsOf(pipeline)).at(-1)).toMatch(/: price-change/);
      await expectSameAsWhole(pipeline);
    }
  });

  it('never leaves a history for later that has just come', async () => {
    const many = Array.from({ length: 20 }, (_, at) =>
      payment(`m-${at}`, 3, { merchantName: `Shop ${at}`, merchantEntityId: `e-${at}` }),
    );
    const pipeline = await linked([page({ accounts: [account] }, 'c1'), page({ added: [...half, ...many] }, 'c2')]);
    await sync(pipeline);
    await sync(pipeline, 1_000);
    expect(await newsOf(pipeline)).toEqual(['3: recurring, 0 cleared']);
  });

  it('does not take for such a history what a window says again', async () => {
    const covers = [{ accountId: 'acc-1', fromDate: dateAt(40) }];
    const many = Array.from({ length: 25 }, (_, at) => payment(`m-${at}`, at, { merchantName: `Shop ${at}` }));
    const again = (last: number, cursor: string) =>
      page({ added: [...many.slice(0, last), payment('p-30', 30)], covers }, cursor);
    const windows = Array.from({ length: 8 }, (_, at) => again(18 + at, `c${at + 2}`));
    const pipeline = await linked([first, ...windows]);
    await sync(pipeline);
    for (let events = 0; events < windows.length; events += 1) await sync(pipeline, 36_000);
    const left: number[] = [];
    for await (const { version, content } of walkEntries(pipeline.table, 'conn-1', 1, { deadline: within() }))
      if (content.kind === 'page' && content.insightsLeft === true) left.push(version);
    expect(left).toEqual([3, 5, 6, 7, 9, 10]); // each fourth looks
    await expectSameAsWhole(pipeline);
  });

  it('makes the state again from the journal where an old record is withdrawn, and clears what rested on it', async () => {
    const withdrawn = half.slice(0, 5).map(({ transactionId }) => transactionId);
    const pipeline = await linked([first, page({ removed: withdrawn }, 'c2')]);
    await sync(pipeline);
    expect(await sync(pipeline)).toMatchObject({ insightsCleared: 1 });
    expect(await newsOf(pipeline)).toEqual(['2: recurring, 0 cleared', '3: , 1 cleared']);
    await expectSameAsWhole(pipeline);
  });

  it('goes over a damaged state, and over one of another version', async () => {
    const pipeline = await linked([first, ...quiet(2, 2)]);
    await sync(pipeline);
    const item = await pipeline.table.get(insightStateKey('conn-1'), { deadline: within() });
    if (item === undefined) throw new Error('no state');
    await pipeline.table.put({ ...item, body: Buffer.from('damaged') }, undefined, { deadline: within() });
    expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' } });
    expect(await storedVersion(pipeline)).toBe(3);
    await expectSameAsWhole(pipeline);
  });

  it('takes the pages of a loop together, with its last one', async () => {
    const [one, two] = [half.slice(0, 4), half.slice(4)];
    const accounts = [account];
    const pipeline = await linked([
      { page: { added: one, accounts }, nextCursor: 'c1', hasMore: true },
      { page: { added: two }, nextCursor: 'c2' },
      {
        page: { added: [payment('n-1', 2, { merchantName: 'Cafe', merchantEntityId: 'e-2' })] },
        nextCursor: 'c3',
        hasMore: true,
      },
      { page: { removed: ['n-1'] }, nextCursor: 'c4' },
    ]);
    await sync(pipeline);
    await sync(pipeline);
    expect(await newsOf(pipeline)).toEqual(['3: recurring, 0 cleared']);
    await expectSameAsWhole(pipeline);
  });
});

describe('what cannot be derived now', () => {
  const failing = new StorageError('TABLE_UNREACHABLE', { table: 't' });

  it('costs the event nothing but a count, and is told by the next one', async () => {
    const table = createMemoryTable();
    let fails = true;
    const over = insightsOver({ cache: table, entries: table });
    const insights = {
      ...over,
      readDerived: (...asked: Parameters<typeof over.readDerived>) =>
        fails ? Promise.reject(failing) : over.readDerived(...asked),
    };
    const pipeline = await linked([first, ...quiet(2, 1)], { table, insights });
    expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, insightsRaised: 0 });
    expect(pipeline.measured[0]).toMatchObject({ InsightsMissed: 1, Events: 1 });
    expect(pipeline.measured[0]).not.toHaveProperty('Bad');
    expect(pipeline.logged.at(-1)?.fields).toMatchObject({ insights_error: 'TABLE_UNREACHABLE' });
    fails = false;
    expect(await sync(pipeline)).toMatchObject({ insightsRaised: 1 });
    await expectSameAsWhole(pipeline);
  });

  it('is told by its place where it is a defect, and the page is stored', async () => {
    const table = createMemoryTable();
    const insights = {
      ...insightsOver({ cache: table, entries: table }),
      readDerived: () => Promise.reject(new TypeError('secret')),
    };
    const pipeline = await linked([first], { table, insights });
    expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, added: 7 });
    const { fields } = pipeline.logged.at(-1) ?? { fields: {} };
    expect(fields).toMatchObject({ insights_error: 'UNEXPECTED' });
    expect(JSON.stringify(fields)).not.toContain('secret');
  });

  it('also where the state cannot be stored', async () => {
    const table = createMemoryTable();
    const insights = { ...insightsOver({ cache: table, entries: table }), saveDerived: () => Promise.reject(failing) };
    const pipeline = await linked([first, ...quiet(2, 1)], { table, insights });
    expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, insightsRaised: 1 });
    expect(pipeline.measured[0]).toMatchObject({ InsightsMissed: 1 });
    expect(await storedVersion(pipeline)).toBeUndefined();
  });

  it('a person who waits does not wait for a whole history: the next event reads it', async () => {
    const pipeline = await linked([first]);
    const impatient = { hardDeadlineMs: 400 };
    expect(await processEvent(pipeline.event('conn-1', { reason: 'user' }), impatient, pipeline.deps)).toMatchObject({
      outcome: { kind: 'committed' },
      insightsRaised: 0,
    });
    expect(pipeline.logged.at(-1)?.fields).toMatchObject({ insights_error: 'DEADLINE_EXCEEDED' });
  });
});
