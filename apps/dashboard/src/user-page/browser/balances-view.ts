/** The balance of each account over the last half year. */
import { byId, element, setText, show } from '../../board/browser/dom.ts';
import { accountName, type UserAccount } from '../answers.ts';
import type { BalanceHistory } from '../balance-history.ts';
import { balanceWords, monthWords } from '../balance-words.ts';
import { shortDay } from '../local-day.ts';
import { money, shortMoney } from '../money.ts';
import { drawChart } from './time-chart.ts';

const heightPx = 96;
const typeWords: Readonly<Record<UserAccount['type'], string>> = {
  CACC: 'current account',
  SVGS: 'savings',
  CARD: 'card',
  LOAN: 'loan',
  MORT: 'mortgage',
  OTHR: 'account',
};

function figureOf(history: BalanceHistory): { readonly figure: HTMLElement; draw(): void } {
  const { account, currency, exponent, nowMinor, points } = history;
  const value = element('p', { class: 'balance' }, money(nowMinor, currency, exponent));
  const note = element('p', { class: 'meta' }, monthWords(history));
  const place = element('div', { class: 'plot small', 'data-focus': `balance ${account.accountId}` });
  const name = accountName([account], account);
  const figure = element(
    'figure',
    { 'data-account': account.accountId },
    element('figcaption', {}, element('h3', {}, name), element('span', { class: 'meta' }, typeWords[account.type])),
    value,
    note,
    points.length > 1 && place,
    element('p', { class: points.length > 1 ? 'heard' : 'meta' }, balanceWords(history)),
  );
  return {
    figure,
    draw() {
      if (points.length < 2) return;
      const at = (index: number) => points[index] ?? { day: 0, minor: 0 };
      drawChart(place, {
        label: `Balance of ${name}`,
        days: points.map(({ day }) => day),
        lines: [{ values: points.map(({ minor }) => minor), color: '--line-0', widthPx: 1.75, fill: '--area' }],
        heightPx,
        hasAxes: false,
        tick: (minor) => shortMoney(minor, currency, exponent),
        onPoint(index) {
          const shown = index === undefined ? undefined : at(index);
          setText(value, money(shown?.minor ?? nowMinor, currency, exponent));
          setText(note, shown === undefined ? monthWords(history) : shortDay(shown.day));
        },
        says: (index) => `${shortDay(at(index).day)}: ${money(at(index).minor, currency, exponent)}`,
      });
    },
  };
}

export function showBalances(histories: readonly BalanceHistory[]): void {
  const facts = histories.map(({ account, points, nowMinor }) => [account.accountId, account.name, nowMinor, points]);
  const figures = histories.map(figureOf);
  show(byId('balances'), facts, () => {
    queueMicrotask(() => {
      for (const { draw } of figures) draw();
    });
    return histories.length === 0
      ? [element('p', { class: 'none' }, 'No balance is known yet.')]
      : [element('div', { class: 'accounts' }, ...figures.map(({ figure }) => figure))];
  });
}
