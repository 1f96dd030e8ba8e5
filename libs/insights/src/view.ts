/**
 * What the detectors look at: the booked movements of one or more connections, merged, in the order of their dates. A view is made
 * from states (`state.ts`), never from transactions, so that what is derived at write time and at read time is the same.
 */

import type { Category } from './category-names.ts';

export type { Category };

/** Days since 1970-01-01 of a local date, without a zone. */
export type Day = number;

/** One booked movement. No text, no provider: enough to judge by. */
export interface Movement {
  /** Of the booking date, else of the value date. */
  readonly day: Day;
  /** Safe integer at the currency's own exponent (over-precise amounts are rounded half away from zero). Positive = money in. */
  readonly minor: number;
  readonly category: Category;
  /** A charge in another currency than the account's, or a fee for one. */
  readonly isForeign: boolean;
  /** What the record says of it hints at money moved between accounts: its category, type or words; never its amount. */
  readonly isTransferLike: boolean;
}

/** All movements of one account with one counterparty in one direction. */
export interface CounterpartyLedger {
  readonly connectionId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly direction: 'in' | 'out';
  /** Stable over drifting names: the provider's id of the counterparty, else the normalised name; equal over accounts and connections. */
  readonly key: string;
  /** The newest name that was given, for people; personal data: never logged. `null` where only the statement's words are known and they say nothing. */
  readonly label: string | null;
  /**
   * Oldest first; equal days by amount; never empty. Complete for the last `recentDays` before the newest movement of the connection;
   * of before, the newest ones, up to the last long silence.
   */
  readonly movements: readonly Movement[];
  /** Whether older movements were dropped: there were more than these, with no long silence between. */
  readonly isCut: boolean;
  /** Of the newest one that was dropped so; `null` where none was. */
  readonly cutDay: Day | null;
}

/** What of one month of an account is known by its sums alone: its movements are in no ledger any more. None is negative. */
export interface DroppedMonth {
  readonly accountId: string;
  readonly currency: string;
  /** Since the year 0. */
  readonly month: number;
  readonly earnedMinor: number;
  readonly spentMinor: number;
  /** Refunds: they count against what was spent. */
  readonly returnedMinor: number;
  /** Transfers, between own accounts or not. */
  readonly unclearInMinor: number;
  readonly unclearOutMinor: number;
}

export interface BalanceReading {
  readonly minor: number;
  readonly day: Day;
}

export interface AccountView {
  readonly connectionId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly type: 'CACC' | 'SVGS' | 'CARD' | 'LOAN' | 'MORT' | 'OTHR';
  readonly nature: 'asset' | 'liability';
  /** What the holder has (owed: negative), borrowed money left out; `null` where the provider gives none. */
  readonly balanceMinor: number | null;
  /** Two earlier readings, where known: `balance-drift` compares them with the movements between. */
  readonly earlierBalance: BalanceReading | null;
  /** The later of the two, so old that what was pending then is booked by now; `null`: the balance itself is. */
  readonly settledBalance: BalanceReading | null;
  readonly balanceDay: Day | null;
  readonly name: string | null;
}

export interface ConnectionView {
  readonly connectionId: string;
  readonly institutionId: string;
  /** Day on which the user's consent ends; `null` where nobody has said so. */
  readonly consentEndsDay: Day | null;
  /** Up to this day its movements are known; `null` before its first complete read. Silence after it says nothing. */
  readonly syncedDay: Day | null;
  /** Whether all that the provider has was read. */
  readonly isHistoryComplete: boolean;
}

/** One or more connections of one user. */
export interface View {
  /** The day of the question, by the caller's clock. */
  readonly today: Day;
  readonly connections: readonly ConnectionView[];
  /** Open accounts only: closed and replaced ones never count. */
  readonly accounts: readonly AccountView[];
  /** Of the accounts above; ordered by connection, account, key and direction. */
  readonly ledgers: readonly CounterpartyLedger[];
  /** By connection, account, currency and month; of the months before the newest ones. */
  readonly droppedMonths: readonly (DroppedMonth & Pick<CounterpartyLedger, 'connectionId'>)[];
}
