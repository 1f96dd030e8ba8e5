/** The linked connections: how many are in which state, and those that somebody should see. */
import { plural } from '../figures.ts';
import type { ConnectionLine, ConnectionsState, ConnectionTone, Snapshot } from '../snapshot.ts';
import { since } from './ages.ts';
import { byId, element, show } from './dom.ts';

/** The others are folded, so that the charts stay near. */
const rowsOpen = 8;
/** The system asks its table every two seconds; after so long its table does not answer. */
const oldAfterMs = 15_000;
const dayMs = 86_400_000;
const columns = ['Connection', 'Bank', 'State', 'Its user has to', 'Last read', 'History'] as const;

/** The marks that the rest of the page has for such states. */
const marks = {
  good: 'kept',
  still: 'no-data',
  stale: 'stale',
  user: 'at-risk',
  ended: 'broken',
} as const satisfies Record<ConnectionTone, string>;

const mark = () => element('span', { class: 'mark', 'aria-hidden': 'true' });

/** For what may have gone on since: a moment stays true, an age does not. */
function moment(epochMs: number, nowEpochMs: number): string {
  const at = new Date(epochMs);
  return nowEpochMs - epochMs < dayMs ? at.toLocaleTimeString('en-GB') : at.toLocaleString('en-GB');
}

function countsOf({ linked, counts }: ConnectionsState): readonly HTMLElement[] {
  const bar = element(
    'div',
    { class: 'shares', 'aria-hidden': 'true' },
    ...counts.map(({ count, tone }) => {
      const part = element('span', { 'data-status': marks[tone] });
      part.style.flexGrow = `${count}`;
      return part;
    }),
  );
  const items = counts.map(({ tone, text }) => element('li', { 'data-status': marks[tone] }, mark(), text));
  return [
    element(
      'ul',
      { class: 'counts', 'aria-label': 'Linked connections by state' },
      element('li', {}, element('strong', {}, `${plural(linked, 'connection')} linked`)),
      ...items,
    ),
    bar,
  ];
}

function lastRead({ syncedEpochMs }: ConnectionLine, oldAtEpochMs: number | undefined): readonly (Node | string)[] {
  if (syncedEpochMs === null) return ['not read yet'];
  if (oldAtEpochMs !== undefined) return [`at ${moment(syncedEpochMs, oldAtEpochMs)}`];
  return [since(syncedEpochMs), ' ago'];
}

/** Roles are written out: laid out as blocks on a phone, a table would lose them. */
function rowOf(line: ConnectionLine, oldAtEpochMs: number | undefined): HTMLElement {
  const { connectionId, userId, institutionId, tone, stateText, todo, history, accounts, byHand } = line;
  const user = `of ${userId}${byHand ? ', linked by hand' : ''}`;
  const neverRead = line.syncedEpochMs === null;
  const cell = (kind: string, ...children: readonly (Node | string)[]) =>
    element('td', { role: 'cell', class: kind }, ...children);
  return element(
    'tr',
    { role: 'row', 'data-connection': connectionId, 'data-status': marks[tone] },
    element(
      'th',
      { role: 'rowheader', scope: 'row' },
      element('span', { class: 'id', title: connectionId }, connectionId),
      element('span', { class: 'note', title: user }, user),
    ),
    cell(
      'bank',
      element('span', { class: 'institution', title: institutionId }, institutionId),
      element('span', { class: 'note' }, neverRead && accounts === 0 ? 'no accounts yet' : plural(accounts, 'account')),
    ),
    cell('state', mark(), stateText),
    cell(todo === null ? 'todo idle' : 'todo', todo ?? 'nothing'),
    cell(neverRead ? 'read never' : 'read', ...lastRead(line, oldAtEpochMs)),
    cell('history', history),
  );
}

function tableOf(rows: readonly ConnectionLine[], oldAtEpochMs: number | undefined): HTMLElement {
  const head = columns.map((name) => element('th', { role: 'columnheader', scope: 'col' }, name));
  return element(
    'table',
    { role: 'table' },
    element('colgroup', {}, ...columns.map(() => element('col'))),
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...head)),
    element('tbody', { role: 'rowgroup' }, ...rows.map((row) => rowOf(row, oldAtEpochMs))),
  );
}

function folded(rows: readonly ConnectionLine[], oldAtEpochMs: number | undefined): HTMLElement | undefined {
  if (rows.length === 0) return undefined;
  return element(
    'details',
    { 'data-fold': 'connections' },
    element('summary', { 'data-focus': 'connections' }, plural(rows.length, 'more', 'more')),
    tableOf(rows, oldAtEpochMs),
  );
}

/** @param old nothing newer comes from the system: what it said last is told with its time */
export function showConnections({ connections, atEpochMs }: Snapshot, old: boolean): void {
  byId('connections-card').hidden = connections === undefined;
  if (connections === undefined) return;
  const { readEpochMs, linked, counts, says, rows } = connections;
  const oldAtEpochMs = old || atEpochMs - readEpochMs > oldAfterMs ? readEpochMs : undefined;
  show(byId('connections'), [linked, counts, says, rows, oldAtEpochMs], () => [
    oldAtEpochMs !== undefined &&
      element('p', { class: 'meta asof' }, `As of ${moment(readEpochMs, atEpochMs)}: nothing newer has come since.`),
    ...(linked === 0
      ? [
          element(
            'p',
            { class: 'none' },
            'No connection is linked yet. ',
            element('code', {}, 'npm run link'),
            ' links one.',
          ),
        ]
      : [...countsOf(connections), element('p', { class: 'meta' }, `${says.join('; ')}.`)]),
    rows.length > 0 && tableOf(rows.slice(0, rowsOpen), oldAtEpochMs),
    folded(rows.slice(rowsOpen), oldAtEpochMs),
  ]);
}
