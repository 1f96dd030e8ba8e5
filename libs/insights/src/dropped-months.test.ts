import { describe, expect, it } from 'vitest';
import { addDropped } from './dropped-months.ts';
import { monthOf } from './months.ts';
import { sampleDay, sampleLedgerOf } from './testing/sample-view.ts';

const newest = sampleDay('2026-06-15');
const month = (date: string) => monthOf(sampleDay(date));
const place = { accountId: 'a1', currency: 'EUR' };
const nothing = { earnedMinor: 0, spentMinor: 0, returnedMinor: 0, unclearInMinor: 0, unclearOutMinor: 0 };

const shop = sampleLedgerOf({
  category: 'shopping',
  of: [
    ['2026-01-31', -500],
    ['2026-02-01', -700],
  ],
});
const refund = sampleLedgerOf({ category: 'shopping', of: [['2026-02-03', 200]] });
const wage = sampleLedgerOf({ category: 'income', of: [['2026-02-28', 3_000]] });
const friend = sampleLedgerOf({ category: 'transfer', of: [['2026-02-10', -40]] });
const savings = sampleLedgerOf({ category: 'loan', isTransferLike: true, of: [['2026-02-11', 60]] });

describe('sums of what is not kept', () => {
  it('are of an account and month: earned, spent, given back, and moved to where nobody can tell', () => {
    expect(addDropped([], [shop, refund, wage, friend, savings], newest)).toEqual([
      { ...place, month: month('2026-01-01'), ...nothing, spentMinor: 500 },
      {
        ...place,
        month: month('2026-02-01'),
        earnedMinor: 3_000,
        spentMinor: 700,
        returnedMinor: 200,
        unclearInMinor: 60,
        unclearOutMinor: 40,
      },
    ]);
  });

  it('are of accounts and currencies apart, in their order', () => {
    const other = { ...shop, accountId: 'a0' };
    const dollars = { ...shop, currency: 'USD' };
    const sums = addDropped([], [dollars, shop, other], newest);
    expect(sums.map(({ accountId, currency, month: of }) => [accountId, currency, of - month('2026-01-01')])).toEqual([
      ['a0', 'EUR', 0],
      ['a0', 'EUR', 1],
      ['a1', 'EUR', 0],
      ['a1', 'EUR', 1],
      ['a1', 'USD', 0],
      ['a1', 'USD', 1],
    ]);
  });

  it('reach back seven months, whenever they were added', () => {
    const before = addDropped([], [shop], newest);
    expect(addDropped(before, [], sampleDay('2026-08-31'))).toHaveLength(2);
    expect(addDropped(before, [], sampleDay('2026-09-01')).map((one) => one.month)).toEqual([month('2026-02-01')]);
    expect(addDropped([], [shop], sampleDay('2026-09-01')).map((one) => one.month)).toEqual([month('2026-02-01')]);
  });

  it('are the same in whatever order they were added, also where they are too large to be added', () => {
    const large = sampleLedgerOf({ category: 'shopping', of: [['2026-02-01', -9_007_199_254_740_500]] });
    const one = addDropped(addDropped([], [large], newest), [shop, refund], newest);
    expect(one).toEqual(addDropped(addDropped([], [refund, shop], newest), [large], newest));
    expect(one[1]).toMatchObject({ spentMinor: Number.MAX_SAFE_INTEGER, returnedMinor: 200 });
  });
});
