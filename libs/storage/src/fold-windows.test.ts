import type { Coverage, Transaction } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { createConnectionFold } from './fold-transactions.ts';
import { sampleChain, sampleLinked, samplePage, sampleTransaction } from './journal-samples.ts';
import type { EntryContent, PageEntry } from './model.ts';

const on = (id: string, bookingDate: string | null, changes: Partial<Transaction> = {}) =>
  sampleTransaction(id, { bookingDate, ...changes });
const pending = (id: string, executionDate: string) => on(id, null, { status: 'PDNG', executionDate });
const from = (fromDate: string, accountId = 'acc-1'): Coverage => ({ accountId, fromDate });

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

let loops = 0;
const first = (...added: Transaction[]) =>
  samplePage({ loop: { id: `L${++loops}`, page: 1, last: true, kind: 'snapshot' }, history: 'complete', added });
const read = (covers: readonly Coverage[], added: Transaction[], changes: Partial<PageEntry> = {}) =>
  samplePage({
    loop: { id: `L${++loops}`, page: 1, last: true, kind: 'delta' },
    history: 'complete',
    added,
    covers,
    ...changes,
  });

describe('a read of windows', () => {
  it('takes away what it lacks from its first day on, and leaves what is older', () => {
    const before = first(on('old', '2026-01-31'), on('gone', '2026-02-01'), on('kept', '2026-02-02'));
    expect(idsOf(before, read([from('2026-02-01')], [on('kept', '2026-02-02')]))).toEqual(['kept', 'old']);
  });

  it('speaks of no other account', () => {
    const other = on('other', '2026-02-01', { accountId: 'acc-2' });
    expect(idsOf(first(other, on('gone', '2026-02-01')), read([from('2026-02-01')], []))).toEqual(['other']);
  });

  it('ends pending records that it lacks, however old they are', () => {
    const before = first(pending('stale', '2026-01-01'), pending('posted', '2026-02-03'));
    expect(idsOf(before, read([from('2026-02-01')], [on('new', '2026-02-04')]))).toEqual(['new']);
  });

  it('counts over all its pages, and only once the last one is here', () => {
    const before = first(on('a', '2026-02-01'), on('b', '2026-02-02'), on('c', '2026-02-03'));
    const loop = { id: 'pages', kind: 'delta' as const };
    const one = read([], [on('a', '2026-02-01')], { loop: { ...loop, page: 1, last: false } });
    const two = read([from('2026-02-01')], [on('b', '2026-02-02')], { loop: { ...loop, page: 2, last: true } });
    expect(idsOf(before, one)).toEqual(['a', 'b', 'c']);
    expect(idsOf(before, one, two)).toEqual(['a', 'b']);
  });

  it('lets what it had taken away stand again with the next read that lists it', () => {
    const again = () => on('a', '2026-02-01');
    const covers = [from('2026-02-01')];
    expect(idsOf(first(again()), read(covers, []), read(covers, [again()]))).toEqual(['a']);
  });

  it('leaves a full read behind it to find what both lack', () => {
    const before = first(on('a', '2026-02-01'), on('b', '2026-02-02'));
    const window = read([from('2026-02-02')], [on('b', '2026-02-02')]);
    expect(idsOf(before, window, first(on('c', '2026-02-01'), on('b', '2026-02-02')))).toEqual(['b', 'c']);
  });

  it('does not take a loop behind it that covers nothing for one that lacks everything', () => {
    const before = first(on('a', '2026-02-01'));
    const window = read([from('2026-02-01')], [on('a', '2026-02-01')]);
    const delta = samplePage({ loop: { id: 'delta', page: 1, last: true, kind: 'delta' }, history: 'complete' });
    expect(idsOf(before, window, delta)).toEqual(['a']);
  });

  describe('that would take away a large part', () => {
    const many = Array.from({ length: 50 }, (_, at) => on(`t${at}`, '2026-02-05'));
    const tiny = () => read([from('2026-02-01')], [on('t0', '2026-02-05')]);

    it('is not believed at its first telling, and is at its second', () => {
      expect(foldOf(first(...many), tiny()).current()).toHaveLength(50);
      expect(foldOf(first(...many), tiny(), tiny()).current()).toHaveLength(1);
    });

    it('is believed at once where as much stands in its place, as with a bank that reissues all ids', () => {
      const reissued = many.map(({ transactionId }) => on(`${transactionId}-again`, '2026-02-05'));
      expect(idsOf(first(...many), read([from('2026-02-01')], reissued))).toEqual(
        reissued.map(({ transactionId }) => transactionId).sort(),
      );
    });

    it('is forgotten when the next one has the records', () => {
      const whole = read([from('2026-02-01')], many);
      expect(foldOf(first(...many), tiny(), whole, tiny()).current()).toHaveLength(50);
    });
  });
});
