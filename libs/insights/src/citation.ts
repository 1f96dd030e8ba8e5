/** What an insight cites. */
import { dateOf } from './day.ts';
import { type Evidence, mostEvidence } from './insight.ts';
import { movementsSince } from './movements-since.ts';
import type { CounterpartyLedger, Day, Movement, View } from './view.ts';

/** A movement with the ledger that it stands in. */
export interface Found {
  readonly ledger: CounterpartyLedger;
  readonly movement: Movement;
}

/** @param from first day, `to` last day: both included */
export function movementsOf(
  view: View,
  keeps: (ledger: CounterpartyLedger) => boolean,
  from: Day = Number.NEGATIVE_INFINITY,
  to: Day = Number.POSITIVE_INFINITY,
): Found[] {
  const found: Found[] = [];
  for (const ledger of view.ledgers) {
    if (!keeps(ledger)) continue;
    for (const movement of movementsSince(ledger.movements, from)) {
      if (movement.day > to) break;
      found.push({ ledger, movement });
    }
  }
  return found;
}

/** @returns the largest ones, newest first; the same for every order of what is given */
export function largestEvidence(found: readonly Found[]): Evidence[] {
  const cited = found.map(cite);
  const largest = cited.sort((a, b) => Math.abs(b.minor) - Math.abs(a.minor) || compare(a, b)).slice(0, mostEvidence);
  return largest.sort(compare);
}

/** @returns as many as are cited, in an order of their own */
export function newestFirst(cited: readonly Evidence[]): Evidence[] {
  return [...cited].sort(compare).slice(0, mostEvidence);
}

export function cite({ ledger: { connectionId, accountId }, movement: { day, minor } }: Found): Evidence {
  return { connectionId, accountId, date: dateOf(day), minor };
}

/** Newest first; the rest only makes the order the same each time. */
function compare(a: Evidence, b: Evidence): number {
  const [first, second] = [evidenceKey(a), evidenceKey(b)];
  return first < second ? 1 : first > second ? -1 : 0;
}

/** Names a movement, and its equals of the same day and account. */
export function evidenceKey({ connectionId, accountId, date, minor }: Evidence): string {
  return `${date}|${connectionId}|${accountId}|${minor}`;
}
