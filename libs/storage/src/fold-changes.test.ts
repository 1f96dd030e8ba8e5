import type { Transaction } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { changesBetween, type FoldView, touchesRecords } from './fold-changes.ts';
import { foldHead } from './fold-head.ts';
import {
  sampleAccount,
  sampleAccounts,
  sampleChain,
  sampleLinked,
  samplePage,
  sampleReturned,
  sampleStatus,
  sampleTransaction,
} from './journal-samples.ts';
import type { EntryContent, Head, JournalEntry } from './model.ts';

/** The heads before and behind the last of these entries, and the entry. */
function lastOf(...contents: EntryContent[]): { before: Head | undefined; head: Head; entry: JournalEntry } {
  let before: Head | undefined;
  let head: Head | undefined;
  const entries = sampleChain('c-1', contents);
  for (const entry of entries) {
    before = head;
    head = foldHead(head, entry);
  }
  const entry = entries.at(-1);
  if (head === undefined || entry === undefined) throw new Error('no entries');
  return { before, head, entry };
}

const view = (head: Head | undefined, ...transactions: Transaction[]): FoldView => ({
  head,
  transactions: new Map(transactions.map((transaction) => [transaction.transactionId, transaction])),
});
const kinds = (changes: ReturnType<typeof changesBetween>) => changes.map(({ kind }) => kind);

describe('the changes of an entry', () => {
  it('are none before a connection is', () => {
    const { entry } = lastOf(sampleLinked());
    expect(changesBetween(view(undefined), view(undefined), entry)).toEqual([]);
  });

  it('have a connection that is linked, also where it was so before', () => {
    const first = lastOf(sampleLinked());
    expect(changesBetween(view(undefined), view(first.head), first.entry)).toEqual([
      { kind: 'connection.changed', head: first.head },
    ]);
    const again = lastOf(sampleLinked(), sampleLinked());
    expect(kinds(changesBetween(view(again.before), view(again.head), again.entry))).toEqual(['connection.changed']);
  });

  it('have one whose status is another, and no other', () => {
    const stopped = lastOf(sampleLinked(), sampleStatus({ status: 'login-required' }));
    expect(kinds(changesBetween(view(stopped.before), view(stopped.head), stopped.entry))).toEqual([
      'connection.changed',
    ]);
    const page = lastOf(sampleLinked(), samplePage(), samplePage());
    expect(changesBetween(view(page.before), view(page.head), page.entry)).toEqual([]);
  });

  it('have an account that is new or reads otherwise, and none that was only read again', () => {
    const accounts = (minor: string, readEpochMs: number) =>
      sampleAccounts({ accounts: [sampleAccount('a', minor), sampleAccount('b')], readEpochMs });
    const later = lastOf(sampleLinked(), accounts('100', 1_000), accounts('250', 2_000));
    expect(changesBetween(view(later.before), view(later.head), later.entry)).toEqual([
      { kind: 'account.changed', account: expect.objectContaining({ accountId: 'a', readEpochMs: 2_000 }) },
    ]);
  });

  it('have what is gone, then what is new or another, each by its id', () => {
    const { before, head, entry } = lastOf(sampleLinked(), samplePage(), samplePage());
    const [a, b, c, d] = [
      sampleTransaction('a'),
      sampleTransaction('b'),
      sampleTransaction('c'),
      sampleTransaction('d'),
    ];
    // The content hash leaves out what a provider may add later.
    const named = { ...c, merchantName: 'Café Zoë, Lisbon' };
    const corrected = { ...d, contentHash: 'content-d2' };
    const [y, x] = [sampleTransaction('y'), sampleTransaction('x')];
    const changes = changesBetween(
      view(before, b, a, d, c, sampleTransaction('e')),
      view(head, y, corrected, x, named, sampleTransaction('e')),
      entry,
    );
    expect(changes).toEqual([
      { kind: 'transaction.removed', transactionId: 'a' },
      { kind: 'transaction.removed', transactionId: 'b' },
      { kind: 'transaction.modified', transaction: named },
      { kind: 'transaction.modified', transaction: corrected },
      { kind: 'transaction.added', transaction: x },
      { kind: 'transaction.added', transaction: y },
    ]);
  });

  it('end with what insights say now', () => {
    const insights = { raised: [{ fingerprint: 'new' }], cleared: ['old'] };
    const { before, head, entry } = lastOf(sampleLinked(), samplePage(), samplePage({ insights }));
    expect(changesBetween(view(before), view(head, sampleTransaction('a')), entry)).toEqual([
      { kind: 'transaction.added', transaction: sampleTransaction('a') },
      { kind: 'insight.cleared', fingerprint: 'old' },
      { kind: 'insight.raised', insight: { fingerprint: 'new' } },
    ]);
  });
});

it('may touch records with the last entry of a loop or a list, and with what returns', () => {
  const loop = (last: boolean) => samplePage({ loop: { id: 'l', page: 1, last, kind: 'delta' } });
  const list = (last: boolean) => sampleAccounts({ list: { id: 'l', last } });
  const touches = [loop(true), loop(false), list(true), list(false), sampleReturned(), sampleStatus()].map((content) =>
    touchesRecords(lastOf(sampleLinked(), content).entry),
  );
  expect(touches).toEqual([true, false, true, false, true, false]);
});
