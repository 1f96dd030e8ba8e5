/**
 * Sums of the movements that are not kept singly any more: enough to add up whole months of an account. Each only grows, and stands
 * still at the largest safe number, so that they are the same in whatever order they were added up.
 */
import { compareTexts } from './kept-movement.ts';
import { monthOf } from './months.ts';
import { earnedMinor, spentMinor, unclear } from './spending.ts';
import type { CounterpartyLedger, Day, DroppedMonth, Movement } from './view.ts';

/** Before the month of the newest movement: half a year of whole months, and one for dates ahead of the day of the question. */
export const droppedMonthsKept = 7;

/** What of a movement is added up; in the order in which it is packed. */
export const droppedSums = ['earnedMinor', 'spentMinor', 'returnedMinor', 'unclearInMinor', 'unclearOutMinor'] as const;

type DroppedSums = Pick<DroppedMonth, (typeof droppedSums)[number]>;

type Dropped = Pick<CounterpartyLedger, 'accountId' | 'currency' | 'direction'> & {
  readonly movements: readonly Movement[];
};

/** @returns by account, currency and month */
export function addDropped(
  before: readonly DroppedMonth[],
  dropped: readonly Dropped[],
  newestDay: Day,
): readonly DroppedMonth[] {
  const from = monthOf(newestDay) - droppedMonthsKept;
  const months = new Map<string, DroppedMonth>();
  for (const month of before) if (month.month >= from) months.set(idOf(month), month);
  for (const { accountId, currency, direction, movements } of dropped) {
    for (const movement of movements) {
      const month = monthOf(movement.day);
      if (month < from) continue;
      const place = { accountId, currency, month };
      const known = months.get(idOf(place)) ?? { ...place, ...nothing };
      months.set(idOf(place), sumOf(known, sumsOf(direction, movement)));
    }
  }
  return [...months.values()].sort(compareDroppedMonths);
}

export function compareDroppedMonths(a: DroppedMonth, b: DroppedMonth): number {
  return compareTexts(a.accountId, b.accountId) || compareTexts(a.currency, b.currency) || a.month - b.month;
}

const nothing: DroppedSums = { earnedMinor: 0, spentMinor: 0, returnedMinor: 0, unclearInMinor: 0, unclearOutMinor: 0 };

function idOf({ accountId, currency, month }: Pick<DroppedMonth, 'accountId' | 'currency' | 'month'>): string {
  return `${accountId} ${currency} ${month}`;
}

/** Whose money was moved cannot be told any more once the other side may be gone. */
function sumsOf(direction: 'in' | 'out', movement: Movement): DroppedSums {
  if (movement.isTransferLike || unclear.has(movement.category)) {
    const { minor } = movement;
    return { ...nothing, unclearInMinor: Math.max(0, minor), unclearOutMinor: Math.max(0, -minor) };
  }
  const found = { ledger: { direction }, movement };
  const spent = spentMinor(found);
  return {
    ...nothing,
    earnedMinor: earnedMinor(found),
    spentMinor: Math.max(0, spent),
    returnedMinor: Math.max(0, -spent),
  };
}

function sumOf(month: DroppedMonth, sums: DroppedSums): DroppedMonth {
  const added = (name: (typeof droppedSums)[number]) => Math.min(Number.MAX_SAFE_INTEGER, month[name] + sums[name]);
  return {
    ...month,
    earnedMinor: added('earnedMinor'),
    spentMinor: added('spentMinor'),
    returnedMinor: added('returnedMinor'),
    unclearInMinor: added('unclearInMinor'),
    unclearOutMinor: added('unclearOutMinor'),
  };
}
