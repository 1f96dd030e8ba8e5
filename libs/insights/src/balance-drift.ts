/**
 * Two readings of a balance that the movements between them do not explain: data is missing, and the user learns it from us. Banks date a
 * movement some days before or after it counts, so those near either reading may count or not. A choice among them explains the
 * difference only where it does so exactly: of a busy account some choice comes near to anything.
 */

import { type Found, largestEvidence, movementsOf } from './citation.ts';
import { dateOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { BalanceDriftInsight } from './insight.ts';
import { firstDays, isKnown, placeKey } from './known-days.ts';
import { safeMinor } from './safe-minor.ts';
import { thresholdMinor } from './thresholds.ts';
import type { AccountView, View } from './view.ts';

/** Before a reading: what is dated then may count only later. After it: what was pending and is booked by now. */
const DAYS_BEFORE = 3;
const DAYS_AFTER = 3;
/** Around one reading: those of before and those of after it are chosen from together. */
const MOST_TOGETHER = 5;
/** On one side of a reading: choices among more explain nearly any difference. */
const MOST_UNSURE = 12;
/** Amounts with more decimals than the currency has were rounded. */
const ROUNDING_MINOR = 1;

/** Value rises and falls without movements on all others. */
const TYPES: readonly AccountView['type'][] = ['CACC', 'SVGS', 'CARD'];

export function balanceDrift(view: View): BalanceDriftInsight[] {
  return view.accounts.flatMap((account) => driftOf(view, account) ?? []);
}

function driftOf(view: View, account: AccountView): BalanceDriftInsight | undefined {
  const { connectionId, accountId, currency, earlierBalance, settledBalance, type } = account;
  const balanceMinor = settledBalance?.minor ?? account.balanceMinor;
  const balanceDay = settledBalance?.day ?? account.balanceDay;
  if (!TYPES.includes(type) || balanceMinor === null || balanceDay === null || earlierBalance === null)
    return undefined;
  // Known from before the earlier reading: else a ledger that begins between the two looks like a drift.
  if (!firstDays(view).has(connectionId)) return undefined;
  if (!isKnown(view, [account], earlierBalance.day - DAYS_BEFORE, balanceDay)) return undefined;
  const found = movementsOf(view, (ledger) => placeKey(ledger) === placeKey(account));
  const between = found.filter(({ movement: { day } }) => day > earlierBalance.day && day <= balanceDay);
  const expectedMinor = safeMinor(earlierBalance.minor + sum(between));
  const left = balanceMinor - expectedMinor;
  if (Math.abs(left) < thresholdMinor('drift', currency)) return undefined;
  const [earlier, later] = [earlierBalance.day, balanceDay].map((day) => unsureAt(found, day));
  if (earlier === undefined || later === undefined || isExplained(left, earlier, later)) return undefined;
  return {
    kind: 'balance-drift',
    fingerprint: fingerprintOf('balance-drift', [connectionId, accountId], dateOf(balanceDay).slice(0, 7)),
    currency,
    confidencePercent: earlier.count + later.count <= 8 ? 90 : 80,
    date: dateOf(balanceDay),
    counterparty: null,
    evidence: largestEvidence(between),
    connectionId,
    accountId,
    expectedMinor,
    actualMinor: balanceMinor,
  };
}

function sum(found: readonly Found[]): number {
  return found.reduce((total, { movement }) => total + movement.minor, 0);
}

/** What the movements near a reading may make up. */
interface Unsure {
  readonly count: number;
  /** What the balance may have had more, or less, than the movements up to that day come to. */
  readonly offsets: ReadonlySet<number>;
}

/** @returns `undefined` where there are too many of them */
function unsureAt(found: readonly Found[], reading: number): Unsure | undefined {
  const amounts = (from: number, to: number) =>
    found.flatMap(({ movement: { day, minor } }) => (day >= from && day <= to ? [minor] : []));
  // Dated before and counted later, or dated later and counted before.
  const before = amounts(reading - DAYS_BEFORE, reading).map((minor) => -minor);
  const after = amounts(reading + 1, reading + DAYS_AFTER);
  const count = before.length + after.length;
  if (count <= MOST_TOGETHER) return { count, offsets: sumsOf([...before, ...after]) };
  if (Math.max(before.length, after.length) > MOST_UNSURE) return undefined;
  // A bank is late with what it counts, or early: seldom both on one day.
  return { count, offsets: new Set([...sumsOf(before), ...sumsOf(after)]) };
}

/** Of some of the amounts, or none. */
function sumsOf(amounts: readonly number[]): Set<number> {
  let sums = new Set([0]);
  for (const amount of amounts) sums = new Set([...sums, ...[...sums].map((total) => total + amount)]);
  return sums;
}

/** @param left what the later balance has more than expected */
function isExplained(left: number, earlier: Unsure, later: Unsure): boolean {
  for (const offset of earlier.offsets)
    for (let rounding = -ROUNDING_MINOR; rounding <= ROUNDING_MINOR; rounding++)
      if (later.offsets.has(left + offset + rounding)) return true;
  return false;
}
