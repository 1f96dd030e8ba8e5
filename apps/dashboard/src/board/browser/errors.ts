/** The latest error lines. */
import { plural } from '../figures.ts';
import type { ErrorLine, Snapshot } from '../snapshot.ts';
import { byId, element, show } from './dom.ts';

const linesShown = 10;
const columns = ['Time', 'Component', 'Code', 'Detail', 'Correlation id'] as const;

function rowOf({ time, level, component, code, detail, correlationId }: ErrorLine): HTMLElement {
  const at = new Date(time);
  const clock = Number.isNaN(at.getTime()) ? time : at.toLocaleTimeString('en-GB');
  const cell = (label: string, text: string, kind: string) =>
    element('td', { role: 'cell', class: kind, 'data-label': label }, text === '' ? '–' : text);
  return element(
    'tr',
    { role: 'row' },
    cell('Time', clock, 'time'),
    cell('Component', component, 'component'),
    element('td', { role: 'cell', class: 'code', 'data-label': 'Code' }, code === '' ? level : code),
    cell('Detail', detail, 'detail'),
    cell('Correlation id', correlationId, 'id'),
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
        element('p', { class: 'meta' }, `${plural(errors.length - linesShown, 'older one')} in /snapshot.json`),
    ];
  });
}
