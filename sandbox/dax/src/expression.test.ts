import { describe, expect, it } from 'vitest';
import { decodeCondition, decodeProjection, decodeUpdate } from './expression.ts';
import { canonicalCondition, RequestPlaceholders } from './expression-names.ts';
import { hex } from './testing/hex.ts';

const condition = (notation: string) => {
  const placeholders = new RequestPlaceholders();
  const text = placeholders.condition(decodeCondition(hex(notation)));
  return { text, ...placeholders.tables() };
};

describe('conditions', () => {
  it('come out as text with placeholders', () => {
    expect(condition('83 01 820c8212 62"pk" 80')).toEqual({
      text: 'attribute_not_exists(#n0)',
      ExpressionAttributeNames: { '#n0': 'pk' },
    });
    expect(condition('83 01 8300 8212 62"pk" 821100 81 61"p"')).toEqual({
      text: '#n0 = :v0',
      ExpressionAttributeNames: { '#n0': 'pk' },
      ExpressionAttributeValues: { ':v0': { S: 'p' } },
    });
    expect(condition('83 01 8306 83008212 62"pk" 821100 83048212 62"sk" 821101 82 61"p" 24')).toEqual({
      text: '#n0 = :v0 AND #n1 > :v1',
      ExpressionAttributeNames: { '#n0': 'pk', '#n1': 'sk' },
      ExpressionAttributeValues: { ':v0': { S: 'p' }, ':v1': { N: '-5' } },
    });
  });

  const a = '8212 61"a"';
  const b = '8212 61"b"';
  const value = '821100';
  it.each([
    [`8301 8301 ${a} ${value} 8101`, '#n0 <> :v0'],
    [`8301 8302 ${a} ${value} 8101`, '#n0 < :v0'],
    [`8301 8303 ${a} ${value} 8101`, '#n0 >= :v0'],
    [`8301 8304 ${a} ${value} 8101`, '#n0 > :v0'],
    [`8301 8305 ${a} ${value} 8101`, '#n0 <= :v0'],
    [`8301 8409 ${a} ${value} ${value} 8101`, '#n0 BETWEEN :v0 AND :v1'],
    [`8301 830a ${a} 82 ${value} ${b} 8101`, '#n0 IN (:v0, #n1)'],
    [`8301 820b ${a} 80`, 'attribute_exists(#n0)'],
    [`8301 830d ${a} ${value} 81 61"S"`, 'attribute_type(#n0, :v0)'],
    [`8301 830e ${a} ${value} 81 61"S"`, 'begins_with(#n0, :v0)'],
    [`8301 830f ${a} ${value} 81 61"S"`, 'contains(#n0, :v0)'],
    [`8301 8304 8210 ${a} ${value} 8101`, 'size(#n0) > :v0'],
    [`8301 8208 820b ${a} 80`, 'NOT attribute_exists(#n0)'],
    [`8301 8208 8307 820b ${a} 820b ${b} 80`, 'NOT (attribute_exists(#n0) OR attribute_exists(#n1))'],
    [
      `8301 8306 8306 820b ${a} 820b ${b} 8307 820b ${a} 820b ${b} 80`,
      'attribute_exists(#n0) AND attribute_exists(#n1) AND (attribute_exists(#n0) OR attribute_exists(#n1))',
    ],
    [`8301 820b 8412 61"m" d90cfc02 63"x.y" 80`, 'attribute_exists(#n0[2].#n1)'],
  ])('of every operator (%s)', (notation, text) => {
    expect(condition(notation).text).toBe(text);
  });

  it.each([
    ['8201 821861 f6', 'an unknown operator'],
    ['8302 8208 80 80', 'an unknown version'],
    ['8301 8200 8212 61"a" 80', 'a missing operand'],
    ['8301 8212 d90cfc01 80', 'a path that starts with an index'],
    ['8301 8108 80', 'a NOT of nothing'],
    ['8301 80 80', 'an empty node'],
    ['8301 820b8212 61"a" 80 00', 'trailing bytes'],
  ])('are refused when broken: %s (%s)', (notation) => {
    expect(() => condition(notation)).toThrow(expect.objectContaining({ code: 'STREAM_MALFORMED' }));
  });

  it('that name a missing value are an error of the request', () => {
    expect(() => condition('83 01 8300 8212 62"pk" 821105 80')).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
  });

  it('nest as deep as DynamoDB allows, and no deeper than the stack', () => {
    const nested = (depth: number) => hex(`8301 ${'8208'.repeat(depth)} 820b ${a} 80`);
    expect(canonicalCondition(decodeCondition(nested(300)))).toContain('attribute_exists("a")');
    expect(() => decodeCondition(nested(500))).toThrow(expect.objectContaining({ code: 'STREAM_MALFORMED' }));
  });

  it('are the same question whichever client compiled them', () => {
    // the JavaScript client repeats value 0 and writes 1.5 as a float; the others do neither
    const javascript = decodeCondition(
      hex(`8301 8306 8300 ${a} 821100 8300 ${b} 821102 83 fb3ff8000000000000 00 c482211896`),
    );
    const python = decodeCondition(hex(`8301 8306 8300 ${a} 821100 8300 ${b} 821100 81 c482200f`));
    expect(canonicalCondition(javascript)).toBe(canonicalCondition(python));
    expect(canonicalCondition(python)).toBe('"a" = {"N":"1.5"} AND "b" = {"N":"1.5"}');
  });
});

