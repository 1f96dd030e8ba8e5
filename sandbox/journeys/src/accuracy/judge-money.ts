/**
 * Judges what is told of months and balances. Rules:
 * - fees: right when four fifths of its evidence are costs of its own sort. Found when told at any time.
 * - income-change: right when that wage changed in that direction at most 130 days before, or a wage began or ended. Found within 100 days.
 * - savings-rate: the truth is added up over the three whole months before and the three before those; transfers between own accounts
 *   are left out, money from and to persons and brokers is counted once with and once without. Demanded where both ways say 8 points or more, wrong
 *   where both say less than 3 or the other direction; between is open. Found when told in the month behind.
 * - category-pace: the truth is the whole month in the end. Demanded from 1.6 times the mean of the three months before and above a
 *   twentieth of a wage, in the sixth month or later, where each month had some of it and 1.4 times were spent by the 24th; wrong below
 *   1.1 times however it is sorted (a railway's ticket is transport or travel); between is open.
 * - low-balance: right when the balance truly fell below a tenth of a month's wage within 35 days, or would have by a week behind the day
 *   told, had nobody moved money in by hand, which is what it is told for, and had no bonus come, which nobody can foresee. Found when told one day to 35 days before.
 * - idle-cash: right when the account truly held 0.85 of three months' spending or more in all 60 days before; demanded from 1.3 of it for 90 days.
 * - balance-drift: right when a record of that account is truly missing, from at most 10 days before, or told later than it counts. Found within 10 days.
 * - consent-ends: right within 30 days before an end. Found when told one to 30 days before.
 */
import type { HouseholdTransaction } from '@quartersec/sandbox-providers';
import { dateText, dayNumber } from './day-text.ts';
import type { Telling } from './telling.ts';
import { daysOf, type Truth } from './truth.ts';
import { type Verdict, VerdictBuilder } from './verdict.ts';

type Record_ = HouseholdTransaction;

const costs = {
  fees: new Set(['account-fee', 'overdraft-fee']),
  foreign: new Set(['foreign-fee']),
  interest: new Set(['interest-out']),
} as const;

export function judgeFees(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('fees');
  const found = new Set<string>();
  for (const telling of tellings) {
    const { first } = telling;
    if (first.kind !== 'fees') continue;
    const records = [...telling.transactions];
    const right = records.filter(({ purpose }) => costs[first.of].has(purpose));
    // A charge abroad belongs to what it cost.
    const isAbroad = ({ statement }: Record_) => first.of === 'foreign' && /\b(IT|PT|TR|TH)\b/.test(statement);
    if (right.length + records.filter(isAbroad).length >= 0.8 * records.length && right.length > 0) {
      verdict.told(telling, null);
      found.add(first.of);
    } else {
      const purposes = [...new Set(records.filter((each) => !right.includes(each)).map(({ purpose }) => purpose))];
      verdict.told(telling, `${first.of} are ${purposes.slice(0, 3).join(', ')}`);
    }
  }
  for (const label of truth.labels('fees')) {
    if (label.isDemanded) verdict.demanded(label, found.has(label.of) ? null : `never told: ${label.of}`);
  }
  return verdict.done();
}

