import { expect, it } from 'vitest';
import { ruleOf } from './cadence.ts';
import { clampPercent, seriesConfidence } from './confidence.ts';
import type { Series } from './series.ts';

const sure = (count: number, given: Partial<Series> = {}) =>
  seriesConfidence({
    occurrences: Array.from({ length: count }),
    rule: ruleOf('monthly'),
    regularity: 1,
    amountKind: 'fixed',
    breaks: 0,
    ...given,
  } as unknown as Series);

it('a series is surer the more often it came, from the least that were needed on', () => {
  expect([3, 4, 5, 13].map((count) => sure(count))).toEqual([78, 85, 89, 96]);
});

it('it is less sure the less regular it is, where amounts differ, and with each break, to three', () => {
  expect([sure(5, { regularity: 0 }), sure(5, { regularity: 0.5 })]).toEqual([67, 78]);
  expect(sure(5, { amountKind: 'variable' })).toBe(85);
  expect([1, 2, 3, 4].map((breaks) => sure(5, { breaks }))).toEqual([85, 80, 76, 76]);
});

it('nothing is certain, and nothing is told that is hardly likely', () => {
  expect([clampPercent(120), clampPercent(99.4), clampPercent(50.5), clampPercent(-3)]).toEqual([99, 99, 51, 5]);
});
