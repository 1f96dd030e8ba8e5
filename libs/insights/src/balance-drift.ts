/**
 * Two readings of a balance that the movements between them do not explain: data is missing, and the user learns it from us. Banks date a
 * movement some days before or after it counts, so those near either reading may count or not: any choice among them that explains
 * the difference does.
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
/** Choices among more movements than this explain nearly any difference. */
const MOST_UNSURE = 12;

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
  const near = (day: number, reading: number) => day >= reading - DAYS_BEFORE && day <= reading + DAYS_AFTER;
  const [from, to] = [earlierBalance.day - DAYS_BEFORE, balanceDay + DAYS_AFTER];
  const found = movementsOf(view, isAmong([account]), from, to);
  const isUnsure = ({ movement: { day } }: Found) => near(day, earlierBalance.day) || near(day, balanceDay);
  const sure = found.filter((one) => !isUnsure(one));
  const unsure = found.filter(isUnsure).map(({ movement }) => movement.minor);
  const between = found.filter(({ movement: { day } }) => day > earlierBalance.day && day <= balanceDay);
  const least = thresholdMinor('drift', currency);
  const left = balanceMinor - earlierBalance.minor - sum(sure);
  if (unsure.length > MOST_UNSURE || isExplained(left, unsure, least)) return undefined;
  const expectedMinor = safeMinor(earlierBalance.minor + sum(between));
  if (Math.abs(balanceMinor - expectedMinor) < least) return undefined;
  return {
    kind: 'balance-drift',
    fingerprint: fingerprintOf('balance-drift', [connectionId, accountId], dateOf(balanceDay).slice(0, 7)),
    currency,
    confidencePercent: unsure.length <= 4 ? 90 : 80,
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

/** Whether some of the amounts, or none, make up the difference to within what is too small to tell. */
function isExplained(left: number, amounts: readonly number[], least: number): boolean {
  let reachable = new Set([0]);
  for (const amount of amounts) reachable = new Set([...reachable, ...[...reachable].map((total) => total + amount)]);
  return [...reachable].some((total) => Math.abs(left - total) < least);
}
