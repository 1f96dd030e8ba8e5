import { expect, it } from 'vitest';
import { areWithin, median, medianDistance } from './spread.ts';

it('the median is one of the values: of an even number the lower middle one', () => {
  expect([median([]), median([7]), median([9, 10]), median([100, 9, 20])]).toEqual([0, 7, 9, 20]);
});

it('the median distance is from the median, or from another middle', () => {
  expect(medianDistance([1, 2, 3, 4, 100])).toBe(1);
  expect(medianDistance([1, 2, 3, 4, 100], 50)).toBe(48);
});

it('two amounts are within a share of the larger one, whatever their sign', () => {
  expect([areWithin(95, 100, 0.05), areWithin(94, 100, 0.05), areWithin(-100, -95, 0.05), areWithin(0, 0, 0)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});
