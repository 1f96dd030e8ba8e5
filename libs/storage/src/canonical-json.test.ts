import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('sorts members at every depth and writes no white space', () => {
    const value = { b: [{ z: 1, a: null }], a: { d: 'x', c: true } };
    expect(canonicalJson(value)).toBe('{"a":{"c":true,"d":"x"},"b":[{"a":null,"z":1}]}');
  });

  it('leaves out members that are undefined, and keeps their place in lists', () => {
    expect(canonicalJson({ a: undefined, b: [undefined, 1] })).toBe('{"b":[null,1]}');
  });

  it('escapes half a surrogate pair, so the text is well-formed', () => {
    expect(canonicalJson('a\ud800')).toBe('"a\\ud800"');
  });

  it('keeps a member called __proto__ as data', () => {
    const value: unknown = JSON.parse('{"b":1,"__proto__":{"admin":true}}');
    expect(canonicalJson(value)).toBe('{"__proto__":{"admin":true},"b":1}');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s instead of writing null', (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  });

  it('reads back as the same value, whatever order its members were made in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
