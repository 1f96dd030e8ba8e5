import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from './damaged-json.ts';
import { damaged, ExactNumber, parseExact } from './exact-json.ts';

const shape = { lists: ['items', 'gone'], members: ['items', 'gone', 'next', 'more', 'call'], recordMembers: ['id'] };
const parse = (text: string) => parseDocument(text, shape) as Record<string, unknown>;

const record = (id: string) => `{"id":"${id}","n":1.50,"to":[{"name":"A"},{"name":"B"}],"at":{"lat":2}}`;
const documentOf = (...items: readonly string[]) =>
  `{"call":"c-1","items":[${items.join(', ')}],"gone":[{"id":"x"}],"next":"n","more":false}`;
const whole = (id: string) => parseExact(record(id));
const [a, b, c] = [record('a'), record('b'), record('c')] as const;

describe('parseDocument', () => {
  it('reads what is whole as parseExact does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(parse(text)).toStrictEqual(parseExact(text));
        expect(parse(`{"items":[${text}]}`)).toStrictEqual(parseExact(`{"items":[${text}]}`));
        // A member with this name is looked at by the slower reader alone.
        const slow = `{"items":[${text}],"\\u0000":1,"call":${text}}`;
        expect(parse(slow)).toStrictEqual(parseExact(slow));
      }),
    );
  });

  it.each([
    ['a comma is another byte', b.replace(',"n"', 'x"n"')],
    ['a colon is another byte', b.replace('"n":', '"n"x')],
    ['a number is none', b.replace('1.50', '1.x0')],
    ['a number has no sign that JSON has', b.replace('1.50', '+1.50')],
    ['a word is none', b.replace('1.50', 'tru\udc80')],
    ['a string has lost its start', b.replace('"b"', 'xb"')],
    ['a string has lost its end', b.replace('"b"', '"bx')],
    ['a string ends early', b.replace('"name"', '"na"e"')],
    ['an escape is none', b.replace('"b"', '"b\\x"')],
    ['the record has lost its start', b.replace('{"id"', 'x"id"')],
    ['the record has lost its end', b.replace(/\}$/, 'x')],
    ['an inner object has lost its start', b.replace('{"lat"', 'x"lat"')],
    ['an inner object has lost its end', b.replace('2}}', '2x}')],
    ['an inner list has lost its start', b.replace('[', 'x')],
    ['an inner list has lost its end', b.replace(']', 'x')],
    ['an object ends early', b.replace('"lat"', '}lat"')],
    ['it is nested too deep', b.replace('1.50', `${'['.repeat(80)}${']'.repeat(80)}`)],
    ['it is not there', 'x'],
    ['it ends early, as whole records do', b.replace('1.50', '1.5}')],
    ['a bracket stands for its start', b.replace('{"id"', ']"id"')],
    ['a brace splits it', b.replace(',"n"', '{"n"')],
    ['an inner object takes the rest of it', '{"at":{"lat":20,"id":"b"}'],
  ])('loses one record where %s', (_, text) => {
    expect(text).not.toBe(b);
    expect(parse(documentOf(a, text, c))).toMatchObject({
      items: [whole('a'), damaged, whole('c')],
      gone: [{ id: 'x' }],
    });
    expect(parse(documentOf(text, c))).toMatchObject({ items: [damaged, whole('c')], more: false });
    expect(parse(documentOf(a, text))).toMatchObject({ items: [whole('a'), damaged], next: 'n' });
    expect(parse(documentOf(text))).toMatchObject({ items: [damaged], gone: [{ id: 'x' }], more: false });
  });

  it.each(['x', ' ', ']', '[', '{', '}', ':', '"', '\udc80'])(
    'loses one record at most where a comma between two is %j',
    (byte) => {
      const items = parse(documentOf(a, b, c).replace('}, {', `}${byte}{`)).items as unknown[];
      expect(items.filter((item) => item !== damaged)).toEqual(expect.arrayContaining([whole('c')]));
      expect(items.filter((item) => item !== damaged).length).toBeGreaterThanOrEqual(2);
    },
  );

  it('loses one record at most, whatever any byte of any record becomes', () => {
    const text = documentOf(a, b, c).replaceAll('}, {', '},{');
    const start = text.indexOf('[') + 1;
    const end = text.indexOf('],"gone"');
    for (let at = start; at < end; at += 1) {
      for (const byte of '"{}[],:\\x0- \u0001\udc80') {
        const items = parse(`${text.slice(0, at)}${byte}${text.slice(at + 1)}`).items as unknown[];
        const kept = ['a', 'b', 'c'].filter((id) => items.some((item) => isDeepStrictEqual(item, whole(id))));
        expect({ at, byte, items: items.length, kept: Math.max(2, kept.length) }).toEqual({
          at,
          byte,
          items: 3,
          kept: kept.length,
        });
      }
    }
  });

  it('loses a string with a raw control character in it, and no more', () => {
    for (const control of ['\u0000', '\n', '\t', '\u001f']) {
      const [, , third] = parse(documentOf(a, b, c.replace('"c"', `"${control}c"`))).items as unknown[];
      expect(third).toStrictEqual({ ...(whole('c') as object), id: damaged });
    }
    expect(parse(documentOf(a.replace('"n"', '"n\t"'))).items).toEqual([
      { ...(whole('a') as object), n: undefined, 'n\ud800': new ExactNumber('1.50') },
    ]);
  });

  it('takes a member that came twice for damaged where the two differ, never for the last', () => {
    const twice = b.replace('"n":1.50', '"n":1.50,"n":2.50');
    const same = b.replace('"n":1.50', '"n":1.50,"\\u006e":1.50');
    const inner = b.replace('"lat":2', '"lat":2,"lat":3');
    expect(parse(documentOf(a, twice, c)).items).toEqual([
      whole('a'),
      { ...(whole('b') as object), n: damaged },
      whole('c'),
    ]);
    expect(parse(documentOf(same)).items).toEqual([whole('b')]);
    expect(parse(documentOf(inner)).items).toEqual([{ ...(whole('b') as object), at: { lat: damaged } }]);
    expect(parse('{"items":[],"items":[1],"next":"a","next":"b","more":true,"more":true}')).toEqual({
      items: damaged,
      next: damaged,
      more: true,
    });
  });

  it('keeps pollution keys as plain own members where it reads slowly', () => {
    const document = parse(documentOf(a.replace('"n":1.50', '"__proto__":{"polluted":1},"n":1,"n":2')));
    const [item] = document.items as object[];
    expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
    expect(Object.hasOwn(item as object, '__proto__')).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('does without a damaged member of the document that holds no record', () => {
    const text = documentOf(a);
    expect(parse(text.replace('"c-1"', '"c-1x'))).toStrictEqual({
      items: [whole('a')],
      gone: [{ id: 'x' }],
      next: 'n',
      more: false,
    });
    expect(parse(text.replace('"call":', '"callx:')).items).toEqual([whole('a')]);
    expect(parse(text.replace('"n",', 'n",'))).not.toHaveProperty('next');
  });

  it.each([
    ['a list has lost its name', (text: string) => text.replace('"items"', '"itemsx')],
    ['a list’s name has a control character', (text: string) => text.replace('"gone"', '"go\tne"')],
    ['a list has lost its start', (text: string) => text.replace('"items":[', '"items":x')],
    ['a list has lost its end', (text: string) => text.replace('],"gone"', 'x,"gone"')],
    [
      'a list before an empty one has lost its end',
      (text: string) => text.replace('],"gone":[{"id":"x"}]', 'x,"gone":[]'),
    ],
    ['it is cut off in a list', (text: string) => text.slice(0, text.indexOf('"b"'))],
    ['it is cut off behind the lists', (text: string) => text.slice(0, text.indexOf('"next"'))],
    ['something follows it', (text: string) => `${text}x`],
    ['it has lost its start', (text: string) => text.slice(1)],
  ])('refuses the document where %s: no list is lost in silence', (_, damage) => {
    expect(() => parse(damage(documentOf(a, b)))).toThrow(expect.objectContaining({ code: 'JSON_MALFORMED' }));
  });

  it('gives up where looking for the next whole record takes too long', () => {
    const text = `{"items":[${'{"a":'.repeat(60_000)}`;
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'JSON_MALFORMED' }));
    const wide = documentOf(`x${Array.from({ length: 600_000 }, () => '{}').join()}`, a);
    expect(() => parse(wide)).toThrow(expect.objectContaining({ code: 'JSON_MALFORMED' }));
  });
});
