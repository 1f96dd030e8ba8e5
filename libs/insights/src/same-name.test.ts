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

  it('leaves shops alone', () => {
    expect(counts({ ...bill, category: 'groceries' }, { ...slip, category: 'groceries' })).toEqual([6, 1]);
  });
});
