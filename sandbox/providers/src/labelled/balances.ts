/** Balances of a household's accounts, day by day, and when one falls below zero. */
import type { LabelledEntry, LedgerBuilder } from './ledger-builder.ts';
import { dateOf, type Setting, topic } from './setting.ts';

/** Money in each account before the first day: what is owed is negative. */
export function openBalances(builder: LedgerBuilder, setting: Setting): number[] {
  const random = topic(setting.seed, 16);
  const { accounts, checking, card, savings, monthlyWageMinor: wage } = setting;
  const isTight = random.unit() < 0.3;
  const isIdle = !isTight && random.unit() < 0.25;
  return accounts.map((_, account) => {
    if (account === card) return 0;
    const path = pathOf(builder.entries, setting, account, 0);
    const lowest = Math.min(...path, 0);
    if (account === savings) return Math.round(-lowest + wage * (0.2 + 2 * random.unit()));
    if (account !== checking) return Math.round(-lowest + wage * 0.05);
    // Short of money from the middle of the history on, so that a detector has seen enough to foresee it.
    const shortOf = Math.round(-Math.min(...path.slice(150)) - wage * (0.03 + 0.07 * random.unit()));
    if (isTight && shortOf + Math.min(...path.slice(0, 60)) > -0.3 * wage) return shortOf;
    return Math.round(-lowest + wage * (isIdle ? 4 + 5 * random.unit() : 0.15 + 0.4 * random.unit()));
  });
}

/** The balance at the end of each day, from the first to the last. */
export function pathOf(
  entries: readonly LabelledEntry[],
  { firstDay, lastDay }: Pick<Setting, 'firstDay' | 'lastDay'>,
  account: number,
  openingMinor: number,
): number[] {
  const moves = new Array<number>(lastDay - firstDay + 1).fill(0);
  for (const entry of entries) {
    const place = entry.movesDay - firstDay;
    if (entry.account === account && place >= 0 && place < moves.length)
      moves[place] = (moves[place] ?? 0) - entry.outMinor;
  }
  let balance = openingMinor;
  return moves.map((move) => {
    balance += move;
    return balance;
  });
}

const leadDays = 5;

/** @param known records of contracts and standing orders: what somebody who knows the household would expect */
export function labelLowBalances(
  builder: LedgerBuilder,
  setting: Setting,
  path: readonly number[],
  known: ReadonlySet<number>,
): void {
  const { checking, firstDay } = setting;
  const moves = builder.entries.filter(({ account }) => account === checking);
  const isKnown = ({ key }: LabelledEntry) => known.has(key);
  const others = moves.filter((entry) => !isKnown(entry));
  const dailyMinor = others.reduce((sum, { outMinor }) => sum + outMinor, 0) / path.length;
  for (let at = 30; at < path.length; at += 1) {
    const today = path[at] ?? 0;
    if (today >= 0 || path.slice(at - 14, at).some((balance) => balance < 0)) continue;
    const day = firstDay + at;
    const due = moves
      .filter((entry) => isKnown(entry) && entry.day > day - leadDays && entry.day <= day)
      .reduce((sum, { outMinor }) => sum + outMinor, 0);
    const foreseen = (path[at - leadDays] ?? 0) - due - dailyMinor * leadDays;
    const end = path.findIndex((balance, place) => place > at && balance >= 0);
    const until = end === -1 ? path.length - 1 : end;
    builder.label({
      kind: 'low-balance',
      account: checking,
      counterparty: '',
      fromDate: dateOf(day),
      untilDate: dateOf(firstDay + until),
      lowestMinor: Math.min(...path.slice(at, until + 1)),
      keys: [],
      isDemanded: at > 150 && foreseen < 0 && (path[at - leadDays] ?? 0) > 0,
    });
  }
}
