import type { UserInsights } from '@quartersec/insights';
import { expect, it } from 'vitest';
import { rememberAssessments } from './remember-assessments.ts';

const nothing: UserInsights = { insights: [], recommendations: [], forecast: [] };

it('keeps as many assessments as it may, of those that were asked for last', () => {
  const remembered = rememberAssessments(2);
  const [first, second, third] = [{ ...nothing }, { ...nothing }, { ...nothing }];
  remembered.set('first', first);
  remembered.set('second', second);
  expect(remembered.get('first')).toBe(first);
  remembered.set('third', third);
  expect(remembered.get('second')).toBeUndefined();
  expect(remembered.get('first')).toBe(first);
  expect(remembered.get('third')).toBe(third);
});
