import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeCompoundKey,
  decodeKey,
  encodeCompoundKey,
  encodeKey,
  type KeySchema,
  type KeyType,
  keyText,
} from './item-key.ts';
import { hex } from './testing/hex.ts';

const schema = (hash: KeyType, range?: KeyType): KeySchema => ({
  tableName: 'table',
  hash: { name: 'pk', type: hash },
  range: range && { name: 'sk', type: range },
});

describe('keys', () => {
  it.each([
    ['S', undefined, '"abc"', { pk: { S: 'abc' } }],
    ['B', undefined, '010203', { pk: { B: 'AQID' } }],
    ['N', undefined, '182a', { pk: { N: '42' } }],
    ['N', undefined, 'fb4004000000000000', { pk: { N: '2.5' } }],
    ['N', undefined, 'c4822018 19', { pk: { N: '2.5' } }],
    ['S', 'N', '61"p" c2210010', { pk: { S: 'p' }, sk: { N: '12' } }],
    ['N', 'B', 'fb4004000000000000 010002', { pk: { N: '2.5' }, sk: { B: 'AQAC' } }],
    ['S', 'S', '61"p" "rest of it"', { pk: { S: 'p' }, sk: { S: 'rest of it' } }],
    ['B', 'S', '4101 "x"', { pk: { B: 'AQ==' }, sk: { S: 'x' } }],
  ] as const)('of %s and %s are read from %s', (hash, range, bytes, key) => {
    expect({ ...decodeKey(hex(bytes), schema(hash, range)) }).toEqual(key);
  });

  it.each([
    ['S', undefined, { pk: { S: 'abc' } }, '616263'],
    ['N', undefined, { pk: { N: '2.5' } }, 'c4822018' + '19'],
    ['S', 'N', { pk: { S: 'p' }, sk: { N: '12' }, other: { S: 'not in it' } }, '6170c2210010'],
    ['N', 'B', { pk: { N: '7' }, sk: { B: 'AQAC' } }, '07010002'],
    ['B', 'S', { pk: { B: 'AQ==' }, sk: { S: 'x' } }, '410178'],
    ['B', undefined, { pk: { B: 'AQ==' } }, '01'],
  ] as const)('of %s and %s are written', (hash, range, item, bytes) => {
    expect(encodeKey(item, schema(hash, range)).toString('hex')).toBe(bytes);
  });

  it('have one text, whatever form a client chose for a number', () => {
    const texts = ['fb3ff8000000000000', 'c482200f', 'c482211896'].map((bytes) =>
      keyText(decodeKey(hex(bytes), schema('N')), schema('N')),
    );
    expect(texts).toEqual(['1.5', '1.5', '1.5']);
  });

  it('that differ have different texts', () => {
    const key = fc.record({ pk: fc.string({ maxLength: 4 }), sk: fc.string({ maxLength: 4 }) });
    const composite = schema('S', 'S');
    fc.assert(
      fc.property(key, key, (left, right) => {
        const text = ({ pk, sk }: typeof left) => keyText({ pk: { S: pk }, sk: { S: sk } }, composite);
        expect(text(left) === text(right)).toBe(left.pk === right.pk && left.sk === right.sk);
      }),
    );
  });

  it('of an item without them are an error of the request', () => {
    expect(() => encodeKey({ sk: { S: 'x' } }, schema('S'))).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
    expect(() => encodeKey({ pk: { N: '1' } }, schema('S'))).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
  });

  it('whose bytes do not fit the schema are refused', () => {
    for (const bytes of ['01 "x"', '61', '']) {
      expect(() => decodeKey(hex(bytes), schema('S', 'S'))).toThrow(
        expect.objectContaining({ code: 'STREAM_MALFORMED' }),
      );
    }
    expect(() => decodeKey(hex('0101'), schema('N'))).toThrow(expect.objectContaining({ code: 'STREAM_MALFORMED' }));
  });
});

describe('compound keys', () => {
  it('are indefinite maps', () => {
    const key = { pk: { S: 'p' }, sk: { N: '1' } };
    expect(encodeCompoundKey(key)).toEqual(hex('bf 62"pk" 61"p" 62"sk" 01 ff'));
    expect({ ...decodeCompoundKey(hex('bf 62"pk" 61"p" 62"sk" 01 ff')) }).toEqual(key);
  });

  it('of another form are refused', () => {
    expect(() => decodeCompoundKey(hex('01'))).toThrow(expect.objectContaining({ code: 'STREAM_MALFORMED' }));
  });
});
