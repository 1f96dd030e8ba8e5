import { describe, expect, it } from 'vitest';
import { every, sampleView } from './testing/sample-view.ts';
import { unusualSpendInsights } from './unusual-spend.ts';
import type { Category } from './view.ts';

type Ledger = Parameters<typeof sampleView>[1][number];
const usual = every(9, '2026-03-01', 10, -4_000, -6_500, -5_200, -8_000, -4_700);
const told = (ledger: Ledger) => unusualSpendInsights(sampleView('2026-06-20', [{ category: 'groceries', ...ledger }]));

describe('an unusual spend', () => {
  it('is far above all that the counterparty got before', () => {
    expect(told({ of: [...usual, ['2026-06-10', -48_000]] })).toMatchObject([
      { kind: 'unusual-spend', minor: 48_000, usualMinor: 5_200, date: '2026-06-10', category: 'groceries' },
    ]);
  });

  it('is still told when usual ones followed', () => {
    expect(told({ of: [...usual, ['2026-06-10', -48_000], ['2026-06-17', -5_000]] })).toMatchObject([
      { date: '2026-06-10' },
    ]);
  });

  it('is twice all that there was, however much amounts differ', () => {
    const wide = every(9, '2026-03-01', 10, -900, -12_000, -3_000, -25_000, -6_000);
    expect(told({ of: [...wide, ['2026-06-10', -60_000]] })).toMatchObject([{ minor: 60_000, usualMinor: 6_000 }]);
  });

  it('has to be further above where earlier ones were dropped', () => {
    const steady = every(9, '2026-03-01', 10, -4_000, -4_500);
    const view = sampleView('2026-06-20', [{ of: [...steady, ['2026-06-10', -12_000]], category: 'groceries' }]);
    expect(unusualSpendInsights(view)).toHaveLength(1);
    const cut = { ...view, ledgers: view.ledgers.map((ledger) => ({ ...ledger, isCut: true })) };
    expect(unusualSpendInsights(cut)).toEqual([]);
  });

  it('is none five times above a weekly shopping of which older ones were dropped: they may have had one as large', () => {
    const weekly = every(7, '2026-03-01', 14, -4_513, -5_476, -4_856, -7_471);
    const of = (minor: number) => {
      const view = sampleView('2026-06-20', [{ of: [...weekly, ['2026-06-10', minor]], category: 'groceries' }]);
      return unusualSpendInsights({ ...view, ledgers: view.ledgers.map((ledger) => ({ ...ledger, isCut: true })) });
    };
    expect(of(-26_289)).toEqual([]);
    expect(of(-33_000)).toHaveLength(1);
  });

  it('has to be the further above the usual the nearer it is to the highest of those that are left', () => {
    // A marketplace: eleven purchases are left, the larger ones of last year are not.
    const left = every(11, '2026-03-01', 9, -1_270, -2_394, -914, -3_671, -2_053, -5_877, -6_069);
    const of = (minor: number, sizes = left) => {
      const view = sampleView('2026-06-20', [{ of: [...sizes, ['2026-06-10', minor]], category: 'shopping' }]);
      return unusualSpendInsights({ ...view, ledgers: view.ledgers.map((ledger) => ({ ...ledger, isCut: true })) });
    };
    expect(of(-15_000)).toEqual([]); // 6.3 times the usual, 2.5 times the highest
    expect(of(-15_900)).toHaveLength(1); // 2.6 times the highest
    const low = every(11, '2026-03-01', 9, -1_270, -1_394, -914, -1_671, -2_053, -6_069);
    expect(of(-23_000, every(11, '2026-03-01', 9, -4_000, -4_500))).toHaveLength(1); // 5.8 times, five times the highest
    expect(of(-12_300, low)).toHaveLength(1); // twice the highest, and nine times the usual
  });

  it('is no other than before where another shop’s name begins alike: C&A and Café Krone', () => {
    const shop = (label: string) =>
      sampleView('2026-06-20', [
        {
          of: [...every(9, '2026-03-01', 10, -1_108, -1_450), ['2026-06-10', -11_400]],
          label: 'Café Krone',
          category: 'dining',
        },
        { of: every(4, '2026-03-01', 20, -29_802), label, key: 'x', category: 'shopping' },
      ]);
    expect(unusualSpendInsights(shop('C&A')).map(({ minor }) => minor)).toEqual([11_400]);
    expect(unusualSpendInsights(shop('Café Krone Süd'))).toEqual([]);
  });

  it('is none where as much was paid there from another account, or to another branch', () => {
    const large = { of: [...usual, ['2026-06-10', -48_000]], category: 'groceries' } as const satisfies Ledger;
    const [one] = sampleView('2026-06-20', [large]).ledgers;
    const [once] = sampleView('2026-06-20', [{ of: [['2026-02-01', -40_000]], category: 'groceries' }]).ledgers;
    if (one === undefined || once === undefined) throw new RangeError('no ledgers');
    const toldBeside = (other: typeof once) =>
      unusualSpendInsights({ ...sampleView('2026-06-20', [large]), ledgers: [{ ...one, label: 'Market' }, other] });
    expect(toldBeside({ ...once, accountId: 'other' })).toEqual([]);
    expect(toldBeside({ ...once, key: 'branch', label: 'Market North' })).toEqual([]);
    expect(toldBeside({ ...once, key: 'another', label: 'Bakery' })).toHaveLength(1);
  });

  it.each([
    ['a large one', { of: [...usual, ['2026-06-10', -11_000]] }],
    ['less than twice what few ones cost', { of: [...usual.slice(3), ['2026-06-10', -15_500]] }],
    ['hardly above the highest', { of: [['2026-02-01', -15_000], ...usual, ['2026-06-10', -20_000]] }],
    ['three weeks ago', { of: [...usual.slice(0, 9), ['2026-06-05', -48_000]] }],
    ['where there were few before', { of: [...usual.slice(0, 5), ['2026-06-10', -48_000]] }],
    [
      'where amounts always differ',
      { of: [...every(9, '2026-03-01', 10, -900, -12_000, -3_000, -25_000, -6_000), ['2026-06-10', -40_000]] },
    ],
    ['where there was one like it', { of: [['2026-02-01', -45_000], ...usual, ['2026-06-10', -48_000]] }],
    ['little money', { of: [...every(9, '2026-03-01', 10, -100), ['2026-06-10', -2_000]] }],
    [
      'long ago',
      { of: [...usual, ['2026-05-10', -48_000]].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) as Ledger['of'] },
    ],
    ['money moved', { of: [...usual, ['2026-06-10', -48_000]], category: 'transfer' }],
    ['an income', { of: [...every(9, '2026-03-01', 10, 4_000), ['2026-06-10', 48_000]] }],
  ] as const satisfies readonly (readonly [string, Ledger])[])('is none: %s', (_, ledger) => {
    expect(told(ledger)).toEqual([]);
  });
});

