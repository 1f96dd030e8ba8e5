import { expect, it } from 'vitest';
import { rememberLast } from './remember-last.ts';

it('keeps as many values as it may, of those that were asked for last', () => {
  const remembered = rememberLast<object>(2);
  const [first, second, third] = [{}, {}, {}];
  remembered.set('first', first);
  remembered.set('second', second);
  expect(remembered.get('first')).toBe(first);
  remembered.set('third', third);
  expect(remembered.get('second')).toBeUndefined();
  expect(remembered.get('first')).toBe(first);
  expect(remembered.get('third')).toBe(third);
});