export function judgeIncomeChange(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('income-change');
  const labels = truth.labels('income-change');
  const found = new Set<unknown>();
  const wages = truth.series.filter(({ records }) => records[0]?.purpose === 'wage');
  for (const telling of tellings) {
    const { first, firstDay } = telling;
    if (first.kind !== 'income-change') continue;
    const isUp = first.afterMinor > first.beforeMinor;
    const series = truth.seriesOf(telling.transactions);
    const match = labels.find((label) => {
      const { from } = daysOf(label);
      // Of two wages that rise in one summer each has its own.
      if (series?.label.counterparty !== label.counterparty) return false;
      return isUp === label.afterMinor > label.beforeMinor && from <= firstDay && from > firstDay - 130;
    });
    const isStartOrEnd = wages.some(({ records, label }) => {
      const days = [records[0]?.day ?? 0, label.endedDate === null ? 0 : dayNumber(label.endedDate)];
      return days.some((day) => day <= firstDay && day > firstDay - 130);
    });
    if (match !== undefined) {
      verdict.told(telling, null);
      if (firstDay <= daysOf(match).from + 100) found.add(match);
    } else {
      const purposes = [...new Set([...telling.transactions].map(({ purpose }) => purpose))].slice(0, 3).join(', ');
      const why = `no change: ${purposes}${series?.label.amountKind === 'variable' ? ', variable' : ''}`;
      verdict.told(telling, isStartOrEnd ? null : why);
    }
  }
  for (const label of labels) {
    const percent = Math.round((100 * label.afterMinor) / label.beforeMinor) - 100;
    if (label.isDemanded) verdict.demanded(label, found.has(label) ? null : 'not told in time', { percent });
  }
  return verdict.done();
}

const ownPurposes = new Set(['own-out', 'own-in', 'card-payment-out', 'card-payment-in']);
/** Spent and earned, or moved to where nobody can see it: both can be argued. */
const elsewhere = new Set(['person-out', 'person-in', 'reimbursement', 'broker-out', 'broker-in']);
const earned = new Set(['wage', 'bonus', 'interest-in']);

const monthOf = (day: number): string => dateText(day).slice(0, 7);

