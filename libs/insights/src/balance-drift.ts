/**
 * Two readings of a balance that the movements between them do not explain: data is missing, and the user learns it from us. Banks date a
 * movement some days before or after it counts, so those near either reading may count or not. A choice among them explains the
 * difference only where it does so exactly: of a busy account some choice comes near to anything.
 */

import { type Found, largestEvidence, movementsOf } from './citation.ts';
import { dateOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { BalanceDriftInsight } from './insight.ts';
import { firstDays, isAmong, isKnown } from './known-days.ts';
import { safeMinor } from './safe-minor.ts';
import { thresholdMinor } from './thresholds.ts';
import type { AccountView, View } from './view.ts';

/** Before a reading: what is dated then may count only later. After it: what was pending and is booked by now. */
const DAYS_BEFORE = 3;
const DAYS_AFTER = 3;
/** Around one reading: those of before and those of after it are chosen from together. */
const MOST_TOGETHER = 5;
/** On one side of a reading: choices among more explain nearly any difference. */
const MOST_UNSURE = 16;
/** Of so many as that a few are late, or all of a day and those nearer to the reading: a weekend's, say. */
const MOST_LATE = 3;

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
  const [from, to] = [earlierBalance.day - DAYS_BEFORE, balanceDay + DAYS_AFTER];
  const found = movementsOf(view, isAmong([account]), from, to);
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
  if (count <= MOST_TOGETHER) return { count, offsets: sumsOf([...before, ...after], count) };
  if (Math.max(before.length, after.length) > MOST_UNSURE) return undefined;
  // A bank is late with what it counts, or early: seldom both on one day.
  const offsets = new Set([...sumsOf(before, MOST_LATE), ...sumsOf(after, MOST_LATE)]);
  const total = (minors: readonly number[]) => minors.reduce((sum, minor) => sum + minor, 0);
  for (let days = 0; days <= DAYS_BEFORE; days++) offsets.add(-total(amounts(reading - days, reading)));
  for (let days = 1; days <= DAYS_AFTER; days++) offsets.add(total(amounts(reading + 1, reading + days)));
  return { count, offsets };
}

/** Of some of the amounts, or none. @param most of them at once */
function sumsOf(amounts: readonly number[], most: number): Set<number> {
  // By how many were taken.
  const sums = Array.from({ length: most + 1 }, (_, taken) => new Set(taken === 0 ? [0] : []));
  for (const amount of amounts)
    for (let taken = most; taken > 0; taken--)
      for (const total of sums[taken - 1] ?? []) sums[taken]?.add(total + amount);
  return new Set(sums.flatMap((one) => [...one]));
}

/** @param left what the later balance has more than expected */
function isExplained(left: number, earlier: Unsure, later: Unsure): boolean {
  for (const offset of earlier.offsets) if (later.offsets.has(left + offset)) return true;
  return false;
}
