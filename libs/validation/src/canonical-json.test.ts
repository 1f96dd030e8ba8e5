import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { ExactNumber } from './exact-json.ts';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
};

const canonicalValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
  ),
})).value;

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'], 10: '', 9: {} }, '{"10":"","9":{},"a":[true,null,"x"],"b":1}'],
    [[-0, 0, -1, 9_007_199_254_740_991], '[0,0,-1,9007199254740991]'],
    [{ é: 'é"\\\n\u0001', z: '' }, '{"z":"","é":"é\\"\\\\\\n\\u0001"}'],
    ['\ud800 \u{1f600}', '"\\ud800 \u{1f600}"'],
    [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ])('writes %j as one text', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    [1.5, '$', 'float'],
    [{ a: [Number.NaN] }, '$[]', 'float'],
    [Number.POSITIVE_INFINITY, '$', 'float'],
    [2 ** 53, '$', 'unsafe integer'],
    [undefined, '$', 'undefined'],
    [{ a: undefined }, '$', 'undefined'],
    [new Array(1), '$[]', 'undefined'],
    [1n, '$', 'bigint'],
    [() => 1, '$', 'function'],
    [Symbol('a'), '$', 'symbol'],
    [new Date(0), '$', 'class instance'],
    [[new ExactNumber('1')], '$[]', 'class instance'],
    [new Map(), '$', 'class instance'],
  ])('refuses %s', (value, path, found) => {
    expect(() => canonicalJson(value)).toThrow(
      expect.objectContaining({ code: 'NOT_CANONICAL', facts: { path, found } }),
    );
  });

  it('refuses a cycle instead of overflowing the stack', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => canonicalJson(cycle)).toThrow(expect.objectContaining({ code: 'NOT_CANONICAL' }));
  });

  it('says the value and nothing else: it reads back, in any member order, as the same text', () => {
    fc.assert(
      fc.property(canonicalValue, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});
