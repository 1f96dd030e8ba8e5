/**
 * What is kept of a connection so that insights can be derived without its history: a bounded summary that is a function of the set
 * of its standing transactions, however they came. A change is taken into it without the history; where what is kept does not
 * suffice for that, this says so and the state is made again from the journal.
 */
import type { Transaction } from '@quartersec/validation';
import { addDropped } from './dropped-months.ts';
import { type KeptMovement, type LedgerState, readMovement } from './kept-movement.ts';
import { cutLedger, identifiedDays, keepLedgers, newestKept } from './retention.ts';
import { hash32 } from './short-hash.ts';
import type { Day, DroppedMonth } from './view.ts';

export interface ConnectionState {
  /** Of the newest movement; `null` where there is none. */
  readonly newestDay: Day | null;
  /** Every movement there is is kept and identified: anything that happens to it can be taken in. */
  readonly isWhole: boolean;
  /** There were more ledgers than are kept: what became of the others cannot be told, so that every change asks for a new state. */
  readonly isCrowded: boolean;
  /** Marks of the standing pending records, in order; `null` where there are more than are kept. */
  readonly pending: readonly number[] | null;
  /** By account, key, direction and currency. */
  readonly ledgers: readonly LedgerState[];
  /** Sums of what no ledger holds any more; by account, currency and month. */
  readonly droppedMonths: readonly DroppedMonth[];
}

/** What a page changed, in the order in which it counts: added, modified, then removed. */
export interface StandingChanges {
  /** New ones, or such as stand already just as they are told; with something else to say a young one can be here too. */
  readonly added: readonly Transaction[];
  readonly modified: readonly Transaction[];
  /** Our ids. */
  readonly removed: readonly string[];
}

/** More are no user's card: a connection that has them is made again when one of them changes. */
const mostPending = 256;

export const emptyState: ConnectionState = {
  newestDay: null,
  isWhole: true,
  isCrowded: false,
  pending: [],
  ledgers: [],
  droppedMonths: [],
};

/** @param transactions the standing ones, each id once, in any order */
export function stateOf(transactions: Iterable<Transaction>): ConnectionState {
  const work = openWork(emptyState);
  for (const transaction of transactions) insert(work, transaction, hash32(transaction.transactionId));
  return closeWork(work);
}

/**
 * @param pages in their order; several at once cost little more than one
 * @returns `stateOf` what stands after the changes; `undefined` where that cannot be known from the state: a booked record that is
 *   not identified any more (older than `identifiedDays`) was or may have been changed, or the newest day moved back
 */
export function applyChanges(
  state: ConnectionState,
  ...pages: readonly StandingChanges[]
): ConnectionState | undefined {
  if (pages.length === 0) return state;
  if (state.isCrowded) return undefined;
  const work = openWork(state);
  if (!pages.every((page) => applyPage(work, page))) return undefined;
  if ([...work.ledgers.values()].some(isShort)) return undefined;
  const next = closeWork(work);
  // What was left out of an older window would be in again.
  const hasMovedBack = !state.isWhole && (next.newestDay ?? -1) < (state.newestDay ?? -1);
  return hasMovedBack ? undefined : next;
}

/** @returns whether another record of the state may say the same as one of these: of the same account, day and amount, or pending */
export function mayRepeat(state: ConnectionState, transactions: readonly Transaction[]): boolean {
  return transactions.some((transaction) => {
    if (transaction.status === 'PDNG') return true;
    const mark = hash32(transaction.transactionId);
    const reading = readMovement(transaction, mark);
    if (reading === undefined) return false;
    const { ledger, movement } = reading;
    const isLike = (kept: KeptMovement) =>
      kept.day === movement.day && kept.minor === movement.minor && kept.mark !== mark;
    return state.ledgers.some(({ accountId, movements }) => accountId === ledger.accountId && movements.some(isLike));
  });
}

/** @returns whether it could be decided what becomes of each record */
function applyPage(work: Work, { added, modified, removed }: StandingChanges): boolean {
  const told = [...added, ...modified];
  const isModified = (index: number) => index >= added.length;
  for (const [index, transaction] of told.entries()) {
    if (!upsert(work, transaction, isModified(index))) return false;
  }
  const replaced = new Set<string>();
  for (const { supersedes, transactionId } of told) {
    if (supersedes === null || supersedes === transactionId) continue;
    // It was pending, if it was ever seen: a booked one that is not identified any more is not replaced.
    if (take(work, hash32(supersedes)) === 'ambiguous') return false;
    replaced.add(supersedes);
  }
  for (const id of removed) {
    const taken = take(work, hash32(id));
    if (taken === 'ambiguous' || (taken === 'absent' && !work.knowsAll && !replaced.has(id))) return false;
  }
  return true;
}

interface Work {
  readonly before: ConnectionState;
  /** Whatever is not here does not stand. */
  readonly knowsAll: boolean;
  readonly ledgers: Map<string, OpenLedger>;
  /** Ledger of each identified movement; `null` for two that share a mark. */
  readonly marks: Map<number, OpenLedger | null>;
  readonly pending: Set<number> | null;
}

