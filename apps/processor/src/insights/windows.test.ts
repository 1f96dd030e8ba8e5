import type { EntryContent, JournalEntry, PageEntry } from '@quartersec/storage';
import { addDays, type Transaction } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transaction } from '../scripted-pipeline.ts';
import { type Derived, deriveWhole, nothingDerived, packDerived, takeOn, unpackDerived } from './derived.ts';
import { mostPacked, packWindows, unpackWindows } from './packed-windows.ts';
import { windowsOf } from './windows.ts';

const histories = Number(process.env.QUARTERSEC_HISTORIES) || 300;
const begin = '2026-01-01';
const overlapDays = 30;

function booked(id: string, bookingDate: string, changes: Partial<Transaction> = {}): Transaction {
  const minor = changes.amount?.minor ?? '-1299';
  const { status = 'BOOK', accountId = 'acc-1' } = changes;
  return transaction(id, {
    bookingDate: status === 'PDNG' ? null : bookingDate,
    merchantName: `Shop ${id.length}`,
    contentHash: `${status} ${minor} ${bookingDate} ${accountId}`,
    ...changes,
  });
}

/** A connection's entries as they come, and what is derived of them: entry by entry as far as that goes, and from all of them. */
class Connection {
  readonly #whole = deriveWhole();
  #taken: Derived = nothingDerived;
  #version = 0;
  /** Loops that were taken on. */
  takenOn = 0;
  madeAnew = 0;

  constructor() {
    const at = { runId: 'r', writtenEpochMs: 0 };
    const bank = { userId: 'u', provider: 'berlin-group', institutionId: 'i', sealedToken: 's' };
    this.add({ kind: 'linked', ...bank, ...at });
  }

  add(content: EntryContent): void {
    const version = this.#version + 1;
    this.#version = version;
    const previousHash = version === 1 ? '0'.repeat(64) : `h${version - 1}`;
    const entry: JournalEntry = { connectionId: 'c', version, previousHash, hash: `h${version}`, content };
    this.#whole.add(entry);
    const taken = takeOn(this.#taken, entry);
    const whole = this.#whole.derived();
    if (taken === undefined) {
      this.madeAnew += 1;
      this.#taken = whole;
      return;
    }
    if (content.kind === 'page' && content.loop.last) this.takenOn += 1;
    expect(packDerived(taken)).toEqual(packDerived(whole));
    this.#taken = taken;
    // As a later run finds it.
    if (whole.loop === null) this.#taken = unpackDerived(packDerived(taken), taken) ?? nothingDerived;
  }

  get derived(): Derived {
    return this.#taken;
  }
}

let loops = 0;

function pageOf(changes: Partial<PageEntry>): PageEntry {
  const kind = 'page' as const;
  const at = { runId: 'r', writtenEpochMs: 0, syncStartedEpochMs: 0, cursorBefore: 'a', cursorAfter: 'b' };
  const nothing = { added: [], modified: [], removed: [], accounts: [], quarantined: 0 };
  return { kind, ...at, ...nothing, loop: { id: 'L', page: 1, last: true, kind: 'delta' }, ...changes };
}

/** What a read lists, in one loop. @param covers the day from which it speaks, by account */
function read(
  added: readonly Transaction[],
  covers: Readonly<Record<string, string>> | undefined,
  isFirst = false,
): PageEntry {
  loops += 1;
  const each = Object.entries(covers ?? {}).map(([accountId, fromDate]) => ({ accountId, fromDate }));
  const kind = isFirst ? 'snapshot' : 'delta';
  const loop = { id: `L${loops}`, page: 1, last: true, kind } as const;
  return pageOf({ loop, added, history: 'complete', ...(covers && { covers: each }) });
}

const accounts = ['acc-1', 'acc-2', 'acc-3'] as const;

const actOf = fc.record({
  kind: fc.constantFrom(
    ...(['book', 'book', 'book', 'pend', 'post', 'replace', 'change', 'enrich', 'take back', 'move', 'many'] as const),
  ),
  account: fc.nat(accounts.length - 1),
  minor: fc.constantFrom('-1299', '-500', '210000', '0'),
  daysAgo: fc.constantFrom(0, 0, 1, 3, 20, 50),
  at: fc.nat(9),
  /** Of the bank's own: an expected entry counts for no balance, and one without a booking date is told by another. */
  form: fc.constantFrom(...(['plain', 'plain', 'plain', 'expected', 'undated', 'odd'] as const)),
});

const stepOf = fc.record({
  days: fc.constantFrom(0, 1, 1, 2, 40),
  acts: fc.array(actOf, { maxLength: 3 }),
  /** Accounts that are passed over, since they list what they listed before. */
  silent: fc.subarray([0, 1, 2]),
  layout: fc.constantFrom('one', 'pages', 'parts', 'broken off'),
});
type Step = typeof stepOf extends fc.Arbitrary<infer Value> ? Value : never;
type Act = typeof actOf extends fc.Arbitrary<infer Value> ? Value : never;

class Bank {
  #records: Transaction[] = [];
  #ids = 0;
  readonly #from = new Map<string, string>();
  #today = begin;

