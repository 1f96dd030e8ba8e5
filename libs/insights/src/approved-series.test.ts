/** What small made-up ledgers of one payee each say by themselves, as somebody approved it: see `approved.test.ts`. */
import { describe, expect, it } from 'vitest';
import { connectionInsights } from './assess-connection.ts';
import { addMonths, dateOf } from './day.ts';
import type { Insight } from './insight.ts';
import { randomFrom } from './testing/sample-ledger.ts';
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
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
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
});
