import type { Transaction } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConnectionFold, foldTransactions } from './fold-transactions.ts';
import {
  sampleAccount,
  sampleAccounts,
  sampleChain,
  sampleLinked,
  samplePage,
  sampleTransaction,
} from './journal-samples.ts';
import type { EntryContent, LoopKind, PageEntry } from './model.ts';

const t = sampleTransaction;

function foldOf(...contents: EntryContent[]) {
  const fold = createConnectionFold();
  for (const entry of sampleChain('c-1', [sampleLinked(), ...contents])) fold.add(entry);
  return fold;
}

const idsOf = (...contents: EntryContent[]) =>
  foldOf(...contents)
    .current()
    .map(({ transaction }) => transaction.transactionId)
    .sort();

const toldBy = (...contents: EntryContent[]) =>
  foldOf(...contents)
    .told()
    .map(({ transactionId }) => transactionId)
    .sort();

let loops = 0;
const loop = (kind: LoopKind, changes: Partial<PageEntry>) => {
  loops += 1;
  return samplePage({ loop: { id: `L${loops}`, page: 1, last: true, kind }, history: 'complete', ...changes });
};
const full = (added: Transaction[], changes: Partial<PageEntry> = {}) => loop('snapshot', { added, ...changes });
const delta = (changes: Partial<PageEntry>) => loop('delta', changes);
const on = (id: string, bookingDate: string, changes: Partial<Transaction> = {}) => t(id, { bookingDate, ...changes });

