/** What small made-up ledgers of one payee each say by themselves, as somebody approved it: see `approved.test.ts`. */
import { describe, expect, it } from 'vitest';
import { connectionInsights } from './assess-connection.ts';
import { addMonths, dateOf } from './day.ts';
import type { Insight } from './insight.ts';
import { pickWith, randomFrom } from './testing/sample-ledger.ts';
import { sampleDay, sampleView } from './testing/sample-view.ts';
import type { Category } from './view.ts';

const FIRST = sampleDay('2024-01-31');
const rhythms = [7, 14, 15, 30, 'month', 'month', 'month', 'quarter', 'year'] as const;
const categories: readonly Category[] = [
  ...(['utilities', 'entertainment', 'services', 'other', 'shopping', 'dining'] as const),
  ...(['groceries', 'transfer', 'income', 'insurance', 'health', 'housing'] as const),
];

/** A rhythm with days that move, payments left out, prices that change, and other payments in between. */
function ledgerOf(seed: number) {
  const random = randomFrom(seed);
  const pick = pickWith(random);
  const rhythm = pick(rhythms);
  const category = pick(categories);
  const sign = category === 'income' || random() < 0.1 ? 1 : -1;
  const moves = pick([[0], [0, 0, 1, 2], [0, 3, 5], [0, 0, 0, 8]]);
  const base = pick([4_99, 10_00, 49_90, 100_00]);
  const kind = pick(['fixed', 'fixed', 'risen', 'offer', 'varies', 'drifts'] as const);
  const count =
    rhythm === 'year' ? pick([2, 3, 4]) : rhythm === 'quarter' ? pick([3, 4, 6, 9]) : pick([3, 5, 7, 10, 14, 20]);
  const turn = Math.floor(count * random());
  const rows: [string, number][] = [];
  for (let index = 0; index < count; index++) {
    const months = rhythm === 'month' ? index : rhythm === 'quarter' ? 3 * index : rhythm === 'year' ? 12 * index : 0;
    const day = typeof rhythm === 'number' ? FIRST + rhythm * index : addMonths(FIRST, months);
    const price = {
      fixed: base,
      risen: index >= turn ? Math.round(base * pick([1.01, 1.1, 1.1])) : base,
      offer: index >= turn ? base * 2 : base,
      varies: Math.round(base * (0.5 + random())),
      drifts: base + 5 * index,
    }[kind];
    if (random() < 0.06) continue;
    rows.push([dateOf(day + pick(moves)), sign * price]);
    if (random() < 0.06) rows.push([dateOf(day + pick([0, 1, 2, 11])), sign * pick([price, base * 3, 7_00])]);
  }
  return { of: rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)), category, what: `${rhythm} ${kind} ${category}` };
}

function lineOf({ kind, fingerprint: _, evidence, ...rest }: Insight): string {
  const told = Object.values(rest).filter((value) => value !== 'EUR' && value !== 'Name');
  return `${kind} ${told.map((value) => (typeof value === 'object' ? JSON.stringify(value) : value)).join(' ')} (${evidence.length})`;
}

/** Two contracts of one payee: at other prices or at one, half a month apart or not, on one account or on two. */
function pairOf(seed: number) {
  const random = randomFrom(seed + 5_000);
  const pick = pickWith(random);
  const category = pick([
    'services',
    'services',
    'utilities',
    'entertainment',
    'other',
    'shopping',
    'transfer',
  ] as const);
  const prices = pick([
    [10_00, 10_00],
    [10_00, 10_05],
    [10_00, 14_00],
    [10_00, 16_00],
    [10_00, 30_00],
  ]);
  const apart = pick([0, 3, 7, 15, 16]);
  const days = pick([0, 0, 14, 7]);
  const [from, count] = [pick([0, 0, 4]), pick([4, 6, 9, 13])];
  const moves = pick([[0], [0, 0, 0, 1], [0, 2]]);
  const one = (price: number, first: number, shift: number) =>
    Array.from({ length: count - first }, (_, index): [string, number] => {
      const turn = index + first;
      const day = days === 0 ? addMonths(FIRST, turn) : FIRST + days * turn;
      const minor = turn > 9 && random() < 0.5 ? price * 1.2 : price;
      return [dateOf(day + shift + pick(moves)), -Math.round(minor)];
    });
  const [a, b] = [one(prices[0] ?? 0, 0, 0), one(prices[1] ?? 0, from, apart)];
  const inOrder = (rows: readonly [string, number][]) => rows.toSorted(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0));
  const isOnTwo = random() < 0.3;
  return {
    ledgers: isOnTwo ? [inOrder(a), inOrder(b)] : [inOrder([...a, ...b])],
    category,
    what: `${category} ${prices.join(' and ')}, ${apart} days apart, ${days === 0 ? 'by the month' : `each ${days}`}${isOnTwo ? ', on two accounts' : ''}`,
  };
}

function toldOfPair(seed: number): readonly string[] {
  const { ledgers, category, what } = pairOf(seed);
  const last =
    ledgers
      .flatMap((of) => of.at(-1)?.[0] ?? [])
      .sort()
      .at(-1) ?? '';
  const given = ledgers.map((of, index) => ({ of, category, accountId: `a${index + 1}` }));
  const view = sampleView(dateOf(sampleDay(last) + 3), given);
  return [
    `# ${seed} ${what}`,
    ...connectionInsights(view).map((insight) => `${lineOf(insight)} ${insight.fingerprint}`),
  ];
}

function toldOf(seed: number): readonly string[] {
  const { of, category, what } = ledgerOf(seed);
  const last = of.at(-1)?.[0];
  if (last === undefined) return [];
  const other = { of: [['2023-12-20', -1_00]], key: 'other' } as const; // the account was known before
  return [2, 40].flatMap((days) => {
    const view = sampleView(dateOf(sampleDay(last) + days), [{ of, category }, other]);
    return [`# ${seed} ${what}, ${days} days after ${last}`, ...connectionInsights(view).map(lineOf)];
  });
}

describe('what one payee says', () => {
  it('of 220 ledgers', async () => {
    const lines = Array.from({ length: 220 }, (_, seed) => toldOf(seed)).flat();
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./approved/series.txt');
  });

  it('of 140 with two contracts', async () => {
    const lines = Array.from({ length: 140 }, (_, seed) => toldOfPair(seed)).flat();
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./approved/series-of-two.txt');
  });
});
