import { describe, expect, it } from 'vitest';
import type { KeptMovement, LedgerState } from './kept-movement.ts';
import { cutLedger } from './retention.ts';
import type { Category } from './view.ts';

const newest = 20_000;

/** @param agoDays before the newest movement of the connection */
function movement(agoDays: number, category: Category = 'utilities'): KeptMovement {
  return {
    day: newest - agoDays,
    minor: -500,
    category,
    isForeign: false,
    isTransferLike: false,
    label: 'Name',
    mark: agoDays + 1,
    spoken: 'words',
  };
}

const empty: LedgerState = { accountId: 'a1', currency: 'EUR', direction: 'out', key: 'k', movements: [], cut: null };
const kept = (movements: readonly KeptMovement[]) => cutLedger(empty, movements, newest).kept;
const agesOf = (ledger: LedgerState | undefined) => ledger?.movements.map(({ day }) => newest - day);

describe('of a ledger', () => {
  it('all of the last 124 days are kept, and the newest 13 however old they are', () => {
    const daily = Array.from({ length: 200 }, (_, index) => movement(index));
    expect(agesOf(kept(daily))).toEqual(Array.from({ length: 125 }, (_, index) => 124 - index));
    const monthly = Array.from({ length: 20 }, (_, index) => movement(index * 30));
    expect(agesOf(kept(monthly))).toEqual([360, 330, 300, 270, 240, 210, 180, 150, 120, 90, 60, 30, 0]);
    expect(kept(monthly)?.cut).toEqual({ day: newest - 390, isShop: false });
  });

  it('nothing older than 800 days is kept', () => {
    expect(agesOf(kept([movement(801), movement(800), movement(450), movement(100)]))).toEqual([800, 450, 100]);
    expect(kept([movement(801), movement(800), movement(450), movement(100)])?.cut).toEqual({
      day: newest - 801,
      isShop: false,
    });
  });

  it('what was before a silence of 400 days is not kept, once nothing can come that ends it', () => {
    expect(agesOf(kept([movement(446), movement(45)]))).toEqual([45]);
    expect(agesOf(kept([movement(445), movement(45)]))).toEqual([445, 45]);
    expect(agesOf(kept([movement(445), movement(44)]))).toEqual([445, 44]);
    expect(kept([movement(446), movement(45)])?.cut).toBeNull();
    expect(kept([movement(446)])).toBeUndefined();
  });

  it('what was before a silence of 125 days at a shop is not kept', () => {
    expect(agesOf(kept([movement(171, 'dining'), movement(45, 'dining')]))).toEqual([45]);
    expect(agesOf(kept([movement(170, 'dining'), movement(45, 'dining')]))).toEqual([170, 45]);
    expect(kept([movement(171, 'cash')])).toBeUndefined();
    expect(agesOf(kept([movement(171, 'insurance')]))).toEqual([171]);
  });

  it('movements are identified for 45 days, and the first is named for 124', () => {
    const ledger = kept([movement(125), movement(46), movement(45)]);
    expect(ledger?.movements.map(({ mark }) => mark)).toEqual([null, null, 46]);
    expect(ledger?.movements.map(({ label }) => label)).toEqual([null, 'Name', 'Name']);
    expect(ledger?.movements.map(({ spoken }) => spoken)).toEqual([null, 'words', 'words']);
    expect(kept([movement(124)])?.movements.map(({ label }) => label)).toEqual(['Name']);
  });
});