/** @returns the month so many months before or behind */
function monthAt(month: string, by: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

function monthsBetween(from: string, until: string): string[] {
  const months: string[] = [];
  for (let month = from; month <= until; month = monthAt(month, 1)) months.push(month);
  return months;
}

/** Percent of the income that is left over, of three months. */
function ratePercent(truth: Truth, lastMonth: string, withElsewhere: boolean): number | null {
  const months = new Set([0, -1, -2].map((by) => monthAt(lastMonth, by)));
  let income = 0;
  let spent = 0;
  for (const { day, purpose, outMinor, isMissing } of truth.household.transactions) {
    if (
      isMissing ||
      ownPurposes.has(purpose) ||
      (elsewhere.has(purpose) && !withElsewhere) ||
      !months.has(monthOf(day))
    )
      continue;
    if (earned.has(purpose)) income -= outMinor;
    else spent += outMinor;
  }
  return income <= 0 ? null : (100 * (income - spent)) / income;
}

/** The change in points, by both ways to count; `null` where there is no income. */
function rateChange(truth: Truth, month: string): readonly [number, number] | null {
  const points = [true, false].map((withElsewhere) => {
    const now = ratePercent(truth, month, withElsewhere);
    const then = ratePercent(truth, monthAt(month, -3), withElsewhere);
    return now === null || then === null ? null : now - then;
  });
  const [one = null, other = null] = points;
  return one === null || other === null ? null : [one, other];
}

export function judgeSavingsRate(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('savings-rate');
  const { firstDay, lastDay } = truth.household;
  const told = new Map<string, boolean>();
  for (const telling of tellings) {
    const { first } = telling;
    if (first.kind !== 'savings-rate') continue;
    const month = monthAt(monthOf(telling.firstDay), -1);
    const change = rateChange(truth, month);
    const isUp = first.afterPercent > first.beforePercent;
    if (!told.has(month)) told.set(month, isUp);
    const points = change?.map(Math.round);
    if (change === null) verdict.told(telling, null);
    else if (change.every((each) => Math.abs(each) < 3)) verdict.told(telling, 'no change', { points });
    else if (change.every((each) => each > 0 !== isUp && Math.abs(each) >= 3))
      verdict.told(telling, 'other direction', { points });
    else verdict.told(telling, null);
  }
  let isOpenEpisode = false;
  for (const month of monthsBetween(monthAt(monthOf(firstDay), 6), monthAt(monthOf(lastDay), -2))) {
    const change = rateChange(truth, month);
    const isDemanded = change !== null && (change.every((each) => each >= 8) || change.every((each) => each <= -8));
    if (isDemanded && !isOpenEpisode) {
      const isFound = [0, 1, 2].some((by) => told.has(monthAt(month, by)));
      verdict.demanded(undefined, isFound ? null : 'not told in time', { month, points: change.map(Math.round) });
    }
    isOpenEpisode = isDemanded;
  }
  return verdict.done();
}

/** Plaid's words in ours, as a person would sort them; several where it can be argued. */
const sorts: readonly (readonly [category: string, purposes: readonly string[]])[] = [
  ['groceries', ['groceries', 'convenience']],
  ['dining', ['dining', 'coffee']],
  ['transport', ['fuel', 'transit']],
  [
    'shopping',
    ['clothing', 'marketplace', 'electronics', 'hardware', 'convenience', 'membership', 'instalment', 'news', 'refund'],
  ],
  ['travel', ['travel']],
  ['health', ['pharmacy', 'gym']],
  ['entertainment', ['cinema', 'streaming', 'music']],
  ['utilities', ['electricity', 'water', 'phone', 'internet']],
  ['housing', ['rent', 'hardware']],
  ['cash', ['cash']],
];

/** Railways: transport by the merchant category code (4112) and by providers' words, travel to who sorts by what it was for. */
const railway = /\b(?:DB VERTRIEB|SNCF|RENFE|SJ|IRCTC|PKP|AMTRAK|VIA RAIL)\b|JR東/i;
/** Said to be government by some and utilities by others: the fee for broadcasting. */
const broadcasting = /\b(?:RUNDFUNK|TV LICEN[CS]E|SERAFE)\b/i;

/** What can be argued to be of it, beside its sorts. */
function isArguable(category: string, { purpose, statement }: Record_): boolean {
  if (category === 'transport') return purpose === 'travel' && railway.test(statement);
  return category === 'utilities' && purpose === 'government' && broadcasting.test(statement);
}

/** @param isWide with what can be argued */
function spentOf(truth: Truth, category: string, isWide = false): Map<string, number> {
  const purposes = new Set(sorts.find(([name]) => name === category)?.[1] ?? []);
  const months = new Map<string, number>();
  for (const record of truth.household.transactions) {
    const { purpose, day, outMinor } = record;
    if (purposes.has(purpose) || (isWide && isArguable(category, record)))
      months.set(monthOf(day), (months.get(monthOf(day)) ?? 0) + outMinor);
  }
  return months;
}

function paceOf(spent: ReadonlyMap<string, number>, month: string): { ratio: number; excessMinor: number } {
  const usual = [1, 2, 3].reduce((sum, back) => sum + (spent.get(monthAt(month, -back)) ?? 0), 0) / 3;
  const now = spent.get(month) ?? 0;
  return { ratio: usual <= 0 ? Number.POSITIVE_INFINITY : now / usual, excessMinor: now - usual };
}

/** Something is bought each month: a flight now and then has no pace. */
function isSteady(spent: ReadonlyMap<string, number>, month: string): boolean {
  const before = [1, 2, 3].map((back) => spent.get(monthAt(month, -back)) ?? 0);
  const mean = before.reduce((sum, each) => sum + each, 0) / 3;
  return before.every((each) => each >= 0.4 * mean);
}

/** Most of it was spent while there was still something to save. */
function isSeenInTime(truth: Truth, category: string, spent: ReadonlyMap<string, number>, month: string): boolean {
  const purposes = new Set(sorts.find(([name]) => name === category)?.[1] ?? []);
  const until = `${month}-24`;
  const early = truth.household.transactions
    .filter(({ purpose, day }) => purposes.has(purpose) && monthOf(day) === month && dateText(day) <= until)
    .reduce((sum, { outMinor }) => sum + outMinor, 0);
  const usual = [1, 2, 3].reduce((sum, back) => sum + (spent.get(monthAt(month, -back)) ?? 0), 0) / 3;
  return early >= 1.4 * usual;
}

export function judgePace(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('category-pace');
  const told = new Set<string>();
  const { firstDay, lastDay } = truth.household;
  for (const telling of tellings) {
    const { first } = telling;
    if (first.kind !== 'category-pace') continue;
    told.add(`${first.category}/${first.month}`);
    const isSorted = sorts.some(([category]) => category === first.category);
    const ratio = Math.max(
      ...[false, true].map((isWide) => paceOf(spentOf(truth, first.category, isWide), first.month).ratio),
    );
    const isWhole = first.month < monthOf(lastDay);
    verdict.told(telling, !isSorted || !isWhole || ratio >= 1.1 ? null : `ended as usual: ${first.category}`, {
      ratio,
    });
  }
  const months = monthsBetween(monthAt(monthOf(firstDay), 5), monthAt(monthOf(lastDay), -1));
  for (const category of ['groceries', 'dining', 'shopping', 'entertainment', 'travel']) {
    const spent = spentOf(truth, category);
    for (const month of months) {
      const { ratio, excessMinor } = paceOf(spent, month);
      if (!(ratio >= 1.6) || excessMinor < 0.05 * truth.monthlyWageMinor || !Number.isFinite(ratio)) continue;
      if (!isSteady(spent, month) || !isSeenInTime(truth, category, spent, month)) continue;
      const isFound = told.has(`${category}/${month}`);
      verdict.demanded(undefined, isFound ? null : `never told: ${category}`, { month, ratio, excessMinor });
    }
  }
  return verdict.done();
}

/** What no forecast can have. From savings and brokers to the current account nothing comes by itself: a standing order goes the other way, or to daily money. */
function unforeseenMinor(truth: Truth, account: number, afterDay: number, untilDay: number): number {
  const fromSavings = new Set(truth.labels('own-transfer').flatMap(({ of, ids }) => (of === 'savings' ? ids : [])));
  return truth.household.transactions.reduce((sum, { id, purpose, outMinor, movesDay, account: of }) => {
    const isUnforeseen =
      purpose === 'bonus' || purpose === 'broker-in' || (purpose === 'own-in' && fromSavings.has(id));
    return of === account && isUnforeseen && movesDay > afterDay && movesDay <= untilDay ? sum - outMinor : sum;
  }, 0);
}

export function judgeLowBalance(
  truth: Truth,
  tellings: readonly Telling[],
  placeOf: (id: string) => number | undefined,
): Verdict {
  const verdict = new VerdictBuilder('low-balance');
  const told: { readonly account: number; readonly from: number; readonly until: number }[] = [];
  const low = 0.1 * truth.monthlyWageMinor;
  for (const telling of tellings) {
    const { first, firstDay, lastDay } = telling;
    if (first.kind !== 'low-balance') continue;
    const account = placeOf(first.accountId) ?? -1;
    told.push({ account, from: firstDay, until: lastDay });
    const ahead = Array.from({ length: 36 }, (_, by) => truth.balance(account, firstDay + by)).filter(
      (each) => each !== undefined,
    );
    const untouched = ahead
      .slice(0, dayNumber(first.date) + 8 - firstDay)
      .map((balance, by) => balance - unforeseenMinor(truth, account, firstDay, firstDay + by));
    const lowest = Math.min(...ahead, ...untouched);
    const isWhole = ahead.length === 36;
    verdict.told(telling, lowest < low || !isWhole ? null : 'the balance stayed up', { lowest, low: Math.round(low) });
  }
  for (const label of truth.labels('low-balance')) {
    const { from } = daysOf(label);
    const isFound = told.some(
      (each) => each.account === label.account && each.from <= from - 1 && each.until >= from - 35,
    );
    if (label.isDemanded) verdict.demanded(label, isFound ? null : 'not told before');
  }
  return verdict.done();
}

export function judgeIdleCash(
  truth: Truth,
  tellings: readonly Telling[],
  placeOf: (id: string) => number | undefined,
): Verdict {
  const verdict = new VerdictBuilder('idle-cash');
  const { household } = truth;
  const spends = household.transactions.filter(
    ({ purpose, outMinor, isMissing }) => outMinor > 0 && !isMissing && !ownPurposes.has(purpose),
  );
  const threeMonths = (day: number) =>
    spends.filter((each) => each.day > day - 91 && each.day <= day).reduce((sum, { outMinor }) => sum + outMinor, 0);
  const leastHeld = (account: number, day: number, days: number) =>
    Math.min(
      ...Array.from({ length: days }, (_, back) => truth.balance(account, day - back) ?? Number.NEGATIVE_INFINITY),
    );
  const toldOf = new Set<number>();
  for (const telling of tellings) {
    const { first, firstDay } = telling;
    if (first.kind !== 'idle-cash') continue;
    const account = placeOf(first.accountId) ?? -1;
    toldOf.add(account);
    const share = leastHeld(account, firstDay, 60) / threeMonths(firstDay);
    const kind = household.accounts[account]?.kind;
    verdict.told(telling, share >= 0.85 ? null : `not that much: ${kind}`, { share });
  }
  household.accounts.forEach(({ kind }, account) => {
    if (kind !== 'checking') return;
    for (let day = household.firstDay + 190; day <= household.lastDay - 14; day += 7) {
      if (leastHeld(account, day, 90) < 1.3 * threeMonths(day)) continue;
      verdict.demanded(undefined, toldOf.has(account) ? null : 'never told', { account, day });
      return;
    }
  });
  return verdict.done();
}

export function judgeDrift(
  truth: Truth,
  tellings: readonly Telling[],
  placeOf: (id: string) => number | undefined,
): Verdict {
  const verdict = new VerdictBuilder('balance-drift');
  const found = new Set<unknown>();
  for (const telling of tellings) {
    const { first, firstDay } = telling;
    if (first.kind !== 'balance-drift') continue;
    const label = truth
      .labels('balance-drift')
      .find(
        (each) =>
          each.account === placeOf(first.accountId) &&
          daysOf(each).from <= firstDay &&
          daysOf(each).from >= firstDay - 10,
      );
    // The bank had moved its balance and told the record later: missing on that day, and there soon after.
    const isLate = truth.household.transactions.some(
      ({ account, movesDay, toldDay }) =>
        account === placeOf(first.accountId) && movesDay <= firstDay && toldDay > firstDay,
    );
    verdict.told(telling, label === undefined && !isLate ? 'nothing is missing' : null, {
      off: first.actualMinor - first.expectedMinor,
    });
    if (label !== undefined) found.add(label);
  }
  for (const label of truth.labels('balance-drift')) {
    if (label.isDemanded) verdict.demanded(label, found.has(label) ? null : 'not told in time');
  }
  return verdict.done();
}

export function judgeConsent(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('consent-ends');
  const told: { readonly connection: string; readonly day: number }[] = [];
  const labels = truth.labels('consent-ends');
  const isNear = (day: number, label: (typeof labels)[number], connection: string) =>
    `connection-${label.connection}` === connection && daysOf(label).from > day && daysOf(label).from <= day + 30;
  for (const telling of tellings) {
    const { first, firstDay } = telling;
    if (first.kind !== 'consent-ends') continue;
    told.push({ connection: first.connectionId, day: firstDay });
    const isRight = labels.some((label) => isNear(firstDay, label, first.connectionId));
    const isBeyond = firstDay + 30 > truth.household.lastDay;
    verdict.told(telling, isRight || isBeyond ? null : 'no end is near');
  }
  for (const label of labels) {
    const isFound = told.some(({ connection, day }) => isNear(day, label, connection));
    verdict.demanded(label, isFound ? null : 'not told before');
  }
  return verdict.done();
}