  act({ kind, account, minor, daysAgo, at, form }: Act): void {
    const amount = { minor, exponent: 2, currency: 'USD', unofficialCurrency: null };
    const day = addDays(this.#today, -daysAgo);
    const target = this.#records[this.#records.length - 1 - at];
    const accountId = accounts[account] ?? 'acc-1';
    if (kind === 'book') this.#records.push(this.#formed(booked(this.#id(), day, { amount, accountId }), day, form));
    if (kind === 'many')
      for (let left = 0; left < 25; left += 1) this.#records.push(booked(this.#id(), day, { amount, accountId }));
    if (kind === 'pend') this.#records.push(booked(this.#id(), day, { status: 'PDNG', amount, accountId }));
    if (target === undefined) return;
    const put = (changed?: Transaction) => {
      this.#records = this.#records.flatMap((each) => (each === target ? (changed ?? []) : each));
    };
    const changes = { accountId: target.accountId, amount: target.amount };
    if (kind === 'post' && target.status === 'PDNG') put(booked(target.transactionId, day, changes));
    // Some list the pending one for a while beside what has replaced it.
    if (kind === 'replace' && target.status === 'PDNG')
      this.#records.push(booked(this.#id(), day, { ...changes, supersedes: target.transactionId }));
    if (kind === 'change') put({ ...target, amount, contentHash: `${target.contentHash} ${minor}` });
    if (kind === 'enrich') put({ ...target, category: { primary: 'FOOD', detailed: `FOOD ${minor}` } });
    if (kind === 'take back') put();
    if (kind === 'move') put({ ...target, accountId });
  }

  #id(): string {
    this.#ids += 1;
    return `t${this.#ids}`;
  }

  #formed(record: Transaction, day: string, form: Act['form']): Transaction {
    if (form === 'expected') return { ...record, status: 'FUTR' };
    if (form === 'undated') return { ...record, bookingDate: null, executionDate: day, valueDate: addDays(day, 3) };
    return form === 'odd' ? { ...record, flags: ['IMPLAUSIBLE_DATE'] } : record;
  }

  /** The pages of a read, as entries. */
  read({ days, acts, silent, layout }: Step, isFirst: boolean): readonly PageEntry[] {
    this.#today = addDays(this.#today, days);
    for (const act of acts) this.act(act);
    const covers: Record<string, string> = {};
    const listed: Transaction[] = [];
    for (const [index, accountId] of accounts.entries()) {
      const own = this.#records.filter((record) => record.accountId === accountId);
      const from = this.#from.get(accountId);
      if (from !== undefined && silent.includes(index)) continue;
      const inside = own.filter((record) => from === undefined || isIn(record, from));
      listed.push(...inside);
      if (from !== undefined) covers[accountId] = from;
      if (inside.length === 0) continue;
      const newest = inside.map(dayOf).sort().at(-1) ?? begin;
      this.#from.set(accountId, addDays(newest, -overlapDays));
    }
    const whole = read(listed, Object.keys(covers).length > 0 ? covers : undefined, isFirst);
    return laidOut(whole, layout);
  }
}

function dayOf({ bookingDate, executionDate, valueDate }: Transaction): string {
  return bookingDate ?? executionDate ?? valueDate ?? '9999-12-31';
}

function isIn(record: Transaction, from: string): boolean {
  return record.status === 'PDNG' || dayOf(record) >= from;
}

function laidOut(whole: PageEntry, layout: Step['layout']): readonly PageEntry[] {
  if (layout === 'one') return [whole];
  const { covers: _, ...rest } = whole;
  const [half, { added }] = [Math.ceil(whole.added.length / 2), whole];
  const part = (page: number, from: number, to: number): PageEntry => ({
    ...(page === 1 && layout !== 'parts' ? rest : whole),
    loop: { ...whole.loop, page, last: false },
    added: added.slice(from, to),
  });
  const first = { ...rest, ...part(1, 0, half) };
  if (layout === 'broken off') return [{ ...first, loop: { ...first.loop, id: `${first.loop.id} gone` } }, whole];
  const page = layout === 'pages' ? 2 : 1;
  const second = part(page, half, added.length);
  return [first, { ...whole, ...second, loop: { ...second.loop, last: true } }];
}

