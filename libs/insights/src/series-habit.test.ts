import { describe, expect, it } from 'vitest';
import { ruleOf } from './cadence.ts';
import type { Cadence } from './insight.ts';
import { habitOf, isChosenEachTime, majorityCategory, type SeriesShape, suffices } from './series-habit.ts';

/** A year of months at one price, on its day, with nothing beside it. */
const sound: SeriesShape = {
  category: 'services',
  direction: 'out',
  rule: ruleOf('monthly'),
  count: 12,
  regularity: 1,
  isFixed: true,
  isEqual: true,
  isExact: true,
  spread: 0,
  coverage: 1,
  isAll: true,
  share: 1,
};
const variable = { isFixed: false, isEqual: false, isExact: false, spread: 0.3 } as const;
const chosen = { isAll: false, share: 0.3 } as const;
const cadence = (name: Cadence) => ({ rule: ruleOf(name) });

/** The least of one share that suffices with all others at their best, in percent; `undefined` where none does. */
function leastOf(shape: SeriesShape, name: 'regularity' | 'coverage' | 'share'): number | undefined {
  const percents = Array.from({ length: 101 }, (_, percent) => percent);
  return percents.find((percent) => suffices({ ...shape, [name]: percent / 100 }));
}

function mostSpread(shape: SeriesShape): number | undefined {
  const percents = Array.from({ length: 101 }, (_, percent) => percent);
  return percents.findLast((percent) => suffices({ ...shape, spread: percent / 100 }));
}

describe('the bounds of what suffices', () => {
  it('are as approved', async () => {
    const amounts = {
      'one price': { isFixed: true, isEqual: true, isExact: true, spread: 0 },
      'one price to the rate': { isFixed: true, isEqual: false, isExact: false, spread: 0 },
      'any amount': { isFixed: false, isEqual: false, isExact: false, spread: 0 },
    } as const;
    const categories = [
      'utilities',
      'income',
      'services',
      'groceries',
      'transport',
      'transfer',
      'other',
      'cash',
    ] as const;
    const lines = categories.flatMap((category) =>
      (['out', 'in'] as const).flatMap((direction) =>
        (['weekly', 'fortnightly', 'monthly', 'yearly'] as const).flatMap((name) =>
          Object.entries(amounts).flatMap(([of, given]) =>
            [true, false].flatMap((isAll) => {
              const { rule } = cadence(name);
              const bounds = [0, 1, 2, 3, 4].flatMap((more) => {
                const shape = { ...sound, category, direction, rule, count: rule.least + more, isAll, ...given };
                if (!suffices(shape)) return [];
                const [regular, covered, shared] = (['regularity', 'coverage', 'share'] as const).map((one) =>
                  leastOf(shape, one),
                );
                return [`${shape.count}: ${regular} ${covered} ${shared} ${mostSpread(shape)}`];
              });
              const what = `${category} ${direction} ${name}, ${of}${isAll ? '' : ', picked'}`;
              return bounds.length === 0 ? [] : [`${what}; ${bounds.join('; ')}`];
            }),
          ),
        ),
      ),
    );
    const head = 'by how many: least percent on its day, of the time covered, of all payments; most spread';
    await expect(`${head}\n${lines.join('\n')}\n`).toMatchFileSnapshot('./approved/what-suffices.txt');
  });
});

