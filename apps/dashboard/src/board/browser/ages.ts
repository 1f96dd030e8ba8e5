/** Ages that go on by themselves. */
import { age } from '../figures.ts';
import { element, setText } from './dom.ts';

/** Empty until the next `tellAges`. */
export function since(epochMs: number): HTMLElement {
  return element('time', { datetime: new Date(epochMs).toISOString(), 'data-since': `${epochMs}` });
}

/** @param nowEpochMs the board's clock, not the browser's */
export function tellAges(nowEpochMs: number): void {
  for (const time of document.querySelectorAll('time[data-since]')) {
    setText(time, age(nowEpochMs - Number(time.getAttribute('data-since'))));
  }
}
