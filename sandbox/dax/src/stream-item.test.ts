import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttributeLists } from './attribute-lists.ts';
import { type AttributeValue, canonicalValue, readAttributeValue, writeAttributeValue } from './attribute-value.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import type { KeySchema } from './item-key.ts';
import { decodeStreamItem, encodePartialItem, encodeStreamItem } from './stream-item.ts';
import { hex } from './testing/hex.ts';

const schema: KeySchema = { tableName: 'table', hash: { name: 'pk', type: 'S' }, range: undefined };
const newLists = () => new AttributeLists({ limitBytes: 1_000_000 });

const attributeValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }).map((S) => ({ S })),
    fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map((n) => ({ N: String(n) })),
    fc.uint8Array().map((bytes) => ({ B: Buffer.from(bytes).toString('base64') })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true as const }),
    fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }).map((SS) => ({ SS })),
    fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 }).map((all) => ({ NS: all.map(String) })),
    fc.array(fc.uint8Array({ minLength: 1 }), { minLength: 1, maxLength: 3 }).map((all) => ({
      BS: all.map((bytes) => Buffer.from(bytes).toString('base64')),
    })),
    fc.array(tie('value'), { maxLength: 4 }).map((L) => ({ L })),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), { maxKeys: 4 }).map((M) => ({ M })),
  ),
})).value;

describe('attribute values', () => {
  it('of every type come back as they were', () => {
    fc.assert(
      fc.property(attributeValue, (value) => {
        const writer = new CborWriter();
        writeAttributeValue(writer, value);
        const reader = new CborReader(writer.finish());
        expect(canonicalValue(readAttributeValue(reader))).toBe(canonicalValue(value));
        expect(reader.atEnd).toBe(true);
      }),
    );
  });

  it.each([
    ['61"a"', { S: 'a' }],
    ['42 0102', { B: 'AQI=' }],
    ['f5', { BOOL: true }],
    ['f4', { BOOL: false }],
    ['f6', { NULL: true }],
    ['82 01 61"a"', { L: [{ N: '1' }, { S: 'a' }] }],
    ['d90cf9 82 61"a" 61"b"', { SS: ['a', 'b'] }],
    ['d90cfa 82 01 c482200f', { NS: ['1', '1.5'] }],
    ['d90cfb 81 4101', { BS: ['AQ=='] }],
  ])('are read from %s', (bytes, value) => {
    expect(readAttributeValue(new CborReader(hex(bytes)))).toEqual(value);
  });

  it('may have names that mean something to JavaScript', () => {
    const value = readAttributeValue(new CborReader(hex('a1 69"__proto__" a1 61"x" 01')));
    expect(JSON.stringify(value)).toBe('{"M":{"__proto__":{"M":{"x":{"N":"1"}}}}}');
  });

  it.each(['d90cfc 01', 'd90cff 80', `${'81'.repeat(300)}01`])('in an unknown form are refused (%#)', (bytes) => {
    expect(() => readAttributeValue(new CborReader(hex(bytes)))).toThrow(
      expect.objectContaining({ code: 'STREAM_MALFORMED' }),
    );
  });

  it('have the same text whatever the order of members', () => {
    expect(canonicalValue({ M: { b: { SS: ['y', 'x'] }, a: { NS: ['2', '1.0'] } } })).toBe(
      canonicalValue({ M: { a: { NS: ['1', '2.00'] }, b: { SS: ['x', 'y'] } } }),
    );
  });
});

describe('stream items', () => {
  it('hold the id of the list and the values, never the key', () => {
    const lists = newLists();
    const id = lists.idOf(['n', 's']);
    const bytes = encodeStreamItem({ pk: { S: 'p' }, s: { S: 'hi' }, n: { N: '42' } }, lists, schema);
    expect(bytes).toEqual(Buffer.concat([new CborWriter().integer(id).finish(), hex('182a 62"hi"')]));
    expect({ ...decodeStreamItem(bytes, lists, { pk: { S: 'p' } }) }).toEqual({
      pk: { S: 'p' },
      s: { S: 'hi' },
      n: { N: '42' },
    });
  });

  it('of a key alone use list 1', () => {
    expect(encodeStreamItem({ pk: { S: 'p' } }, newLists(), schema)).toEqual(hex('01'));
  });

  it('keep the order in which a client sent the names', () => {
    const lists = newLists();
    const bytes = Buffer.concat([new CborWriter().integer(lists.idOf(['z', 'a'])).finish(), hex('01 02')]);
    expect({ ...decodeStreamItem(bytes, lists, {}) }).toEqual({ z: { N: '1' }, a: { N: '2' } });
  });

  it('with an unknown list are an error, never a guess', () => {
    expect(() => decodeStreamItem(hex('1903e8 01'), newLists(), {})).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
  });

  it('with too few or too many values are refused', () => {
    const lists = newLists();
    const head = new CborWriter().integer(lists.idOf(['a', 'b'])).finish();
    for (const values of ['01', '010203']) {
      expect(() => decodeStreamItem(Buffer.concat([head, hex(values)]), lists, {})).toThrow(
        expect.objectContaining({ code: 'STREAM_MALFORMED' }),
      );
    }
  });

  it('in part are values by their place in a list', () => {
    const lists = newLists();
    const id = new CborWriter().integer(lists.idOf(['x'])).finish();
    expect(encodePartialItem({ x: { S: 'UPDATED_NEW' } }, lists)).toEqual(
      Buffer.concat([id, hex('bf 00 6b"UPDATED_NEW" ff')]),
    );
  });
});
