/** The days on which a recurring payment or income is expected, from its next one on. */
import { addMonths } from './day.ts';
import type { Cadence } from './insight.ts';
import type { Day } from './view.ts';

/** @param count 0 for the next one itself */
export function occurrence(next: Day, cadence: Cadence, count: number): Day {
  switch (cadence) {
    case 'weekly':
      return next + 7 * count;
    case 'fortnightly':
      return next + 14 * count;
    case 'semimonthly':
      return addMonths(next, count >> 1) + (count % 2 === 0 ? 0 : 15);
    case 'monthly':
      return addMonths(next, count);
    case 'quarterly':
      return addMonths(next, 3 * count);
    case 'yearly':
      return addMonths(next, 12 * count);
  }
}