interface OpenLedger extends LedgerState {
  /** As it was, where it was; what is not touched stays the same object (`remembered.ts`). */
  readonly before: LedgerState | undefined;
  movements: readonly KeptMovement[];
  /** Additions since, so that a long ledger is not copied for each. */
  readonly added: KeptMovement[];
  /** Something was taken out of what was kept before. */
  hasTaken: boolean;
}

function openWork(before: ConnectionState): Work {
  const work: Work = {
    before,
    knowsAll: before.isWhole && before.pending !== null,
    ledgers: new Map(),
    marks: new Map(),
    pending: before.pending === null ? null : new Set(before.pending),
  };
  for (const ledger of before.ledgers) {
    const open = { ...ledger, before: ledger, added: [], hasTaken: false };
    work.ledgers.set(ledgerId(ledger), open);
    for (const { mark } of ledger.movements) if (mark !== null) remember(work, mark, open);
  }
  return work;
}

function remember(work: Work, mark: number, ledger: OpenLedger): void {
  work.marks.set(mark, work.marks.has(mark) ? null : ledger);
}

function ledgerId({ accountId, key, direction, currency }: Omit<LedgerState, 'movements' | 'cut'>): string {
  return `${accountId} ${key} ${direction} ${currency}`;
}

function insert(work: Work, transaction: Transaction, mark: number): void {
  if (transaction.status === 'PDNG') {
    work.pending?.add(mark);
    return;
  }
  const reading = readMovement(transaction, mark);
  if (reading === undefined) return;
  const id = ledgerId(reading.ledger);
  let ledger = work.ledgers.get(id);
  if (ledger === undefined) {
    ledger = { ...reading.ledger, before: undefined, movements: [], cut: null, added: [], hasTaken: false };
    work.ledgers.set(id, ledger);
  }
  ledger.added.push(reading.movement);
  remember(work, mark, ledger);
}

/** @returns whether it could be decided that, and where, the record stood before */
function upsert(work: Work, transaction: Transaction, isModified: boolean): boolean {
  const mark = hash32(transaction.transactionId);
  const taken = take(work, mark);
  if (taken === 'ambiguous') return false;
  if (taken === 'absent' && !work.knowsAll && (isModified || isUnidentified(work, transaction))) return false;
  if (taken !== 'absent' && isTooOld(work, transaction)) return false;
  insert(work, transaction, mark);
  return true;
}

/** It may be in already, among those whose marks are not kept. */
function isUnidentified(work: Work, transaction: Transaction): boolean {
  if (transaction.status === 'PDNG') return false;
  return isTooOld(work, transaction);
}

function isTooOld({ before }: Work, transaction: Transaction): boolean {
  if (before.isWhole || before.newestDay === null) return false;
  const reading = readMovement(transaction, 0);
  return reading !== undefined && reading.movement.day < before.newestDay - identifiedDays;
}

function take(work: Work, mark: number): 'pending' | 'booked' | 'absent' | 'ambiguous' {
  const isPending = work.pending?.has(mark) === true;
  const ledger = work.marks.get(mark);
  if (ledger === null || (ledger !== undefined && isPending)) return 'ambiguous';
  if (isPending) {
    work.pending?.delete(mark);
    return 'pending';
  }
  if (ledger === undefined) return 'absent';
  const isOther = (movement: KeptMovement) => movement.mark !== mark;
  const added = ledger.added.filter(isOther);
  ledger.added.splice(0, ledger.added.length, ...added);
  const others = ledger.movements.filter(isOther);
  ledger.hasTaken ||= others.length < ledger.movements.length;
  ledger.movements = others;
  work.marks.delete(mark);
  return 'booked';
}

/** One that was left out for those that were taken would be in again. */
function isShort({ cut, hasTaken, movements, added }: OpenLedger): boolean {
  return hasTaken && cut !== null && movements.length + added.length < newestKept;
}

function closeWork(work: Work): ConnectionState {
  let newestDay: Day | null = null;
  let oldestDay = Number.POSITIVE_INFINITY;
  for (const { movements, added } of work.ledgers.values()) {
    for (const list of [movements, added]) {
      for (const { day } of list) {
        if (newestDay === null || day > newestDay) newestDay = day;
        if (day < oldestDay) oldestDay = day;
      }
    }
  }
  const pending =
    work.pending === null || work.pending.size > mostPending ? null : [...work.pending].sort((a, b) => a - b);
  if (newestDay === null) return { ...emptyState, pending };
  const cut: LedgerState[] = [];
  const dropped: LedgerState[] = [];
  for (const { before, added, hasTaken, ...now } of work.ledgers.values()) {
    const ledger = before === undefined || hasTaken ? now : before;
    const parts = cutLedger(ledger, added, newestDay);
    if (parts.kept !== undefined) cut.push(parts.kept);
    if (parts.dropped.length > 0) dropped.push({ ...ledger, movements: parts.dropped });
  }
  const ledgers = keepLedgers(cut);
  if (ledgers.length < cut.length) {
    const kept = new Set(ledgers);
    dropped.push(...cut.filter((ledger) => !kept.has(ledger)));
  }
  const isCrowded = ledgers.length < cut.length;
  return {
    newestDay,
    isWhole: work.before.isWhole && !isCrowded && oldestDay >= newestDay - identifiedDays,
    isCrowded,
    pending,
    ledgers,
    droppedMonths: addDropped(work.before.droppedMonths, dropped, newestDay),
  };
}
