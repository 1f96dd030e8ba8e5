/**
 * A current account that for 60 days never held less than three months' spending. The lowest balance is reckoned back from the present one
 * over the movements, so it is told only where they are known whole.
 */

import { largestEvidence, movementsOf } from './citation.ts';
import { dateOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { IdleCashInsight } from './insight.ts';
import { isAmong, isKnown } from './known-days.ts';
import { safeMinor } from './safe-minor.ts';
import { householdOf, spentMinor, unclear } from './spending.ts';
import { thresholdMinor } from './thresholds.ts';
import type { AccountView, View } from './view.ts';

const IDLE_DAYS = 60;
const SPENDING_DAYS = 90;
const KEEP_MONTHS = 3;
const MONTH_DAYS = 365.25 / 12;
/** An older balance says nothing of now. */
const FRESH_DAYS = 7;

/**
 * @param view as it is: own transfers change a balance
 * @param household the same without own transfers: they are no spending
 */
export function idleCash(view: View, household: View): IdleCashInsight[] {
  const monthly = monthlySpending(view, household);
  return view.accounts.flatMap((account) => {
    const spending = monthly.get(account.currency);
    return spending === undefined ? [] : (idleOf(view, account, spending) ?? []);
  });
}

function idleOf(view: View, account: AccountView, monthlyMinor: number): IdleCashInsight | undefined {
  const { connectionId, accountId, currency, type, balanceMinor, balanceDay } = account;
  if (type !== 'CACC' || balanceMinor === null || balanceDay === null || balanceDay < view.today - FRESH_DAYS)
    return undefined;
  const from = view.today - IDLE_DAYS;
  if (!isKnown(view, [account], from, balanceDay)) return undefined;
  const found = movementsOf(view, isAmong([account]), from + 1, balanceDay);
  const idleMinor = safeMinor(
    lowestMinor(
      balanceMinor,
      found.map(({ movement }) => movement),
    ) -
      KEEP_MONTHS * monthlyMinor,
  );
  if (idleMinor < thresholdMinor('idle', currency)) return undefined;
  return {
    kind: 'idle-cash',
    fingerprint: fingerprintOf('idle-cash', [connectionId, accountId], dateOf(view.today).slice(0, 4)),
    currency,
    confidencePercent: 90,
    date: dateOf(balanceDay),
    counterparty: null,
    evidence: largestEvidence(found),
    connectionId,
    accountId,
    balanceMinor,
    idleMinor,
  };
}

/** Back from the present balance, day by day: within a day what went out is taken to have gone first. */
function lowestMinor(
  balanceMinor: number,
  movements: readonly { readonly day: number; readonly minor: number }[],
): number {
  let [balance, lowest] = [balanceMinor, balanceMinor];
  const days = [...Map.groupBy(movements, ({ day }) => day)].sort(([a], [b]) => b - a);
  for (const [, ofDay] of days) {
    const came = ofDay.reduce((sum, { minor }) => sum + Math.max(0, minor), 0);
    const went = ofDay.reduce((sum, { minor }) => sum + Math.max(0, -minor), 0);
    lowest = Math.min(lowest, balance - came);
    balance = balance - came + went;
  }
  return Math.min(lowest, balance);
}

/** Money that went to places that are not connected counts too: rather too much spending than a wrong advice. */
function monthlySpending(view: View, household: View): Map<string, number> {
  const monthly = new Map<string, number>();
  const from = view.today - SPENDING_DAYS;
  for (const [currency, accounts] of householdOf(view)) {
    const until = Math.min(...accounts.map(({ balanceDay }) => balanceDay ?? view.today), view.today);
    if (!isKnown(view, accounts, from, until)) continue;
    const spent = movementsOf(household, isAmong(accounts), from + 1, view.today).reduce((sum, one) => {
      const { minor, category } = one.movement;
      return sum + (unclear.has(category) ? Math.max(0, -minor) : spentMinor(one));
    }, 0);
    if (spent > 0) monthly.set(currency, (spent / SPENDING_DAYS) * MONTH_DAYS);
  }
  return monthly;
}
