export { connectionInsights, diffInsights, type InsightChanges } from './assess-connection.ts';
export { type DetectInLedgers, type UserInsights, userInsights } from './assess-user.ts';
export { type CadenceRule, cadenceRules, ruleOf } from './cadence.ts';
export { clampPercent, seriesConfidence } from './confidence.ts';
export { addMonths, calendarOf, dateOf, dayOf } from './day.ts';
export { evidenceOf } from './evidence.ts';
export type { Feedback } from './feedback.ts';
export { fingerprintOf } from './fingerprint.ts';
export { type AccountForecast, type DuePayment, type ForecastDay, forecastDays } from './forecast.ts';
export * from './insight.ts';
export { minorOf } from './minor-amount.ts';
export {
  type OwnTransfer,
  type OwnTransfers,
  ownTransfers,
  type TransferLeg,
  withoutOwnTransfers,
} from './own-transfers.ts';
export { packState, stateVersion, unpackState } from './pack-state.ts';
export { savingsInterestPercent } from './recommend.ts';
export { identifiedDays, newestKept, recentDays } from './retention.ts';
export { type Occurrence, type Series, seriesOf } from './series.ts';
export { areWithin, median, medianDistance } from './spread.ts';
export { aboutSeries, knownDay, missedPeriods } from './standing.ts';
export { applyChanges, type ConnectionState, emptyState, type StandingChanges, stateOf } from './state.ts';
export { minorPerDollar, type Threshold, thresholdMinor } from './thresholds.ts';
export type * from './view.ts';
export {
  type AccountFacts,
  balanceOf,
  type ConnectionFacts,
  type ConnectionPart,
  mergeViews,
  viewOf,
} from './view-of.ts';
