/**
 * What is true of a household, for the judge of a detector: facts that were planted, and look-alikes that must raise nothing.
 * Ids are Plaid's `transaction_id`; dates YYYY-MM-DD; amounts absolute minor units unless said otherwise.
 */
import type { Rhythm } from './country.ts';

interface LabelBase {
  /** Of the household, from 0. */
  readonly account: number;
  /** As a person would call it. */
  readonly counterparty: string;
  readonly fromDate: string;
  /** The last day that it concerns. */
  readonly untilDate: string;
  /** The records that it rests on, oldest first. */
  readonly ids: readonly string[];
  /** False: true, but too short, too small or too ambiguous to demand it of a detector; nor is it wrong to tell it. */
  readonly isDemanded: boolean;
}

export interface RecurringLabel extends LabelBase {
  readonly kind: 'recurring';
  readonly direction: 'in' | 'out';
  readonly rhythm: Rhythm;
  readonly amountKind: 'fixed' | 'variable';
  /** Stopped for good before the history ends; `null`: it goes on. */
  readonly endedDate: string | null;
}

export interface PriceChangeLabel extends LabelBase {
  readonly kind: 'price-change';
  /** `fall` and `small` (under 2 %) are look-alikes: nobody wants to hear of them. */
  readonly reason: 'rise' | 'promotion-ended' | 'fall' | 'small';
  readonly beforeMinor: number;
  readonly afterMinor: number;
}

export interface MissedLabel extends LabelBase {
  readonly kind: 'missed';
  readonly direction: 'in' | 'out';
  readonly rhythm: Rhythm;
  readonly status: 'late' | 'ended';
  /** When it should have come. */
  readonly expectedDate: string;
  /** When the series goes on; `null`: never. */
  readonly nextDate: string | null;
}

export interface DuplicateLabel extends LabelBase {
  readonly kind: 'duplicate-charge';
  readonly minor: number;
}

export interface UnusualSpendLabel extends LabelBase {
  readonly kind: 'unusual-spend';
  readonly minor: number;
  /** Median of all earlier amounts there. */
  readonly usualMinor: number;
}

/** A month of overspending in one kind of shop. */
export interface OverspendLabel extends LabelBase {
  readonly kind: 'category-pace';
  readonly purpose: string;
  readonly month: string;
}

/** The balance falls below zero on `fromDate`. Demanded where the due payments and the usual spending of the five days before said so. */
export interface LowBalanceLabel extends LabelBase {
  readonly kind: 'low-balance';
  readonly lowestMinor: number;
}

/** One household's costs of one kind, all of them. */
export interface FeesLabel extends LabelBase {
  readonly kind: 'fees';
  readonly of: 'fees' | 'interest' | 'foreign';
}

export interface IncomeChangeLabel extends LabelBase {
  readonly kind: 'income-change';
  readonly beforeMinor: number;
  readonly afterMinor: number;
}

/** A record that the bank never gave though its balance moved. */
export interface DriftLabel extends LabelBase {
  readonly kind: 'balance-drift';
  /** Positive = money in. */
  readonly minor: number;
}

export interface ConsentLabel extends LabelBase {
  readonly kind: 'consent-ends';
  /** Of the household, from 0. */
  readonly connection: number;
}

/** Two records that are one movement between the holder's own accounts; `ids` are the one out and the one in. */
export interface OwnTransferLabel extends LabelBase {
  readonly kind: 'own-transfer';
  readonly of: 'savings' | 'card-payment' | 'between';
  readonly hasHint: boolean;
}

/** Money from or to a person, alike an own transfer: it must stay income or spending. */
export interface PersonLabel extends LabelBase {
  readonly kind: 'person';
  readonly of: 'reimbursement' | 'paid';
}

export type InnocentReason =
  | 'weekly-cafe'
  | 'habitual-groceries'
  | 'regular-cash'
  | 'commute'
  | 'equal-coffees'
  | 'equal-tickets'
  | 'two-contracts'
  | 'refund'
  | 'charged-again'
  | 'instalments'
  | 'irregular-person'
  | 'bonus'
  | 'holiday-spend'
  | 'late-inside-band'
  | 'late-record';

/** Looks like something and is nothing: insights of these kinds that rest on these records are wrong. */
export interface InnocentLabel extends LabelBase {
  readonly kind: 'innocent';
  readonly reason: InnocentReason;
  readonly raisesNo: readonly string[];
}

export type Label =
  | RecurringLabel
  | PriceChangeLabel
  | MissedLabel
  | DuplicateLabel
  | UnusualSpendLabel
  | OverspendLabel
  | LowBalanceLabel
  | FeesLabel
  | IncomeChangeLabel
  | DriftLabel
  | ConsentLabel
  | OwnTransferLabel
  | PersonLabel
  | InnocentLabel;
