/** Cases of public reports that no single rule stands for: pages as Plaid sends them, through the whole pipeline. */
import { ProviderError } from '@quartersec/providers';
import { auditTable } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { processEvent } from './process-event.ts';
import type { ScriptedPipeline } from './scripted-pipeline.ts';
import {
  createPlaidPipeline,
  plaidAccount,
  plaidPage,
  plaidTransaction,
  standingOf,
} from './testing/plaid-pipeline.ts';

const record = (id: string, changes: object = {}) => ({ ...plaidTransaction, transaction_id: id, ...changes });
const page = (members: object) => plaidPage({ accounts: [plaidAccount], ...members });

const sync = (pipeline: ScriptedPipeline, hardDeadlineMs = 2_000) =>
  processEvent(pipeline.event('conn-1', { reason: 'schedule' }), { hardDeadlineMs }, pipeline.deps);

/** `id amount status` of what counts, by id. */
async function shown(pipeline: ScriptedPipeline): Promise<readonly string[]> {
  const current = await standingOf(pipeline);
  return current
    .map(({ transaction: { providerTransactionId, amount, status } }) => {
      return `${providerTransactionId} ${amount.minor}e-${amount.exponent} ${status}`;
    })
    .sort();
}

describe('a slow provider', () => {
  /** Answers after so long, or is given up before. */
  const takes = (msFor: (count: number) => number, counts: number[]) =>
    ((body, limits, pipeline) => {
      counts.push(body.count);
      const tookMs = msFor(body.count);
      pipeline.advanceMs(Math.min(tookMs, limits.attemptTimeoutMs));
      if (tookMs > limits.attemptTimeoutMs) throw new ProviderError('TIMEOUT', { provider: 'plaid' });
    }) satisfies Parameters<typeof createPlaidPipeline>[2];

  it('that takes 1.2 s for each page is late, not lost (fault 70)', async () => {
    const counts: number[] = [];
    const { pipeline } = await createPlaidPipeline(
      [page({ added: [record('t1')] })],
      [[plaidAccount]],
      takes(() => 1_200, counts),
    );
    expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, attempts: 1 });
    expect(await shown(pipeline)).toEqual(['t1 -1250e-2 BOOK']);
  });

  it('that takes too long for 500 records is asked for fewer within the same event (fault 70)', async () => {
    const counts: number[] = [];
    const { pipeline } = await createPlaidPipeline(
      [page({ added: [record('t1')] })],
      [[plaidAccount]],
      takes((count) => count * 30, counts),
    );
    expect(await sync(pipeline, 29_000)).toMatchObject({ outcome: { kind: 'committed' }, attempts: 2 });
    expect(counts).toEqual([500, 250]);
    expect(await shown(pipeline)).toEqual(['t1 -1250e-2 BOOK']);
  });
});

describe('text', () => {
  it('of any characters is stored and read back as it came, and the audit finds nothing', async () => {
    const names = [
      'A\u0000B',
      '\u202eevil\u202c',
      '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67',
      'Cafe\u0301',
      'x\u2028y',
      '\ufeffz',
      '\u05e9\u05dc\u05d5\u05dd',
      '\u001b[31mred',
    ];
    const added = names.map((name, at) => record(`t${at}`, { name }));
    const { pipeline } = await createPlaidPipeline([page({ added })], [[plaidAccount]]);
    expect(await sync(pipeline)).toMatchObject({ added: names.length, quarantined: 0 });
    const current = await standingOf(pipeline);
    const descriptionOf = new Map(
      current.map(({ transaction }) => [transaction.providerTransactionId, transaction.description]),
    );
    expect(names.map((_, at) => descriptionOf.get(`t${at}`))).toEqual(names);
    const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
    expect((await auditTable(pipeline.table, { deadline })).findings).toEqual([]);
  });
});

