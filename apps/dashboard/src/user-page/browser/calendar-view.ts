/** The next weeks: what is due and what is expected, on its day. Days without anything are left out where there is little room. */
import { byId, element, show } from '../../board/browser/dom.ts';
import type { CalendarDay, DueEvent } from '../due-calendar.ts';
import { dateOf, dayRange, longDay, shortDay, weekdayAndDay } from '../local-day.ts';
import { money } from '../money.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function rangeText({ day, fromDay, toDay }: DueEvent): string {
  return fromDay === day && toDay === day ? '' : dayRange(fromDay, toDay);
}

function eventItem(event: DueEvent): HTMLElement {
  const { minor, currency, exponent, name, kind, isSure } = event;
  const range = rangeText(event);
  const amount = money(minor, currency, exponent, { signed: true });
  return element(
    'li',
    {
      class: 'event',
      'data-kind': kind,
      'data-sure': `${isSure}`,
      title: `${name}, ${amount}${range === '' ? '' : `, expected ${range}`}`,
    },
    element('span', { class: 'event-name' }, name),
    element('span', { class: 'event-amount' }, amount),
    range !== '' && element('span', { class: 'event-range' }, range),
    !isSure && element('span', { class: 'heard' }, ', not sure yet'),
  );
}

function dayItem({ day, isPast, isToday, events }: CalendarDay, index: number): HTMLElement {
  const dayOfMonth = Number(dateOf(day).slice(8));
  const label = index === 0 || dayOfMonth === 1 ? shortDay(day) : `${dayOfMonth}`;
  const state = isPast ? 'past' : isToday ? 'today' : 'ahead';
  return element(
    'li',
    { class: 'day', 'data-day': state, 'data-empty': `${events.length === 0}` },
    element(
      'time',
      { datetime: dateOf(day) },
      element('span', { class: 'heard' }, `${longDay(day)}${isToday ? ', today' : ''}: `),
      element('span', { class: 'short', 'aria-hidden': 'true' }, label),
      element('span', { class: 'long', 'aria-hidden': 'true' }, weekdayAndDay(day)),
    ),
    events.length > 0 && element('ul', {}, ...events.map(eventItem)),
  );
}

export function showCalendar(days: readonly CalendarDay[]): void {
  const isEmpty = days.every(({ events }) => events.length === 0);
  show(byId('calendar'), days, () =>
    isEmpty
      ? [element('p', { class: 'none' }, 'Nothing that comes back is known yet.')]
      : [
          element(
            'p',
            { class: 'weekdays', 'aria-hidden': 'true' },
            ...weekdays.map((name) => element('span', {}, name)),
          ),
          element('ol', { class: 'days' }, ...days.map(dayItem)),
          element(
            'ul',
            { class: 'legend' },
            element(
              'li',
              { 'data-kind': 'income' },
              element('span', { class: 'swatch', 'aria-hidden': 'true' }),
              'income',
            ),
            element(
              'li',
              { 'data-kind': 'payment' },
              element('span', { class: 'swatch', 'aria-hidden': 'true' }),
              'payment',
            ),
            element(
              'li',
              { 'data-kind': 'transfer' },
              element('span', { class: 'swatch', 'aria-hidden': 'true' }),
              'between your accounts',
            ),
          ),
        ],
  );
}
