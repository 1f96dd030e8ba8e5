import { describe, expect, it } from 'vitest';
import { foldHead } from './fold-head.ts';
import { sampleAccount, sampleChain, sampleLinked, samplePage, sampleStatus } from './journal-samples.ts';
import type { EntryContent, Head } from './model.ts';

function headOf(...contents: EntryContent[]): Head {
  let head: Head | undefined;
  for (const entry of sampleChain('c-1', contents)) head = foldHead(head, entry);
  if (head === undefined) throw new Error('no entries');
  return head;
}

const loop = (id: string, page: number, last: boolean) => ({ id, page, last });

describe('foldHead', () => {
  it('starts with the link', () => {
    const [entry] = sampleChain('c-1', [sampleLinked()]);
    expect(headOf(sampleLinked())).toEqual({
      connectionId: 'c-1',
      version: 1,
      hash: entry?.hash,
      userId: 'user-1',
      provider: 'plaid',
      institutionId: 'ins-1',
      sealedToken: 'v1.sealed',
      status: 'active',
      statusReason: null,
      nextAttemptEpochMs: null,
      cursor: null,
      loop: null,
      lastSync: null,
      accounts: [],
    });
  });

  it('takes a page that is a loop by itself: cursor, accounts and the sync', () => {
    const head = headOf(sampleLinked(), samplePage({ accounts: [sampleAccount('a')] }));
    expect(head).toMatchObject({
      version: 2,
      cursor: 'c1',
      loop: null,
      lastSync: { startedEpochMs: 2_000, completedEpochMs: 3_000 },
      accounts: [{ accountId: 'a' }],
    });
  });

  it('counts nothing of a loop before its last page, but knows where to go on', () => {
    const head = headOf(
      sampleLinked(),
      samplePage({ accounts: [sampleAccount('a', '1')] }),
      samplePage({ loop: loop('L', 1, false), cursorBefore: 'c1', cursorAfter: 'p1', accounts: [sampleAccount('b')] }),
      samplePage({
        loop: loop('L', 2, false),
        cursorBefore: 'p1',
        cursorAfter: 'p2',
        syncStartedEpochMs: 2_500,
        accounts: [sampleAccount('a', '2')],
      }),
    );
    expect(head.cursor).toBe('c1');
    expect(head.accounts).toEqual([sampleAccount('a', '1')]);
    expect(head.loop).toEqual({
      id: 'L',
      cursor: 'p2',
      pages: 2,
      startedEpochMs: 2_000,
      accounts: [sampleAccount('b'), sampleAccount('a', '2')],
    });
  });

  it('counts the whole loop with its last page, from when its first page was asked for', () => {
    const head = headOf(
      sampleLinked(),
      samplePage({ accounts: [sampleAccount('a', '1')] }),
      samplePage({ loop: loop('L', 1, false), cursorAfter: 'p1', accounts: [sampleAccount('b')] }),
      samplePage({
        loop: loop('L', 2, true),
        cursorAfter: 'c2',
        syncStartedEpochMs: 2_700,
        writtenEpochMs: 9_000,
        accounts: [sampleAccount('a', '2')],
      }),
    );
    expect(head).toMatchObject({
      cursor: 'c2',
      loop: null,
      lastSync: { startedEpochMs: 2_000, completedEpochMs: 9_000 },
      accounts: [sampleAccount('a', '2'), sampleAccount('b')],
    });
  });

  it('forgets a loop that another one interrupts', () => {
    const head = headOf(
      sampleLinked(),
      samplePage({ loop: loop('L', 1, false), cursorAfter: 'p1', accounts: [sampleAccount('void')] }),
      samplePage({ loop: loop('M', 1, true), cursorAfter: 'c1', accounts: [sampleAccount('a')] }),
    );
    expect(head).toMatchObject({ cursor: 'c1', loop: null, accounts: [sampleAccount('a')] });
  });

  it('does not count a part of a page as a page', () => {
    const head = headOf(
      sampleLinked(),
      samplePage({ loop: loop('L', 1, false), cursorBefore: null, cursorAfter: null }),
    );
    expect(head.loop).toMatchObject({ pages: 0, cursor: null });
  });

  it('keeps a status until a page comes', () => {
    const waiting = sampleStatus({ status: 'waiting', reason: 'THROTTLED', nextAttemptEpochMs: 99_000 });
    const stopped = headOf(sampleLinked(), waiting);
    expect(stopped).toMatchObject({ status: 'waiting', statusReason: 'THROTTLED', nextAttemptEpochMs: 99_000 });
    const again = headOf(sampleLinked(), waiting, samplePage({ loop: loop('L', 1, false) }));
    expect(again).toMatchObject({ status: 'active', statusReason: null, nextAttemptEpochMs: null });
  });

  it('goes on from its cursor when the same institution is linked again', () => {
    const head = headOf(
      sampleLinked(),
      samplePage({ accounts: [sampleAccount('a')] }),
      sampleStatus(),
      sampleLinked({ sealedToken: 'v1.new' }),
    );
    expect(head).toMatchObject({
      status: 'active',
      statusReason: null,
      sealedToken: 'v1.new',
      cursor: 'c1',
      lastSync: { startedEpochMs: 2_000 },
      accounts: [{ accountId: 'a' }],
    });
  });

  it('starts over when another institution is linked: its cursors are not ours', () => {
    const head = headOf(sampleLinked(), samplePage(), sampleLinked({ institutionId: 'ins-2' }));
    expect(head).toMatchObject({ institutionId: 'ins-2', cursor: null, loop: null });
  });

  it('refuses a first entry that does not link', () => {
    expect(() => headOf(samplePage())).toThrow(expect.objectContaining({ code: 'CONNECTION_UNKNOWN' }));
  });

  it('refuses an entry of another version, chain or connection', () => {
    const [first, second] = sampleChain('c-1', [sampleLinked(), samplePage()]);
    const [, foreign] = sampleChain('c-2', [sampleLinked(), samplePage()]);
    if (!first || !second || !foreign) throw new Error('three entries');
    const head = foldHead(undefined, first);
    for (const entry of [
      { ...second, version: 3 },
      { ...second, previousHash: second.hash },
      { ...second, connectionId: 'c-2' },
      foreign,
      first,
    ]) {
      expect(() => foldHead(head, entry)).toThrow(expect.objectContaining({ code: 'ENTRY_CORRUPT' }));
    }
    expect(() => foldHead(undefined, second)).toThrow(expect.objectContaining({ code: 'ENTRY_CORRUPT' }));
  });
});
