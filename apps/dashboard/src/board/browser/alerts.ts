/** Alerts that fire, those that have ended, and the switch that makes one. */
import { age, milliseconds, plural } from '../figures.ts';
import type { AlertEntry, AlertPath, FaultSwitch } from '../snapshot.ts';
import { byId, element, setText, show } from './dom.ts';

const historyShown = 6;
const judgedBy = {
  live: 'judged by this board',
  prometheus: 'judged by Prometheus',
  grafana: 'judged by Grafana',
} as const satisfies Record<AlertPath, string>;
const boardFault = { id: 'board-outage', kind: 'status', options: { status: 503 } };

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const clock = (epochMs: number) => new Date(epochMs).toLocaleTimeString('en-GB');

/** An age that goes on by itself, see `tellAges`. */
function since(epochMs: number): HTMLElement {
  return element('time', { datetime: new Date(epochMs).toISOString(), 'data-since': `${epochMs}` });
}

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

/** What measures how long alerts take (`npm run perf -- alert`) looks for the data attributes of an item. */
function firingItem(entry: AlertEntry): HTMLElement {
  const { name, severity, title, whatToDo, firedEpochMs } = entry;
  return element(
    'li',
    { 'data-alert': name, 'data-severity': severity, 'data-status': 'firing', 'data-path': entry.path },
    element('p', { class: 'head' }, ...badges(entry), element('strong', {}, title)),
    element(
      'p',
      { class: 'meta' },
      'fires for ',
      since(firedEpochMs),
      `, since ${clock(firedEpochMs)}`,
      arrival(entry),
    ),
    element('p', {}, whatToDo),
    element('p', {}, runbookLink(entry)),
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

export function showAlerts(entries: readonly AlertEntry[]): void {
  const firing = entries.filter(({ status }) => status === 'firing');
  const ended = entries.filter(({ status }) => status === 'resolved');
  show(byId('alerts'), entries, () => [
    firing.length === 0 && element('p', { class: 'none' }, 'None fires.'),
    firing.length > 0 && element('ul', { class: 'firing', 'aria-label': 'Firing' }, ...firing.map(firingItem)),
    ended.length > 0 && element('h3', {}, 'Earlier'),
    ended.length > 0 && element('ul', { class: 'ended' }, ...ended.slice(0, historyShown).map(endedItem)),
    ended.length > historyShown &&
      element('p', { class: 'meta' }, `${plural(ended.length - historyShown, 'older one')} in /snapshot.json`),
  ]);
}

/** @param nowEpochMs the board's clock, not the browser's */
export function tellAges(nowEpochMs: number): void {
  for (const time of document.querySelectorAll('time[data-since]')) {
    setText(time, age(nowEpochMs - Number(time.getAttribute('data-since'))));
  }
}

async function switchFault(on: boolean, button: HTMLButtonElement, says: HTMLElement): Promise<void> {
  button.setAttribute('aria-disabled', 'true'); // stays focusable, unlike one that is disabled
  try {
    const response = on
      ? await fetch('/faults', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(boardFault),
        })
      : await fetch(`/faults/${boardFault.id}`, { method: 'DELETE' });
    if (!response.ok) throw new Error(((await response.json()) as { error?: string }).error ?? `${response.status}`);
  } catch (error) {
    setText(says, `It could not be switched: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

export function showFaultSwitch({ available, on, says }: FaultSwitch): void {
  show(byId('fault'), { available, on, says }, () => {
    if (!available) return [element('p', { class: 'meta' }, says)];
    const text = on
      ? `${says} The alert fires within seconds, and stays for some minutes after the fault is off.`
      : 'Makes every call to the simulated provider fail: retries run out, and an alert comes. Switch it off again to see it go.';
    const explanation = element('p', { id: 'fault-says', role: 'status' }, text);
    const button = element(
      'button',
      { type: 'button', 'aria-describedby': 'fault-says', 'data-focus': 'fault', 'data-on': `${on}` },
      on ? 'Let the provider answer again' : 'Make the provider fail',
    ) as HTMLButtonElement;
    button.addEventListener('click', () => {
      if (!button.hasAttribute('aria-disabled')) void switchFault(!on, button, explanation);
    });
    return [element('h3', {}, 'Try it'), explanation, button];
  });
}
