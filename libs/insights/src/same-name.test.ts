import { describe, expect, it } from 'vitest';
import { joinNames, mayBeSameName } from './same-name.ts';
import { monthly, sampleView } from './testing/sample-view.ts';

describe('mayBeSameName', () => {
  it.each([
    ['Vattenfall', 'Vattenfall Ab Ocr'],
    ['H&M', 'H&M6735'],
    ['Doordash Yrplb53kg', 'Doordash Plpf71xtr'],
    ['Face Book', 'Facebook Ads'],
    ['C&A', 'C & A Mode'],
    ['Shell 12', 'Shell Berlin'],
    ['BP', 'Bp 4471'],
    ['Netto', 'Nettomarkt Berlin'],
  ])('takes %s and %s for one', (a, b) => {
    expect(mayBeSameName(a, b)).toBe(true);
    expect(mayBeSameName(b, a)).toBe(true);
  });

  it.each([
    ['Orange', 'Oracle'],
    ['The Gym', 'The Bank'],
    ['A', 'Apple'],
    ['C&A', 'Café Krone'],
    ['H&M', 'Hmrc Tax'],
    ['BP', 'Bpost'],
    ['A', 'A 1'],
    ['The Gym', 'The Gin'],
    ['Max', 'Maxi'],
  ])('takes %s and %s for two', (a, b) => {
    expect(mayBeSameName(a, b)).toBe(false);
  });

  it('knows nothing of what has no name', () => {
    expect(mayBeSameName(null, 'Orange')).toBe(false);
  });
});

describe('joinNames', () => {
  const bill = {
    key: 'v',
    label: 'Vattenfall',
    category: 'utilities',
    of: monthly('2025-06-05', 6, -4_000, -6_000),
  } as const;
  const slip = { key: 'w', label: 'Vattenfall Ab Ocr', category: 'utilities', of: [['2025-12-05', -7_000]] } as const;
  const counts = (...ledgers: Parameters<typeof sampleView>[1]) =>
    joinNames(sampleView('2026-01-05', ledgers)).ledgers.map(({ movements }) => movements.length);

  it('puts the few payments under a longer name with those under its own, by their days', () => {
    const { ledgers } = joinNames(sampleView('2026-01-05', [slip, bill]));
    expect(ledgers.map(({ key, movements }) => [key, movements.length, movements.at(-1)?.minor])).toEqual([
      ['v', 7, -7_000],
    ]);
  });

  it.each([
    ['another name', { ...slip, label: 'Fortum' }],
    ['another account', { ...slip, accountId: 'a2' }],
    ['another category', { ...slip, category: 'services' }],
    ['another amount', { ...slip, of: [['2025-12-05', -70_000]] }],
    ['as many of its own', { ...slip, of: monthly('2025-10-05', 3, -7_000) }],
  ] as const)('leaves %s alone', (_, other) => {
    expect(counts(bill, other)).toEqual([6, other.of.length]);
  });

  it('joins up to a third as many payments, at two thirds to half as much again of what it had', () => {
    const other = (...minors: readonly number[]) => ({
      ...slip,
      of: minors.map((minor, index) => [`2025-12-0${index + 5}`, minor] as const),
    });
    // Of 6,000 and 4,000: from 2,666 to 9,000.
    expect(counts(bill, other(-9_000))).toEqual([7]);
    expect(counts(bill, other(-9_001))).toEqual([6, 1]);
    expect(counts(bill, other(-2_667))).toEqual([7]);
    expect(counts(bill, other(-2_666))).toEqual([6, 1]);
    expect(counts(bill, other(-5_000, -5_000))).toEqual([8]);
    expect(counts(bill, other(-5_000, -9_001))).toEqual([6, 2]);
    expect(counts(bill, other(-5_000, -5_000, -5_000))).toEqual([6, 3]);
    expect(counts({ ...bill, of: bill.of.slice(0, 3) }, other(-5_000))).toEqual([4]);
    expect(counts({ ...bill, of: bill.of.slice(0, 2) }, other(-5_000))).toEqual([2, 1]);
    expect(counts(bill, { ...slip, isCut: true })).toEqual([6, 1]);
    expect(counts(bill, { ...slip, label: null })).toEqual([6, 1]);
    expect(counts(bill, { ...slip, currency: 'USD' })).toEqual([6, 1]);
    expect(counts(bill, { ...slip, of: [['2025-12-05', 7_000]] })).toEqual([6, 1]);
  });

  it('puts several slips in the order of their days, then of their sums', () => {
    const early = { ...slip, key: 'x', label: 'Vattenfall 2', of: [['2025-07-05', -6_500]] } as const;
    const [joined] = joinNames(sampleView('2026-01-05', [slip, bill, early])).ledgers;
    const movements = joined?.movements ?? [];
    expect(movements).toHaveLength(8);
    expect(movements.map(({ day, minor }) => [day, minor])).toEqual(
      movements.map(({ day, minor }) => [day, minor]).toSorted(([a = 0, x = 0], [b = 0, y = 0]) => a - b || x - y),
    );
    expect(movements[1]?.minor).toBe(-6_500);
  });

  it('leaves shops alone', () => {
    expect(counts({ ...bill, category: 'groceries' }, { ...slip, category: 'groceries' })).toEqual([6, 1]);
  });
});
