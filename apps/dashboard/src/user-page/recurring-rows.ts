/** What comes back, and what it comes to in a month. Pure. */
import { isRecurring, type UserInsight, type UserRecurring } from './answers.ts';

/** Times a year, over which a month is an even share: a year has 365.25 days. */
const timesAYear = {
  weekly: 52.18,
  fortnightly: 26.09,
  semimonthly: 24,
  monthly: 12,
  quarterly: 4,
  yearly: 1,
} as const satisfies Record<UserRecurring['cadence'], number>;

export interface MonthlyTotal {
  readonly currency: string;
  readonly exponent: number | null;
  /** Absolute amounts. */
  readonly inMinor: number;
  readonly outMinor: number;
}

export function monthlyMinor({ typicalMinor, cadence }: Pick<UserRecurring, 'typicalMinor' | 'cadence'>): number {
  return Math.round((typicalMinor * timesAYear[cadence]) / 12);
}

/** Payments before incomes, the largest in a month first. */
export function recurringRows(insights: readonly UserInsight[]): readonly UserRecurring[] {
  return insights
    .filter(isRecurring)
    .sort((a, b) => Number(a.direction === 'in') - Number(b.direction === 'in') || monthlyMinor(b) - monthlyMinor(a));
}

/** @returns one for each currency, by its name */
export function monthlyTotals(rows: readonly UserRecurring[]): readonly MonthlyTotal[] {
  const totals = new Map<string, MonthlyTotal>();
  for (const row of rows) {
    const { currency, exponent, direction } = row;
    if (currency === null) continue;
    const total = totals.get(currency) ?? { currency, exponent, inMinor: 0, outMinor: 0 };
    const side = direction === 'in' ? 'inMinor' : 'outMinor';
    totals.set(currency, { ...total, [side]: total[side] + monthlyMinor(row) });
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
