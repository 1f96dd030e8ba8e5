/** Up to when the movements are known, and how late a series is on that day. */
import { ruleOf } from './cadence.ts';
import type { Cadence } from './insight.ts';
import type { Series } from './series.ts';
import type { Day, Movement, View } from './view.ts';

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

/** An amount such as before, but for what rounds it. */
const LIKE_SHARE = 0.05;
/** More comes with the wage of December. */
const MOST_EXTRA = 2;

/**
 * Whether this is the next one, though long before its band: a wage of December comes before Christmas. Later than half a period behind
 * the last one, and such as those before.
 */
export function cameEarly(
  { day, minor }: Pick<Movement, 'day' | 'minor'>,
  lastDay: Day,
  usual: { readonly cadence: Cadence; readonly lowMinor: number; readonly highMinor: number },
): boolean {
  const size = Math.abs(minor);
  const most = usual.highMinor * (minor > 0 ? MOST_EXTRA : 1 + LIKE_SHARE);
  const isLike = size >= usual.lowMinor * (1 - LIKE_SHARE) && size <= most;
  return isLike && day - lastDay > ruleOf(usual.cadence).periodDays / 2;
}
