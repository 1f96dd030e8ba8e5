/**
 * What is told to the user. Every insight has a fingerprint that survives drifting names and amounts, cites the movements and numbers
 * that caused it, and says how sure it is. Amounts are safe integers in minor units of `currency`; dates are YYYY-MM-DD.
 */
import type { Category } from './view.ts';

export type Cadence = 'weekly' | 'fortnightly' | 'semimonthly' | 'monthly' | 'quarterly' | 'yearly';

/** A movement that an insight rests on. */
export interface Evidence {
  readonly connectionId: string;
  readonly accountId: string;
  readonly date: string;
  /** Positive = money in. */
  readonly minor: number;
}

interface InsightBase {
  /** 22 characters, base64url: kind, counterparty key and bucketed period; never an amount or a spelling. */
  readonly fingerprint: string;
  /** ISO 4217; `null` where no money is concerned. */
  readonly currency: string | null;
  /** 0 to 100: how often an insight like this one is right. */
  readonly confidencePercent: number;
  /** When what it tells happened, or will. */
  readonly date: string;
  /** Personal data: never logged. `null` where no counterparty is concerned, or it has no readable name. */
  readonly counterparty: string | null;
  /** Newest first, at most `mostEvidence`. */
  readonly evidence: readonly Evidence[];
}

/** A payment or an income that comes back. `early` until it has come often enough to rely on. */
export interface RecurringInsight extends InsightBase {
  readonly kind: 'recurring';
  readonly direction: 'in' | 'out';
  readonly cadence: Cadence;
  readonly status: 'early' | 'mature';
  readonly category: Category;
  /** Fixed amounts, or such that differ each time (electricity). */
  readonly amountKind: 'fixed' | 'variable';
  readonly nextDate: string;
  /** The band in which it comes. */
  readonly nextFromDate: string;
  readonly nextToDate: string;
  /** Absolute amounts. */
  readonly typicalMinor: number;
  readonly lowMinor: number;
  readonly highMinor: number;
  readonly lastDate: string;
  readonly lastMinor: number;
  /** Movements seen, those no longer kept left out. */
  readonly occurrences: number;
}

/** A fixed price went up; `promotion-ended` where it had been lower for a first while only and is back at what it was, or at its list price. */
export interface PriceChangeInsight extends InsightBase {
  readonly kind: 'price-change';
  readonly reason: 'rise' | 'promotion-ended';
  readonly cadence: Cadence;
  readonly beforeMinor: number;
  readonly afterMinor: number;
  /** What it costs more in a year. */
  readonly yearlyMinor: number;
  /** Oldest first. */
  readonly history: readonly { readonly sinceDate: string; readonly minor: number }[];
}

/** A series of standing has not come inside its band: a bill that was not paid, a wage that is late, a contract that ended. */
export interface MissedInsight extends InsightBase {
  readonly kind: 'missed';
  readonly direction: 'in' | 'out';
  readonly cadence: Cadence;
  /** `late`: one is missing; `ended`: two or more. */
  readonly status: 'late' | 'ended';
  readonly expectedFromDate: string;
  readonly expectedToDate: string;
  readonly typicalMinor: number;
}

export interface DuplicateChargeInsight extends InsightBase {
  readonly kind: 'duplicate-charge';
  readonly minor: number;
  readonly times: number;
}

export interface UnusualSpendInsight extends InsightBase {
  readonly kind: 'unusual-spend';
  readonly minor: number;
  /** Median of the counterparty's earlier amounts. */
  readonly usualMinor: number;
  readonly category: Category;
}

/** The month runs ahead of the three before it. */
export interface CategoryPaceInsight extends InsightBase {
  readonly kind: 'category-pace';
  readonly category: Category;
  /** YYYY-MM. */
  readonly month: string;
  readonly spentMinor: number;
  readonly projectedMinor: number;
  readonly usualMinor: number;
}

/** The forecast goes below zero (or the buffer) before the next income. */
export interface LowBalanceInsight extends InsightBase {
  readonly kind: 'low-balance';
  readonly connectionId: string;
  readonly accountId: string;
  readonly lowMinor: number;
  readonly likelyMinor: number;
  readonly highMinor: number;
  /** What has to be added so that the low end stays at zero. */
  readonly shortMinor: number;
}

/** Fees, interest and foreign-currency costs of 90 days. */
export interface FeesInsight extends InsightBase {
  readonly kind: 'fees';
  readonly of: 'fees' | 'interest' | 'foreign';
  readonly totalMinor: number;
  readonly times: number;
  readonly fromDate: string;
}

export interface IncomeChangeInsight extends InsightBase {
  readonly kind: 'income-change';
  readonly beforeMinor: number;
  readonly afterMinor: number;
  readonly cadence: Cadence;
}

/** Of three whole months against the three before: what is left of the income. */
export interface SavingsRateInsight extends InsightBase {
  readonly kind: 'savings-rate';
  readonly beforePercent: number;
  readonly afterPercent: number;
}

/** More lies idle than three months' spending, for 60 days. */
export interface IdleCashInsight extends InsightBase {
  readonly kind: 'idle-cash';
  readonly connectionId: string;
  readonly accountId: string;
  readonly balanceMinor: number;
  readonly idleMinor: number;
}

/** The balance moved by more or less than the movements say: data is missing. */
export interface BalanceDriftInsight extends InsightBase {
  readonly kind: 'balance-drift';
  readonly connectionId: string;
  readonly accountId: string;
  readonly expectedMinor: number;
  readonly actualMinor: number;
}

export interface ConsentEndsInsight extends InsightBase {
  readonly kind: 'consent-ends';
  readonly connectionId: string;
  readonly days: number;
}

export type Insight =
  | RecurringInsight
  | PriceChangeInsight
  | MissedInsight
  | DuplicateChargeInsight
  | UnusualSpendInsight
  | CategoryPaceInsight
  | LowBalanceInsight
  | FeesInsight
  | IncomeChangeInsight
  | SavingsRateInsight
  | IdleCashInsight
  | BalanceDriftInsight
  | ConsentEndsInsight;

export type InsightKind = Insight['kind'];

/** More would not tell more. */
export const mostEvidence = 12;

/** What the user can do, and what it is worth to them. */
export interface Recommendation {
  /** Of its own: kind of action and the insight's fingerprint. */
  readonly fingerprint: string;
  readonly action:
    | 'review-subscription'
    | 'dispute-charge'
    | 'check-payment'
    | 'move-money'
    | 'avoid-fees'
    | 'save-idle-cash'
    | 'slow-spending'
    | 'renew-consent'
    | 'refresh-connection';
  /** Fingerprints of the insights it rests on. */
  readonly insights: readonly string[];
  readonly currency: string | null;
  /** What to move, pay or ask back, in minor units; `null` where nothing is. */
  readonly amountMinor: number | null;
  /** Where the money can come from (`move-money`) or go to (`save-idle-cash`); `null` where no account of the user's serves. */
  readonly account: { readonly connectionId: string; readonly accountId: string } | null;
  /** Expected, in minor units; `null` where it is not a sum of money. */
  readonly benefitMinor: number | null;
  readonly benefitPeriod: 'once' | 'yearly' | null;
  readonly confidencePercent: number;
  readonly counterparty: string | null;
  readonly evidence: readonly Evidence[];
}
