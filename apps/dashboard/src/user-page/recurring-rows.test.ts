import { expect, it } from 'vitest';
import { duplicate, recurring } from '../../test/user-answers.ts';
import { monthlyMinor, monthlyTotals, recurringRows } from './recurring-rows.ts';

it.each([
  ['weekly', 1_000, 4_348],
  ['fortnightly', 1_000, 2_174],
  ['semimonthly', 1_000, 2_000],
  ['monthly', 1_000, 1_000],
  ['quarterly', 1_000, 333],
  ['yearly', 1_200, 100],
] as const)('%s %i are %i a month', (cadence, typicalMinor, minor) => {
  expect(monthlyMinor({ cadence, typicalMinor })).toBe(minor);
});

const rows = recurringRows([
  duplicate,
  recurring({ fingerprint: 'wage', direction: 'in', typicalMinor: 100_000, cadence: 'semimonthly' }),
  recurring({ fingerprint: 'yearly', typicalMinor: 12_000, cadence: 'yearly' }),
  recurring({ fingerprint: 'rent', typicalMinor: 90_000 }),
  recurring({ fingerprint: 'abroad', typicalMinor: 500, currency: 'EUR' }),
  recurring({ fingerprint: 'points', typicalMinor: 5, currency: null }),
]);

it('are listed payments first, by what they come to in a month', () => {
  expect(rows.map(({ fingerprint }) => fingerprint)).toEqual(['rent', 'yearly', 'abroad', 'points', 'wage']);
});

it('are added up by currency', () => {
  expect(monthlyTotals(rows)).toEqual([
    { currency: 'EUR', exponent: 2, inMinor: 0, outMinor: 500 },
    { currency: 'USD', exponent: 2, inMinor: 200_000, outMinor: 91_000 },
  ]);
});
