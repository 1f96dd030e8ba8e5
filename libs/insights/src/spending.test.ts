import { describe, expect, it } from 'vitest';
import { earnedMinor, householdOf, isHousehold, spentMinor } from './spending.ts';
import { sampleView } from './testing/sample-view.ts';
import type { Category } from './view.ts';

const moved = (direction: 'in' | 'out', category: Category, minor: number) => ({
  ledger: { direction },
  movement: { category, minor },
});

describe('what is spent and what is earned', () => {
  it.each<readonly ['in' | 'out', Category, number, number, number]>([
    ['out', 'groceries', -1_000, 1_000, 0],
    ['out', 'government', -1_000, 1_000, 0],
    ['out', 'other', -1_000, 1_000, 0],
    ['out', 'transfer', -1_000, 0, 0],
    ['out', 'income', -1_000, 0, 0],
    ['out', 'interest', -1_000, 1_000, 0],
    ['in', 'groceries', 400, -400, 0], // given back
    ['in', 'income', 5_000, 0, 5_000],
    ['in', 'interest', 50, 0, 50],
    ['in', 'government', 900, 0, 900],
    ['in', 'other', 70, 0, 70],
    ['in', 'transfer', 800, 0, 0],
  ])('%s %s of %i is %i spent and %i earned', (direction, category, minor, spent, earned) => {
    expect(spentMinor(moved(direction, category, minor)) + 0).toBe(spent);
    expect(earnedMinor(moved(direction, category, minor))).toBe(earned);
  });

  it('is of accounts that are the household’s own, by currency', () => {
    expect(
      ['CACC', 'CARD', 'SVGS', 'LOAN', 'OTHR'].map((type) =>
        isHousehold({ type } as Parameters<typeof isHousehold>[0]),
      ),
    ).toEqual([true, true, true, false, false]);
    const day = [['2026-01-05', -1]] as const;
    const view = sampleView('2026-01-06', [
      { of: day, accountId: 'a1' },
      { of: day, accountId: 'a2' },
      { of: day, accountId: 'a3', currency: 'GBP' },
      { of: day, accountId: 'a4' },
    ]);
    const accounts = view.accounts.map((account) =>
      account.accountId === 'a4' ? { ...account, type: 'LOAN' as const } : account,
    );
    const found = [...householdOf({ ...view, accounts })].map(([currency, list]) => [
      currency,
      list.map(({ accountId }) => accountId),
    ]);
    expect(found).toEqual([
      ['EUR', ['a1', 'a2']],
      ['GBP', ['a3']],
    ]);
  });
});
