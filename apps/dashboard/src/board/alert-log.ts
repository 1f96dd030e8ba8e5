/** Alerts as they came and went, on every path. Pure: the board keeps the list. */
import { type Alert, alerts, runbookPage } from '@quartersec/sla';
import { alertFigure, clearsWhen } from './alert-words.ts';
import type { AlertEntry, AlertPath } from './snapshot.ts';

/** What a path says about one alert. */
export interface AlertNotice {
  readonly path: AlertPath;
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  readonly firedEpochMs: number;
  readonly resolvedEpochMs?: number;
  /** What it is about cannot have happened before this; absent where the moment is not known. */
  readonly happenedAfterEpochMs?: number;
  /** Of the alert's first condition, now. */
  readonly value?: number;
  /** From the path itself; our own alerts have better ones. */
  readonly words: {
    readonly severity: string;
    readonly title: string;
    readonly whatToDo: string;
    readonly runbookUrl: string;
  };
  /** Providers that are its cause, where the path knows them. */
  readonly causes?: readonly string[];
}

/** Ended ones that are kept as history; also the most that can fire at once, far above the number of alerts. */
export const endedAtMost = 50;
export const firingAtMost = 100;

export const noWords = { severity: 'warning', title: '', whatToDo: '', runbookUrl: '' } as const;

const knownOf = (name: string) => alerts.find((alert) => alert.name === name);

/** A page elsewhere is linked only where it surely is one. */
function runbookOf(known: Alert | undefined, url: string): Pick<AlertEntry, 'runbook'> {
  const anchor = known?.runbook;
  if (anchor !== undefined) return { runbook: { href: `/runbook/${anchor}`, label: `${runbookPage}#${anchor}` } };
  return /^https?:\/\//.test(url) ? { runbook: { href: url, label: url } } : {};
}

function figureOf(known: Alert | undefined, { value }: AlertNotice): Pick<AlertEntry, 'figure'> {
  return known === undefined || value === undefined ? {} : { figure: alertFigure(known, value) };
}

function entryOf(notice: AlertNotice, nowEpochMs: number, watchingSinceEpochMs: number): AlertEntry {
  const { path, name, status, firedEpochMs, resolvedEpochMs, happenedAfterEpochMs, words, causes = [] } = notice;
  const known = knownOf(name);
  // What happened before anybody watched took no time to arrive that says anything
  const timed = happenedAfterEpochMs !== undefined && happenedAfterEpochMs >= watchingSinceEpochMs;
  return {
    path,
    name,
    severity: known?.severity ?? words.severity,
    title: `${known?.title ?? (words.title === '' ? name : words.title)}${causes.length > 0 ? ` (${causes.join(', ')})` : ''}`,
    whatToDo: known?.whatToDo ?? words.whatToDo,
    ...(known !== undefined && { clears: clearsWhen(known) }),
    ...figureOf(known, notice),
    ...runbookOf(known, words.runbookUrl),
    status,
    firedEpochMs,
    shownEpochMs: nowEpochMs,
    ...(timed && { arrivedWithinMs: nowEpochMs - happenedAfterEpochMs }),
    ...(status === 'resolved' && { resolvedEpochMs: resolvedEpochMs ?? nowEpochMs }),
  };
}

const sameAlert = (entry: AlertEntry, { path, name }: Pick<AlertNotice, 'path' | 'name'>) =>
  entry.path === path && entry.name === name;

function take(
  entries: readonly AlertEntry[],
  notice: AlertNotice,
  nowEpochMs: number,
  watchingSinceEpochMs: number,
): readonly AlertEntry[] {
  const open = entries.find((entry) => entry.status === 'firing' && sameAlert(entry, notice));
  if (open !== undefined) {
    if (notice.status === 'firing') {
      const now = figureOf(knownOf(notice.name), notice);
      return now.figure === undefined
        ? entries
        : entries.map((entry) => (entry === open ? { ...open, ...now } : entry));
    }
    const ended: AlertEntry = { ...open, status: 'resolved', resolvedEpochMs: notice.resolvedEpochMs ?? nowEpochMs };
    return entries.map((entry) => (entry === open ? ended : entry));
  }
  // a late copy of what has ended here already
  if (entries.some((entry) => sameAlert(entry, notice) && notice.firedEpochMs <= (entry.resolvedEpochMs ?? 0)))
    return entries;
  return [entryOf(notice, nowEpochMs, watchingSinceEpochMs), ...entries];
}

/** Firing first, of those the critical ones, then newest first; at most so many of each. */
function ordered(entries: readonly AlertEntry[]): readonly AlertEntry[] {
  const newestFirst = [...entries].sort((a, b) => b.firedEpochMs - a.firedEpochMs);
  const rank = ({ severity }: AlertEntry) => (severity === 'critical' ? 0 : 1);
  const firing = newestFirst
    .filter(({ status }) => status === 'firing')
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, firingAtMost);
  const ended = newestFirst
    .filter(({ status }) => status === 'resolved')
    .sort((a, b) => (b.resolvedEpochMs ?? 0) - (a.resolvedEpochMs ?? 0))
    .slice(0, endedAtMost);
  return [...firing, ...ended];
}

/** Takes notices as they come: those not named stay as they are. */
export function recordAlerts(
  entries: readonly AlertEntry[],
  notices: readonly AlertNotice[],
  nowEpochMs: number,
  watchingSinceEpochMs: number,
): readonly AlertEntry[] {
  return ordered(notices.reduce((all, notice) => take(all, notice, nowEpochMs, watchingSinceEpochMs), entries));
}

/**
 * For a path that lists all that fires: what is not named any more has ended.
 * @param listedEpochMs when that list was made: an alert that came here later, by a notice of its own, is not missing from it
 */
export function endUnnamed(
  entries: readonly AlertEntry[],
  path: AlertPath,
  firingNames: readonly string[],
  listedEpochMs: number,
  nowEpochMs: number,
): readonly AlertEntry[] {
  const ended = ({ path: itsPath, status, name, shownEpochMs }: AlertEntry) =>
    itsPath === path && status === 'firing' && shownEpochMs < listedEpochMs && !firingNames.includes(name);
  return ordered(
    entries.map((entry) => (ended(entry) ? { ...entry, status: 'resolved', resolvedEpochMs: nowEpochMs } : entry)),
  );
}

/** How long event alerts took to arrive, of those in the list. */
export function arrivalsOf(entries: readonly AlertEntry[]): { readonly count: number; readonly slowestMs: number } {
  const all = entries.flatMap(({ arrivedWithinMs }) => (arrivedWithinMs === undefined ? [] : [arrivedWithinMs]));
  return { count: all.length, slowestMs: Math.max(0, ...all) };
}
