/** Which days of a view are known whole: sums over others would be wrong without a sign of it. */
import { droppedMonthsKept } from './dropped-months.ts';
import { firstDayOf, lastDayOf, monthOf } from './months.ts';
import { remembered } from './remembered.ts';
import type { CounterpartyLedger, Day, View } from './view.ts';

/** Nothing may have happened on the first days of what is known. */
const QUIET_DAYS = 3;

type Place = Pick<CounterpartyLedger, 'connectionId' | 'accountId'>;

export function placeKey({ connectionId, accountId }: Place): string {
  return `${connectionId}|${accountId}`;
}

/** Without a text for each that is asked about. */
export function isAmong(places: readonly Place[]): (place: Place) => boolean {
  return ({ connectionId, accountId }) =>
    places.some((place) => place.accountId === accountId && place.connectionId === connectionId);
}

/**
 * Whether every movement of these accounts is there, from one day to another, both included. A connection without any movement has
 * nothing that could be missing.
 * @param view with own transfers: without them an account may seem to begin later than it does
 */
export function isKnown(view: View, places: readonly Place[], from: Day, to: Day): boolean {
  const isOfThese = isAmong(places);
  if (!areSynced(view, places, from, to)) return false;
  return view.ledgers.every((ledger) => isWholeFrom(ledger, from) || !isOfThese(ledger));
}

/** The same of whole months, where the sums of what was dropped count as well. */
export function areMonthsKnown(view: View, places: readonly Place[], first: number, last: number): boolean {
  const ids = new Set(places.map(({ connectionId }) => connectionId));
  const newest = new Map<string, Day>();
  for (const { connectionId, movements } of view.ledgers)
    newest.set(connectionId, Math.max(newest.get(connectionId) ?? 0, movements.at(-1)?.day ?? 0));
  const isKept = [...ids].every((id) => first >= monthOf(newest.get(id) ?? 0) - droppedMonthsKept);
  return isKept && areSynced(view, places, firstDayOf(first), lastDayOf(last));
}

function areSynced(view: View, places: readonly Place[], from: Day, to: Day): boolean {
  const since = firstDays(view);
  return [...new Set(places.map(({ connectionId }) => connectionId))].every((connectionId) => {
    const connection = view.connections.find((one) => one.connectionId === connectionId);
    const first = since.get(connectionId);
    if (connection === undefined) return false;
    return connection.isHistoryComplete && (connection.syncedDay ?? -1) >= to && (first ?? from) <= from + QUIET_DAYS;
  });
}

/** What was dropped of a ledger is older. */
export function isWholeFrom({ cutDay }: CounterpartyLedger, from: Day): boolean {
  return cutDay === null || cutDay < from;
}

/** The first day with a movement, by connection; where nothing but a sum is left of it, its month's last day. */
export const firstDays = remembered((view: View): ReadonlyMap<string, Day> => {
  const first = new Map<string, Day>();
  const take = (connectionId: string, day: Day) =>
    first.set(connectionId, Math.min(first.get(connectionId) ?? day, day));
  for (const { connectionId, movements, cutDay } of view.ledgers) {
    const day = cutDay ?? movements[0]?.day;
    if (day !== undefined) take(connectionId, day);
  }
  for (const { connectionId, month } of view.droppedMonths) take(connectionId, lastDayOf(month));
  return first;
});

/** Up to this day all these accounts are known; `null` where one of them was never read whole. */
export function knownUntil(view: View, places: readonly Place[]): Day | null {
  let until = view.today;
  for (const connectionId of new Set(places.map((place) => place.connectionId))) {
    const synced = view.connections.find((one) => one.connectionId === connectionId)?.syncedDay ?? null;
    if (synced === null) return null;
    until = Math.min(until, synced);
  }
  return until;
}
