/** What comes back, with what it comes to in a month. */
import { byId, element, setText, show } from '../../board/browser/dom.ts';
import { plural } from '../../board/figures.ts';
import type { UserData, UserRecurring } from '../answers.ts';
import { cadenceWords, capital, type Telling } from '../insight-words.ts';
import { dayOf, dayRange, daysAway, toldDate } from '../local-day.ts';
import { money } from '../money.ts';
import { monthlyMinor, monthlyTotals, recurringRows } from '../recurring-rows.ts';
import { evidenceTable, type Say, unfolding, verdictsOf } from './evidence.ts';

function nextWords({ nextDate, nextFromDate, nextToDate }: UserRecurring, { today, todayDate }: Telling): string {
  const day = dayOf(nextDate);
  const away = day === undefined ? '' : `, ${daysAway(day, today)}`;
  const [from, to] = [dayOf(nextFromDate), dayOf(nextToDate)];
  const range = from === undefined || to === undefined || from === to ? '' : ` (${dayRange(from, to)})`;
  return `next ${toldDate(nextDate, todayDate)}${away}${range}`;
}

export function showRecurring({ insights, accounts }: UserData, telling: Telling, say: Say): void {
  const rows = recurringRows(insights);
  const totals = monthlyTotals(rows).map(({ inMinor, outMinor, currency, exponent }) => {
    const told = (minor: number) => money(minor, currency, exponent, { signed: true });
    return [...(inMinor > 0 ? [told(inMinor)] : []), ...(outMinor > 0 ? [told(-outMinor)] : [])].join(' and ');
  });
  setText(byId('recurring-total'), totals.length === 0 ? '' : `a month ${totals.join('; ')}`);
  const row = (one: UserRecurring) => {
    const { counterparty, direction, typicalMinor, currency, exponent, cadence, category, status, fingerprint } = one;
    const sign = direction === 'in' ? 1 : -1;
    const name = counterparty ?? (direction === 'in' ? 'Income' : 'Payment');
    const told = (minor: number) => money(sign * minor, currency, exponent, { signed: true });
    return element(
      'li',
      { class: 'card', 'data-item': fingerprint, 'data-direction': direction },
      element('h3', {}, name),
      element('p', { class: 'amount' }, told(typicalMinor)),
      element(
        'p',
        { class: 'meta' },
        [cadenceWords[cadence], capital(category), ...(status === 'early' ? ['not sure yet'] : [])].join(' · '),
      ),
      element('p', { class: 'meta month' }, cadence === 'monthly' ? '' : `${told(monthlyMinor(one))} a month`),
      element('p', { class: 'next' }, capital(nextWords(one, telling))),
      unfolding(
        one,
        'back',
        [`Seen ${plural(one.occurrences, 'time')}`, element('span', { class: 'heard' }, `: ${name}`)],
        evidenceTable(one, accounts),
        verdictsOf(one, name, say, ['confirmed', 'dismissed']),
      ),
    );
  };
  show(byId('recurring'), [rows, accounts.map(({ name, mask }) => [name, mask]), telling.todayDate], () => [
    rows.length === 0
      ? element('p', { class: 'none' }, 'Nothing that comes back was seen yet.')
      : element('ul', { class: 'cards rows' }, ...rows.map(row)),
  ]);
}
