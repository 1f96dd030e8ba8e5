import { describe, expect, it } from 'vitest';
import { compareReads, keepsObjective, proveHits, quantileOf } from './dax-summary.ts';

describe('quantileOf', () => {
  it.each([
    [0.5, 2],
    [0.95, 4],
    [0, 1],
  ])('%d of 4, 1, 3, 2 is %i', (quantile, expected) => {
    expect(quantileOf([4, 1, 3, 2], quantile)).toBe(expected);
  });

  it('refuses to make a figure of nothing', () => {
    expect(() => quantileOf([], 0.5)).toThrow('nothing was measured');
  });
});

describe('compareReads', () => {
  it('says by how much the calls through DAX are shorter', () => {
    expect(compareReads([1, 1, 3], [4, 4, 4])).toEqual({
      dax: { p50Ms: 1, p95Ms: 3 },
      direct: { p50Ms: 4, p95Ms: 4 },
      reduction: { p50: 0.75, p95: 0.25 },
    });
  });
});

describe('keepsObjective', () => {
  it.each([
    [0.5, 0.5, true],
    [0.49, 0.9, false],
    [0.9, 0.49, false],
  ])('p50 less by %d and p95 less by %d: %s', (p50, p95, kept) => {
    expect(keepsObjective({ reduction: { p50, p95 } })).toBe(kept);
  });
});

describe('proveHits', () => {
  const before = { hits: 10, negativeHits: 0, misses: 5 };

  it('is content when every read was a hit', () => {
    expect(() => proveHits(3, before, { hits: 13, negativeHits: 0, misses: 5 }, 0)).not.toThrow();
  });

  it.each([
    ['a miss', { hits: 13, negativeHits: 0, misses: 6 }, 0],
    ['a hit too few', { hits: 12, negativeHits: 1, misses: 5 }, 0],
    ['a read past the node', { hits: 13, negativeHits: 0, misses: 5 }, 1],
  ])('refuses the figures after %s', (_, after, failures) => {
    expect(() => proveHits(3, before, after, failures)).toThrow(/of 3 reads/);
  });
});
