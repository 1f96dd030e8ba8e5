/**
 * What banks took in 90 days: fees, interest, and the cost of foreign currencies. The movement's category decides; a name decides only
 * where there is none. A loan's interest is its price, agreed on and no surprise: it is left out.
 */

import { type Found, largestEvidence, movementsOf } from './citation.ts';
import { dateOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { FeesInsight } from './insight.ts';
import { quarterText } from './months.ts';
import { wordsOf } from './names.ts';
import { safeMinor } from './safe-minor.ts';
import { thresholdMinor } from './thresholds.ts';
import type { Day, View } from './view.ts';

export const feeDays = 90;

const FOREIGN =
  /\b(foreign|international|overseas|fx|non sterling|currency conversion|fremdwahrung\w*|auslandseinsatz\w*|change devises?|divisas?)\b/;
const FEE =
  /\b(fees?|overdraft charge|service charge|maintenance charge|gebuhr(en)?|\w+gebuhr(en)?|entgelt|\w+entgelt|kontofuhrung|comision(es)?|commissioni?|frais|cotisation carte|canone|spese tenuta conto|provizija|avgift|\w+avgift)\b/;
/** Who has a fee in the name and is no bank. */
const NO_BANK_FEE =
  /\b(school|tuition|membership|club|licen[cs]e|parking|council|court|visa application|university|delivery|booking)\b/;
const INTEREST =
  /\b(overdraft|debit|purchase|cash advance)? ?interest( charged?)?\b|\b(sollzinsen|dispozinsen|agios|interessi passivi)\b/;

export function fees(view: View): FeesInsight[] {
  const from = view.today - feeDays + 1;
  const costly = new Set(
    view.accounts.filter(({ type }) => type !== 'LOAN' && type !== 'MORT').map(({ accountId }) => accountId),
  );
  const recent = movementsOf(view, ({ accountId }) => costly.has(accountId), from, view.today);
  const groups = Map.groupBy(recent, (found) => {
    const of = costOf(found);
    return of === undefined ? undefined : `${found.ledger.currency}|${of}`;
  });
  return [...groups].flatMap(([group, found]) => {
    if (group === undefined) return [];
    const [currency = '', of] = group.split('|') as [string, FeesInsight['of']];
    return feesInsight(found, currency, of, from) ?? [];
  });
}

function feesInsight(
  found: readonly Found[],
  currency: string,
  of: FeesInsight['of'],
  from: Day,
): FeesInsight | undefined {
  const totalMinor = safeMinor(-found.reduce((sum, { movement }) => sum + movement.minor, 0));
  const charged = found.filter(({ movement }) => movement.minor < 0);
  const newest = Math.max(...charged.map(({ movement }) => movement.day));
  if (charged.length === 0 || totalMinor < thresholdMinor('fees', currency)) return undefined;
  const byName = charged.filter(
    ({ movement }) => movement.category !== 'fees' && movement.category !== 'interest',
  ).length;
  return {
    kind: 'fees',
    // Of the newest one: time that passes is no new fact, and a dismissed insight stays away until there is one.
    fingerprint: fingerprintOf('fees', [of, currency], quarterText(newest)),
    currency,
    confidencePercent: byName === 0 ? 97 : 85,
    date: dateOf(newest),
    counterparty: null,
    evidence: largestEvidence(charged),
    of,
    totalMinor,
    times: charged.length,
    fromDate: dateOf(from),
  };
}

function costOf({ ledger, movement }: Found): FeesInsight['of'] | undefined {
  const { category, isForeign, minor } = movement;
  const isNamed = category === 'fees' || (category === 'other' && minor < 0);
  const name = ledger.label === null || !isNamed ? '' : wordsOf(ledger.label).join(' ');
  // A fee that was given back counts against the others.
  if (category === 'fees') return isForeign || FOREIGN.test(name) ? 'foreign' : 'fees';
  if (minor > 0) return undefined;
  if (category === 'interest') return 'interest';
  if (category !== 'other' || NO_BANK_FEE.test(name)) return undefined;
  if (FEE.test(name)) return isForeign || FOREIGN.test(name) ? 'foreign' : 'fees';
  return INTEREST.test(name) ? 'interest' : undefined;
}
