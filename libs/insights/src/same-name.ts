/**
 * Banks and providers name one counterparty in several ways: most records have its name, now and then one has the statement's words. What
 * was read of each record cannot know that; a view of all of them can.
 */

import { wordsOf } from './names.ts';
import { isChosenEachTime, majorityCategory } from './series-habit.ts';
import type { CounterpartyLedger, Movement, View } from './view.ts';

/** A name that stands for so many payments more is the counterparty's; the other is a slip. */
const SLIP_SHARE = 1 / 3;
const LEAST_NAMED = 3;
/** Shorter words begin too many names. */
const LEAST_WORD = 4;
const LEAST_LETTERS = 2;
/** Of the amounts that it had so far. */
const BEYOND = 1.5;

/** Whether one name is the other one with more behind it, or both begin with the same long word. */
export function mayBeSameName(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && areSameWords(wordsOf(a), wordsOf(b));
}

function areSameWords(a: readonly string[], b: readonly string[]): boolean {
  const [one = '', other = ''] = [a[0], b[0]];
  if (one === other && one.length >= LEAST_WORD) return true;
  const [short, long] = a.join('').length <= b.join('').length ? [a, b] : [b, a];
  return beginsWith(long, short.join(''));
}

/** By whole words, but for long beginnings and shops' numbers: "C&A" is none of "Café Krone"; "face book" is "Facebook", "H&M" "H&M6735". */
function beginsWith(words: readonly string[], begin: string): boolean {
  if (begin.length < LEAST_LETTERS || !words.join('').startsWith(begin)) return false;
  if (begin.length >= LEAST_WORD) return true;
  let left = begin.length;
  const last = words.find((word) => {
    left -= word.length;
    return left <= 0;
  });
  return last !== undefined && /^\d*$/.test(last.slice(last.length + left));
}

interface Named {
  readonly ledger: CounterpartyLedger;
  readonly words: readonly string[];
}

/**
 * A contract's few payments under a longer name join those under its own: same account, direction, currency and category, and amounts
 * such as it had. Shops are left alone: what one buys there under another name may be another thing.
 */
export function joinNames(view: View): View {
  // One name begins as the other does: few have to be compared.
  const groups = new Map<string, Named[]>();
  for (const ledger of view.ledgers) {
    const { connectionId, accountId, direction, currency, label, movements } = ledger;
    if (label === null || isChosenEachTime(movements.at(-1)?.category ?? 'other')) continue;
    const words = wordsOf(label);
    const begin = words.join('').slice(0, LEAST_LETTERS);
    const place = `${connectionId}|${accountId}|${direction}|${currency}|${begin}`;
    const known = groups.get(place);
    if (known === undefined) groups.set(place, [{ ledger, words }]);
    else known.push({ ledger, words });
  }
  const joined = new Map<CounterpartyLedger, CounterpartyLedger | undefined>();
  for (const group of groups.values()) if (group.length > 1) joinGroup(group, joined);
  if (joined.size === 0) return view;
  return { ...view, ledgers: view.ledgers.flatMap((one) => (joined.has(one) ? (joined.get(one) ?? []) : [one])) };
}

function joinGroup(group: readonly Named[], joined: Map<CounterpartyLedger, CounterpartyLedger | undefined>): void {
  for (const named of group) {
    const { ledger } = named;
    if (ledger.movements.length < LEAST_NAMED || joined.has(ledger)) continue;
    const category = majorityOf(ledger.movements);
    if (isChosenEachTime(category)) continue;
    const slips = group.filter((slip) => !joined.has(slip.ledger) && isSlip(slip, named, category));
    if (slips.length === 0) continue;
    const movements = [...ledger.movements, ...slips.flatMap((slip) => slip.ledger.movements)];
    for (const slip of slips) joined.set(slip.ledger, undefined);
    joined.set(ledger, { ...ledger, movements: movements.sort((a, b) => a.day - b.day || a.minor - b.minor) });
  }
}

function isSlip(slip: Named, named: Named, category: Movement['category']): boolean {
  const [few, many] = [slip.ledger, named.ledger];
  if (few === many || few.isCut || few.movements.length > SLIP_SHARE * many.movements.length) return false;
  if (!areSameWords(slip.words, named.words)) return false;
  const sizes = many.movements.map(({ minor }) => Math.abs(minor));
  const [low, high] = [Math.min(...sizes) / BEYOND, Math.max(...sizes) * BEYOND];
  return few.movements.every(
    ({ minor, category: of }) => of === category && Math.abs(minor) >= low && Math.abs(minor) <= high,
  );
}

function majorityOf(movements: readonly Movement[]): Movement['category'] {
  return majorityCategory(movements.map((movement) => ({ movement })));
}
