import { describe, expect, it } from 'vitest';
import { foldHead } from './fold-head.ts';
import {
  sampleAccount,
  sampleAccounts,
  sampleChain,
  sampleLinked,
  samplePage,
  sampleReturned,
  sampleStatus,
} from './journal-samples.ts';
import type { EntryContent, Head } from './model.ts';

function headOf(...contents: EntryContent[]): Head {
  let head: Head | undefined;
  for (const entry of sampleChain('c-1', contents)) head = foldHead(head, entry);
  if (head === undefined) throw new Error('no entries');
  return head;
}

const loop = (id: string, page: number, last: boolean) => ({ id, page, last, kind: 'delta' }) as const;
const open = { state: 'open', replacedBy: null } as const;

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
      history: 'none',
      loop: null,
      lastSync: null,
      accounts: [],
      accountsReadEpochMs: null,
      accountsListVersion: 0,
      openList: null,
      aside: 0,
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
    expect(head.accounts).toEqual([{ ...sampleAccount('a', '1'), ...open, readEpochMs: 2_000, sinceVersion: 2 }]);
    expect(head.loop).toEqual({
      id: 'L',
      kind: 'delta',
      cursor: 'p2',
      pages: 2,
      checkpoint: 'p2',
      startedEpochMs: 2_000,
      queuedEpochMs: null,
      accounts: [sampleAccount('b'), sampleAccount('a', '2')],
      accountsSeen: [],
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

  it('knows how far the history is: what the provider says, else that there is something', () => {
    expect(headOf(sampleLinked()).history).toBe('none');
    expect(headOf(sampleLinked(), samplePage()).history).toBe('recent');
    expect(headOf(sampleLinked(), samplePage({ history: 'complete' }), samplePage()).history).toBe('complete');
    const other = sampleLinked({ institutionId: 'ins-2' });
    expect(headOf(sampleLinked(), samplePage({ history: 'complete' }), other).history).toBe('none');
  });

  it('keeps when the event reached the queue that began the loop, and of none that came another way', () => {
    const first = samplePage({ loop: loop('L', 1, false), cursorAfter: 'p1', queuedEpochMs: 1_500 });
    const last = samplePage({ loop: loop('L', 2, true), cursorBefore: 'p1', queuedEpochMs: 9_500 });
    expect(headOf(sampleLinked(), first, last).lastSync).toMatchObject({ queuedEpochMs: 1_500 });
    const direct = samplePage({ loop: loop('L', 1, false), cursorAfter: 'p1' });
    expect(headOf(sampleLinked(), direct, last).lastSync).toMatchObject({ queuedEpochMs: null });
  });

  it('counts records that are set aside until an entry says how many still are', () => {
    const aside = [sampleLinked(), samplePage({ quarantined: 2 }), samplePage({ quarantined: 1 })];
    expect(headOf(...aside).aside).toBe(3);
    expect(headOf(...aside, sampleReturned({ stillAside: 1 })).aside).toBe(1);
  });

  describe('accounts', () => {
    const listed = (...ids: string[]) => sampleAccounts({ accounts: ids.map((id) => sampleAccount(id)) });
    const statesOf = ({ accounts }: Head) => accounts.map(({ accountId, state }) => `${accountId} ${state}`);

    it('come from the full list, with the time of its reading', () => {
      const head = headOf(sampleLinked(), listed('a', 'b'));
      expect(head).toMatchObject({ accountsReadEpochMs: 5_000, accountsListVersion: 2 });
      expect(head.accounts).toMatchObject([{ accountId: 'a', readEpochMs: 5_000 }, { accountId: 'b' }]);
    });

    it('are read again when a page brings one that no list had, and after a new link', () => {
      const page = samplePage({ accounts: [sampleAccount('c')] });
      expect(headOf(sampleLinked(), listed('a'), page).accountsReadEpochMs).toBeNull();
      expect(headOf(sampleLinked(), listed('a'), sampleLinked()).accountsReadEpochMs).toBeNull();
      const known = samplePage({ accounts: [sampleAccount('a', '7')] });
      expect(headOf(sampleLinked(), listed('a'), known).accountsReadEpochMs).toBe(5_000);
    });

    it('carry when their balances were read, also when these had not changed', () => {
      const seen = samplePage({ accountsSeen: ['a'], syncStartedEpochMs: 8_000 });
      const head = headOf(sampleLinked(), listed('a', 'b'), seen);
      expect(head.accounts).toMatchObject([{ readEpochMs: 8_000 }, { readEpochMs: 5_000 }]);
    });

    it('close when a full list lacks them, and open when one has them again; a closed one has no balances', () => {
      const closed = headOf(sampleLinked(), listed('a', 'b'), sampleAccounts({ accounts: [], accountsSeen: ['a'] }));
      expect(statesOf(closed)).toEqual(['a open', 'b closed']);
      expect(closed.accounts[1]?.balances).toEqual([]);
      const again = headOf(sampleLinked(), listed('a', 'b'), listed('a'), listed('a', 'b'));
      expect(statesOf(again)).toEqual(['a open', 'b open']);
    });

    it('are replaced when one that is new looks the same', () => {
      const alike = (id: string, name: string) => ({ ...sampleAccount(id), mask: '1234', name });
      const churn = [
        sampleLinked(),
        sampleAccounts({ accounts: [alike('a', 'Main'), alike('b', 'Joint')] }),
        samplePage({ accounts: [alike('new-a', 'Main')] }),
        sampleAccounts({ accounts: [], accountsSeen: ['b', 'new-a'] }),
      ];
      const head = headOf(...churn);
      expect(statesOf(head)).toEqual(['a replaced', 'b open', 'new-a open']);
      expect(head.accounts[0]).toMatchObject({ replacedBy: 'new-a', balances: [] });
    });

    it('stay replaced where a page that was read before the list is stored after it, and open with one that was read later', () => {
      const alike = (id: string) => ({ ...sampleAccount(id), mask: '1234', name: 'Main' });
      const churn = [
        sampleLinked(),
        sampleAccounts({ accounts: [alike('a')] }),
        sampleAccounts({ accounts: [alike('b')], readEpochMs: 6_000 }),
      ];
      const page = (syncStartedEpochMs: number, accountsSeen: readonly string[] = []) =>
        samplePage({ accounts: accountsSeen.length === 0 ? [alike('a')] : [], accountsSeen, syncStartedEpochMs });
      for (const old of [page(6_000), page(5_000, ['a'])])
        expect(statesOf(headOf(...churn, old))).toEqual(['a replaced', 'b open']);
      for (const young of [page(6_001), page(6_001, ['a'])])
        expect(statesOf(headOf(...churn, young))).toEqual(['a open', 'b open']);
    });

    it('are replaced when the connection is linked again at another institution (fault 58)', () => {
      const list = (id: string) => sampleAccounts({ accounts: [{ ...sampleAccount(id), mask: '1234', name: 'Main' }] });
      const head = headOf(sampleLinked(), list('a'), sampleLinked({ institutionId: 'ins-2' }), list('b'));
      expect(head.accounts).toMatchObject([
        { accountId: 'a', state: 'replaced', replacedBy: 'b', balances: [] },
        { accountId: 'b', state: 'open' },
      ]);
    });

    it('are replaced by the same one where a page had an id of before that no list had', () => {
      const alike = (id: string) => ({ ...sampleAccount(id), mask: '1234', name: 'Main' });
      const list = (id: string) => sampleAccounts({ accounts: [alike(id)] });
      const head = headOf(sampleLinked(), list('a'), samplePage({ accounts: [alike('between')] }), list('c'));
      expect(statesOf(head)).toEqual(['a replaced', 'between replaced', 'c open']);
      expect(head.accounts.map(({ replacedBy }) => replacedBy)).toEqual(['c', 'c', null]);
    });

    it('are not replaced by one that was listed beside them, nor by one of two that look the same', () => {
      const alike = (id: string) => ({ ...sampleAccount(id), mask: '1234', name: 'Main' });
      const list = (...ids: string[]) => sampleAccounts({ accounts: ids.map(alike) });
      expect(statesOf(headOf(sampleLinked(), list('a', 'b'), list('b')))).toEqual(['a closed', 'b open']);
      expect(statesOf(headOf(sampleLinked(), list('a'), list('b', 'c')))).toEqual(['a closed', 'b open', 'c open']);
    });

    it('close only with the last part of a list', () => {
      const part = (id: string, last: boolean) =>
        sampleAccounts({ list: { id: 'list-2', last }, accounts: [sampleAccount(id)] });
      const begun = headOf(sampleLinked(), listed('a', 'b', 'c'), part('a', false));
      expect(statesOf(begun)).toEqual(['a open', 'b open', 'c open']);
      const whole = headOf(sampleLinked(), listed('a', 'b', 'c'), part('a', false), part('b', true));
      expect(statesOf(whole)).toEqual(['a open', 'b open', 'c closed']);
    });
  });
});

describe('a token that was sealed anew, and a consent that ends', () => {
  const base = { runId: 'r', writtenEpochMs: 0 } as const;

  it('changes the token and nothing else', () => {
    const before = headOf(sampleLinked(), samplePage());
    const after = headOf(sampleLinked(), samplePage(), { ...base, kind: 'resealed', sealedToken: 'v2.new.x' });
    expect(after).toEqual({ ...before, version: 3, hash: after.hash, sealedToken: 'v2.new.x' });
  });

  it('keeps the consent as it was last said, and drops an end that is none any more', () => {
    const said = headOf(sampleLinked(), { ...base, kind: 'consent', expiresEpochMs: 5 });
    expect(said.consentExpiresEpochMs).toBe(5);
    const taken = headOf(
      sampleLinked(),
      { ...base, kind: 'consent', expiresEpochMs: 5 },
      { ...base, kind: 'consent', expiresEpochMs: null },
    );
    expect(taken).not.toHaveProperty('consentExpiresEpochMs');
  });
});
