/**
 * The payment of a credit card from a current account, as one to come. Its amounts differ from month to month, so it is no series by its
 * amounts; but the card says itself what the next one will be: what was owed at its closing day, where it is paid in full.
 */

import { onBankDay } from './bank-day.ts';
import { ruleOf } from './cadence.ts';
import { longestChain } from './chain.ts';
import { clampPercent } from './confidence.ts';
import { dateOf } from './day.ts';
import { evidenceOf } from './evidence.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { RecurringInsight } from './insight.ts';
import { isKnown, placeKey } from './known-days.ts';
import { movementsSince } from './movements-since.ts';
import type { OwnTransfers } from './own-transfers.ts';
import { dateProjection } from './projection.ts';
import { typicalSize } from './recurring.ts';
import { safeMinor } from './safe-minor.ts';
import { areWithin } from './spread.ts';
import { thresholdMinor } from './thresholds.ts';
import type { AccountView, CounterpartyLedger, Day, Movement, View } from './view.ts';

/** Of all payments to the card: with fewer in the rhythm it is paid when the holder likes. */
const IN_RHYTHM = 0.7;
/** A card is paid so many days after its closing day at most. */
const LONGEST_GRACE = 31;
/** Payments that are compared with what was owed. */
const COMPARED = 4;
const LEAST_COMPARED = 2;
/** Paid in full: interest and what is booked late may make as much of a difference. */
const FULL_SHARE = 0.02;
/** What is spent with the card until its closing day goes on as in so many days before. */
const PACE_DAYS = 91;

interface Payment {
  readonly connectionId: string;
  readonly accountId: string;
  readonly movement: Movement;
  readonly day: Day;
  readonly size: number;
  /** Whether the card has it. */
  readonly hasArrived: boolean;
}

/** @returns one for each card that is paid by the month; `typicalMinor` is what the next payment is expected to be */
export function cardPayments(view: View, { pairs }: OwnTransfers): RecurringInsight[] {
  const legs = pairs.filter(({ kind }) => kind === 'card-payment');
  const ways = Map.groupBy(
    legs,
    (pair) => `${placeKey(pair.out.ledger)}|${pair.out.ledger.key}|${placeKey(pair.in.ledger)}`,
  );
  return [...ways.keys()].sort().flatMap((way) => {
    const [first, ...others] = ways.get(way) ?? [];
    const card = view.accounts.find(
      (account) => first !== undefined && placeKey(account) === placeKey(first.in.ledger),
    );
    if (first === undefined || card === undefined) return [];
    const paired = new Set([first, ...others].map(({ out }) => out.index));
    return paymentAhead(view, first.out.ledger, paired, card) ?? [];
  });
}

function paymentAhead(
  view: View,
  ledger: CounterpartyLedger,
  paired: ReadonlySet<number>,
  card: AccountView,
): RecurringInsight | undefined {
  const rule = ruleOf('monthly');
  const { connectionId, accountId, currency } = ledger;
  const lastPaired = Math.max(...paired);
  // What left lately and is not on the card yet is on its way there.
  const payments = ledger.movements.flatMap((movement, index): Payment[] => {
    const hasArrived = paired.has(index);
    if (!hasArrived && index < lastPaired) return [];
    return [{ connectionId, accountId, movement, day: movement.day, size: Math.abs(movement.minor), hasArrived }];
  });
  // Amounts say nothing here: what is owed differs from month to month.
  const dated = payments.map((payment) => ({ day: payment.day, size: 0, payment }));
  const { members: chained, breaks } = longestChain(dated, rule);
  const members = chained.map(({ payment }) => payment);
  const newest = members.at(-1);
  if (newest === undefined || members.length < rule.least || members.length < IN_RHYTHM * payments.length)
    return undefined;
  const projection = dateProjection(members, rule);
  const { regularity } = projection;
  const next = {
    ...projection.next,
    day: onBankDay(
      projection.next.day,
      members.map(({ day }) => day),
    ),
  };
  const sizes = members.map(({ size }) => size);
  const owed = owedAhead(view, card, payments, next.day);
  const typicalMinor = owed?.minor ?? typicalSize(sizes);
  return {
    kind: 'recurring',
    fingerprint: fingerprintOf('recurring', [ledger.key, 'out', currency, rule.cadence, placeKey(card)]),
    currency,
    confidencePercent: clampPercent(90 * regularity - 5 * breaks),
    date: dateOf(next.day),
    counterparty: ledger.label,
    evidence: evidenceOf(payments),
    direction: 'out',
    cadence: rule.cadence,
    status: members.length >= rule.mature ? 'mature' : 'early',
    category: 'transfer',
    amountKind: 'variable',
    nextDate: dateOf(next.day),
    nextFromDate: dateOf(next.from),
    nextToDate: dateOf(next.to),
    typicalMinor: safeMinor(typicalMinor),
    lowMinor: safeMinor(owed === undefined ? Math.min(...sizes.slice(-6)) : owed.minor - owed.spreadMinor),
    highMinor: safeMinor(owed === undefined ? Math.max(...sizes.slice(-6)) : owed.minor + owed.spreadMinor),
    lastDate: dateOf(newest.day),
    lastMinor: newest.size,
    occurrences: members.length,
  };
}

