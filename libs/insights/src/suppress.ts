/** One fact is told once: of insights that rest on the same movement the one that says more stays. */
import { evidenceKey } from './citation.ts';
import type {
  CategoryPaceInsight,
  IncomeChangeInsight,
  Insight,
  InsightKind,
  MissedInsight,
  UnusualSpendInsight,
} from './insight.ts';

/** @returns the same for every order of what is given, in that order */
export function suppress(insights: readonly Insight[]): Insight[] {
  const duplicates = ofKind(insights, 'duplicate-charge');
  const charged = new Set([...duplicates, ...ofKind(insights, 'price-change')].flatMap(newestKeys));
  const unusual = ofKind(insights, 'unusual-spend').filter((one) => !newestKeys(one).some((key) => charged.has(key)));
  const missed = ofKind(insights, 'missed');
  const changes = ofKind(insights, 'income-change');
  return insights.filter((insight) => {
    switch (insight.kind) {
      case 'unusual-spend':
        return unusual.includes(insight);
      case 'category-pace':
        return !unusual.some((one) => isWholeCause(one, insight));
      case 'missed':
        return !changes.some((change) => isChangedNotMissed(insight, change));
      case 'income-change':
        return !missed.some((one) => isMissedSince(one, insight));
      default:
        return true;
    }
  });
}

function ofKind<K extends InsightKind>(insights: readonly Insight[], kind: K): Extract<Insight, { kind: K }>[] {
  return insights.filter((insight): insight is Extract<Insight, { kind: K }> => insight.kind === kind);
}

/** What the insight is about: its newest movement; of a duplicate all that are equal to it. */
function newestKeys({ kind, evidence }: Insight): string[] {
  return (kind === 'duplicate-charge' ? evidence : evidence.slice(0, 1)).map(evidenceKey);
}

/** Without the unusual charge the month would not have run ahead: its projection less what the charge is above the usual one. */
function isWholeCause(charge: UnusualSpendInsight, pace: CategoryPaceInsight): boolean {
  if (charge.category !== pace.category || charge.currency !== pace.currency) return false;
  if (charge.date.slice(0, 7) !== pace.month) return false;
  const excess = Math.abs(charge.minor) - Math.abs(charge.usualMinor);
  return (pace.projectedMinor - excess) * 100 < pace.usualMinor * 125;
}

/** The wage came, at another amount: it is changed, not missing. */
function isChangedNotMissed(missed: MissedInsight, change: IncomeChangeInsight): boolean {
  return isSameIncome(missed, change) && newestDate(change) >= missed.expectedFromDate;
}

/** It no longer comes at all: what it was changed to is of the past. */
function isMissedSince(missed: MissedInsight, change: IncomeChangeInsight): boolean {
  return isSameIncome(missed, change) && newestDate(change) < missed.expectedFromDate;
}

function isSameIncome(missed: MissedInsight, change: IncomeChangeInsight): boolean {
  if (missed.direction !== 'in' || missed.currency !== change.currency) return false;
  if (missed.counterparty !== null && missed.counterparty === change.counterparty) return true;
  const keys = new Set(missed.evidence.map(evidenceKey));
  return change.evidence.some((one) => keys.has(evidenceKey(one)));
}

function newestDate({ evidence, date }: IncomeChangeInsight): string {
  return evidence[0]?.date ?? date;
}
