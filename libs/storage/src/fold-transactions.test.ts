import { transactionId } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldTransactions } from './fold-transactions.ts';
import { sampleChain, sampleLinked, samplePage, sampleStatus, sampleTransaction } from './journal-samples.ts';
import type { EntryContent, PageEntry } from './model.ts';

const fold = (...contents: EntryContent[]) => foldTransactions(sampleChain('c-1', [sampleLinked(), ...contents]));
const idsOf = (current: ReturnType<typeof fold>) => current.map(({ transaction }) => transaction.transactionId);
const page = (id: string, last: boolean, changes: Partial<PageEntry>) =>
  samplePage({ loop: { id, page: 1, last, kind: 'delta' }, ...changes });
const t = sampleTransaction;

describe('foldTransactions', () => {
  it('has each record once, with the entries that had it first and last', () => {
    const current = fold(
      page('L', true, { added: [t('a')] }),
      page('M', true, { added: [t('b'), t('a')] }),
      sampleStatus(),
    );
    expect(idsOf(current)).toEqual(['b', 'a']);
    expect(current[1]).toMatchObject({ firstSeenVersion: 2, lastSeenVersion: 3, earlier: [] });
    expect(current[0]).toMatchObject({ firstSeenVersion: 3, lastSeenVersion: 3 });
  });

  it('shows the newest version of a modified record and keeps what it said before', () => {
    const first = t('a');
    const second = t('a', { contentHash: 'second', bookingDate: '2026-03-02' });
    const third = t('a', { contentHash: 'third', bookingDate: '2026-03-03' });
    const current = fold(
      page('L', true, { added: [first] }),
      page('M', true, { modified: [second] }),
      page('N', true, { modified: [second] }),
      page('O', true, { modified: [third] }),
    );
    expect(current).toEqual([
      {
        transaction: third,
        firstSeenVersion: 2,
        lastSeenVersion: 5,
        earlier: [
          { version: 4, transaction: second },
          { version: 2, transaction: first },
        ],
      },
    ]);
  });

  it('lets a modification win over an addition of the same page, and the later of two in one list', () => {
    const current = fold(
      page('L', true, {
        added: [t('a', { contentHash: '1' }), t('a', { contentHash: '2' }), t('b', { contentHash: '3' })],
        modified: [t('b', { contentHash: '4' })],
      }),
    );
    expect(current.map(({ transaction }) => transaction.contentHash)).toEqual(['4', '2']);
  });

  it('drops a removed record, also when the same page or an older entry has it', () => {
    expect(idsOf(fold(page('L', true, { added: [t('a')] }), page('M', true, { removed: ['a'] })))).toEqual([]);
    expect(idsOf(fold(page('L', true, { added: [t('a'), t('b')], removed: ['a'] })))).toEqual(['b']);
  });

  it('lets a record stand again that the bank restores after its removal', () => {
    const gone = [page('K', true, { added: [t('a', { contentHash: 'first' })] }), page('L', true, { removed: ['a'] })];
    const restored = fold(...gone, page('M', true, { added: [t('a', { contentHash: 'second' })] }));
    expect(idsOf(restored)).toEqual(['a']);
    expect(restored[0]).toMatchObject({ firstSeenVersion: 2, lastSeenVersion: 4, earlier: [{ version: 2 }] });
    expect(idsOf(fold(...gone, page('M', true, { modified: [t('a')] })))).toEqual(['a']);
    expect(idsOf(fold(...gone, page('M', true, { added: [t('a')] }), page('N', true, { removed: ['a'] })))).toEqual([]);
  });

  it('counts a pending record once when it is posted under a new id, in any order within a page', () => {
    const pending = t('pending', { status: 'PDNG' });
    const posted = t('posted', { supersedes: 'pending', accountId: 'acc-2' });
    expect(idsOf(fold(page('L', true, { added: [pending] }), page('M', true, { added: [posted] })))).toEqual([
      'posted',
    ]);
    expect(idsOf(fold(page('L', true, { added: [posted, pending] })))).toEqual(['posted']);
    expect(idsOf(fold(page('L', true, { added: [t('self', { supersedes: 'self' })] })))).toEqual(['self']);
  });

  it('takes the parts of a page as one page', () => {
    const part = { id: 'L', page: 1, kind: 'delta' } as const;
    const posted = samplePage({ loop: { ...part, last: false }, added: [t('posted', { supersedes: 'pending' })] });
    const rest = samplePage({ loop: { ...part, last: true }, added: [t('pending')] });
    expect(idsOf(fold(posted, rest))).toEqual(['posted']);
  });

  it('counts a loop only once its last entry is there', () => {
    const first = page('L', false, { added: [t('a')], removed: ['b'] });
    const before = page('K', true, { added: [t('b')] });
    expect(idsOf(fold(before, first))).toEqual(['b']);
    const second = page('L', true, { loop: { id: 'L', page: 2, last: true, kind: 'delta' }, added: [t('c')] });
    expect(idsOf(fold(before, first, sampleStatus(), second))).toEqual(['c', 'a']);
  });

  it('skips a loop that another one interrupted, also when its id comes back', () => {
    const voided = page('L', false, { added: [t('void')] });
    const winner = page('M', true, { added: [t('a')] });
    expect(idsOf(fold(voided, winner))).toEqual(['a']);
    expect(idsOf(fold(voided, winner, page('L', true, { added: [t('b')] })))).toEqual(['b', 'a']);
  });

  it('orders by date, newest first, whichever entry came last: undated records first, equal dates by id', () => {
    const current = fold(
      page('L', true, { added: [t('new-day', { bookingDate: '2026-05-01' }), t('b'), t('a')] }),
      page('M', true, {
        added: [
          t('old', { bookingDate: '2026-01-01' }),
          t('value', { bookingDate: null, valueDate: '2026-02-01' }),
          t('undated', { bookingDate: null }),
        ],
      }),
    );
    expect(idsOf(current)).toEqual(['undated', 'new-day', 'b', 'a', 'value', 'old']);
  });

  it('reads entries of before 2026-11-26, whose ids were made with the account', () => {
    const old = (id: string, changes: Partial<PageEntry>) =>
      samplePage({ loop: { id, page: 1, last: true }, ...changes });
    const before = old('L', { added: [t('old-a'), t('old-b'), t('old-p')] });
    const removed = old('M', { removed: ['old-a'], added: [t('old-q', { supersedes: 'old-p' })] });
    const todaysId = (id: string) =>
      transactionId({ provider: 'plaid', connectionId: 'c-1', providerTransactionId: `prov-${id}` });
    expect(idsOf(fold(before, removed)).sort()).toEqual([todaysId('old-b'), todaysId('old-q')].sort());
    expect(idsOf(fold(before, page('N', true, { removed: [todaysId('old-b'), todaysId('old-p')] })))).toEqual([
      todaysId('old-a'),
    ]);
  });

  it('equals a plain forward reading of the rules, over any history', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const transaction = fc
      .record({ id, contentHash: fc.constantFrom('1', '2'), supersedes: fc.option(id, { freq: 4 }) })
      .map(({ id, ...changes }) => t(id, changes));
    const content = fc
      .record({
        loopId: fc.constantFrom('L', 'M', 'N'),
        last: fc.boolean(),
        added: fc.array(transaction, { maxLength: 3 }),
        modified: fc.array(transaction, { maxLength: 2 }),
        removed: fc.array(id, { maxLength: 1 }),
      })
      .map(({ loopId, last, ...changes }) => page(loopId, last, changes));
    fc.assert(
      fc.property(fc.array(content, { maxLength: 8 }), (generated) => {
        const contents = generated.map((each, at) => ({ ...each, loop: { ...each.loop, page: at } }));
        const found = new Map(fold(...contents).map((each) => [each.transaction.transactionId, each]));
        const model = readForwards(contents);
        expect([...found.keys()].sort()).toEqual([...model.keys()].sort());
        for (const [key, expected] of model) expect(found.get(key)).toMatchObject(expected);
      }),
      { numRuns: 500 },
    );
  });
});

/** The rules once more, over plain sets: versions start at 2, behind the link. */
function readForwards(contents: readonly PageEntry[]) {
  let open: { version: number; content: PageEntry }[] = [];
  const counting: typeof open = [];
  contents.forEach((content, index) => {
    if (open[0] && open[0].content.loop.id !== content.loop.id) open = [];
    open.push({ version: index + 2, content });
    if (!content.loop.last) return;
    counting.push(...open);
    open = [];
  });
  const seen = new Map<string, { firstSeenVersion: number; lastSeenVersion: number; transaction: object }>();
  const standing = new Set<string>();
  for (const { version, content } of counting) {
    const stated = [...content.added, ...content.modified];
    for (const transaction of stated) {
      const { transactionId } = transaction;
      const firstSeenVersion = seen.get(transactionId)?.firstSeenVersion ?? version;
      seen.set(transactionId, { firstSeenVersion, lastSeenVersion: version, transaction });
      standing.add(transactionId);
    }
    for (const { supersedes, transactionId } of stated) {
      if (supersedes !== null && supersedes !== transactionId) standing.delete(supersedes);
    }
    for (const removed of content.removed) standing.delete(removed);
  }
  return new Map([...seen].filter(([id]) => standing.has(id)));
}