describe('a full read from the empty cursor', () => {
  it('takes away what it lacks: records removed meanwhile, and pending ones whose posting names none', () => {
    const first = full([
      t('t1'),
      t('t2'),
      t('pend', { status: 'PDNG', bookingDate: null, executionDate: '2026-03-01' }),
    ]);
    expect(idsOf(first, full([t('t2'), t('posted')]))).toEqual(['posted', 't2']);
  });

  it('leaves what is older than the first date that it has of the account', () => {
    const first = full([on('older', '2026-01-01'), on('gone', '2026-03-02'), on('kept', '2026-03-01')]);
    expect(idsOf(first, full([on('kept', '2026-03-01')]))).toEqual(['kept', 'older']);
  });

  it('measures each account by its own dates, and not by dates that no bank can have printed', () => {
    const first = full([on('a-old', '2026-01-01'), on('b-old', '2026-01-01', { accountId: 'acc-2' })]);
    const again = full([
      on('a-new', '2025-06-01'),
      on('b-new', '2026-03-01', { accountId: 'acc-2' }),
      on('odd', '0001-01-01', { accountId: 'acc-2', flags: ['IMPLAUSIBLE_DATE'] }),
    ]);
    expect(idsOf(first, again)).toEqual(['a-new', 'b-new', 'b-old', 'odd']);
  });

  it('leaves the history of an account that is closed, and takes what an open one no longer has', () => {
    const list = (...ids: string[]) => sampleAccounts({ accounts: ids.map((id) => sampleAccount(id)) });
    const first = full([on('kept', '2026-03-01'), on('other', '2026-03-02', { accountId: 'acc-2' })]);
    const again = full([on('kept', '2026-03-01')]);
    expect(idsOf(list('acc-1', 'acc-2'), first, list('acc-1'), again)).toEqual(['kept', 'other']);
    expect(idsOf(list('acc-1', 'acc-2'), first, again)).toEqual(['kept']);
  });

  describe('whose account list could not be read', () => {
    const list = (readEpochMs: number, ...ids: string[]) =>
      sampleAccounts({ readEpochMs, accounts: ids.map((id) => sampleAccount(id)) });
    const other = (id: string, changes: Partial<Transaction> = {}) =>
      on(id, '2026-03-02', { accountId: 'acc-2', ...changes });
    const before = [list(5, 'acc-1', 'acc-2'), full([on('kept', '2026-03-01'), on('gone', '2026-03-03'), other('o')])];
    const again = full([on('kept', '2026-03-01')], { syncStartedEpochMs: 1_000 });

    it('says nothing of accounts that it has nothing of: they may be closed', () => {
      expect(idsOf(...before, again)).toEqual(['kept', 'o']);
      expect(foldOf(...before, again).reach()).toBe('unlisted');
    });

    it('does so with the next list, of those that are open', () => {
      expect(idsOf(...before, again, list(1_000, 'acc-1', 'acc-2'))).toEqual(['kept']);
      expect(idsOf(...before, again, list(1_000, 'acc-1'))).toEqual(['kept', 'o']);
      expect(idsOf(...before, again, list(999, 'acc-1', 'acc-2'))).toEqual(['kept', 'o']);
      expect(foldOf(...before, again, list(1_000, 'acc-1')).reach()).toBe('mixed');
    });

    it('keeps what came in between, and what a later read decides', () => {
      const more = delta({ added: [other('new')] });
      expect(idsOf(...before, again, more, list(2_000, 'acc-1', 'acc-2'))).toEqual(['kept', 'new']);
      const whole = full([on('kept', '2026-03-01'), other('o')], { syncStartedEpochMs: 3_000 });
      expect(idsOf(...before, again, whole, list(4_000, 'acc-1', 'acc-2'))).toEqual(['kept', 'o']);
    });

    it('is not believed at its first telling where it would take away a large part with the list', () => {
      const many = Array.from({ length: 30 }, (_, at) => other(`o${at}`));
      const first = [list(5, 'acc-1', 'acc-2'), full([on('kept', '2026-03-01'), ...many])];
      const fold = foldOf(...first, again, list(1_000, 'acc-1', 'acc-2'));
      expect(fold.current()).toHaveLength(31);
      expect(fold.doubt()).toEqual({ version: 5, missing: 30 });
      expect(idsOf(...first, again, list(1_000, 'acc-1', 'acc-2'), again)).toEqual(['kept']);
    });

    it('leaves a doubt to the next read', () => {
      const many = Array.from({ length: 30 }, (_, at) => on(`t${at}`, '2026-03-05'));
      const first = [list(5, 'acc-1', 'acc-2'), full([on('kept', '2026-03-01'), ...many, other('o')])];
      const fold = foldOf(...first, again, list(1_000, 'acc-1', 'acc-2'));
      expect(fold.current()).toHaveLength(32);
      expect(fold.doubt()).toEqual({ version: 4, missing: 30 });
    });
  });

  it.each(['none', 'recent', undefined] as const)('takes nothing away while the history is %s', (history) => {
    const { history: _, ...silent } = full([t('t2')]);
    expect(idsOf(full([t('t1'), t('t2')]), history === undefined ? silent : { ...silent, history })).toEqual([
      't1',
      't2',
    ]);
  });

  it('counts with the loops behind it, once the provider calls the history complete', () => {
    const recent = full([t('t2')], { history: 'recent' });
    const rest = delta({ added: [t('t3')] });
    expect(idsOf(full([t('t1'), t('t2'), t('t3')]), recent, rest)).toEqual(['t2', 't3']);
  });

  it('is no full read where it was broken off', () => {
    const broken = full([t('t2')], { loop: { id: 'broken', page: 1, last: false, kind: 'snapshot' } });
    expect(idsOf(full([t('t1'), t('t2')]), broken, delta({ added: [t('t3')] }))).toEqual(['t1', 't2', 't3']);
  });

  it('lets a record stand again that a later page restores', () => {
    expect(idsOf(full([t('t1'), t('t2')]), full([t('t2')]), delta({ added: [t('t1')] }))).toEqual(['t1', 't2']);
  });

  describe('that would take away a large part of what stands', () => {
    const many = Array.from({ length: 50 }, (_, at) => on(`t${at}`, '2026-03-05'));

    it('is not believed at its first telling', () => {
      const fold = foldOf(full(many), full([on('t0', '2026-03-05')]));
      expect(fold.current()).toHaveLength(50);
      expect(fold.doubt()).toEqual({ version: 3, missing: 49 });
    });

    it('is believed at its second', () => {
      const tiny = () => full([on('t0', '2026-03-05')]);
      const fold = foldOf(full(many), tiny(), tiny());
      expect(fold.current()).toHaveLength(1);
      expect(fold.doubt()).toBeUndefined();
    });

    it('is forgotten when the next full read has the records', () => {
      const fold = foldOf(full(many), full([on('t0', '2026-03-05')]), full(many.slice(1)));
      expect(fold.current()).toHaveLength(49);
      expect(fold.doubt()).toBeUndefined();
    });

    it('removes nothing when it is empty, however often it says so', () => {
      expect(foldOf(full(many), full([]), full([])).current()).toHaveLength(50);
    });
  });
});