describe('one id', () => {
  it('that a page has several times is one record: the last one, modified over added, removed over both', async () => {
    const members = {
      added: [
        record('a', { amount: 1 }),
        record('a', { amount: 2 }),
        record('b', { amount: 3 }),
        record('c', { amount: 5 }),
      ],
      modified: [record('b', { amount: 4 })],
      removed: ['c', 'unknown', 'unknown'].map((id) => ({ transaction_id: id, account_id: 'acc-1' })),
    };
    const { pipeline } = await createPlaidPipeline([page(members)], [[plaidAccount]]);
    expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, quarantined: 0 });
    expect(await shown(pipeline)).toEqual(['a -200e-2 BOOK', 'b -400e-2 BOOK']);
  });

  it('stays one where it is posted with a tip or names itself as its pending one; twins of a day stay two', async () => {
    const before = [record('meal', { pending: true, amount: 40 }), record('twin-1'), record('twin-2')];
    const { pipeline } = await createPlaidPipeline(
      [
        page({ added: before }),
        page({
          modified: [record('meal', { amount: 48 })],
          added: [record('self', { pending_transaction_id: 'self' })],
          next_cursor: 'c2',
        }),
      ],
      [[plaidAccount]],
    );
    await sync(pipeline);
    await sync(pipeline);
    expect(await shown(pipeline)).toEqual([
      'meal -4800e-2 BOOK',
      'self -1250e-2 BOOK',
      'twin-1 -1250e-2 BOOK',
      'twin-2 -1250e-2 BOOK',
    ]);
  });
});

describe('a balance that is set aside', () => {
  it('does not leave the one of before to be read as current', async () => {
    const withCurrent = (literal: string, cursor: string) =>
      JSON.stringify(
        page({
          accounts: [{ ...plaidAccount, balances: { ...plaidAccount.balances, current: 'CURRENT' } }],
          next_cursor: cursor,
        }),
      ).replace('"CURRENT"', literal);
    const { pipeline } = await createPlaidPipeline(
      [withCurrent('50', 'c1'), withCurrent('1.1368683772161603e-13', 'c2')],
      [[]],
    );
    const balances = async () => {
      const { accounts } = await pipeline.head('conn-1');
      return accounts.flatMap((account) =>
        account.balances.map(({ balanceType, amount }) => `${balanceType} ${amount.minor}e-${amount.exponent}`),
      );
    };
    await sync(pipeline);
    expect(await balances()).toEqual(['ITBD 5000e-2', 'ITAV 10000e-2']);
    await sync(pipeline);
    expect(await balances()).toEqual(['ITAV 10000e-2']);
    expect(pipeline.quarantined.map(({ reason, path }) => `${reason} ${path}`)).toEqual([
      'AMOUNT_INEXACT $input.accounts[0].balances.current',
    ]);
  });
});

describe('a page of which no record can be read', () => {
  it('is committed with all 500 set aside, and the next event asks for the page behind it', async () => {
    const added = Array.from({ length: 500 }, (_, at) => record(`t${at}`, { amount: 'none' }));
    const { pipeline } = await createPlaidPipeline([page({ added }), page({ next_cursor: 'c2' })], [[plaidAccount]]);
    expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, attempts: 1, quarantined: 500 });
    expect(pipeline.quarantined).toHaveLength(500);
    expect(await pipeline.head('conn-1')).toMatchObject({ cursor: 'c1', aside: 500 });
    expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, quarantined: 0 });
    expect(await pipeline.head('conn-1')).toMatchObject({ cursor: 'c2', aside: 500 });
  });
});

describe('members that this version does not know', () => {
  it('are counted, each of them, and cost nothing', async () => {
    const countOf = async (news: readonly object[]) => {
      const added = news.map((members, at) => record(`t${at}`, members));
      const { pipeline } = await createPlaidPipeline([page({ added })], [[plaidAccount]]);
      expect(await sync(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, quarantined: 0 });
      expect(await shown(pipeline)).toHaveLength(2);
      return pipeline.measured[0]?.UnknownFields ?? 0;
    };
    const known = await countOf([{}, {}]); // members that the short records here lack count too
    expect(await countOf([{ of_next_year: 1 }, { of_next_year: 2, and_another: {} }])).toBe(known + 3);
  });
});