describe('the bounds of what is unusual', () => {
  /** Dates five days apart, the last on 10 June. */
  const before = (sizes: readonly number[]) => every(5, '2026-01-01', sizes.length, ...sizes.map((size) => -size));
  const isTold = (
    sizes: readonly number[],
    size: number,
    more: { readonly isCut?: boolean; readonly category?: Category },
  ) =>
    unusualSpendInsights(
      sampleView('2026-06-20', [{ category: 'shopping', ...more, of: [...before(sizes), ['2026-06-15', -size]] }]),
    ).length > 0;
  /** What is told stays told when it is more. */
  const leastOf = (sizes: readonly number[], more: { readonly isCut?: boolean; readonly category?: Category }) => {
    let [low, high] = [1, 100_000_00];
    if (!isTold(sizes, high, more)) return undefined;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isTold(sizes, middle, more)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const shapes = {
    'of one price': [20_00],
    'small ones': [3_00, 4_00],
    'of two prices': [50_00, 90_00],
    'that differ': [30_00, 80_00, 55_00, 120_00, 40_00],
    'with a long tail': [12_00, 9_00, 15_00, 140_00, 11_00, 8_00],
  } as const;

  it('are as approved', async () => {
    const lines = Object.entries(shapes).flatMap(([what, prices]) =>
      [5, 6, 8, 9, 12, 20].map((count) => {
        const sizes = Array.from({ length: count }, (_, index) => prices[index % prices.length] ?? 0);
        return `${count} ${what}: ${leastOf(sizes, {})}, with older ones that were dropped ${leastOf(sizes, { isCut: true })}`;
      }),
    );
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./approved/what-is-unusual.txt');
  });

  it.each(['cash', 'transfer', 'income', 'interest', 'fees', 'loan'] as const)('say nothing of %s', (category) => {
    expect(
      leastOf(
        Array.from({ length: 9 }, () => 20_00),
        { category },
      ),
    ).toBeUndefined();
  });

  it('is told for 14 days, with more confidence the more there were before', () => {
    const told = (today: string, count = 9) =>
      unusualSpendInsights(
        sampleView(today, [
          {
            category: 'shopping',
            of: [...before(Array.from({ length: count }, () => 20_00)), ['2026-06-15', -900_00]],
          },
        ]),
      ).map(({ confidencePercent }) => confidencePercent);
    expect([told('2026-06-29'), told('2026-06-30')]).toEqual([[66], []]);
    expect([told('2026-06-20', 6), told('2026-06-20', 21), told('2026-06-20', 26)]).toEqual([[60], [90], [90]]);
  });

  it('is none where two thirds of it were paid elsewhere before, under the key or the name', () => {
    const charge = {
      category: 'shopping',
      of: [...before(Array.from({ length: 9 }, () => 20_00)), ['2026-06-15', -900_00]],
    } as const;
    const told = (other: Parameters<typeof sampleView>[1][number]) =>
      unusualSpendInsights(sampleView('2026-06-20', [charge, { category: 'shopping', accountId: 'a2', ...other }]))
        .length;
    const at = (on: string, minor: number) => [[on, minor]] as const;
    expect([told({ of: at('2026-06-14', -600_01) }), told({ of: at('2026-06-14', -600_00) })]).toEqual([0, 1]);
    expect(told({ of: at('2026-06-15', -900_00) })).toBe(1); // not before
    expect(told({ of: at('2026-06-14', 900_00) })).toBe(1);
    expect(told({ of: at('2026-06-14', -900_00), currency: 'USD' })).toBe(1);
    expect(told({ of: at('2026-06-14', -900_00), key: 'x' })).toBe(0);
    expect(told({ of: at('2026-06-14', -900_00), key: 'x', label: 'Other' })).toBe(1);
  });
});
