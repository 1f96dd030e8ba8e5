/** The table of objectives. */
import type { ObjectiveRow, RowStatus } from '../snapshot.ts';
import { byId, element, show } from './dom.ts';

const words: Readonly<Record<RowStatus, string>> = {
  kept: 'Kept',
  broken: 'Broken',
  'no-data': 'No data',
  'too-few': 'Too few events',
  'not-asked': 'Not tested',
};

/** What old figures said then says nothing about now. */
const oldWords: Readonly<Record<RowStatus, string>> = { ...words, kept: 'Was kept', broken: 'Was broken' };

/** Full while far from the bound, empty at it. */
function marginBar({ margin, status }: ObjectiveRow): HTMLElement | undefined {
  if (margin === null || status === 'no-data') return undefined;
  const bar = element('span', { class: 'bar', 'aria-hidden': 'true' }, element('span'));
  const left = Math.min(1, Math.max(0, margin));
  (bar.firstElementChild as HTMLElement).style.width = `${left * 100}%`;
  return bar;
}

/** Roles are written out: laid out as blocks on a phone, a table would lose them. */
function rowOf(row: ObjectiveRow, old: boolean): HTMLElement {
  const { key, title, note, valueText, boundText, marginText, status } = row;
  return element(
    'tr',
    { role: 'row', 'data-key': key, 'data-status': old ? 'old' : status },
    element('th', { role: 'rowheader', scope: 'row' }, title, element('span', { class: 'note' }, note)),
    element('td', { role: 'cell', class: 'value' }, valueText),
    element('td', { role: 'cell', class: 'bound' }, boundText),
    element('td', { role: 'cell', class: 'margin' }, marginBar(row), element('span', {}, marginText)),
    element(
      'td',
      { role: 'cell', class: 'state' },
      element('span', { class: 'mark', 'aria-hidden': 'true' }),
      (old ? oldWords : words)[status],
    ),
  );
}

/** @param old nothing newer comes: the rows are told, not judged */
export function showObjectives(rows: readonly ObjectiveRow[], old: boolean): void {
  show(byId('objectives'), [rows, old], () => [
    element(
      'table',
      { role: 'table' },
      element(
        'thead',
        { role: 'rowgroup' },
        element(
          'tr',
          { role: 'row' },
          ...['Objective', 'Now', 'Promise', 'Margin', 'State'].map((name) =>
            element('th', { role: 'columnheader', scope: 'col' }, name),
          ),
        ),
      ),
      element('tbody', { role: 'rowgroup' }, ...rows.map((row) => rowOf(row, old))),
    ),
  ]);
}
