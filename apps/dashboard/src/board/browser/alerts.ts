/** Alerts that fire, a cause with what follows from it, and those that have ended. */
import { type AlertGroup, alertGroups, type ToldAlert } from '../alert-groups.ts';
import { age, milliseconds, plural } from '../figures.ts';
import type { AlertEntry, AlertPath } from '../snapshot.ts';
import { since } from './ages.ts';
import { byId, element, show } from './dom.ts';

const historyShown = 6;
/** The others are folded, so that what fires, and the objectives, come first. */
const historyOpen = 2;
const judgedBy = {
  live: 'judged by this board',
  prometheus: 'judged by Prometheus',
  grafana: 'judged by Grafana',
} as const satisfies Record<AlertPath, string>;

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const clock = (epochMs: number) => new Date(epochMs).toLocaleTimeString('en-GB');

function arrival({ arrivedWithinMs }: AlertEntry): string {
  return arrivedWithinMs === undefined ? '' : ` · shown within ${milliseconds(arrivedWithinMs)} of the event`;
}

function runbookLink({ runbook, path, name, firedEpochMs }: AlertEntry): HTMLElement | undefined {
  if (runbook === undefined) return undefined;
  return element('a', { href: runbook.href, 'data-focus': `${path} ${name} ${firedEpochMs}` }, runbook.label);
}

function badges({ severity, path, status }: AlertEntry): readonly HTMLElement[] {
  const state = status === 'firing' ? capital(severity) : 'Resolved';
  return [
    element('span', { class: 'badge' }, element('span', { class: 'mark', 'aria-hidden': 'true' }), state),
    element('span', { class: 'path', title: judgedBy[path] }, path),
  ];
}

/** What measures how long alerts take (`npm run perf -- alert`) looks for these attributes, on what is never folded. */
const marksOf = ({ name, severity, path }: AlertEntry) => ({
  'data-alert': name,
  'data-severity': severity,
  'data-status': 'firing',
  'data-path': path,
});

/** Told by another path as well: a mark more, not a card more. */
function copyMark(entry: AlertEntry): HTMLElement {
  return element('span', { class: 'path', title: judgedBy[entry.path], ...marksOf(entry) }, entry.path);
}

function firingTimes(entry: AlertEntry): HTMLElement {
  const { firedEpochMs } = entry;
  const when = `, since ${clock(firedEpochMs)}`;
  return element('p', { class: 'meta' }, 'fires for ', since(firedEpochMs), when, arrival(entry));
}

function firingWords(entry: AlertEntry): readonly HTMLElement[] {
  const { whatToDo, clears } = entry;
  return [
    firingTimes(entry),
    element('p', {}, whatToDo),
    ...(clears === undefined ? [] : [element('p', { class: 'meta' }, clears)]),
    element('p', {}, runbookLink(entry)),
  ];
}

/** Folded, yet named: nobody must unfold anything to learn that an alert fires. */
function following({ first: lead }: ToldAlert, follow: readonly ToldAlert[]): HTMLElement | undefined {
  if (follow.length === 0) return undefined;
  const mark = () => element('span', { class: 'mark', 'aria-hidden': 'true' });
  const names = follow.map(({ first, copies }) =>
    element('li', marksOf(first), mark(), first.title, ...copies.map(copyMark)),
  );
  const words = follow.length === 1 ? '1 alert follows from it' : `${follow.length} alerts follow from it`;
  const items = follow.map(({ first }) =>
    element('li', {}, element('p', { class: 'head' }, element('strong', {}, first.title)), ...firingWords(first)),
  );
  return element(
    'div',
    { class: 'follow' },
    element(
      'details',
      { 'data-fold': lead.name },
      element('summary', { 'data-focus': `fold ${lead.name}` }, words),
      element('ul', {}, ...items),
    ),
    element('ul', { class: 'names', 'aria-label': 'What follows from it' }, ...names),
  );
}

function firingItem({ lead, follow }: AlertGroup): HTMLElement {
  const { first, copies } = lead;
  return element(
    'li',
    marksOf(first),
    element('p', { class: 'head' }, ...badges(first), ...copies.map(copyMark)),
    element('p', { class: 'title' }, element('strong', {}, first.title)),
    first.figure !== undefined && element('p', { class: 'figure' }, first.figure),
    ...firingWords(first),
    following(lead, follow),
  );
}

function endedItem(entry: AlertEntry): HTMLElement {
  const { name, title, firedEpochMs, resolvedEpochMs = firedEpochMs } = entry;
  return element(
    'li',
    { 'data-alert': name, 'data-status': 'resolved', 'data-path': entry.path },
    element('p', { class: 'head' }, ...badges(entry), element('strong', {}, title)),
    element(
      'p',
      { class: 'meta' },
      `fired at ${clock(firedEpochMs)} for ${age(resolvedEpochMs - firedEpochMs)}, ended `,
      since(resolvedEpochMs),
      ' ago',
      arrival(entry),
    ),
    element('p', {}, runbookLink(entry)),
  );
}

function olderOnes(ended: readonly AlertEntry[]): HTMLElement {
  const rest = ended.length + historyOpen - historyShown;
  return element(
    'details',
    { 'data-fold': 'earlier' },
    element('summary', { 'data-focus': 'earlier' }, plural(ended.length, 'older one')),
    element('ul', { class: 'ended' }, ...ended.slice(0, historyShown - historyOpen).map(endedItem)),
    rest > 0 && element('p', { class: 'meta' }, `${plural(rest, 'more', 'more')} in /snapshot.json`),
  );
}

export function showAlerts(entries: readonly AlertEntry[]): void {
  const firing = entries.filter(({ status }) => status === 'firing');
  const ended = entries.filter(({ status }) => status === 'resolved');
  show(byId('alerts'), entries, () => [
    firing.length === 0 && element('p', { class: 'none' }, 'None fires.'),
    firing.length > 0 &&
      element('ul', { class: 'firing', 'aria-label': 'Firing' }, ...alertGroups(firing).map(firingItem)),
    ended.length > 0 && element('h3', {}, 'Earlier'),
    ended.length > 0 && element('ul', { class: 'ended' }, ...ended.slice(0, historyOpen).map(endedItem)),
    ended.length > historyOpen && olderOnes(ended.slice(historyOpen)),
  ]);
}
