/**
 * All that is told to a user, from the view over all connections. Own transfers leave before anything is judged, overlapping insights are
 * told once, and what the user said of them is heeded.
 */
import { balanceDrift } from './balance-drift.ts';
import { cardPayments } from './card-payments.ts';
import { categoryPace } from './category-pace.ts';
import { evidenceKey } from './citation.ts';
import { consentEnds } from './consent-ends.ts';
import { applyFeedback, type Feedback } from './feedback.ts';
import { fees } from './fees.ts';
import { type AccountForecast, forecast, outlooks } from './forecast.ts';
import { idleCash } from './idle-cash.ts';
import { incomeChange } from './income-change.ts';
import type { Insight, InsightKind, Recommendation, RecurringInsight } from './insight.ts';
import { placeKey } from './known-days.ts';
import { lowBalance } from './low-balance.ts';
import { onlyOwnTransfers, ownTransfers, withoutOwnTransfers } from './own-transfers.ts';
import { recommend } from './recommend.ts';
import { savingsRate } from './savings-rate.ts';
import { suppress } from './suppress.ts';
import type { View } from './view.ts';

/** The detectors that look at one ledger at a time. @param whole the view with own transfers, where they were taken out */
export type DetectInLedgers = (view: View, whole?: View) => readonly Insight[];

export interface UserInsights {
  /** The most important first. */
  readonly insights: readonly Insight[];
  readonly recommendations: readonly Recommendation[];
  readonly forecast: readonly AccountForecast[];
}

/** @param without fingerprints of recurring payments: what the forecast would be if these contracts ended */
export function userInsights(
  view: View,
  detect: DetectInLedgers,
  feedback: readonly Feedback[],
  without: ReadonlySet<string> = new Set(),
): UserInsights {
  const { transfers, household, recurring, changes, drift, apart } = judgeApart(view, detect);
  // Not told: a standing order to one's own savings. The forecast needs it all the same.
  const moved = detect(onlyOwnTransfers(view, transfers)).filter(isRecurring);
  const cards = cardPayments(view, transfers);
  const ofCards = new Set(cards.flatMap(({ evidence }) => evidence.map(evidenceKey)));
  const known = [
    ...[...recurring, ...moved].filter(({ evidence }) => !evidence.some((one) => ofCards.has(evidenceKey(one)))),
    ...cards,
  ];
  const outlook = outlooks({ view, household, recurring: known });
  const forecasts = outlook.map((one) => one.forecast);
  const drifting = new Set(drift.map(placeKey));
  const found: Insight[] = [
    ...apart,
    ...changes,
    ...categoryPace(view, household, recurring),
    ...lowBalance(outlook, view, known),
    ...savingsRate(view, household),
    // Where movements are missing the lowest balance of the past is not known.
    ...idleCash(view, household).filter((one) => !drifting.has(placeKey(one))),
  ];
  const insights = suppress(found).sort(mostImportantFirst);
  const recommendations = recommend(insights, { view, forecasts });
  const told = applyFeedback({ insights, recommendations }, feedback, view.today);
  return {
    ...told,
    forecast: without.size === 0 ? forecasts : forecast({ view, household, recurring: known, without }),
  };
}

/**
 * What a view of one connection says: those of `userInsights` that do not need all of the user's connections. One of them alone would
 * take a transfer to another bank for spending or income, so it says nothing of `category-pace`, `idle-cash`, `income-change`,
 * `low-balance` and `savings-rate`, and none of these is reckoned.
 * @returns the most important first
 */
export function insightsApart(view: View, detect: DetectInLedgers): readonly Insight[] {
  const { changes, apart } = judgeApart(view, detect);
  // An income that changed is not told, and is not missing either.
  const told = new Set(apart);
  return suppress([...apart, ...changes])
    .filter((insight) => told.has(insight))
    .sort(mostImportantFirst);
}

function judgeApart(view: View, detect: DetectInLedgers) {
  const transfers = ownTransfers(view);
  const household = withoutOwnTransfers(view, transfers);
  const inLedgers = detect(household, view);
  const recurring = inLedgers.filter(isRecurring);
  const drift = balanceDrift(view);
  const apart: readonly Insight[] = [...inLedgers, ...fees(household), ...drift, ...consentEnds(view)];
  return { transfers, household, recurring, changes: incomeChange(view, recurring), drift, apart };
}

function isRecurring(insight: Insight): insight is RecurringInsight {
  return insight.kind === 'recurring';
}

/** What cannot wait, then what costs, then what is good to know. */
const IMPORTANCE: readonly InsightKind[] = [
  'low-balance',
  'duplicate-charge',
  'missed',
  'consent-ends',
  'balance-drift',
  'unusual-spend',
  'price-change',
  'income-change',
  'category-pace',
  'fees',
  'idle-cash',
  'savings-rate',
  'recurring',
];

function mostImportantFirst(a: Insight, b: Insight): number {
  const kinds = IMPORTANCE.indexOf(a.kind) - IMPORTANCE.indexOf(b.kind);
  if (kinds !== 0) return kinds;
  if (a.confidencePercent !== b.confidencePercent) return b.confidencePercent - a.confidencePercent;
  return a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : 0;
}
