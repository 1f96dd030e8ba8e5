import { describe, expect, it } from 'vitest';
import { damaged, parseExact } from './exact-json.ts';
import { stringifyExact } from './exact-text.ts';

describe('stringifyExact', () => {
  it.each([
    '{"amount":72.10,"list":[1e21,-0,0.30000000000000004],"text":"12.50","none":null,"yes":true}',
    '[{"a":{"b":[12345678901234567890.12]}}]',
    '"72.10"',
  ])('gives back what parseExact has read: %s', (text) => {
    expect(stringifyExact(parseExact(text))).toBe(text);
  });

  it('keeps what was damaged from being read as a value later', () => {
    expect(stringifyExact(damaged)).toBe('["damaged"]');
    expect(stringifyExact({ a: damaged, b: [damaged, 'x'] })).toBe('{"a":["damaged"],"b":[["damaged"],"x"]}');
  });

  it('gives back a number that stands alone', () => {
    expect(stringifyExact(parseExact('72.10'))).toBe('72.10');
  });
});
