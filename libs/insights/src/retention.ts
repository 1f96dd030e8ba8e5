/**
 * What is kept of a ledger, and which ledgers: rules on days, each of which can be followed from what they left, so that a state that
 * grew by changes is the one that is made at once.
 */
import { at } from './at.ts';
import { type Cut, compareMovements, compareTexts, type KeptMovement, type LedgerState } from './kept-movement.ts';
import { isChosenEachTime } from './series-habit.ts';
import type { Day } from './view.ts';

/** Before the newest movement of the connection: every movement is kept; a month to its end, and three whole ones before it. */
export const recentDays = 124;
/** Of a ledger the newest are kept however old they are: a year of months. */
export const newestKept = 13;
/** Nothing older is kept: two or three occurrences of what comes once a year. */
const longestDays = 800;
/** A movement is identified for as long: banks remove and modify what is young. */
export const identifiedDays = 45;
/** After a longer silence a counterparty begins anew: what comes once a year is never that late. */
const silenceDays = 400;
/** Shops are no contracts: what was bought before so long a time says nothing of what is bought now. */
const shopSilenceDays = 125;
/** Against connections with an endless number of counterparties. */
export const mostLedgers = 3_000;

/**
 * @param ledger oldest first, as this left it
 * @param added in any order
 * @returns `kept`: the ledger itself where nothing has become of it, `undefined` where nothing is; `dropped`: what was here until now, or was added, and is not kept
 */
export function cutLedger(
  ledger: LedgerState,
  added: readonly KeptMovement[],
  newestDay: Day,
): { readonly kept: LedgerState | undefined; readonly dropped: readonly KeptMovement[] } {
  const all = added.length === 0 ? ledger.movements : [...ledger.movements, ...added].sort(compareMovements);
  let from = 0;
  const keepsFrom = Math.max(0, all.length - newestKept);
  while (from < keepsFrom && at(all, from).day < newestDay - recentDays) from += 1;
  while (from < all.length && at(all, from).day < newestDay - longestDays) from += 1;
  from = Math.max(from, beginOfRun(all, newestDay));
  const first = all[from];
  const dropped = all.slice(0, from);
  if (first === undefined) return { kept: undefined, dropped };
  const last = dropped.at(-1);
  const newestDropped = last === undefined ? ledger.cut : { day: last.day, isShop: isShop(last) };
  const cut = newestDropped !== null && isOfRun(newestDropped, first.day, newestDay) ? newestDropped : null;
  const identifiedFrom = newestDay - identifiedDays;
  const left = all.slice(from);
  const movements = left.map((movement, index) => {
    const isMarked = movement.mark !== null && movement.day >= identifiedFrom;
    const isNamed = movement.label !== null && mayBeNamed(index, movement.day, newestDay);
    const isSpoken = movement.spoken !== null && movement.day >= newestDay - recentDays;
    if (
      isMarked === (movement.mark !== null) &&
      isNamed === (movement.label !== null) &&
      isSpoken === (movement.spoken !== null)
    )
      return movement;
    return {
      ...movement,
      label: isNamed ? movement.label : null,
      mark: isMarked ? movement.mark : null,
      spoken: isSpoken ? movement.spoken : null,
    };
  });
  const isSame = left.length === ledger.movements.length && added.length === 0 && cut === ledger.cut;
  if (isSame && movements.every((movement, index) => movement === left[index])) return { kept: ledger, dropped };
  return { kept: { ...ledger, movements: movements.sort(compareMovements), cut }, dropped };
}

/** Nobody is told of a single old movement: the first one's name is kept only while it is recent. */
export function mayBeNamed(index: number, day: Day, newestDay: Day | null): boolean {
  return index > 0 || day >= (newestDay ?? 0) - recentDays;
}

function isShop({ category }: KeptMovement): boolean {
  return isChosenEachTime(category);
}

/** Whether no silence is between the two, as far as can be known by now. */
function isOfRun({ day, isShop }: Cut, next: Day, newestDay: Day): boolean {
  const silence = isShop ? shopSilenceDays : silenceDays;
  return next - day <= silence || newestDay - day <= silence + identifiedDays;
}

/**
 * The silence is waited for as long as records are identified: whatever comes later cannot bridge it.
 * @returns index of the first movement after the last silence
 */
function beginOfRun(movements: readonly KeptMovement[], newestDay: Day): number {
  for (let index = movements.length - 1; index >= 0; index--) {
    const movement = movements[index];
    const next = movements[index + 1]?.day ?? Number.POSITIVE_INFINITY;
    if (movement !== undefined && !isOfRun({ day: movement.day, isShop: isShop(movement) }, next, newestDay))
      return index + 1;
  }
  return 0;
}

/** @returns at most `mostLedgers` in their order: those with one movement go first, then those that were silent for longest */
export function keepLedgers(ledgers: readonly LedgerState[]): readonly LedgerState[] {
  const kept = ledgers.length <= mostLedgers ? [...ledgers] : [...ledgers].sort(compareWorth).slice(0, mostLedgers);
  return kept.sort(compareLedgers);
}

function compareWorth(a: LedgerState, b: LedgerState): number {
  const isOneOff = ({ movements, cut }: LedgerState) => Number(movements.length === 1 && cut === null);
  const last = ({ movements }: LedgerState) => at(movements, -1).day;
  return isOneOff(a) - isOneOff(b) || last(b) - last(a) || compareLedgers(a, b);
}

type LedgerIdentity = Pick<LedgerState, 'accountId' | 'key' | 'direction' | 'currency'>;

export function compareLedgers(a: LedgerIdentity, b: LedgerIdentity): number {
  return (
    compareTexts(a.accountId, b.accountId) ||
    compareTexts(a.key, b.key) ||
    compareTexts(a.direction, b.direction) ||
    compareTexts(a.currency, b.currency)
  );
}
