/** One payment that was taken twice. People also buy the same thing twice: where they do so now and then, nothing is said. */
import { currencyExponent } from '@quartersec/validation';
import { at } from './at.ts';
import { clampPercent } from './confidence.ts';
import { dateOf } from './day.ts';
import { evidenceOf } from './evidence.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { DuplicateChargeInsight } from './insight.ts';
import { mayBeSameName } from './same-name.ts';
import { habitOf } from './series-habit.ts';
import { thresholdMinor } from './thresholds.ts';
import type { Category, CounterpartyLedger, Movement, View } from './view.ts';

const WITHIN_DAYS = 2;
/** Equal amounts this near each other, at another time, are a habit. */
const HABIT_DAYS = 4;
/** Of all payments: so few of them in pairs are no habit. */
const SELDOM_SHARE = 1 / 8;
/** Later nobody disputes it. */
const TOLD_DAYS = 60;
/** With a shorter time between two visits equal amounts are no surprise. */
const DAILY_DAYS = 2.5;
/** As many equal pairs as may be there by chance: more are no sign of a mistake. */
const MOST_BY_CHANCE = 0.1;
/** A month before, for what is paid on another day where it would be a weekend. */
const MONTH_BEFORE = { from: 20, to: 38 } as const;
/** What never comes sooner is a contract. */
const CONTRACT_DAYS = 20;

/** Equal amounts come about by what these are. */
const excluded: ReadonlySet<Category> = new Set([
  'fees',
  'interest',
  'cash',
  'transport',
  'transfer',
  'travel',
  'income',
  'loan',
]);

export function duplicateChargeInsights(view: View): readonly DuplicateChargeInsight[] {
  const out = view.ledgers.filter(({ direction }) => direction === 'out');
  return [...out.flatMap((ledger) => duplicatesIn(ledger, view)), ...duplicatesAcross(out, view)];
}

/** Equal movements near each other, oldest first. */
function repeatsIn(movements: readonly Movement[], withinDays: number): readonly (readonly Movement[])[] {
  const open = new Map<number, Movement[]>();
  const found: Movement[][] = [];
  for (const movement of movements) {
    const group = open.get(movement.minor);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && movement.day - last.day <= withinDays) {
      group.push(movement);
      if (group.length === 2) found.push(group);
    } else open.set(movement.minor, [movement]);
  }
  return found;
}

function duplicatesIn(ledger: CounterpartyLedger, view: View): readonly DuplicateChargeInsight[] {
  const { movements } = ledger;
  const last = movements.at(-1);
  if (movements.length < 2 || last === undefined || view.today - last.day > TOLD_DAYS) return [];
  // What was given back since is settled: a mistake of then is no habit.
  // Nor is a pair that would not be told: two coffees say nothing of two dinners.
  const isTold = (repeat: readonly Movement[]) =>
    !wasReturned(ledger, at(repeat, 0), view) && isWorthAWord(ledger, repeat, at(repeat, 0));
  const only = repeatsIn(movements, WITHIN_DAYS).findLast(isTold);
  const [first] = only ?? [];
  if (only === undefined || first === undefined || view.today - first.day > TOLD_DAYS) return [];
  if (only.length > 3 || isHabit(repeatsIn(movements, HABIT_DAYS).filter(isTold), movements)) return [];
  if (isDaily(movements, only) || areTwoContracts(movements, only)) return [];
  if (byChance(movements, only) > MOST_BY_CHANCE) return [];
  return [insightOf(ledger, only, movements.length)];
}

/** Twice on two occasions is how this is paid; twice among many payments, months apart, may be two mistakes. */
function isHabit(repeats: readonly (readonly Movement[])[], movements: readonly Movement[]): boolean {
  const [one, other] = repeats;
  if (one === undefined || other === undefined) return false;
  const apart = at(other, 0).day - at(one, -1).day;
  return repeats.length > 2 || apart <= TOLD_DAYS || repeats.length > SELDOM_SHARE * movements.length;
}

/** One of the two under the counterparty's name, the other under the statement's words. */
function duplicatesAcross(out: readonly CounterpartyLedger[], view: View): readonly DuplicateChargeInsight[] {
  const recent = new Map<string, { readonly ledger: CounterpartyLedger; readonly movement: Movement }[]>();
  for (const ledger of out) {
    for (const movement of ledger.movements) {
      if (view.today - movement.day > TOLD_DAYS) continue;
      const id = `${ledger.connectionId}|${ledger.accountId}|${ledger.currency}|${movement.minor}`;
      const known = recent.get(id);
      if (known === undefined) recent.set(id, [{ ledger, movement }]);
      else known.push({ ledger, movement });
    }
  }
  return [...recent.values()].flatMap((equal) => {
    // Paid more often, it is what things cost there.
    const [one, other] = equal;
    if (equal.length !== 2 || one === undefined || other === undefined || one.ledger === other.ledger) return [];
    if (Math.abs(one.movement.day - other.movement.day) > WITHIN_DAYS) return [];
    if (!mayBeSameName(one.ledger.label, other.ledger.label)) return [];
    const [many, few] = one.ledger.movements.length >= other.ledger.movements.length ? [one, other] : [other, one];
    if (few.ledger.isCut || few.ledger.movements.length > 2) return [];
    const pair = [one.movement, other.movement].sort((a, b) => a.day - b.day);
    const movements = [...many.ledger.movements, few.movement].sort((a, b) => a.day - b.day);
    if (repeatsIn(movements, HABIT_DAYS).length > 1 || !isWorthAWord(many.ledger, pair, one.movement)) return [];
    if (isDaily(movements, pair) || wasReturned(many.ledger, one.movement, view)) return [];
    return [insightOf(many.ledger, pair, movements.length)];
  });
}

