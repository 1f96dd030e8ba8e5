/** Hand-made recurring insights for tests, of the rows that their movements are made of. */
import { dateOf } from '../day.ts';
import type { RecurringInsight } from '../insight.ts';
import { day, type MovementRow } from './build-view.ts';

/** @param rows oldest first, all of one counterparty; what is not given is taken from them */
export function buildSeries(rows: readonly MovementRow[], given: Partial<RecurringInsight> = {}): RecurringInsight {
  const newest = rows.at(-1);
  if (newest === undefined) throw new RangeError('a series needs rows');
  const nextDate = given.nextDate ?? dateOf(day(newest.on) + 30);
  const minor = Math.abs(newest.minor);
  return {
    kind: 'recurring',
    fingerprint: `recurring-${newest.who}`.slice(0, 22).padEnd(22, '-'),
    currency: 'EUR',
    confidencePercent: 90,
    date: nextDate,
    counterparty: newest.who ?? null,
    evidence: rows
      .map(({ on, minor, account = 'current' }) => ({ connectionId: 'c1', accountId: account, date: on, minor }))
      .reverse()
      .slice(0, 12),
    direction: newest.minor > 0 ? 'in' : 'out',
    cadence: 'monthly',
    status: 'mature',
    category: newest.category ?? 'other',
    amountKind: 'fixed',
    nextDate,
    nextFromDate: dateOf(day(nextDate) - 2),
    nextToDate: dateOf(day(nextDate) + 2),
    typicalMinor: minor,
    lowMinor: minor,
    highMinor: minor,
    lastDate: newest.on,
    lastMinor: newest.minor,
    occurrences: rows.length,
    ...given,
  };
}
