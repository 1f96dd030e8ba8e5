/** What counts as spending and as income, in one place: the detectors that add up months must not differ. */
import type { AccountView, Category, CounterpartyLedger, Movement, View } from './view.ts';

/** As much of a movement as it takes to tell. */
interface Counted {
  readonly ledger: Pick<CounterpartyLedger, 'direction'>;
  readonly movement: Pick<Movement, 'category' | 'minor'>;
}

/** Neither spent nor earned, as far as can be told: paired own transfers have left already, and these are the others. */
export const unclear: ReadonlySet<Category> = new Set<Category>(['transfer']);
const INCOME: ReadonlySet<Category> = new Set<Category>(['income', 'interest']);

/** Accounts whose movements are the household's own: a loan's or a broker's are not. */
export function isHousehold({ type }: Pick<AccountView, 'type'>): boolean {
  return type === 'CACC' || type === 'CARD' || type === 'SVGS';
}

/** @returns ids of the household's accounts, by currency */
export function householdOf(view: View): ReadonlyMap<string, readonly AccountView[]> {
  return Map.groupBy(view.accounts.filter(isHousehold), ({ currency }) => currency);
}

/** Minor units spent; a refund counts against, in the category that it came from. 0 for what is no spending. */
export function spentMinor({ ledger, movement }: Counted): number {
  if (unclear.has(movement.category) || movement.category === 'income') return 0;
  if (ledger.direction === 'out') return -movement.minor;
  // Money in without a category, interest and benefits are earned, not given back.
  return isEarned(movement.category) ? 0 : -movement.minor;
}

/** Minor units earned. */
export function earnedMinor({ ledger, movement }: Counted): number {
  return ledger.direction === 'in' && isEarned(movement.category) ? movement.minor : 0;
}

function isEarned(category: Category): boolean {
  return INCOME.has(category) || category === 'government' || category === 'other';
}
