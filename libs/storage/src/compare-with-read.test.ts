import { describe, expect, it } from 'vitest';
import { compareWithRead, standingAfter } from './compare-with-read.ts';
import type { CurrentTransaction } from './fold-transactions.ts';
import { sampleAccount, sampleTransaction } from './journal-samples.ts';

const page = { added: [], modified: [], removed: [] };
const account = (accountId: string, state: 'open' | 'closed' | 'replaced') => ({
  ...sampleAccount(accountId),
  state,
  replacedBy: state === 'replaced' ? 'acc-1' : null,
  readEpochMs: 1,
  sinceVersion: 2,
});
const standing = (...transactions: ReturnType<typeof sampleTransaction>[]): CurrentTransaction[] =>
  transactions.map((transaction) => ({ transaction, firstSeenVersion: 2, lastSeenVersion: 2, earlier: [] }));
const [old, a, b] = [
  sampleTransaction('old', { bookingDate: '2025-01-01' }),
  sampleTransaction('a', { bookingDate: '2026-01-01' }),
  sampleTransaction('b', { bookingDate: '2026-01-02' }),
];

describe('a full read beside what stands', () => {
  it('finds nothing where both say the same, and says nothing of what is older than the read', () => {
    const found = compareWithRead(standing(old, a, b), [account('acc-1', 'open')], [a, b]);
    expect(found).toEqual({ phantoms: [], missing: [], differing: [], same: 2 });
  });

  it('names a phantom, a missing one, and one that says something else', () => {
    const changed = { ...b, contentHash: 'other' };
    const news = sampleTransaction('c', { bookingDate: '2026-01-03' });
    const phantom = sampleTransaction('p', { bookingDate: '2026-01-02' });
    const found = compareWithRead(standing(a, b, phantom), [account('acc-1', 'open')], [a, changed, news]);
    expect(found).toEqual({ phantoms: ['p'], missing: ['c'], differing: ['b'], same: 1 });
  });

  it('takes another account for a difference', () => {
    const found = compareWithRead(standing(a), [account('acc-1', 'open')], [{ ...a, accountId: 'acc-2' }]);
    expect(found.differing).toEqual(['a']);
  });

  it('leaves closed accounts alone that the read lacks, and replaced ones that it still has', () => {
    const closed = { ...b, transactionId: 'closed', accountId: 'acc-9' };
    const hidden = { ...b, transactionId: 'hidden', accountId: 'acc-8' };
    const accounts = [account('acc-1', 'open'), account('acc-9', 'closed'), account('acc-8', 'replaced')];
    const found = compareWithRead(standing(a, closed), accounts, [a, hidden]);
    expect(found).toEqual({ phantoms: [], missing: [], differing: [], same: 1 });
  });
});

describe('what stands after the pages of a read', () => {
  it('is what is added or modified, and neither replaced nor removed', () => {
    const posted = { ...sampleTransaction('posted'), supersedes: 'pending' };
    const changed = { ...a, contentHash: 'changed' };
    const pages = [
      { ...page, added: [a, b, sampleTransaction('pending')] },
      { ...page, added: [posted], modified: [changed], removed: ['b'] },
    ];
    expect(standingAfter(pages)).toEqual([changed, posted]);
  });
});