describe('a provider that reissues ids', () => {
  it('has each record once: the same content under another id, one for one', () => {
    const coffee = (id: string) => t(id, { contentHash: 'coffee' });
    const first = full([coffee('old-1'), coffee('old-2'), t('old-3')]);
    const reissued = full([coffee('new-1'), coffee('new-2')], { history: 'recent' });
    expect(idsOf(first, reissued)).toEqual(['new-1', 'new-2', 'old-3']);
  });

  it('keeps twins apart when one of them is new and the other keeps its id', () => {
    const coffee = (id: string) => t(id, { contentHash: 'coffee' });
    expect(idsOf(full([coffee('c-1')]), full([coffee('c-2'), coffee('c-1')]))).toEqual(['c-1', 'c-2']);
    expect(idsOf(full([coffee('c-1')]), full([coffee('c-1'), coffee('c-2')]))).toEqual(['c-1', 'c-2']);
  });

  it('does not count an account twice: its old records end where those of its successor begin', () => {
    const alike = (id: string) => ({ ...sampleAccount(id), mask: '1234', name: 'Main' });
    const contents = [
      sampleAccounts({ accounts: [alike('acc-1')] }),
      full([on('older', '2026-01-01'), on('old', '2026-03-01')]),
      sampleAccounts({ accounts: [alike('acc-2')] }),
      delta({ added: [on('new', '2026-02-01', { accountId: 'acc-2' })] }),
    ];
    expect(idsOf(...contents)).toEqual(['new', 'older']);
    expect(toldBy(...contents)).toEqual(['new', 'old', 'older']);
  });

  it('says what its later pages reach: names alone, or what an earlier read has left standing', () => {
    const reachOf = (...contents: EntryContent[]) => foldOf(...contents).reach();
    const list = sampleAccounts({ accounts: [sampleAccount('acc-1')] });
    const first = full([on('a', '2026-01-01'), on('b', '2026-02-01')]);
    expect(reachOf(first)).toBe('one');
    expect(reachOf(first, full([on('b', '2026-02-01')], { history: 'recent' }))).toBe('unsettled');
    expect(reachOf(first, full([on('b', '2026-02-01')]))).toBe('unlisted');
    expect(reachOf(first, list, full([on('b', '2026-02-01')]))).toBe('mixed');
    expect(reachOf(first, full([on('b', '2026-02-01')]), delta({ modified: [on('a', '2026-01-01')] }))).toBe('one');
  });

  it('counts money once when its connection is linked again at the institution that took the bank over (fault 58)', () => {
    const alike = (id: string) => ({ ...sampleAccount(id), mask: '1234', name: 'Main' });
    const contents = [
      sampleAccounts({ accounts: [alike('acc-1')] }),
      full([on('older', '2026-01-01'), on('old', '2026-03-01')]),
      sampleLinked({ institutionId: 'ins-2' }),
      sampleAccounts({ accounts: [alike('acc-2')] }),
      full([on('new', '2026-02-01', { accountId: 'acc-2' })]),
    ];
    expect(idsOf(...contents)).toEqual(['new', 'older']);
  });

  it('does not let an old record stand again when its successor takes back or moves the first of its own', () => {
    const alike = (id: string) => ({ ...sampleAccount(id), mask: '1234', name: 'Main' });
    const contents = [
      sampleAccounts({ accounts: [alike('acc-1')] }),
      full([on('old', '2026-02-01'), on('old-2', '2026-03-01')]),
      sampleAccounts({ accounts: [alike('acc-2'), sampleAccount('other')] }),
      full([on('new', '2026-02-01', { accountId: 'acc-2' }), on('new-2', '2026-03-01', { accountId: 'acc-2' })]),
    ];
    expect(idsOf(...contents, delta({ removed: ['new'] }))).toEqual(['new-2']);
    const moved = on('new', '2026-02-01', { accountId: 'other' });
    expect(idsOf(...contents, delta({ modified: [moved] }))).toEqual(['new', 'new-2']);
  });
});