describe('updates', () => {
  const update = (notation: string) => {
    const placeholders = new RequestPlaceholders();
    const text = placeholders.update(decodeUpdate(hex(notation)));
    return { text, ...placeholders.tables() };
  };

  it('come out as clauses', () => {
    expect(update('83 01 81 8313 8212 61"x" 821100 81 05')).toEqual({
      text: 'SET #n0 = :v0',
      ExpressionAttributeNames: { '#n0': 'x' },
      ExpressionAttributeValues: { ':v0': { N: '5' } },
    });
    const counter = '8313 8212 61"b" 831819 8317 8212 61"b" 821100 821101';
    expect(update(`83 01 81 ${counter} 82 00 01`).text).toBe('SET #n0 = if_not_exists(#n0, :v0) + :v1');
  });

  it('group actions of a kind, in their order', () => {
    const actions =
      '8313 8212 61"a" 821100  8216 8212 61"b"  8314 8212 61"c" 821100  8315 8212 61"d" 821100  8313 8212 61"e" 831818 8212 61"e" 821100';
    expect(update(`83 01 85 ${actions} 81 05`).text).toBe(
      'SET #n0 = :v0, #n4 = list_append(#n4, :v3) REMOVE #n1 ADD #n2 :v1 DELETE #n3 :v2',
    );
  });

  it('made of anything else are refused', () => {
    expect(() => update('83 01 81 820b 8212 61"x" 80')).toThrow(expect.objectContaining({ code: 'STREAM_MALFORMED' }));
  });
});

describe('projections', () => {
  it('are paths in order', () => {
    expect(decodeProjection(hex('82 01 82 8312 61"l" d90cfc02 8312 61"m" 61"a"'))).toEqual([
      ['l', 2],
      ['m', 'a'],
    ]);
  });
});

describe('names', () => {
  const names = ['status', 'year', 'a.b'];
  it.each([
    ['of a client that does not say how they were written get placeholders', undefined, ['#n0', '#n1', '#n2']],
    ['that an app wrote without a placeholder go so to the table', new Set(['year']), ['status', '#n0', '#n1']],
    ['that no app can have written without one get one', new Set<string>(), ['status', 'year', '#n0']],
  ])('%s', (_, namedByPlaceholder, expected) => {
    const placeholders = new RequestPlaceholders(namedByPlaceholder);
    expect(names.map((name) => placeholders.name(name))).toEqual(expected);
  });
});
