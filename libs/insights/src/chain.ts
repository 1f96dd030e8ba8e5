/** The longest run of movements that come in one rhythm. */
import { at } from './at.ts';
import type { CadenceRule } from './cadence.ts';
import type { Day } from './view.ts';

export interface Dated {
  readonly day: Day;
  /** Absolute amount. */
  readonly size: number;
}

export interface Chain<Member extends Dated> {
  readonly members: readonly Member[];
  /** Periods between each and the one before it; the first has 1. */
  readonly steps: readonly number[];
  /** Gaps outside the band: one was missing, or the day was moved. */
  readonly breaks: number;
}

/** Longer histories say no more about today. */
export const MOST_MEMBERS = 64;
/** Less than what the one behind the gap is worth, even at another price. */
const SKIP_COST = 0.85;
const SHIFT_COST = 1.5;
/** Of a day by which a gap is not the period itself: nothing beside the others, it decides between contracts of one price. */
const OFF_COST = 0.001;
/** Between two candidates the one of a like amount belongs here. */
const ODD_AMOUNT_COST = 0.4;

/** @param dated oldest first */
export function longestChain<Member extends Dated>(dated: readonly Member[], rule: CadenceRule): Chain<Member> {
  const young = dated.length > MOST_MEMBERS ? dated.slice(-MOST_MEMBERS) : dated;
  const worth: number[] = [];
  const before: number[] = [];
  let best = -1;
  for (const [index, { day, size }] of young.entries()) {
    worth.push(1);
    before.push(-1);
    for (let earlier = index - 1; earlier >= 0; earlier--) {
      const other = young[earlier];
      if (other === undefined || day - other.day > 2 * rule.toDays) break;
      const cost = gapCost(day - other.day, rule);
      if (cost === undefined) continue;
      const oddity = ODD_AMOUNT_COST * Math.min(1, Math.abs(Math.log((size + 1) / (other.size + 1))));
      const value = at(worth, earlier) + 1 - cost - oddity;
      if (value > at(worth, index)) {
        worth[index] = value;
        before[index] = earlier;
      }
    }
    if (best === -1 || at(worth, index) >= at(worth, best)) best = index;
  }
  const members: Member[] = [];
  for (let index = best; index >= 0; index = before[index] ?? -1) {
    const member = young[index];
    if (member !== undefined) members.push(member);
  }
  members.reverse();
  const gaps = members.slice(1).map(({ day }, index) => day - at(members, index).day);
  return {
    members,
    steps: [1, ...gaps.map((gap) => (gap > 1.5 * rule.periodDays ? 2 : 1))].slice(0, members.length),
    breaks: gaps.filter((gap) => gap < rule.fromDays || gap > rule.toDays).length,
  };
}

function gapCost(gap: number, { fromDays, toDays, periodDays }: CadenceRule): number | undefined {
  if (gap >= fromDays && gap <= toDays) return OFF_COST * Math.abs(gap - periodDays);
  if (gap >= 2 * fromDays + 1 && gap <= 2 * toDays - 1) return SKIP_COST;
  // What has another day from now on.
  if (gap > 0.5 * periodDays && gap < 1.6 * periodDays) return SHIFT_COST;
  return undefined;
}
