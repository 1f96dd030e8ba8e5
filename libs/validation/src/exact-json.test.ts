import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactNumber, MAX_JSON_DEPTH, parseExact, parseWithReviver } from './exact-json.ts';

const exact = (literal: string) => new ExactNumber(literal);

/** The value, or the code it was refused with. */
function outcomeOf(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) };
  } catch (error) {
    return { code: (error as { code: string }).code };
  }
}

describe('parseExact', () => {
  it.each([
    '72.1',
    '72.10',
    '-0',
    '0',
    '1e21',
    '1E-7',
    '23631.9805',
    '0.30000000000000004',
    '123456789012345678901234567890.123456789',
    '1e400',
    '-1.5e+3',
  ])('keeps the number literal %s as it was written', (literal) => {
    expect(parseExact(literal)).toEqual(exact(literal));
    expect(parseExact(`{"a":[${literal} , true],"b":${literal}}`)).toEqual({
      a: [exact(literal), true],
      b: exact(literal),
    });
  });

  it('leaves numbers inside strings alone', () => {
    expect(parseExact('{"a 1":"x 2, 3","b":"say \\"4\\": 5","c":"6\\\\"}')).toEqual({
      'a 1': 'x 2, 3',
      b: 'say "4": 5',
      c: '6\\',
    });
  });

  it('tells a number from an object that looks like one', () => {
    expect(parseExact('{"literal":"5"}')).not.toBeInstanceOf(ExactNumber);
    expect(parseExact('5')).toBeInstanceOf(ExactNumber);
  });

  it('writes a number back as text, never as a float', () => {
    expect(JSON.stringify(parseExact('[72.10]'))).toBe('["72.10"]');
  });

  it('takes no string for a number, whatever it starts with', () => {
    expect(parseExact('["\\u00005", 5]')).toEqual(['\u00005', exact('5')]);
    expect(parseExact('["\\\\u00005", 5]')).toEqual(['\\u00005', exact('5')]);
  });

  it.each([
    '',
    '{',
    '{"a":1',
    '{"a":1}}',
    '{1:2}',
    '{"a":1,2 \n:3}',
    '01',
    '1.',
    '.5',
    '+1',
    '--1',
    '-',
    '1e',
    '1 2',
    '"a',
    '"a\\"',
    '"a"1',
    '1"a"',
    'tru3',
    'NaN',
    '[1,]',
    '\uFEFF1',
    '"\u0000"',
    "{'a':1}",
  ])('refuses %j', (text) => {
    expect(() => parseExact(text)).toThrow(expect.objectContaining({ code: 'JSON_MALFORMED' }));
  });

  it('quotes nothing of a text that it refuses', () => {
    const text = '{"name":"Ada Example","iban":"GB00SECRET",}';
    let seen: unknown;
    try {
      parseExact(text);
    } catch (error) {
      seen = error;
    }
    expect(seen).toMatchObject({ code: 'JSON_MALFORMED', facts: { lengthChars: 43 } });
    expect((seen as Error).cause).toBeUndefined();
    expect(`${(seen as Error).message} ${(seen as Error).stack}`).not.toMatch(/Ada|SECRET/);
  });

  it(`refuses what is nested deeper than ${MAX_JSON_DEPTH} levels, however deep, and keeps what is not`, () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    for (const text of [nested(65), objects(65), nested(500_000), `["\\u0000",${nested(500_000)}]`]) {
      expect(() => parseExact(text)).toThrow(expect.objectContaining({ code: 'JSON_TOO_DEEP' }));
    }
    expect(() => parseExact('['.repeat(500_000))).toThrow(expect.objectContaining({ code: 'JSON_MALFORMED' }));
    expect(JSON.stringify(parseExact(nested(64)))).toBe(nested(64));
    expect(parseExact(objects(64))).toBeTypeOf('object');
  });

  it('keeps pollution keys as plain own members', () => {
    for (const text of [
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"a":3}',
      '{"__proto__":1,"x":"\\u0000"}',
    ]) {
      const value = parseExact(text) as object;
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.hasOwn(value, '__proto__')).toBe(true);
    }
    expect(Object.getOwnPropertyDescriptor(parseExact('{"__proto__":7}'), '__proto__')?.value).toEqual(exact('7'));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('keeps lone surrogates as they were written', () => {
    expect(parseExact('["\\ud800",1]')).toEqual(['\ud800', exact('1')]);
  });

  it('answers as the reviver does on every JSON text', () => {
    const text = fc.oneof(
      fc.json({ maxDepth: 6 }),
      fc.jsonValue().map((value) => JSON.stringify(value, null, 2)),
      fc
        .array(fc.tuple(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })))
        .map((rows) => JSON.stringify(rows)),
    );
    fc.assert(
      fc.property(text, (json) => {
        expect(parseExact(json)).toStrictEqual(parseWithReviver(json));
      }),
    );
  });

  it('accepts and refuses as the reviver does when a text is damaged', () => {
    const piece = fc.constantFrom(
      '"',
      '\\',
      '0',
      '1',
      '-',
      '.',
      'e',
      ':',
      ',',
      '{',
      '}',
      '[',
      ']',
      ' ',
      '\\u0000',
      'a',
    );
    const damaged = fc
      .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat({ max: 2 }), fc.array(piece, { maxLength: 3 }))
      .map(([json, at, dropped, pieces]) => {
        const index = at % (json.length + 1);
        return json.slice(0, index) + pieces.join('') + json.slice(index + dropped);
      });
    const soup = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.oneof(damaged, soup), (text) => {
        expect(outcomeOf(parseExact, text)).toStrictEqual(outcomeOf(parseWithReviver, text));
      }),
      { numRuns: 2_000 },
    );
  });
});
