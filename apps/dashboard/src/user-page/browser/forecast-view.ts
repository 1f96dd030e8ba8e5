/** The balance of each current account in the next weeks, as a band, and what leaving payments out would change. */
import { byId, element, setText, show } from '../../board/browser/dom.ts';
import { accountName, isAt, type UserData, type UserForecast } from '../answers.ts';
import { forecastPoints, forecastRows, forecastWords, whatIfsOf, whatIfWords } from '../forecast-points.ts';
import { shortDay, weekdayAndDay } from '../local-day.ts';
import { money, shortMoney } from '../money.ts';
import { type ChartLine, drawChart } from './time-chart.ts';

const heightPx = 260;

export interface WhatIfState {
  readonly without: ReadonlySet<string>;
  /** The answer to it; `undefined` where nothing is left out, or it has not come yet. */
  readonly forecasts: readonly UserForecast[] | undefined;
}

interface Frame {
  readonly base: UserForecast;
  readonly place: HTMLElement;
  readonly values: readonly HTMLElement[];
  readonly when: HTMLElement;
  readonly dueText: HTMLElement;
  readonly words: HTMLElement;
  readonly ghost: HTMLElement;
  readonly names: ReadonlyMap<string, string>;
}

let frames: readonly Frame[] = [];

function legendItem(line: string, name: string, value?: HTMLElement): HTMLElement {
  return element(
    'li',
    { 'data-line': line },
    element('span', { class: 'key', 'aria-hidden': 'true' }),
    name,
    ' ',
    value,
  );
}

function tableOf(forecast: UserForecast, data: UserData): HTMLElement {
  const told = (minor: number) => money(minor, forecast.currency, forecast.exponent);
  const rows = forecastRows(forecast, data).map(({ day, low, likely, high, due }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, weekdayAndDay(day)),
      ...[low, likely, high].map((minor) => element('td', { class: 'amount' }, told(minor))),
      element(
        'td',
        { class: 'due' },
        due
          .map(({ name, minor }) => `${name} ${money(minor, forecast.currency, forecast.exponent, { signed: true })}`)
          .join(', '),
      ),
    ),
  );
  const head = ['Day', 'Low', 'Likely', 'High', 'Due'].map((name) => element('th', { scope: 'col' }, name));
  const id = `table ${forecast.accountId}`;
  return element(
    'details',
    { 'data-fold': id },
    element('summary', { 'data-focus': id }, 'As a table'),
    element(
      'div',
      { class: 'wide', role: 'region', tabindex: '0', 'aria-label': 'Forecast as a table' },
      element(
        'table',
        { class: 'forecast-table' },
        element('thead', {}, element('tr', {}, ...head)),
        element('tbody', {}, ...rows),
      ),
    ),
  );
}

function switchesOf(forecast: UserForecast, data: UserData, state: WhatIfState, toggle: (fingerprint: string) => void) {
  const items = whatIfsOf(forecast, data.insights).map(({ fingerprint, name, minor, currency, exponent }) => {
    const box = element('input', { type: 'checkbox', 'data-focus': `with ${fingerprint}` }) as HTMLInputElement;
    box.checked = !state.without.has(fingerprint);
    box.addEventListener('change', () => toggle(fingerprint));
    const label = element(
      'label',
      { class: 'switch' },
      box,
      element('span', { class: 'knob', 'aria-hidden': 'true' }),
      element('span', { class: 'switch-name' }, name),
      element('span', { class: 'switch-amount' }, money(minor, currency, exponent)),
    );
    return element('li', { class: 'option' }, label);
  });
  if (items.length === 0) return undefined;
  return element(
    'fieldset',
    { class: 'what-if' },
    element('legend', {}, 'What if one of these ended?'),
    element('ul', {}, ...items),
  );
}