function insightOf(
  { connectionId, accountId, currency, key, label }: CounterpartyLedger,
  repeat: readonly Movement[],
  count: number,
): DuplicateChargeInsight {
  const first = at(repeat, 0);
  return {
    kind: 'duplicate-charge',
    fingerprint: fingerprintOf('duplicate-charge', [accountId, key, currency], String(first.day)),
    currency,
    confidencePercent: confidenceOf(count, repeat, currency),
    date: dateOf(at(repeat, -1).day),
    counterparty: label,
    evidence: evidenceOf(repeat.map((movement) => ({ connectionId, accountId, movement }))),
    minor: Math.abs(first.minor),
    times: repeat.length,
  };
}

function isWorthAWord({ currency }: CounterpartyLedger, repeat: readonly Movement[], { minor }: Movement): boolean {
  if (repeat.some(({ category, isTransferLike }) => excluded.has(category) || isTransferLike)) return false;
  // Of what nobody knows the purpose of, a round sum twice is two gifts, two tickets, two transfers.
  if (isRound(minor, currency) && repeat.some(({ category }) => category === 'other')) return false;
  // Nor is it known to be no meal; and of small things from the shop at the corner one often buys the same again.
  const isMeal = repeat.some(
    ({ category }) => category === 'dining' || category === 'groceries' || category === 'other',
  );
  return Math.abs(minor) >= thresholdMinor(isMeal ? 'duplicateMeal' : 'duplicate', currency);
}

/**
 * How many pairs like this are there by chance, where one pays as often and in such amounts. How easily an amount comes twice, the ledger
 * itself tells: by how often this one came, and by how many others came twice.
 */
function byChance(movements: readonly Movement[], repeat: readonly Movement[]): number {
  const others = movements.filter((movement) => !repeat.includes(movement));
  const count = others.length + 1;
  const times = new Map<number, number>();
  let near = 0;
  for (const [index, one] of others.entries()) {
    times.set(one.minor, (times.get(one.minor) ?? 0) + 1);
    // Equal ones near each other are judged by themselves: a mistake or a habit.
    for (let back = index - 1; back >= 0 && one.day - at(others, back).day <= WITHIN_DAYS; back--)
      if (at(others, back).minor !== one.minor) near += 1;
  }
  const twice = [...times.values()].filter((each) => each === 2).length;
  const usual = times.get(at(repeat, 0).minor) ?? 0;
  const byAny = (twice + 0.5) / ((count * (count - 1)) / 2 + 1);
  const byThis = usual === 0 ? 0 : ((usual + 1) / count) ** 2;
  return near * Math.max(byAny, byThis);
}

/** Where one pays every day, or always the same, equal amounts say nothing. */
function isDaily(movements: readonly Movement[], repeat: readonly Movement[]): boolean {
  const others = movements.filter((movement) => !repeat.includes(movement));
  const first = others[0];
  const last = others.at(-1);
  if (others.length < 4 || first === undefined || last === undefined) return false;
  if ((last.day - first.day) / (others.length - 1) <= DAILY_DAYS) return true;
  // What otherwise comes weeks apart has a price, and once in its period.
  if (others.slice(1).every(({ day }, index) => day - at(others, index).day >= CONTRACT_DAYS)) return false;
  // One of the shop's usual prices, among others.
  const equal = others.filter(({ minor }) => minor === repeat[0]?.minor);
  return equal.length >= 2 && equal.length < 0.6 * others.length;
}

/** Of what is paid by contract the first two payments may be of two of them; so are those that were two a month before. */
function areTwoContracts(movements: readonly Movement[], repeat: readonly Movement[]): boolean {
  const habit = habitOf(at(repeat, 0).category, 'out');
  const { day: first, minor } = at(repeat, 0);
  const before = movements.filter(
    (one) => one.minor === minor && first - one.day >= MONTH_BEFORE.from && first - one.day <= MONTH_BEFORE.to,
  );
  if (before.length >= repeat.length) return true;
  return (habit === 'bill' || habit === 'service') && movements.indexOf(at(repeat, 0)) === 0;
}

function wasReturned({ key, accountId, currency }: CounterpartyLedger, first: Movement, { ledgers }: View): boolean {
  return ledgers.some(
    (ledger) =>
      ledger.direction === 'in' &&
      ledger.key === key &&
      ledger.accountId === accountId &&
      ledger.currency === currency &&
      ledger.movements.some(({ day, minor }) => day >= first.day && minor === -first.minor),
  );
}

/** The more it was paid without, the surer; people do buy two of a thing, and at a round price more often. */
function confidenceOf(count: number, repeat: readonly Movement[], currency: string): number {
  const isSameDay = repeat.every(({ day }) => day === repeat[0]?.day);
  const isUnknown = repeat.some(({ category }) => category === 'other');
  const history = Math.min(1, count / 8);
  const doubt = (isUnknown ? 30 : 0) + (isRound(at(repeat, 0).minor, currency) ? 15 : 0);
  return clampPercent(55 + 20 * history + (isSameDay ? 5 : 0) - doubt);
}

/** Whole main units; of a currency without smaller ones, hundreds. */
function isRound(minor: number, currency: string): boolean {
  const exponent = currencyExponent(currency) ?? 2;
  return minor % (exponent === 0 ? 100 : 10 ** exponent) === 0;
}
