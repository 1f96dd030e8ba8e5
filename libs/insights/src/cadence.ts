/** The rhythms that payments come in. */
import type { Cadence } from './insight.ts';

export interface CadenceRule {
  readonly cadence: Cadence;
  /** The interval between two, in days. */
  readonly fromDays: number;
  readonly toDays: number;
  readonly periodDays: number;
  /** As many are needed to say it. */
  readonly least: number;
  /** With as many it is relied on. */
  readonly mature: number;
  /** How far from the day that the others point to one may be and is still in time. */
  readonly phaseDays: number;
  /** In a year. */
  readonly perYear: number;
  /** Calendar months of a period; 0 for those that count days. */
  readonly months: number;
}

/** Shorter ones first. */
export const cadenceRules: readonly CadenceRule[] = [
  {
    cadence: 'weekly',
    fromDays: 6,
    toDays: 8,
    periodDays: 7,
    least: 8,
    mature: 8,
    phaseDays: 1,
    perYear: 52,
    months: 0,
  },
  {
    cadence: 'fortnightly',
    fromDays: 13,
    toDays: 16,
    periodDays: 14,
    least: 6,
    mature: 6,
    phaseDays: 2,
    perYear: 26,
    months: 0,
  },
  {
    cadence: 'semimonthly',
    fromDays: 12,
    toDays: 19,
    periodDays: 15.22,
    least: 6,
    mature: 6,
    phaseDays: 3,
    perYear: 24,
    months: 0,
  },
  {
    cadence: 'monthly',
    fromDays: 25,
    toDays: 35,
    periodDays: 30.44,
    least: 3,
    mature: 4,
    phaseDays: 4,
    perYear: 12,
    months: 1,
  },
  {
    cadence: 'quarterly',
    fromDays: 80,
    toDays: 105,
    periodDays: 91.31,
    least: 4,
    mature: 4,
    phaseDays: 10,
    perYear: 4,
    months: 3,
  },
  {
    cadence: 'yearly',
    fromDays: 345,
    toDays: 385,
    periodDays: 365.24,
    least: 2,
    mature: 3,
    phaseDays: 15,
    perYear: 1,
    months: 12,
  },
];

/** Days of the month are kept, and not counted days. */
export function isByCalendar({ cadence, months }: CadenceRule): boolean {
  return months > 0 || cadence === 'semimonthly';
}

export function ruleOf(cadence: Cadence): CadenceRule {
  const rule = cadenceRules.find((candidate) => candidate.cadence === cadence);
  if (rule === undefined) throw new RangeError(`There is no cadence ${cadence}.`);
  return rule;
}
