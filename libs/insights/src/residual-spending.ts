/**
 * What is spent besides all that comes back: by weeks, since days differ by their weekday. A sum follows the mean, and one sofa must not
 * move it: the mean without the highest and the lowest weeks.
 */
import type { Found } from './citation.ts';
import { spentMinor } from './spending.ts';
import { medianDistance, sigmaPerDistance } from './spread.ts';
import type { Day } from './view.ts';

const WEEKS = 13;
/** Older movements are not looked at. */
export const residualDays = 7 * WEEKS;
/** Weeks on either end that are left out of the mean, of all. */
const TRIMMED_SHARE = 0.1;
/** Fewer weeks say little of how they differ: half of what is spent may go up or down. */
const LEAST_WEEKS = 4;

export interface Residual {
  readonly dailyMinor: number;
  readonly weeklySpreadMinor: number;
  /** In those weeks: money in that is neither recurring nor given back. */
  readonly irregularInMinor: number;
  /** In those weeks: all that went out besides. */
  readonly outMinor: number;
}

/**
 * @param found movements of one account, recurring ones and own transfers left out
 * @param firstDay of what is known
 */
export function residualOf(found: readonly Found[], firstDay: Day, lastDay: Day): Residual {
  const count = Math.min(WEEKS, Math.floor((lastDay - firstDay + 1) / 7));
  const weeks = Array.from({ length: count }, () => 0);
  let [irregularInMinor, outMinor] = [0, 0];
  for (const one of found) {
    const week = Math.floor((lastDay - one.movement.day) / 7);
    if (week < 0 || week >= count) continue;
    const { minor, category } = one.movement;
    const spent = minor < 0 ? -minor : category === 'transfer' ? 0 : spentMinor(one);
    weeks[week] = (weeks[week] ?? 0) + spent;
    if (minor < 0) outMinor -= minor;
    else if (spent === 0) irregularInMinor += minor;
  }
  const trimmed = Math.max(count > 2 ? 1 : 0, Math.round(count * TRIMMED_SHARE));
  const kept = [...weeks].sort((a, b) => a - b).slice(trimmed, count - trimmed);
  const mean = kept.reduce((sum, one) => sum + one, 0) / Math.max(1, kept.length);
  const deviation = Math.sqrt(kept.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, kept.length));
  const spread = Math.max(sigmaPerDistance * medianDistance(weeks), deviation);
  return {
    dailyMinor: Math.max(0, mean) / 7,
    weeklySpreadMinor: count < LEAST_WEEKS ? Math.max(spread, Math.abs(mean) / 2) : spread,
    irregularInMinor,
    outMinor,
  };
}
