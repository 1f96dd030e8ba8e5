/** What was due and did not come. Nothing is said before the band is over, nor where the bank has not been asked since. */
import { at } from './at.ts';
import { clampPercent, seriesConfidence } from './confidence.ts';
import { calendarOf, dateOf } from './day.ts';
import { evidenceOf } from './evidence.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { MissedInsight } from './insight.ts';
import { placeKey } from './known-days.ts';
import { typicalSize } from './recurring.ts';
import { mayBeSameName } from './same-name.ts';
import type { Series } from './series.ts';
import { habitOf } from './series-habit.ts';
import { areWithin } from './spread.ts';
import { aboutSeries, cameEarly, knownDay, missedPeriods, periodsToEnd } from './standing.ts';
import type { CounterpartyLedger, Day, Movement, View } from './view.ts';

/** It is told that it ended, and then no more. */
const TOLD_PERIODS = 4;
/** What is left out now and then is no news when it is left out. */
const MOST_BREAKS_SHARE = 0.12;
/** Of one price. */
const EQUAL_SHARE = 0.01;
/** Below the smallest or above the largest so far. */
const USUAL_FACTOR = 1.1;
/** A name with more payments is of another thing. */
const MOST_OF_OTHER_NAME = 3;

/** @param view with own transfers: one that is there is not missed */
export function missedInsights(series: readonly Series[], view: View): readonly MissedInsight[] {
  // What comes in on a card or a loan is the holder's own payment: it is missed where it goes out.
  const owed = new Set(view.accounts.filter(({ nature }) => nature === 'liability').map(placeKey));
  const isOwnPayment = ({ direction, occurrences }: Series) =>
    direction === 'in' && occurrences.some((one) => owed.has(placeKey(one)));
  // Nobody waits for interest: a bank pays none for a month in which there was little, and books it under another name.
  const isInterest = ({ direction, category }: Series) => direction === 'in' && category === 'interest';
  // Each week, and nobody knows what for: it may be a coffee, which nobody has to buy.
  const isChosen = ({ direction, category, rule }: Series) =>
    direction === 'out' && rule.cadence === 'weekly' && habitOf(category, direction) === 'unknown';
  return series
    .filter((one) => !isOwnPayment(one) && !isInterest(one) && !isChosen(one))
    .map((one) => missed(one, series, view))
    .filter((insight) => insight !== undefined);
}

function missed(series: Series, all: readonly Series[], view: View): MissedInsight | undefined {
  const { occurrences, rule, next, direction, currency, label, breaks } = series;
  const known = knownDay(series, view);
  const periods = missedPeriods(series, known);
  if (known === null || periods === 0 || periods > TOLD_PERIODS || occurrences.length < rule.mature) return undefined;
  const hasEnded = periods >= periodsToEnd;
  if (!hasEnded && breaks > MOST_BREAKS_SHARE * occurrences.length) return undefined;
  if (cameOtherwise(series, all, view, known, hasEnded)) return undefined;
  const { year, month } = calendarOf(next.day);
  const period = rule.months === 0 ? String(Math.round(next.day / rule.periodDays)) : `${year}-${month}`;
  return {
    kind: 'missed',
    // That it ended is another thing to know than that one is late.
    fingerprint: fingerprintOf('missed', [...aboutSeries(series), hasEnded ? 'ended' : 'late'], period),
    currency,
    confidencePercent: clampPercent(seriesConfidence(series) * (hasEnded ? 0.97 : 0.9)),
    date: dateOf(next.to),
    counterparty: label,
    evidence: evidenceOf(occurrences),
    direction,
    cadence: rule.cadence,
    status: hasEnded ? 'ended' : 'late',
    expectedFromDate: dateOf(next.from),
    expectedToDate: dateOf(next.to),
    typicalMinor:
      series.amountKind === 'fixed' ? at(occurrences, -1).size : typicalSize(occurrences.map(({ size }) => size)),
  };
}

/**
 * A bill of the same kind, on the same account, among the usual amounts: under the statement's words the bank may call a payee by
 * another name ("Telefonica" for O2). Who has changed the provider is told so with the second one that does not come.
 */
function isItsBill(
  { category, direction, occurrences }: Series,
  { connectionId, accountId }: CounterpartyLedger,
  { category: paidFor, minor }: Movement,
): boolean {
  const last = at(occurrences, -1);
  if (paidFor !== category || habitOf(category, direction) !== 'bill') return false;
  if (connectionId !== last.connectionId || accountId !== last.accountId) return false;
  const sizes = occurrences.map(({ size }) => size);
  return Math.abs(minor) >= Math.min(...sizes) / USUAL_FACTOR && Math.abs(minor) <= Math.max(...sizes) * USUAL_FACTOR;
}

/** Of another amount, on another account, or under a name that the bank prints in another way since. */
function cameOtherwise(series: Series, all: readonly Series[], view: View, known: Day, hasEnded: boolean): boolean {
  const { occurrences, next, direction, currency, amountKind, label, rule } = series;
  const last = occurrences.at(-1);
  if (last === undefined) return false;
  // A contract that begins where this one was due carries it on: at twice the price it looks like another.
  const isOther = (other: Series) => other !== series && at(other.occurrences, 0).day <= last.day;
  const others = new Set(all.filter(isOther).flatMap((other) => other.occurrences.map(({ movement }) => movement)));
  const sizes = occurrences.map(({ size }) => size);
  const low = Math.min(...sizes) / 2;
  // The price of the list behind an offer may be four times as high.
  const high = Math.max(...sizes) * (amountKind === 'fixed' ? 4 : 2);
  const isPaid = ({ day, minor }: Movement) =>
    day > last.day && day >= next.from && day <= known && Math.abs(minor) >= low && Math.abs(minor) <= high;
  const usual = { cadence: rule.cadence, lowMinor: Math.min(...sizes), highMinor: Math.max(...sizes) };
  // It is one, and of two that are missing it is one of them.
  const isEarly = (movement: Movement) =>
    !hasEnded && movement.day < next.from && !others.has(movement) && cameEarly(movement, last.day, usual);
  return view.ledgers.some((ledger) => {
    if (ledger.direction !== direction || ledger.currency !== currency) return false;
    if (at(ledger.movements, -1).day <= last.day) return false;
    if (ledger.key === series.key && ledger.movements.some(isEarly)) return true;
    const paid = ledger.movements.filter((movement) => isPaid(movement) && !others.has(movement));
    if (paid.length === 0) return false;
    if (ledger.key === series.key) return true;
    const isEqual =
      amountKind === 'fixed' && paid.some(({ minor }) => areWithin(Math.abs(minor), last.size, EQUAL_SHARE));
    // Now and then the bank leaves out the merchant: its words stand for this contract among other things.
    if (isEqual && mayBeSameName(ledger.label, label)) return true;
    if (ledger.isCut || ledger.movements.length > MOST_OF_OTHER_NAME) return false;
    // The same name with more words, or one that was not there before the last one came, with this amount.
    if (mayBeSameName(ledger.label, label)) return true;
    const isNew = at(ledger.movements, 0).day > last.day;
    if (isEqual && isNew) return true;
    return !hasEnded && amountKind === 'variable' && paid.some((movement) => isItsBill(series, ledger, movement));
  });
}
