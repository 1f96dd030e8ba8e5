/** What an insight rests on, and what the user says to it. */
import type { Evidence } from '@quartersec/insights';
import { element } from '../../board/browser/dom.ts';
import { plural } from '../../board/figures.ts';
import { accountName, type UserAccount } from '../answers.ts';
import { dayOf, weekdayAndDay } from '../local-day.ts';
import { money } from '../money.ts';

export type Verdict = 'confirmed' | 'dismissed' | 'snoozed';
export type Say = (fingerprint: string, verdict: Verdict, name: string) => void;

interface Rested {
  readonly fingerprint: string;
  readonly currency: string | null;
  readonly exponent: number | null;
  readonly evidence: readonly Evidence[];
  readonly isConfirmed: boolean;
}

/** The transactions that an insight rests on, as a table. */
export function evidenceTable({ currency, exponent, evidence }: Rested, accounts: readonly UserAccount[]): HTMLElement {
  const rows = evidence.map((one) => {
    const day = dayOf(one.date);
    const amount = money(one.minor, currency, exponent, { signed: true });
    return element(
      'tr',
      {},
      element('td', { class: 'date' }, day === undefined ? one.date : weekdayAndDay(day)),
      element('td', { class: 'place' }, accountName(accounts, one)),
      element('td', { class: 'amount', 'data-in': `${one.minor > 0}` }, amount),
    );
  });
  const head = ['Date', 'Account', 'Amount'].map((name) => element('th', { scope: 'col' }, name));
  return element(
    'table',
    { class: 'evidence' },
    element('caption', {}, `Evidence: ${plural(evidence.length, 'transaction')}`),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows),
  );
}

/**
 * What unfolds under a line.
 * @param fold where it stands: the same insight may be told twice on the page
 */
export function unfolding(
  { fingerprint }: Rested,
  fold: string,
  summary: readonly (Node | string)[],
  ...content: readonly (Node | undefined | false)[]
): HTMLElement {
  const id = `${fold} ${fingerprint}`;
  return element(
    'details',
    { 'data-fold': id },
    element('summary', { 'data-focus': id }, ...summary),
    element('div', { class: 'unfolded' }, ...content),
  );
}

/** @param name of what it is about, for who hears the buttons alone */
export function verdictsOf(rested: Rested, name: string, say: Say, verdicts: readonly Verdict[]): HTMLElement {
  const words = { confirmed: "That's right", dismissed: 'Dismiss', snoozed: 'Snooze 30 days' } as const;
  const { fingerprint, isConfirmed } = rested;
  const buttons = verdicts
    .filter((verdict) => verdict !== 'confirmed' || !isConfirmed)
    .map((verdict) => {
      const label = `${words[verdict]}: ${name}`;
      const focus = `${verdict} ${fingerprint}`;
      const button = element(
        'button',
        { type: 'button', 'data-verdict': verdict, 'data-focus': focus, 'aria-label': label },
        words[verdict],
      );
      button.addEventListener('click', () => say(fingerprint, verdict, name));
      return button;
    });
  return element(
    'p',
    { class: 'verdicts' },
    ...buttons,
    isConfirmed && element('span', { class: 'confirmed' }, 'You said that this is right'),
  );
}
