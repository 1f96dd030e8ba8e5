/** Payments and incomes that come back, as long as they do. */
import { onBankDay } from './bank-day.ts';
import { isByCalendar } from './cadence.ts';
import { seriesConfidence } from './confidence.ts';
import { dateOf } from './day.ts';
import { evidenceOf } from './evidence.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { RecurringInsight } from './insight.ts';
import { remembered } from './remembered.ts';
import type { Series } from './series.ts';
import { aboutSeries, knownDay, missedPeriods, periodsToEnd } from './standing.ts';
import type { Day, View } from './view.ts';

/** Of a bill that differs each time, the last ones say what the next will be. */
const LOOKED_AT = 12;

export function recurringInsights(series: readonly Series[], view: View): readonly RecurringInsight[] {
  return series
    .filter((one) => missedPeriods(one, knownDay(one, view) ?? view.today) < periodsToEnd)
    .map(recurringInsight);
}

const recurringInsight = remembered((series: Series): RecurringInsight => {
  const { currency, direction, rule, category, amountKind, next, occurrences, label } = series;
  const sizes = occurrences.slice(-LOOKED_AT).map(({ size }) => size);
  const last = occurrences.at(-1);
  const nextDay = isByCalendar(rule) ? bankDayInBand(series) : next.day;
  const lastSize = last?.size ?? 0;
  // A fixed price is the last one; one of before comes back at most by exchange rates.
  const near =
    amountKind === 'fixed'
      ? occurrences
          .slice(-3)
          .map(({ size }) => size)
          .filter((size) => isNear(size, lastSize))
      : sizes;
  return {
    kind: 'recurring',
    fingerprint: fingerprintOf('recurring', aboutSeries(series)),
    currency,
    confidencePercent: seriesConfidence(series),
    date: dateOf(nextDay),
    counterparty: label,
    evidence: evidenceOf(occurrences),
    direction,
    cadence: rule.cadence,
    status: occurrences.length >= rule.mature ? 'mature' : 'early',
    category,
    amountKind,
    nextDate: dateOf(nextDay),
    nextFromDate: dateOf(next.from),
    nextToDate: dateOf(next.to),
    typicalMinor: amountKind === 'fixed' ? lastSize : typicalSize(sizes),
    lowMinor: Math.min(...near),
    highMinor: Math.max(...near),
    lastDate: dateOf(last?.day ?? 0),
    lastMinor: lastSize,
    occurrences: occurrences.length,
  };
});

function bankDayInBand({ next, occurrences }: Series): Day {
  const day = onBankDay(
    next.day,
    occurrences.map((one) => one.day),
  );
  return Math.min(next.to, Math.max(next.from, day));
}

function isNear(size: number, last: number): boolean {
  return Math.abs(size - last) <= 0.08 * last;
}

/** Middle of the last half year: bills of winter say little of summer. */
export function typicalSize(sizes: readonly number[]): number {
  const sorted = sizes.slice(-6).sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}