/** What the card will be owed at its closing day; `undefined` where it was not what was paid so far. */
function owedAhead(
  view: View,
  card: AccountView,
  payments: readonly Payment[],
  payDay: Day,
): { readonly minor: number; readonly spreadMinor: number } | undefined {
  const { balanceMinor, balanceDay, currency } = card;
  if (balanceMinor === null || balanceDay === null) return undefined;
  const ledgers = view.ledgers.filter((one) => placeKey(one) === placeKey(card));
  const compared = payments
    .slice(-COMPARED)
    .filter(({ day }) => isKnown(view, [card], day - LONGEST_GRACE, balanceDay));
  if (compared.length < LEAST_COMPARED) return undefined;
  // No day before this one is asked about, and a card has years of movements.
  const firstDay = Math.min(payDay, ...compared.map(({ day }) => day)) - LONGEST_GRACE;
  const moves = ledgers.flatMap(({ movements }) =>
    movementsSince(movements, firstDay + 1).filter(({ day }) => day <= balanceDay),
  );
  /** At the end of a day, reckoned back from the balance. */
  const owedOn = (day: Day) => moves.reduce((sum, { day: on, minor }) => sum + (on > day ? minor : 0), -balanceMinor);
  const least = thresholdMinor('short', currency);
  let best = { grace: -1, hits: 0, off: 0 };
  for (let grace = 0; grace <= LONGEST_GRACE; grace++) {
    const owed = compared.map(({ day, size }) => ({ size, owed: owedOn(day - grace) }));
    const hits = owed.filter(
      (one) => Math.abs(one.owed - one.size) <= least || areWithin(one.owed, one.size, FULL_SHARE),
    );
    const off = hits.reduce((sum, one) => sum + Math.abs(one.owed - one.size), 0);
    if (hits.length > best.hits || (hits.length === best.hits && off < best.off))
      best = { grace, hits: hits.length, off };
  }
  // All of them but one: a month may have been paid in two parts.
  if (best.hits < LEAST_COMPARED || best.hits < compared.length - 1) return undefined;
  const closing = payDay - best.grace;
  if (closing <= balanceDay) return { minor: Math.max(0, owedOn(closing)), spreadMinor: 0 };
  const underway = payments.reduce((sum, { size, hasArrived }) => sum + (hasArrived ? 0 : size), 0);
  const spent = ledgers
    .filter(({ direction }) => direction === 'out')
    .flatMap(({ movements }) => movements.filter(({ day }) => day > balanceDay - PACE_DAYS))
    .reduce((sum, { minor }) => sum - minor, 0);
  const still = (spent / PACE_DAYS) * (closing - balanceDay);
  return { minor: Math.max(0, -balanceMinor - underway + still), spreadMinor: still / 2 };
}