describe('any history of a bank', () => {
  const commands = fc.array(
    fc.record({
      kind: fc.constantFrom('add', 'add', 'change', 'remove', 'restore', 'move', 'post', 'sync', 'sync', 'lose-cursor'),
      id: fc.nat(7),
      day: fc.integer({ min: 1, max: 28 }),
      cut: fc.nat(3),
    }),
    { maxLength: 30 },
  );

  it('stands as the bank holds it, after removals, restores, moves and lost cursors, wherever its pages are cut', () => {
    fc.assert(
      fc.property(commands, (steps) => {
        const holds = new Map<string, Transaction>();
        const contents: EntryContent[] = [];
        let told: ReadonlyMap<string, Transaction> = new Map();
        let isCursorLost = true;
        const sync = (cut: number) => {
          const known = isCursorLost ? new Map<string, Transaction>() : told;
          const added = [...holds.values()].filter(({ transactionId }) => !known.has(transactionId));
          const modified = [...holds.values()].filter(
            ({ transactionId: id }) => known.has(id) && known.get(id) !== holds.get(id),
          );
          const removed = [...known.keys()].filter((id) => !holds.has(id));
          loops += 1;
          const kind = isCursorLost ? 'snapshot' : 'delta';
          const part = (page: number, last: boolean, lists: Partial<PageEntry>) =>
            samplePage({ loop: { id: `L${loops}`, page, last, kind }, history: 'complete', ...lists });
          if (cut > 0) contents.push(part(1, false, { added: added.slice(0, cut) }));
          contents.push(part(2, true, { added: added.slice(cut), modified, removed }));
          told = new Map(holds);
          isCursorLost = false;
        };
        const posted = new Set<string>(); // a pending record does not come back beside its posted twin
        const dateOf = (day: number) => `2026-03-${String(day).padStart(2, '0')}`;
        // A record of the first day that never goes: a full read of an account without any has no dates to cover.
        for (const accountId of ['acc-1', 'acc-2'])
          holds.set(`base-${accountId}`, on(`base-${accountId}`, dateOf(1), { accountId }));
        steps.forEach(({ kind, id, day, cut }, at) => {
          const key = `t${id}`;
          if (kind === 'lose-cursor') isCursorLost = true;
          if (kind === 'sync') sync(cut);
          if (posted.has(key)) return;
          const record = holds.get(key);
          const changed = { contentHash: `step-${at}` };
          if (kind === 'add' || kind === 'restore') holds.set(key, on(key, dateOf(day), changed));
          if (kind === 'change' && record) holds.set(key, { ...record, ...changed });
          if (kind === 'move' && record)
            holds.set(key, { ...record, accountId: record.accountId === 'acc-1' ? 'acc-2' : 'acc-1' });
          if (kind === 'remove') holds.delete(key);
          if (kind === 'post' && record) {
            holds.delete(key);
            posted.add(key);
            holds.set(`p${at}`, on(`p${at}`, dateOf(day), { supersedes: key }));
          }
        });
        sync(0);
        const standing = foldTransactions(sampleChain('c-1', [sampleLinked(), ...contents]));
        const says = standing.map(({ transaction }) => [
          transaction.transactionId,
          transaction.accountId,
          transaction.contentHash,
        ]);
        const held = [...holds.values()].map(({ transactionId, accountId, contentHash }) => [
          transactionId,
          accountId,
          contentHash,
        ]);
        expect(says.sort()).toEqual(held.sort());
      }),
      { numRuns: Number(process.env.QUARTERSEC_HISTORIES) || 2_000 },
    );
  });
});
