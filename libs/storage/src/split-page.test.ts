import { canonicalJson } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealEntry } from './entry-codec.ts';
import { foldHead } from './fold-head.ts';
import { foldTransactions } from './fold-transactions.ts';
import { itemBytes } from './item-rules.ts';
import { sampleAccount, sampleChain, sampleLinked, samplePage, sampleTransaction } from './journal-samples.ts';
import type { EntryContent, Head } from './model.ts';
import { splitPage } from './split-page.ts';

const wide = (id: string) => sampleTransaction(id, { description: 'é'.repeat(50_000) }); // 100 KB

const foldOf = (contents: readonly EntryContent[]): Head | undefined => {
  let head: Head | undefined;
  for (const entry of sampleChain('c-1', [sampleLinked(), ...contents])) head = foldHead(head, entry);
  return head;
};

describe('splitPage', () => {
  it('leaves a page alone that fits', () => {
    const page = samplePage({ added: [sampleTransaction('a')] });
    expect(splitPage(page)).toEqual([page]);
  });

  it('moves the cursor and ends the loop only with the last part', () => {
    const page = samplePage({
      loop: { id: 'L', page: 3, last: true },
      cursorBefore: 'c2',
      cursorAfter: 'c3',
      added: [wide('a'), wide('b'), wide('c'), wide('d')],
      modified: [wide('e')],
      removed: ['x'],
      accounts: [sampleAccount('acc-1')],
      quarantined: 2,
    });
    const parts = splitPage(page);
    expect(parts.map(({ added, modified, removed }) => [added.length, modified.length, removed.length])).toEqual([
      [3, 0, 0],
      [1, 1, 1],
    ]);
    expect(parts[0]).toMatchObject({
      loop: { id: 'L', page: 3, last: false },
      cursorBefore: 'c2',
      cursorAfter: 'c2',
      quarantined: 0,
      accounts: [{ accountId: 'acc-1' }],
    });
    expect(parts[1]).toMatchObject({ loop: page.loop, cursorBefore: 'c2', cursorAfter: 'c3', quarantined: 2 });
    expect(parts.every((part) => itemBytes(sealEntry(undefined, 'c-1', part).item) < 351_000)).toBe(true);
  });

  it('keeps a page inside its loop open', () => {
    const page = samplePage({
      loop: { id: 'L', page: 1, last: false },
      added: ['a', 'b', 'c', 'd'].map(wide),
    });
    expect(splitPage(page).map(({ loop, cursorAfter }) => [loop.last, cursorAfter])).toEqual([
      [false, null],
      [false, 'c1'],
    ]);
  });

  it('refuses one record that alone is over the limit, and a frame that is', () => {
    const record = sampleTransaction('a', { description: 'x'.repeat(350_000) });
    expect(() => splitPage(samplePage({ added: [record] }))).toThrow(
      expect.objectContaining({ code: 'ITEM_TOO_LARGE' }),
    );
    const cursor = 'x'.repeat(360_000);
    expect(() => splitPage(samplePage({ cursorAfter: cursor }))).toThrow(
      expect.objectContaining({ code: 'ITEM_TOO_LARGE', facts: expect.objectContaining({ list: 'none' }) }),
    );
  });

  it('folds to the same as the whole page, in parts that all keep the limit', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 120 });
    const record = fc
      .record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), description: text, contentHash: fc.uuid() })
      .map(({ id, ...changes }) => sampleTransaction(id, changes));
    const page = fc
      .record({
        added: fc.array(record, { maxLength: 6 }),
        modified: fc.array(record, { maxLength: 4 }),
        removed: fc.array(fc.constantFrom('a', 'x'), { maxLength: 2 }),
        accounts: fc.array(
          fc.constantFrom('acc-1', 'acc-2').map((id) => sampleAccount(id)),
          { maxLength: 2 },
        ),
      })
      .map(samplePage);
    fc.assert(
      fc.property(page, (whole) => {
        const parts = splitPage(whole, 2_600);
        for (const part of parts) expect(Buffer.byteLength(canonicalJson(part))).toBeLessThanOrEqual(2_600);
        const contents = (folded: readonly EntryContent[]) =>
          foldTransactions(sampleChain('c-1', [sampleLinked(), ...folded]))
            .map(({ transaction }) => transaction)
            .sort((a, b) => (a.transactionId < b.transactionId ? -1 : 1));
        expect(contents(parts)).toEqual(contents([whole]));
        const split = foldOf(parts);
        if (split === undefined) throw new Error('no entries');
        const { version: _v, hash: _h, ...content } = split;
        const accounts = split.accounts.map(({ sinceVersion: _, ...account }) => account);
        expect(foldOf([whole])).toMatchObject({ ...content, accounts });
      }),
    );
  });
});
