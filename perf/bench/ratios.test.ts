import { describe, expect, it } from 'vitest';
import { ratioSpread, spreadOf } from './ratios.ts';

describe('spreadOf', () => {
  it.each([
    [[7], { median: 7, least: 7, most: 7 }],
    [[9, 1, 5], { median: 5, least: 1, most: 9 }],
    [[4, 1, 10, 2], { median: 3, least: 1, most: 10 }],
    [[], undefined],
  ])('of %j', (values, spread) => {
    expect(spreadOf(values)).toEqual(spread);
  });
});

describe('ratioSpread', () => {
  it('divides each pair, not the sums', () => {
    expect(
      ratioSpread([
        [1, 2],
        [30, 10],
        [4, 4],
      ]),
    ).toEqual({ median: 1, least: 0.5, most: 3 });
  });

  it('leaves out what cannot be divided', () => {
    expect(ratioSpread([[1, 0]])).toBeUndefined();
  });
});
