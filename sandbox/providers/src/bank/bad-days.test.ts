import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlaidBank } from '../plaid/plaid-bank.ts';
import { type SyncPage, syncPageJson } from '../plaid/sync-page.ts';
import { Publication } from '../story/publication.ts';
import { Story } from '../story/story.ts';
import { tellBadDays } from './bad-days.ts';

interface WireRecord {
  readonly transaction_id: string;
  readonly account_id: string;
  readonly amount: number;
  readonly date: string;
  readonly pending: boolean;
  readonly name: unknown;
  readonly pending_transaction_id: string | null;
}

interface WirePage {
  readonly added: readonly WireRecord[];
  readonly modified: readonly WireRecord[];
  readonly removed: readonly { readonly transaction_id: string }[];
}

function bankOf(seed: number, until: number | null = null): PlaidBank {
  const story = new Story({ seed, connections: 50, startDate: '2025-01-01', historyTransactions: 40 });
  return new PlaidBank(story, new Publication(50, until), 0.1);
}

/**
 * Reads as the interface documents it: added, modified, removed in the order of the stream; a loop counts when it is
 * complete; a read from the empty cursor is a snapshot, except of closed accounts that it leaves out.
 */
function readerOf(bank: PlaidBank, index: number) {
  const copy = new Map<string, WireRecord>();
  const unread = new Set<string>();
  let cursor: string | null = null;
  return {
    copy,
    /** Accounts that a full read left out: what happened to them since the cursor was lost is in no read. */
    unread,
    loseCursor(): void {
      cursor = null;
    },
    /** @param disturb called once behind the first page of a loop */
    read(count: number, disturb: () => void = () => undefined): void {
      const start: string | null = cursor;
      const staged: SyncPage[] = [];
      let at: string | null = start;
      for (let more = true; more; ) {
        const page = bank.syncPage(index, { cursor: at, count, account: null, withDescription: false });
        if (page === 'foreign-cursor') throw new Error(page);
        if (page === 'mutation') {
          staged.length = 0;
          at = start;
          continue;
        }
        staged.push(page);
        at = page.nextCursor;
        more = page.hasMore;
        if (staged.length === 1) disturb();
      }
      if (start === null) {
        const leftOut = new Set(
          bank
            .holds(index)
            .accounts.filter((account) => !account.in_full_reads)
            .map((account) => account.account_id),
        );
        for (const id of leftOut) unread.add(id);
        for (const [id, record] of copy) if (!leftOut.has(record.account_id)) copy.delete(id);
      }
      for (const page of staged) {
        const { added, modified, removed } = JSON.parse(syncPageJson(page)) as WirePage;
        for (const record of [...added, ...modified]) copy.set(record.transaction_id, record);
        for (const { transaction_id: id } of removed) copy.delete(id);
      }
      cursor = at;
    },
  };
}

const shown = ({ account_id, amount, date, pending, name, pending_transaction_id }: WireRecord) => ({
  account_id,
  amount: Number(amount),
  date,
  pending,
  name,
  pending_transaction_id,
});

function expectHolding(
  bank: PlaidBank,
  index: number,
  copy: ReadonlyMap<string, WireRecord>,
  unread: ReadonlySet<string> = new Set(),
): void {
  const expected = Object.entries(bank.holds(index).transactions).map(
    ([id, record]) => [id, shown({ transaction_id: id, ...record, amount: Number(record.amount) })] as const,
  );
  const standing = [...copy].map(([id, record]) => [id, shown(record)] as const);
  const read = ([, { account_id: account }]: (typeof standing)[number]) => !unread.has(account);
  expect(Object.fromEntries(standing.filter(read))).toEqual(Object.fromEntries(expected.filter(read)));
}

describe('bad days', () => {
  it('fold to exactly what the bank holds, wherever reads fall, break and lose their cursor', () => {
    const act = fc.oneof(
      { weight: 4, arbitrary: fc.record({ act: fc.constant('read' as const), count: fc.constantFrom(1, 3, 20, 500) }) },
      { weight: 4, arbitrary: fc.record({ act: fc.constant('days' as const), days: fc.integer({ min: 1, max: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ act: fc.constant('lose' as const) }) },
      { weight: 1, arbitrary: fc.record({ act: fc.constant('disturbed' as const), count: fc.constantFrom(2, 9) }) },
    );
    fc.assert(
      fc.property(fc.nat(4_294_967_295), fc.nat(49), fc.array(act, { maxLength: 14 }), (seed, index, acts) => {
        const bank = bankOf(seed);
        const reader = readerOf(bank, index);
        reader.read(500);
        for (const each of acts) {
          if (each.act === 'days') tellBadDays(bank, index, { days: each.days, seed });
          else if (each.act === 'lose') reader.loseCursor();
          else if (each.act === 'read') reader.read(each.count);
          else {
            reader.read(500);
            tellBadDays(bank, index, { days: 1, seed });
            reader.read(each.count, () => tellBadDays(bank, index, { days: 1, seed: seed ^ 1 }));
          }
        }
        reader.read(500);
        expectHolding(bank, index, reader.copy, reader.unread);
      }),
      { numRuns: 60 },
    );
  });

  it('are a snapshot to a reader who comes late: nothing removed is ever seen', () => {
    fc.assert(
      fc.property(
        fc.nat(4_294_967_295),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(1, 7, 500),
        (seed, days, count) => {
          const bank = bankOf(seed);
          tellBadDays(bank, 3, { days, seed });
          let cursor: string | null = null;
          const copy = new Map<string, WireRecord>();
          for (let more = true; more; ) {
            const page = bank.syncPage(3, { cursor, count, account: null, withDescription: false });
            if (typeof page === 'string') throw new Error(page);
            const { added, modified, removed } = JSON.parse(syncPageJson(page)) as WirePage;
            expect([modified, removed]).toEqual([[], []]);
            for (const record of added) copy.set(record.transaction_id, record);
            cursor = page.nextCursor;
            more = page.hasMore;
          }
          const leftOut = bank.holds(3).accounts.filter((account) => !account.in_full_reads);
          expectHolding(bank, 3, copy, new Set(leftOut.map((account) => account.account_id)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are the same for the same seed, and show every kind of change within a few weeks', () => {
    const kinds = new Set<string>();
    for (let index = 0; index < 8; index += 1) {
      const days = { days: 20, seed: 5 };
      const changes = tellBadDays(bankOf(2), index, days);
      expect(tellBadDays(bankOf(2), index, days)).toEqual(changes);
      for (const { change } of changes) kinds.add(change);
    }
    expect([...kinds].sort()).toEqual([
      'account',
      'add',
      'churn',
      'close',
      'modify',
      'move',
      'open',
      'post',
      'remove',
      'restore',
    ]);
  });
});

describe('a story read from the empty cursor', () => {
  it.each([null, 12])('is what the bank holds by then, not the story from its start (horizon %s)', (until) => {
    const bank = bankOf(4, until);
    const first = readerOf(bank, 7);
    for (let i = 0; i < 13; i += 1) first.read(500);
    const late = readerOf(bank, 7);
    late.read(6);
    expectHolding(bank, 7, late.copy);
    expect(late.copy).toEqual(first.copy);
    late.read(500); // goes on from there
    first.read(500);
    expect(late.copy).toEqual(first.copy);
  });
});
