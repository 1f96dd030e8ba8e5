import { describe, expect, it } from 'vitest';
import { normalShare } from './normal-share.ts';

describe('normalShare', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413],
    [-1.2816, 0.1],
    [8, 1],
  ])('the share below %d is %d', (z, expected) => {
    expect(normalShare(z)).toBeCloseTo(expected, 3);
  });
});