function frameOf(forecast: UserForecast, data: UserData, state: WhatIfState, toggle: (fingerprint: string) => void) {
  const values = [element('b'), element('b'), element('b')];
  const [low, likely, high] = values;
  const place = element('div', { class: 'plot', 'data-focus': `forecast ${forecast.accountId}` });
  const words = element('p', { class: 'what-if-words', role: 'status' });
  const when = element('b');
  const dueText = element('p', { class: 'meta due-text' });
  const ghost = legendItem('ghost', 'as it is');
  ghost.hidden = true;
  const { reliableDays, days } = forecast;
  const figure = element(
    'figure',
    { 'data-account': forecast.accountId },
    element('figcaption', {}, element('h3', {}, accountName(data.accounts, forecast))),
    element(
      'ul',
      { class: 'legend' },
      element('li', { class: 'when' }, when),
      legendItem('likely', 'likely', likely),
      legendItem('band', 'eight of ten cases', low),
      element('li', { class: 'to' }, 'to ', high),
      ghost,
      legendItem('in', 'comes in'),
      legendItem('out', 'goes out'),
    ),
    place,
    dueText,
    reliableDays < days.length &&
      element(
        'p',
        { class: 'meta' },
        `After ${days[reliableDays - 1]?.date ?? ''} it lives on money that nobody can foresee: paler.`,
      ),
    element('p', { class: 'heard' }, forecastWords(forecast)),
    words,
    switchesOf(forecast, data, state, toggle),
    tableOf(forecast, data),
  );
  const names = new Map(whatIfsOf(forecast, data.insights).map(({ fingerprint, name }) => [fingerprint, name]));
  return { figure, frame: { base: forecast, place, values, when, dueText, words, ghost, names } satisfies Frame };
}

function draw({ base, place, values, when, dueText, words, ghost, names }: Frame, state: WhatIfState): void {
  const asked = state.forecasts?.find((one) => isAt(one, base));
  const shown = asked ?? base;
  const { currency, exponent, due } = shown;
  const points = forecastPoints(shown);
  const told = (minor: number | undefined) => money(minor ?? 0, currency, exponent, { whole: true });
  const last = points.days.length - 1;
  const dueOn = (index: number) =>
    due
      .filter(({ date }) => Date.parse(date) / 86_400_000 === points.days[index])
      .map(
        ({ counterparty, fingerprint, minor }) =>
          `${counterparty ?? names.get(fingerprint) ?? 'Between your own accounts'} ${money(minor, currency, exponent, { signed: true })}`,
      )
      .join(', ');
  const tell = (index: number) => {
    for (const [at, line] of [points.low, points.likely, points.high].entries())
      setText(values[at] as HTMLElement, told(line[index]));
    setText(when, index === 0 ? 'Today' : shortDay(points.days[index] ?? 0));
    setText(dueText, dueOn(index) || 'Point at a day, or use the arrow keys, to see what is due.');
  };
  const ghostLine: readonly ChartLine[] =
    asked === undefined ? [] : [{ values: forecastPoints(base).likely, color: '--line-1', widthPx: 1.5, dash: [4, 4] }];
  ghost.hidden = asked === undefined;
  place.dataset.likelyEnd = `${points.likely[last] ?? 0}`;
  drawChart(place, {
    label: `Forecast of the balance, ${forecastWords(shown)}`,
    days: points.days,
    lines: [
      { values: points.low, color: '--band-edge', widthPx: 1 },
      { values: points.high, color: '--band-edge', widthPx: 1 },
      ...ghostLine,
      { values: points.likely, color: '--line-0', widthPx: 2.5 },
    ],
    band: { low: 0, high: 1, color: '--area' },
    marks: points.marks,
    unsureFrom: points.reliableIndex,
    heightPx,
    hasAxes: true,
    tick: (minor) => shortMoney(minor, currency, exponent),
    onPoint: (index) => tell(index ?? last),
    says: (index) =>
      `${shortDay(points.days[index] ?? 0)}: likely ${told(points.likely[index])}, ${told(points.low[index])} to ${told(points.high[index])}. ${dueOn(index)}`,
  });
  tell(last);
  const left = [...state.without].flatMap((fingerprint) => names.get(fingerprint) ?? []);
  setText(words, asked === undefined ? '' : whatIfWords(base, asked, left));
}

let drawn = '';

/** @param toggle leaves a payment out, or takes it in again */
export function showForecast(data: UserData, state: WhatIfState, toggle: (fingerprint: string) => void): void {
  const { forecasts, insights, accounts } = data;
  const names = insights.map(({ fingerprint, counterparty }) => [fingerprint, counterparty]);
  const facts = [forecasts, names, accounts.map(({ name, mask }) => [name, mask])];
  let isNew = false;
  show(byId('forecast'), facts, () => {
    isNew = true;
    const made = forecasts.map((forecast) => frameOf(forecast, data, state, toggle));
    frames = made.map(({ frame }) => frame);
    return made.length === 0
      ? [element('p', { class: 'none' }, 'No current account with a balance is linked.')]
      : made.map(({ figure }) => figure);
  });
  const key = JSON.stringify([[...state.without], state.forecasts]);
  if (!isNew && key === drawn) return;
  drawn = key;
  for (const frame of frames) draw(frame, state);
}
