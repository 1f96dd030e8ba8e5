import { describe, expect, it } from 'vitest';
import { fromAttributes, toAttributes } from './attribute-values.ts';

describe('attribute values', () => {
  it('are texts and numbers', () => {
    expect(toAttributes({ pk: 'a', sk: 'b', n: -12.5 })).toEqual({ pk: { S: 'a' }, sk: { S: 'b' }, n: { N: '-12.5' } });
  });

  it('keep types that we never write as their JSON text, so that a check of the item sees them', () => {
    const item = fromAttributes({ pk: { S: 'a' }, sk: { S: 'b' }, n: { N: '1e2' }, foreign: { BOOL: true } });
    expect(item).toEqual({ pk: 'a', sk: 'b', n: 100, foreign: '{"BOOL":true}' });
  });
});
