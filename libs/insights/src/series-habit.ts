/** How regular a series has to be to be believed, by what it is for: bills are expected to come back, shops are not. */
import type { CadenceRule } from './cadence.ts';
import type { Category, Movement } from './view.ts';

/** How the payments of a category are made. */
export type Habit =
  /** By contract, of any amount. */
  | 'bill'
  /** By contract, mostly of one amount. */
  | 'service'
  /** When one likes; a contract has one price. */
  | 'shop'
  /** To people and own accounts. */
  | 'transfer'
  | 'unknown'
  | 'never';

const habits: Readonly<Record<Category, Habit>> = {
  income: 'bill',
  transfer: 'transfer',
  loan: 'bill',
  fees: 'bill',
  interest: 'bill',
  cash: 'never',
  housing: 'bill',
  utilities: 'bill',
  groceries: 'shop',
  dining: 'shop',
  shopping: 'shop',
  transport: 'shop',
  travel: 'shop',
  entertainment: 'service',
  health: 'service',
  insurance: 'bill',
  services: 'service',
  government: 'bill',
  other: 'unknown',
};

/** Where nothing but the wish of the moment makes one pay. */
export function isChosenEachTime(category: Category): boolean {
  return habits[category] === 'shop' || habits[category] === 'never';
}

/** Money back from a shop comes when it comes. */
export function habitOf(category: Category, direction: 'in' | 'out'): Habit {
  const habit = habits[category];
  return habit === 'shop' && direction === 'in' ? 'never' : habit;
}

export interface SeriesShape {
  readonly category: Category;
  readonly direction: 'in' | 'out';
  readonly rule: CadenceRule;
  readonly count: number;
  readonly regularity: number;
  /** Most amounts are as the one before. */
  readonly isFixed: boolean;
  /** All amounts are of one price. */
  readonly isEqual: boolean;
  /** All amounts are the same to the unit. */
  readonly isExact: boolean;
  /** Median distance from the median amount, as a share of it. */
  readonly spread: number;
  /** Share of the payments while it ran that are its own. */
  readonly coverage: number;
  /** Whether they were looked at as they came, and not picked by their amount. */
  readonly isAll: boolean;
  /** Of all that the counterparty was paid. */
  readonly share: number;
}

/** One may be missing or moved, in half a year of months. */
export function mayBreak({ members }: { readonly members: readonly unknown[] }): number {
  return Math.floor(members.length / 5);
}

export function suffices(shape: SeriesShape): boolean {
  const { rule, isFixed } = shape;
  if (rule.cadence === 'yearly' && !isYear(shape)) return false;
  if (rule.cadence === 'yearly' && isYearWithRises(shape)) return true;
  return isFixed ? isContract(shape) : isVariableBill(shape);
}

/** Two are little: they have to be equal, and there has to be nothing else. */
function isYear({ isAll, category, direction, count, isEqual, isExact, coverage, regularity }: SeriesShape): boolean {
  const habit = habitOf(category, direction);
  if (regularity < 1 || coverage < 0.6 || !isAll) return false;
  if (count === 2) return (habit === 'unknown' ? isExact : isEqual) && habit !== 'shop' && habit !== 'transfer';
  return isEqual || habit !== 'shop';
}

/** On its day in three years, and nothing besides: what it costs may have risen each time. */
function isYearWithRises({ category, direction, count, spread, coverage }: SeriesShape): boolean {
  const habit = habitOf(category, direction);
  return (habit === 'bill' || habit === 'service') && count >= 3 && coverage >= 0.85 && spread <= 0.35;
}

function isContract({
  category,
  direction,
  rule,
  count,
  regularity,
  isEqual,
  coverage,
  isAll,
  share,
}: SeriesShape): boolean {
  const habit = habitOf(category, direction);
  if (habit === 'never') return false;
  // Chosen by amount out of many, some will be a month apart by chance.
  const extra = isAll ? 0 : 2;
  const few = count < rule.least + 2;
  if (count < rule.least + extra) return false;
  if (coverage < (few ? 0.85 : isAll ? 0.7 : 0.8)) return false;
  if (regularity < leastRegularity(habit, few, isAll && count > rule.least, isAll)) return false;
  if (habit === 'shop') return isShopContract(category, rule, count, isEqual, regularity, share, coverage);
  if (habit === 'transfer' || habit === 'unknown') {
    // The same round sum now and then is no contract.
    if (!isAll && !(isEqual && (share >= 0.5 || count >= rule.least + 3))) return false;
    if (rule.months === 0 && habit === 'unknown')
      return regularity >= 0.85 && (isEqual || direction === 'in' || count >= rule.least + 4);
    return regularity >= 0.8;
  }
  return true;
}

/** Few have to keep their day, but for what is a contract by its kind. */
function leastRegularity(habit: Habit, isFew: boolean, isBeyondLeast: boolean, isAll: boolean): number {
  if (isFew) return isBeyondLeast && (habit === 'bill' || habit === 'service') ? 0.7 : 0.99;
  return isAll ? 0.65 : 0.85;
}

/** A box of food, a pass for the bus: of one price, on its day. Coffee and a ticket are that as well, by the week. */
function isShopContract(
  category: Category,
  rule: CadenceRule,
  count: number,
  isEqual: boolean,
  regularity: number,
  share: number,
  coverage: number,
): boolean {
  const byWeek = rule.months === 0;
  if (byWeek && category !== 'groceries' && category !== 'shopping') return false;
  if (byWeek) return isEqual && regularity >= 0.95 && share >= 0.7;
  if (share < 0.5) return isEqual && count >= rule.least + 1 && regularity >= 0.9 && coverage >= 0.85;
  return regularity >= 0.85 && (isEqual || (count >= rule.least + 2 && share >= 0.8));
}

function isVariableBill(shape: SeriesShape): boolean {
  const { category, direction, rule, count, regularity, spread, coverage, isAll } = shape;
  if (!isAll) return false;
  const habit = habitOf(category, direction);
  const byWeek = rule.cadence === 'weekly' || rule.cadence === 'fortnightly';
  switch (habit) {
    case 'bill':
      if (byWeek && category !== 'income' && category !== 'housing' && category !== 'loan') return false;
      return coverage >= 0.75 && regularity >= (count === rule.least ? 0.99 : 0.7) && spread <= 0.6;
    case 'service':
      return !byWeek && count >= rule.least + 2 && coverage >= 0.85 && regularity >= 0.85 && spread <= 0.4;
    case 'unknown':
      if (direction === 'in') return count >= rule.least + 1 && coverage >= 0.8 && regularity >= 0.8 && spread <= 0.4;
      return !byWeek && count >= rule.least + 2 && coverage >= 0.85 && regularity >= 0.85 && spread <= 0.4;
    case 'transfer':
      return (
        count >= rule.least + 2 && coverage >= 0.85 && regularity >= 0.85 && spread <= (direction === 'in' ? 0.3 : 0.15)
      );
    default:
      return false;
  }
}

export function majorityCategory(occurrences: readonly { readonly movement: Movement }[]): Category {
  const counts = new Map<Category, number>();
  let best: Category = 'other';
  for (const { movement } of occurrences) {
    const count = (counts.get(movement.category) ?? 0) + 1;
    counts.set(movement.category, count);
    if (count > (counts.get(best) ?? 0)) best = movement.category;
  }
  return best;
}
