/** Up to when the movements are known, and how late a series is on that day. */
import type { Series } from './series.ts';
import type { Day, View } from './view.ts';

/** @returns `null` where the connection of its last payment was never read to the end: silence says nothing */
export function knownDay(series: Series, view: View): Day | null {
  const of = series.occurrences.at(-1)?.connectionId;
  const synced = view.connections.find(({ connectionId }) => connectionId === of)?.syncedDay ?? null;
  return synced === null ? null : Math.min(synced, view.today);
}

/** Whole periods that have passed since the band in which the next one was due. */
export function missedPeriods({ next, rule }: Series, known: Day | null): number {
  if (known === null || known <= next.to) return 0;
  return 1 + Math.floor((known - next.to) / rule.periodDays);
}

/** After two it has ended. */
export const periodsToEnd = 2;

/** What tells it from every other series. */
export function aboutSeries({ key, direction, currency, rule, part }: Series): readonly string[] {
  return [key, direction, currency, rule.cadence, part];
}
