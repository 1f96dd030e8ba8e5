import { expect, it } from 'vitest';
import { readsBetween } from './cache-metrics.ts';

it.each([
  [
    { hits: 5, misses: 2 },
    { hits: 9, misses: 2 },
    { hits: 4, misses: 0 },
  ],
  [
    { hits: 5, misses: 2 },
    { hits: 1, misses: 3 },
    { hits: 1, misses: 3 },
  ],
  [
    { hits: 0, misses: 9 },
    { hits: 0, misses: 1 },
    { hits: 0, misses: 1 },
  ],
])('counts the reads from %o to %o as %o, also over a restart of the node', (before, after, between) => {
  expect(readsBetween(before, after)).toEqual(between);
});