describe('what is derived of a bank that is read by windows', () => {
  it(`is what all entries come to, mostly without reading them (${histories} random histories)`, () => {
    let takenOn = 0;
    let madeAnew = 0;
    fc.assert(
      fc.property(fc.array(stepOf, { minLength: 1, maxLength: 25 }), (steps) => {
        const bank = new Bank();
        const connection = new Connection();
        for (const [index, step] of steps.entries()) {
          for (const entry of bank.read(step, index === 0)) connection.add(entry);
        }
        takenOn += connection.takenOn;
        madeAnew += connection.madeAnew;
      }),
      { numRuns: histories },
    );
    expect(takenOn).toBeGreaterThan(madeAnew);
  });
});

describe('packed', () => {
  it('are windows as they were, unless they are too many for an item', () => {
    const windowsOfMany = (count: number) =>
      windowsOf(
        new Map([['acc-1', begin]]),
        Array.from({ length: count }, (_, at) => booked(`t${at}`, addDays(begin, at % 30))),
      );
    const fits = windowsOfMany(mostPacked);
    expect(unpackWindows(packWindows(fits))).toEqual(fits);
    expect(Buffer.byteLength(JSON.stringify(packWindows(fits)))).toBeLessThan(200_000);
    expect(packWindows(windowsOfMany(mostPacked + 1))).toEqual([]);
  });
});

describe('a window', () => {
  const day = addDays(begin, 200);
  const covers = { 'acc-1': addDays(day, -overlapDays) };

  /** @returns whether the last of these reads was taken on, beside what it comes to being right */
  function isTakenOn(...reads: readonly (PageEntry | readonly PageEntry[])[]): boolean {
    const connection = new Connection();
    let before = 0;
    for (const each of reads) {
      before = connection.takenOn;
      for (const entry of [each].flat()) connection.add(entry);
    }
    return connection.takenOn > before;
  }

  it('is taken on from the second one on: the first tells where it begins', () => {
    const reads = [read([booked('a', day)], undefined, true), read([booked('a', day)], covers)];
    expect(isTakenOn(...reads)).toBe(false);
    expect(isTakenOn(...reads, read([booked('b', day)], covers))).toBe(true);
  });

  it('that begins earlier than the one before is not', () => {
    const reads = [read([booked('a', day)], undefined, true), read([booked('a', day)], covers)];
    expect(isTakenOn(...reads, read([booked('a', day)], { 'acc-1': addDays(day, -overlapDays - 1) }))).toBe(false);
  });

  it('may not list what counts no more and has been moved from behind it', () => {
    const moved = (amount: string, accountId: string) => {
      const money = { minor: amount, exponent: 2, currency: 'USD', unofficialCurrency: null };
      return booked('moved', addDays(day, -60), { accountId, amount: money });
    };
    const here = booked('a', day);
    const reads = [
      read([moved('-1299', 'acc-1'), here], undefined, true),
      read([here], covers),
      read([here, booked('b', day)], covers),
    ];
    expect(isTakenOn(...reads)).toBe(true);
    expect(isTakenOn(...reads, read([here, booked('b', day), moved('0', 'acc-2')], covers))).toBe(false);
  });

  it('may list what is too old to be identified, as long as that is as it was', () => {
    const old = addDays(day, -60);
    const longAgo = booked('old', old);
    const window = { 'acc-1': addDays(old, -overlapDays), 'acc-2': addDays(day, -overlapDays) };
    const other = booked('o', day, { accountId: 'acc-2' });
    const reads = [read([longAgo, other], undefined, true), read([longAgo, other], window)];
    expect(isTakenOn(...reads, read([longAgo, other, booked('n', day, { accountId: 'acc-2' })], window))).toBe(true);
    expect(isTakenOn(...reads, read([{ ...longAgo, contentHash: 'another' }, other], window))).toBe(false);
  });

  it('takes away an expected entry that has come, and one that moves no money', () => {
    const expected = { ...booked('expected', day), status: 'FUTR' as const };
    const none = booked('none', day, { amount: { ...expected.amount, minor: '0' } });
    // Long after what else there is: the state does not know all.
    const early = booked('early', addDays(day, -100));
    const young = booked('young', day);
    const reads = [read([early, young, expected, none], undefined, true), read([young, expected, none], covers)];
    expect(isTakenOn(...reads, read([young, booked('come', day)], covers))).toBe(true);
  });

  it.each([
    ['windows', covers],
    ['changes', undefined],
  ])('of a bank that is read by %s takes away what is replaced, in whichever part of the page it stands', (_, told) => {
    const pending = booked('p', day, { status: 'PDNG' });
    const posted = booked('b', day, { supersedes: 'p' });
    const whole = read([], told);
    const part = (added: readonly Transaction[], last: boolean): PageEntry => {
      const { covers: _covers, ...rest } = whole;
      return { ...(last ? whole : rest), added, loop: { ...whole.loop, last } };
    };
    const reads = [read([pending], undefined, true), read([pending], told)];
    expect(isTakenOn(...reads, [part([posted], false), part([pending], true)])).toBe(true);
  });
});
