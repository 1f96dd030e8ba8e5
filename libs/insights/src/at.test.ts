import { describe, expect, it } from 'vitest';
import { at } from './at.ts';

describe('an element', () => {
  it('is at its place, from the beginning or from the end', () => {
    expect([at(['a', 'b'], 0), at(['a', 'b'], -1)]).toEqual(['a', 'b']);
  });

  it('has to be there', () => {
    expect(() => at([], 0)).toThrow(new RangeError('There is no element 0 among 0.'));
  });
});
