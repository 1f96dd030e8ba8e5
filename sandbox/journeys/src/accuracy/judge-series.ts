/**
 * Judges what is told of series. Rules:
 * - recurring: right when most of its evidence is of one series and direction and cadence are that series' own. Found when told at the
 *   latest a week after the payment that is the second beyond the fewest that make a series (weekly 8, fortnightly and semimonthly 6,
 *   monthly 3, quarterly 4, yearly 2), or a week after the last one.
 * - next date: each day on which a mature series is told, the true next payment lies inside the band; gaps that were planted left out.
 * - price-change: right when its series' price rose (by 2 % or more) to the amount told, not more than 100 days before. Found within 21 days.
 * - missed-payment alarms: early where a payment of the series that is told only later lies inside the band that the alarm says is over.
 * - missed: right when the payment after the newest one of the series truly did not come within the longest time that is still in time
 *   (weekly 8, fortnightly 16, semimonthly 19, monthly 35, quarterly 105, yearly 385 days), and it was told after that time or five days
 *   beyond the due date. Found when told within 21 days behind that time.
 */
import { longestGapDays } from '@quartersec/sandbox-providers';
import { dayNumber } from './day-text.ts';
import type { Telling } from './telling.ts';
import { daysOf, type Series, type Truth } from './truth.ts';
import { type Verdict, VerdictBuilder } from './verdict.ts';

const fewest = {
  weekly: 8,
  fortnightly: 6,
  semimonthly: 6,
  monthly: 3,
  bimonthly: 99,
  quarterly: 4,
  yearly: 2,
} as const;
const graceDays = 7;

export function judgeRecurring(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('recurring');
  const toldOf = new Map<Series, Telling[]>();
  for (const telling of tellings) {
    if (telling.first.kind !== 'recurring' || telling.last.kind !== 'recurring') continue;
    const series = truth.seriesOf(telling.transactions);
    if (series === undefined) {
      const innocents = truth.innocents(telling.transactions).map(({ reason }) => reason);
      const purposes = [...new Set([...telling.transactions].map(({ purpose }) => purpose))].slice(0, 3);
      verdict.told(telling, `no series: ${innocents[0] ?? purposes.join(', ')}`);
      continue;
    }
    const { label } = series;
    if (!label.isDemanded && label.rhythm !== telling.last.cadence) verdict.told(telling, null);
    else if (label.direction !== telling.last.direction) verdict.told(telling, 'direction');
    else if (label.rhythm !== telling.last.cadence)
      verdict.told(telling, `cadence: ${telling.last.cadence} for ${label.rhythm}`);
    else {
      verdict.told(telling, null);
      toldOf.set(series, [...(toldOf.get(series) ?? []), telling]);
    }
  }
  for (const series of truth.series) {
    if (!series.label.isDemanded) continue;
    const told = toldOf.get(series) ?? [];
    const firstDay = Math.min(...told.map((each) => each.firstDay));
    const due = series.records[fewest[series.label.rhythm] + 1] ?? series.records.at(-1);
    const byDay = (due?.toldDay ?? 0) + graceDays;
    const why = told.length === 0 ? 'never told' : firstDay > byDay ? 'told late' : null;
    const daysLate = told.length === 0 ? null : firstDay - byDay;
    verdict.demanded(series.label, why === null ? null : `${why}: ${series.label.rhythm} ${series.label.amountKind}`, {
      daysLate,
    });
  }
  return verdict.done();
}

