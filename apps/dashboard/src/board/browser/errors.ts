/** The latest error lines, equal ones as one row. */
import { plural } from '../figures.ts';
import type { ErrorGroup, Snapshot } from '../snapshot.ts';
import { byId, element, show } from './dom.ts';

const linesShown = 10;
const columns = ['Time', 'Component', 'Code', 'Detail', 'Correlation id'] as const;

function clockOf(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : at.toLocaleTimeString('en-GB');
}

function rowOf({ time, firstTime, times, level, component, code, detail, correlationId }: ErrorGroup): HTMLElement {
  const cell = (label: string, text: string, kind: string) =>
    element('td', { role: 'cell', class: kind, 'data-label': label }, text === '' ? '–' : text);
  return element(
    'tr',
    { role: 'row' },
    element(
      'td',
      { role: 'cell', class: 'time', 'data-label': 'Time' },
      element('span', {}, clockOf(time)),
      times > 1 && element('span', { class: 'note' }, `since ${clockOf(firstTime)}`),
    ),
    cell('Component', component, 'component'),
    element(
      'td',
      { role: 'cell', class: 'code', 'data-label': 'Code' },
      element(
        'span',
        {},
        code === '' ? level : code,
        times > 1 && element('span', { class: 'times' }, element('span', { 'aria-hidden': 'true' }, '× '), `${times}`),
      ),
    ),
    cell('Detail', detail, 'detail'),
    cell(times > 1 ? 'Newest id' : 'Correlation id', correlationId, 'id'),
  );
}

export function showErrors({ errors, errorsElsewhere }: Snapshot): void {
  show(byId('errors'), [errors, errorsElsewhere], () => {
    if (errorsElsewhere !== undefined) return [element('p', { class: 'none' }, errorsElsewhere)];
    if (errors.length === 0) return [element('p', { class: 'none' }, 'None logged.')];
    const head = columns.map((name) => element('th', { role: 'columnheader', scope: 'col' }, name));
    return [
      element(
        'table',
        { role: 'table' },
        element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...head)),
        element('tbody', { role: 'rowgroup' }, ...errors.slice(0, linesShown).map(rowOf)),
      ),
      errors.length > linesShown &&
        element('p', { class: 'meta' }, `${plural(errors.length - linesShown, 'older kind')} in /snapshot.json`),
    ];
  });
}
