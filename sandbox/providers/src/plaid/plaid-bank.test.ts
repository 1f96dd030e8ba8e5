import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrueTransaction } from '../bank/holding.ts';
import { Publication } from '../story/publication.ts';
import { Story } from '../story/story.ts';
import { PlaidBank, type SyncRequest } from './plaid-bank.ts';
import { type SyncPage, syncPageJson } from './sync-page.ts';

function bankOf({ seed = 1, history = 40, multiPageShare = 0, until = null as number | null } = {}) {
  const publication = new Publication(5_000, until);
  const story = new Story({ seed, connections: 5_000, startDate: '2025-01-01', historyTransactions: history });
  return { bank: new PlaidBank(story, publication, multiPageShare), publication, story };
}

const ask = (cursor: string | null, more: Partial<SyncRequest> = {}): SyncRequest => ({
  cursor,
  count: 500,
  account: null,
  withDescription: false,
  ...more,
});

function page(bank: PlaidBank, index: number, request: SyncRequest): SyncPage {
  const answer = bank.syncPage(index, request);
  if (typeof answer === 'string') throw new Error(answer);
  return answer;
}

interface WireTransaction extends Omit<TrueTransaction, 'amount'> {
  readonly transaction_id: string;
  readonly pending_transaction_id: string | null;
  readonly amount: number;
}

interface WirePage {
  readonly added: WireTransaction[];
  readonly modified: WireTransaction[];
  readonly removed: { readonly transaction_id: string }[];
  readonly accounts: { readonly account_id: string; readonly balances: { readonly current: number } }[];
}

const parsed = (answer: SyncPage): WirePage => JSON.parse(syncPageJson(answer)) as WirePage;

/** Reads pages as Plaid asks: stage a loop, then upsert `added` and `modified`, then delete `removed`. */
function reader(bank: PlaidBank, index: number, request: Partial<SyncRequest> = {}) {
  const copy = new Map<string, Omit<WireTransaction, 'transaction_id'>>();
  let cursor: string | null = null;
  let pages = 0;
  return {
    copy,
    pages: () => pages,
    cursor: () => cursor,
    sync(): void {
      const staged: WirePage[] = [];
      let more = true;
      while (more) {
        const answer = page(bank, index, ask(cursor, request));
        pages += 1;
        staged.push(parsed(answer));
        cursor = answer.nextCursor;
        more = answer.hasMore;
      }
      for (const { added, modified } of staged) {
        for (const { transaction_id, ...rest } of [...added, ...modified]) copy.set(transaction_id, rest);
      }
      for (const { removed } of staged) for (const { transaction_id } of removed) copy.delete(transaction_id);
    },
  };
}

function expectTruth(bank: PlaidBank, index: number, cursor: string | null, copy: ReadonlyMap<string, object>): void {
  const truth = bank.truth(index, cursor);
  if (truth === 'foreign-cursor') throw new Error('foreign cursor');
  expect(copy.size).toBe(truth.size);
  for (const [id, { amount, ...rest }] of truth) {
    // The amount is compared as a number here; its text is held by the test of the JSON below.
    expect(copy.get(id)).toMatchObject({ ...rest, amount: Number(amount) });
  }
}