export function judgePriceChange(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('price-change');
  const labels = truth.labels('price-change');
  const found = new Set<unknown>();
  for (const telling of tellings) {
    const { first } = telling;
    if (first.kind !== 'price-change') continue;
    const series = truth.seriesOf(telling.transactions);
    const ids = new Set(series?.label.ids ?? []);
    const match = labels.find(
      (label) =>
        label.ids.some((id) => ids.has(id)) &&
        label.afterMinor === first.afterMinor &&
        daysOf(label).from <= telling.firstDay &&
        daysOf(label).from > telling.firstDay - 100,
    );
    if (match === undefined) {
      const what =
        series === undefined ? 'no series' : series.label.amountKind === 'variable' ? 'variable amounts' : 'no change';
      const innocents = truth.innocents(telling.transactions).map(({ reason }) => reason);
      verdict.told(telling, `${what} ${innocents[0] ?? ''}`.trim());
    } else if (match.reason === 'fall' || match.reason === 'small') verdict.told(telling, match.reason);
    else {
      verdict.told(telling, null);
      if (telling.firstDay <= daysOf(match).from + 21) found.add(match);
    }
  }
  for (const label of labels) {
    if (label.isDemanded) verdict.demanded(label, found.has(label) ? null : `not told in time: ${label.reason}`);
  }
  return verdict.done();
}

export function judgeMissed(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('missed');
  const labels = truth.labels('missed');
  const found = new Set<unknown>();
  for (const telling of tellings) {
    const { first, firstDay } = telling;
    if (first.kind !== 'missed') continue;
    const series = truth.seriesOf(telling.transactions);
    if (series === undefined) {
      const innocents = truth.innocents(telling.transactions).map(({ reason }) => reason);
      verdict.told(telling, `no series ${innocents[0] ?? ''}`.trim());
      continue;
    }
    const known = series.records.filter(({ toldDay }) => toldDay <= firstDay);
    const last = known.at(-1);
    const next = series.records[known.length];
    if (last === undefined) continue;
    const rhythm = series.label.isDemanded ? series.label.rhythm : first.cadence;
    const inTimeUntil = last.day + longestGapDays[rhythm];
    const label = labels.find((each) => each.ids.includes(last.id) && each.counterparty === series.label.counterparty);
    const dueDay = label === undefined ? inTimeUntil - 5 : dayNumber(label.expectedDate);
    const facts = { lastDay: last.day, nextDay: next?.day ?? null, firstDay, inTimeUntil };
    if (next !== undefined && next.day <= inTimeUntil) verdict.told(telling, 'the payment came in time', facts);
    else if (firstDay < Math.min(dueDay + 5, inTimeUntil + 1)) verdict.told(telling, 'too early', facts);
    else {
      verdict.told(telling, null);
      if (label !== undefined && firstDay <= inTimeUntil + 21) found.add(label);
    }
  }
  for (const label of labels) {
    if (label.isDemanded)
      verdict.demanded(label, found.has(label) ? null : `not told in time: ${label.status} ${label.rhythm}`);
  }
  return verdict.done();
}

export interface AlarmCount {
  readonly alarms: number;
  /** Before a payment that came inside its band. */
  readonly early: number;
}

export function countAlarms(truth: Truth, tellings: readonly Telling[]): AlarmCount {
  const alarms = tellings.flatMap(({ first, firstDay, transactions }) =>
    first.kind === 'missed' ? [{ until: dayNumber(first.expectedToDate), firstDay, transactions }] : [],
  );
  const early = alarms.filter(({ until, firstDay, transactions }) => {
    const next = truth.seriesOf(transactions)?.records.find(({ toldDay }) => toldDay > firstDay);
    return next !== undefined && next.day <= until;
  });
  return { alarms: alarms.length, early: early.length };
}

export interface BandCount {
  hits: number;
  total: number;
}

/** Counts whether the next payments told lie in their bands. */
export function countBands(truth: Truth, telling: Telling, today: number, bands: BandCount): void {
  const { last } = telling;
  if (last.kind !== 'recurring' || last.status !== 'mature') return;
  const series = truth.seriesOf(telling.transactions);
  if (series === undefined || !series.label.isDemanded || series.label.rhythm !== last.cadence) return;
  const at = series.records.findIndex(({ day, toldDay }) => day >= today || toldDay > today);
  const next = series.records[at];
  const before = series.records[at - 1];
  if (next === undefined || before === undefined || next.toldDay <= today) return;
  if (next.day - before.day > longestGapDays[series.label.rhythm]) return;
  bands.total += 1;
  if (next.day >= dayNumber(last.nextFromDate) && next.day <= dayNumber(last.nextToDate)) bands.hits += 1;
}
