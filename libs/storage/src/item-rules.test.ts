import { describe, expect, it } from 'vitest';
import { itemBytes, itemWriteUnits } from './item-rules.ts';

const key = { pk: 'p', sk: 's' }; // 6 bytes

describe('the size of an item as DynamoDB counts it', () => {
  it.each([
    ['a text by its UTF-8', { a: 'é' }, 3],
    ['bytes as they are', { a: new Uint8Array(10) }, 11],
    ['no bytes', { a: new Uint8Array(0) }, 1],
    ['a number of one digit', { a: 7 }, 3],
    ['a number of three digits', { a: 123 }, 4],
    ['a number whose zeros do not count', { a: 120_000 }, 3],
    ['a negative number', { a: -12 }, 4],
    ['a fraction', { a: 0.0125 }, 4],
    ['zero', { a: 0 }, 2],
    ['a number with an exponent', { a: 1.5e30 }, 3],
  ])('%s, and its name', (_, attributes, bytes) => {
    expect(itemBytes({ ...key, ...attributes }) - 6).toBe(bytes);
  });

  it.each([
    [1_017, 1],
    [1_018, 2],
    [2_042, 3],
  ])('with %i bytes of text beside 7 others costs %i write units', (length, units) => {
    expect(itemWriteUnits({ ...key, a: 'x'.repeat(length) })).toBe(units);
  });
});