describe('PlaidBank', () => {
  it('tells the same story, byte for byte, on every machine: 20 connections, 30 steps', () => {
    const { bank } = bankOf({ multiPageShare: 0.1 });
    const hash = createHash('sha256');
    for (let index = 0; index < 20; index += 1) {
      let cursor: string | null = null;
      for (let i = 0; i < 30; i += 1) {
        const answer: SyncPage = page(bank, index, ask(cursor));
        hash.update(syncPageJson(answer));
        cursor = answer.nextCursor;
      }
    }
    // A change of the story changes this on purpose: say so in the commit.
    expect(hash.digest('hex')).toBe('a53ccb97393291c4a6fe9316500bd68114780a908b326c43662834c6eae7877d');
  });

  it('folds to the truth by the rules of Plaid, whatever the seed, page size and history', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_294_967_295 }),
        fc.integer({ min: 0, max: 4_999 }),
        fc.constantFrom(1, 2, 7, 100, 500),
        fc.integer({ min: 0, max: 15 }),
        fc.constantFrom(0, 3, 40, 130),
        (seed, index, count, syncs, history) => {
          const { bank } = bankOf({ seed, history, multiPageShare: 0.3 });
          const copy = reader(bank, index, { count });
          for (let i = 0; i <= syncs; i += 1) copy.sync();
          expectTruth(bank, index, copy.cursor(), copy.copy);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the same bytes for the same cursor, also to a fresh process that never saw the connection', () => {
    const { bank } = bankOf();
    const copy = reader(bank, 77);
    for (let i = 0; i < 50; i += 1) copy.sync();
    const there = syncPageJson(page(bank, 77, ask(copy.cursor())));
    expect(syncPageJson(page(bank, 77, ask(copy.cursor())))).toBe(there);
    expect(syncPageJson(page(bankOf().bank, 77, ask(copy.cursor())))).toBe(there);
    expect(syncPageJson(page(bankOf({ seed: 2 }).bank, 77, ask(null)))).not.toBe(
      syncPageJson(page(bank, 77, ask(null))),
    );
  });

  it('writes amounts as JSON numbers, exact and as the truth has them', () => {
    const { bank } = bankOf();
    for (let index = 0; index < 60; index += 1) {
      const answer = page(bank, index, ask(null));
      const truth = bank.truth(index, answer.nextCursor);
      if (truth === 'foreign-cursor') throw new Error('foreign cursor');
      const texts = new Map(
        answer.added.map((json) => [/"transaction_id":"(\w+)"/.exec(json)?.[1], /"amount":([^,]+),/.exec(json)?.[1]]),
      );
      for (const [id, { amount }] of truth) {
        expect(amount).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(texts.get(id)).toBe(amount);
      }
    }
  });

  it('splits a long history by count, all pages of the loop as of the same balances', () => {
    const { bank } = bankOf({ history: 1_050 });
    const copy = reader(bank, 5, { count: 500 });
    copy.sync();
    expect([copy.pages(), copy.copy.size]).toEqual([3, 1_050]);
    const first = page(bank, 5, ask(null));
    const second = page(bank, 5, ask(first.nextCursor));
    expect([first.hasMore, first.added.length, second.hasMore]).toEqual([true, 500, true]);
    expect(second.accounts).toEqual(first.accounts);
  });

  it('splits some steps into two or three pages, whatever count allows, as often as it is told', () => {
    const { bank } = bankOf({ multiPageShare: 0.25 });
    let loops = 0;
    for (let index = 0; index < 200; index += 1) {
      const copy = reader(bank, index);
      copy.sync();
      for (let i = 0; i < 10; i += 1) {
        const before = copy.pages();
        copy.sync();
        const took = copy.pages() - before;
        expect(took).toBeLessThanOrEqual(3);
        if (took > 1) loops += 1;
      }
    }
    expect(loops).toBeGreaterThan(400);
    expect(loops).toBeLessThan(600); // of 2,000 steps
  });

  it('links a posted record to its pending twin, and removes the twin', () => {
    const { bank } = bankOf();
    let linked = 0;
    for (let index = 0; index < 40; index += 1) {
      const copy = reader(bank, index);
      copy.sync();
      for (let i = 0; i < 10; i += 1) {
        const { added, removed } = parsed(page(bank, index, ask(copy.cursor())));
        for (const { pending, pending_transaction_id: twin, transaction_id: id } of added) {
          if (twin === null) continue;
          linked += 1;
          expect(pending).toBe(false);
          expect(twin).not.toBe(id);
          expect(copy.copy.get(twin)?.pending).toBe(true);
          expect(removed.map(({ transaction_id }) => transaction_id)).toContain(twin);
        }
        copy.sync();
      }
    }
    expect(linked).toBeGreaterThan(200);
  });

  it('stands still at its horizon, and goes on when more is published', () => {
    const { bank, publication } = bankOf({ until: 2 });
    const copy = reader(bank, 3);
    for (let i = 0; i < 3; i += 1) copy.sync();
    const cursor = copy.cursor();
    const empty = page(bank, 3, ask(cursor));
    expect(parsed(empty)).toMatchObject({ accounts: [], added: [], modified: [], removed: [] });
    expect([empty.nextCursor, empty.hasMore]).toEqual([cursor, false]);
    expect(publication.advance(3, 1)).toBe(1);
    const more = page(bank, 3, ask(cursor));
    expect(more.added.length).toBeGreaterThan(0);
    expect(more.nextCursor).not.toBe(cursor);
    expectTruth(bank, 3, cursor, copy.copy);
  });

  it('names only accounts that the page is about', () => {
    const { bank } = bankOf();
    for (let index = 0; index < 50; index += 1) {
      const { nextCursor } = page(bank, index, ask(null));
      const wire = parsed(page(bank, index, ask(nextCursor)));
      const about = new Set(
        [...wire.added, ...wire.modified, ...wire.removed].map((each) => (each as WireTransaction).account_id),
      );
      expect(new Set(wire.accounts.map(({ account_id: id }) => id))).toEqual(about);
    }
  });

  it('gives one account a stream and cursors of its own', () => {
    const { bank } = bankOf();
    const [checking = ''] = bank.text(9).accountIds;
    const copy = reader(bank, 9, { account: 0 });
    for (let i = 0; i < 6; i += 1) copy.sync();
    expect(new Set([...copy.copy.values()].map(({ account_id: id }) => id))).toEqual(new Set([checking]));
    expectTruth(bank, 9, copy.cursor(), copy.copy);
    expect(bank.syncPage(9, ask(copy.cursor()))).toBe('foreign-cursor');
  });

  it('has no truth before the first sync, and keeps the old one inside a loop', () => {
    const { bank } = bankOf();
    expect(bank.truth(1, null)).toEqual(new Map());
    const half = page(bank, 1, ask(null, { count: 10 }));
    expect(half.hasMore).toBe(true);
    expect(bank.truth(1, half.nextCursor)).toEqual(new Map());
    expect(bank.truth(1, page(bank, 2, ask(null)).nextCursor)).toBe('foreign-cursor');
  });
});
