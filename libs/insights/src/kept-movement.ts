/** What is kept of a booked transaction, and in which ledger. */
import type { Transaction } from '@quartersec/validation';
import { categoryOf } from './category.ts';
import { counterpartyOf } from './counterparty.ts';
import { dayOf } from './day.ts';
import { minorOf } from './minor-amount.ts';
import type { CounterpartyLedger, Day, Movement } from './view.ts';

export interface KeptMovement extends Movement {
  /** The name that it gave its counterparty; personal data. */
  readonly label: string | null;
  /** Of its transaction's id, while it is young; `null` later. */
  readonly mark: number | null;
  /** Key of its statement's words, where its counterparty has another, while it is recent; `null` later. */
  readonly spoken: string | null;
}

export interface Cut {
  readonly day: Day;
  /** How long a silence may be depends on what it was for. */
  readonly isShop: boolean;
}

export interface LedgerState
  extends Omit<CounterpartyLedger, 'connectionId' | 'label' | 'movements' | 'isCut' | 'cutDay'> {
  readonly movements: readonly KeptMovement[];
  /** The newest movement before these that is not kept; `null` where there is none, or a long silence lies between. */
  readonly cut: Cut | null;
}

export interface MovementReading {
  readonly ledger: Pick<LedgerState, 'accountId' | 'currency' | 'direction' | 'key'>;
  readonly movement: KeptMovement;
}

/** @returns `undefined` for what moves no booked balance, or cannot be counted exactly, or is of no day that can be believed */
export function readMovement(transaction: Transaction, mark: number): MovementReading | undefined {
  const fact = factOf(transaction);
  if (fact === undefined) return undefined;
  const { currency, day, minor } = fact;
  const { key, label, spoken } = counterpartyOf(transaction);
  return {
    ledger: { accountId: transaction.accountId, currency, direction: minor > 0 ? 'in' : 'out', key },
    movement: { day, minor, ...categoryOf(transaction), label, mark, spoken },
  };
}

/** Whether a state has it: among its pending records, or as a movement. */
export function isCounted(transaction: Transaction): boolean {
  return transaction.status === 'PDNG' || factOf(transaction) !== undefined;
}

function factOf({ status, amount, bookingDate, valueDate, flags }: Transaction) {
  const { currency } = amount;
  if (status !== 'BOOK' || currency === null || flags.includes('IMPLAUSIBLE_DATE')) return undefined;
  const date = bookingDate ?? valueDate;
  const day = date === null ? undefined : dayOf(date);
  const minor = minorOf(amount);
  if (day === undefined || day < 0 || minor === undefined || minor === 0) return undefined;
  return { currency, day, minor };
}

/** Any two that differ have an order, so that a ledger is the same however it came about. */
export function compareMovements(a: KeptMovement, b: KeptMovement): number {
  return (
    a.day - b.day ||
    a.minor - b.minor ||
    compareTexts(a.category, b.category) ||
    Number(a.isForeign) - Number(b.isForeign) ||
    Number(a.isTransferLike) - Number(b.isTransferLike) ||
    compareTexts(a.label ?? '', b.label ?? '') ||
    (a.mark ?? -1) - (b.mark ?? -1) ||
    compareTexts(a.spoken ?? '', b.spoken ?? '')
  );
}

/** By code units: the order of no language, the same on every machine. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