describe('what suffices for a series', () => {
  it.each<[string, Partial<SeriesShape>, boolean]>([
    ['one price on its day', {}, true],
    ['one price, in most months on its day', { regularity: 0.8 }, true],
    ['three on their days', { count: 3 }, true],
    ['three, one of them on another day', { count: 3, regularity: 0.5 }, false],
    ['three beside as many others', { count: 3, coverage: 0.5 }, false],
    ['many beside as many others', { coverage: 0.6 }, false],
    ['three picked by their price', { count: 3, ...chosen }, false],
    ['cash', { category: 'cash' }, false],
    ['money back from a shop', { category: 'shopping', direction: 'in' }, false],

    ['a bill of any amount', { category: 'utilities', ...variable }, true],
    ['a bill of wildly other amounts', { category: 'utilities', ...variable, spread: 0.8 }, false],
    ['a bill picked out of others', { category: 'utilities', ...variable, isAll: false }, false],
    ['three bills on their days', { category: 'utilities', ...variable, count: 3 }, true],
    ['bills by the week', { category: 'utilities', ...variable, ...cadence('weekly') }, false],
    ['wages by the week', { category: 'income', direction: 'in', ...variable, ...cadence('weekly') }, true],
    ['a service by use', { category: 'services', ...variable }, true],
    ['a service by use, for three months', { category: 'services', ...variable, count: 3 }, false],
    ['a service by the week, by use', { category: 'services', ...variable, ...cadence('weekly') }, false],

    ['a pass for the bus each month', { category: 'transport' }, true],
    ['a ticket for the bus each week', { category: 'transport', ...cadence('weekly') }, false],
    ['a box of food each week', { category: 'groceries', ...cadence('weekly') }, true],
    ['the same shopping nearly each week', { category: 'groceries', ...cadence('weekly'), regularity: 0.9 }, false],
    ['a membership of a shop among orders', { category: 'shopping', ...chosen }, true],
    ['one of the prices of a shop', { category: 'shopping', ...chosen, coverage: 0.6 }, false],
    [
      'a price that follows the exchange rate at a shop',
      { category: 'shopping', isEqual: false, isExact: false },
      true,
    ],
    ['that, for four months', { category: 'shopping', isEqual: false, isExact: false, count: 4 }, false],
    ['shopping of any amount', { category: 'groceries', ...variable }, false],

    ['a standing order', { category: 'transfer' }, true],
    ['the same sum to a friend among others, often', { category: 'transfer', ...chosen }, true],
    ['the same sum to a friend among others, five times', { category: 'transfer', ...chosen, count: 5 }, false],
    ['half of what a friend gets', { category: 'transfer', ...chosen, share: 0.5, count: 5 }, true],
    ['sums that hardly differ', { category: 'transfer', ...variable, spread: 0.1 }, true],
    ['sums that differ', { category: 'transfer', ...variable }, false],
    ['sums that differ, from somebody', { category: 'transfer', direction: 'in', ...variable }, true],

    ['somebody unknown each month', { category: 'other' }, true],
    ['somebody unknown each week, at one price', { category: 'other', ...cadence('weekly') }, true],
    [
      'somebody unknown each week, at about one price',
      { category: 'other', ...cadence('weekly'), isEqual: false, count: 9 },
      false,
    ],
    ['somebody unknown for bills that differ', { category: 'other', ...variable }, true],
    [
      'somebody unknown for bills that differ, by the week',
      { category: 'other', ...variable, ...cadence('weekly') },
      false,
    ],
    ['somebody unknown who pays', { category: 'other', direction: 'in', ...variable, ...cadence('weekly') }, true],
    [
      'somebody unknown who pays now and then',
      { category: 'other', direction: 'in', ...variable, coverage: 0.5 },
      false,
    ],

    ['two a year apart', { ...cadence('yearly'), count: 2 }, true],
    ['two of other amounts a year apart', { ...cadence('yearly'), count: 2, ...variable }, false],
    ['two at a shop a year apart', { ...cadence('yearly'), count: 2, category: 'shopping' }, false],
    [
      'two of nearly one amount a year apart, to somebody unknown',
      { ...cadence('yearly'), count: 2, category: 'other', isExact: false },
      false,
    ],
    ['three years of insurance', { ...cadence('yearly'), count: 3, category: 'insurance', ...variable }, true],
    [
      'three years at a shop, of other amounts',
      { ...cadence('yearly'), count: 3, category: 'shopping', isEqual: false },
      false,
    ],
    ['three years, one on another day', { ...cadence('yearly'), count: 3, regularity: 0.5 }, false],
  ])('%s', (_, given, expected) => {
    expect(suffices({ ...sound, ...given })).toBe(expected);
  });
});

describe('a habit', () => {
  it('is of the category, and of the direction for shops', () => {
    expect([
      habitOf('housing', 'out'),
      habitOf('dining', 'out'),
      habitOf('dining', 'in'),
      habitOf('cash', 'out'),
    ]).toEqual(['bill', 'shop', 'never', 'never']);
    expect([isChosenEachTime('dining'), isChosenEachTime('cash'), isChosenEachTime('insurance')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is judged by the category of most', () => {
    const of = (...categories: readonly SeriesShape['category'][]) =>
      majorityCategory(
        categories.map((category) => ({
          movement: { day: 0, minor: 1, category, isForeign: false, isTransferLike: false },
        })),
      );
    expect([of('dining', 'loan', 'loan'), of(), of('loan', 'dining')]).toEqual(['loan', 'other', 'loan']);
  });
});

describe('a cadence', () => {
  it('has one rule, and no other has any', () => {
    expect(ruleOf('monthly').least).toBe(3);
    expect(() => ruleOf('daily' as Cadence)).toThrow(RangeError);
  });
});
