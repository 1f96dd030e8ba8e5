/** A fixed price that went up, and a first, lower one that ended. */
import { at } from './at.ts';
import { clampPercent, seriesConfidence } from './confidence.ts';
import { calendarOf, dateOf } from './day.ts';
import { evidenceOf } from './evidence.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { PriceChangeInsight } from './insight.ts';
import type { Occurrence, Series } from './series.ts';
import { areWithin } from './spread.ts';
import { aboutSeries, knownDay, missedPeriods, periodsToEnd } from './standing.ts';
import { thresholdMinor } from './thresholds.ts';
import type { View } from './view.ts';

/** Prices within it are one: what exchange rates do. */
const SAME_SHARE = 0.08;
/** Prices that were equal to the unit have changed with less. */
const EXACT_RISE = 0.015;
const PRIOR = 3;
/** A price that is this much lower at first is an offer. */
const OFFER_FACTOR = 1.4;
/** By so much a single payment may be higher and still be the same contract's. */
const PLAIN_FACTOR = 3;
/** Periods: longer ones are prices. */
const LONGEST_OFFER = 12;
const TOLD_DAYS = 62;

interface Level {
  readonly from: number;
  readonly size: number;
  readonly members: readonly Occurrence[];
}

export function priceChangeInsights(series: readonly Series[], view: View): readonly PriceChangeInsight[] {
  return series.map((one) => priceChange(one, view)).filter((insight) => insight !== undefined);
}

function priceChange(series: Series, view: View): PriceChangeInsight | undefined {
  const { occurrences, amountKind, direction, rule, currency, label } = series;
  if (amountKind !== 'fixed' || direction !== 'out') return undefined;
  if (missedPeriods(series, knownDay(series, view)) >= periodsToEnd) return undefined;
  const levels = levelsOf(occurrences);
  const after = levels.at(-1);
  const before = levels.at(-2);
  if (after === undefined || before === undefined || after.size - before.size < thresholdMinor('priceRise', currency))
    return undefined;
  // One payment so much higher may be of another contract.
  if (after.members.length === 1 && after.size > before.size * PLAIN_FACTOR) return undefined;
  const first = after.members[0];
  if (first === undefined || view.today - first.day > Math.max(TOLD_DAYS, 1.5 * rule.periodDays)) return undefined;
  const ended = isOfferEnd(series, levels, view);
  if (!ended && (!isRise(before, after) || isHabit(levels))) return undefined;
  const { year, month } = calendarOf(first.day);
  return {
    kind: 'price-change',
    fingerprint: fingerprintOf('price-change', aboutSeries(series), `${year}-${month}`),
    currency,
    // One higher bill may stay the only one.
    confidencePercent: clampPercent(seriesConfidence(series) * (after.members.length > 1 ? 1 : 0.9)),
    date: dateOf(first.day),
    counterparty: label,
    evidence: evidenceOf(occurrences),
    reason: ended ? 'promotion-ended' : 'rise',
    cadence: rule.cadence,
    beforeMinor: before.size,
    afterMinor: after.size,
    yearlyMinor: (after.size - before.size) * rule.perYear,
    history: levels.map(({ members, size }) => ({ sinceDate: dateOf(at(members, 0).day), minor: size })),
  };
}

/** Runs of one price; `size` is the run's last. Exact prices part by less than such as follow an exchange rate. */
function levelsOf(occurrences: readonly Occurrence[]): readonly Level[] {
  const levels: { from: number; size: number; members: Occurrence[] }[] = [];
  for (const [index, occurrence] of occurrences.entries()) {
    const open = levels.at(-1);
    if (open !== undefined && isSame(open.members, occurrence)) {
      open.members.push(occurrence);
      open.size = occurrence.size;
    } else levels.push({ from: index, size: occurrence.size, members: [occurrence] });
  }
  return levels;
}

function isSame(members: readonly Occurrence[], { size }: Occurrence): boolean {
  const recent = members.slice(-PRIOR);
  const last = at(recent, -1).size;
  const isExact = recent.length === PRIOR && recent.every((member) => member.size === last);
  return areWithin(size, last, isExact ? EXACT_RISE : SAME_SHARE);
}

function isRise(before: Level, after: Level): boolean {
  if (before.members.length < PRIOR || after.size <= before.size) return false;
  const sizes = before.members.map(({ size }) => size);
  // What was of one price to the unit has a new one; what went up and down a little has to leave all that behind.
  if (new Set(sizes.slice(-PRIOR)).size === 1) return true;
  return after.size > Math.max(...sizes) * (1 + SAME_SHARE);
}

/** Single higher bills that went back are use, not price. Of the first ones the earlier are not known. */
function isHabit(levels: readonly Level[]): boolean {
  return levels
    .slice(1, -1)
    .some(({ size, members }, index) => members.length < PRIOR && size > at(levels, index + 2).size);
}

/** Lower for a first while, or for a while in between, and now at the price of the list. */
function isOfferEnd(series: Series, levels: readonly Level[], view: View): boolean {
  const after = levels.at(-1);
  const before = levels.at(-2);
  const earlier = levels.at(-3);
  if (after === undefined || before === undefined || after.size < before.size * OFFER_FACTOR) return false;
  if (earlier !== undefined) return levels.length === 3 && areWithin(earlier.size, after.size, 0.03);
  const isStable = after.members.length >= 2 || before.members.length >= PRIOR;
  return isStable && before.members.length <= LONGEST_OFFER && isBeginKnown(series, view);
}

/** The account's history goes further back than the series: it did not run before, at another price. */
function isBeginKnown({ isCut, occurrences, rule }: Series, { ledgers }: View): boolean {
  const first = occurrences[0];
  if (isCut || first === undefined) return false;
  return ledgers.some(
    ({ accountId, movements }) =>
      accountId === first.accountId && first.day - (movements[0]?.day ?? first.day) > 1.3 * rule.periodDays,
  );
}
