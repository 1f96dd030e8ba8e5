import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CborReader } from './cbor-reader.ts';
import { CborScan } from './cbor-scan.ts';
import { CborWriter } from './cbor-writer.ts';
import { hex } from './testing/hex.ts';

/** Any value that the protocol can hold, as bytes. */
const value: fc.Arbitrary<Buffer> = fc.letrec<{ value: Buffer }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer().map((n) => new CborWriter().integer(n).finish()),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map((n) => new CborWriter().bignum(n).finish()),
    fc.string({ unit: 'binary' }).map((text) => new CborWriter().text(text).finish()),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new CborWriter().bytes(bytes).finish()),
    fc
      .constantFrom('f4', 'f5', 'f6', 'f93e00', 'fa3fc00000', 'fb3ff8000000000000', '5f4101420203ff', '7f61"a"61"b"ff')
      .map(hex),
    fc
      .array(tie('value'), { maxLength: 5 })
      .map((all) => Buffer.concat([new CborWriter().arrayHeader(all.length).finish(), ...all])),
    fc.array(tie('value'), { maxLength: 5 }).map((all) => Buffer.concat([hex('9f'), ...all, hex('ff')])),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 })
      .map((all) => Buffer.concat([hex('bf'), ...all.flat(), hex('ff')])),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 })
      .map((all) => Buffer.concat([new CborWriter().mapHeader(all.length).finish(), ...all.flat()])),
  ),
})).value;

describe('CborScan', () => {
  it('finds the end of values however they are cut', () => {
    const cut = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), cut, (values, steps) => {
        const bytes = Buffer.concat([...values, hex('00')]); // what follows belongs to the next frame
        const length = bytes.length - 1;
        const scan = new CborScan();
        scan.expect(values.length);
        let end = 0;
        for (let index = 0; end < length; index += 1) {
          expect(scan.run(bytes, 0, end)).toBe(false);
          end = Math.min(length, end + (steps[index % steps.length] as number));
        }
        expect(scan.run(bytes, 0, bytes.length)).toBe(true);
        expect(scan.position).toBe(length);
      }),
    );
  });

  it.each([
    ['ff', 'a break outside'],
    ['81ff', 'a break in a definite array'],
    ['1c', 'a reserved length'],
    ['5d', 'a reserved length of a string'],
    ['1f', 'an endless integer'],
    ['df', 'an endless tag'],
    ['f8ff', 'an unknown simple value'],
    ['e0', 'an unassigned simple value'],
    ['5f01ff', 'an integer inside of bytes'],
    ['7f4101ff', 'bytes inside of a text'],
    ['5f5fffff', 'a chunk of chunks'],
    ['81'.repeat(70), 'too deep a nesting'],
  ])('refuses %s: %s', (bytes) => {
    const scan = new CborScan();
    scan.expect(1);
    expect(() => scan.run(hex(bytes), 0, bytes.length / 2)).toThrow(
      expect.objectContaining({ code: 'STREAM_MALFORMED' }),
    );
  });
});

describe('CborReader', () => {
  it('passes over exactly one value', () => {
    fc.assert(
      fc.property(value, (bytes) => {
        const reader = new CborReader(Buffer.concat([bytes, hex('00')]));
        reader.skip();
        expect(reader.position).toBe(bytes.length);
      }),
    );
  });

  it('reads the forms that a length can have', () => {
    const texts = [
      '61"a"',
      '7801"a"',
      '790001"a"',
      '7a00000001"a"',
      '7b0000000000000001"a"',
      '7f61"a"ff',
      '7f6061"a"ff',
    ];
    expect(texts.map((text) => new CborReader(hex(text)).readText())).toEqual(Array(7).fill('a'));
  });

  it('joins the pieces of chunked bytes', () => {
    expect(new CborReader(hex('5f4101420203ff')).readBytes()).toEqual(hex('010203'));
  });

  it.each(['1818', '3818', '1a00010000', '1b001fffffffffffff'])('reads the integer %s and writes it again', (bytes) => {
    const number = new CborReader(hex(bytes)).readInteger();
    expect(new CborWriter().integer(number).finish().toString('hex')).toBe(bytes);
  });

  it.each([
    ['1b0020000000000000', (reader: CborReader) => reader.readInteger()],
    ['61"a"', (reader: CborReader) => reader.readInteger()],
    ['6261', (reader: CborReader) => reader.readText()],
    ['41', (reader: CborReader) => reader.readBytes()],
    ['9a00ffffff', (reader: CborReader) => reader.readArrayHeader()],
    ['8101', (reader: CborReader) => reader.readTuple(2, () => 0)],
    ['9f01ff', (reader: CborReader) => reader.readTuple(2, () => reader.readInteger() + reader.readInteger())],
    ['', (reader: CborReader) => reader.skip()],
    ['0000', (reader: CborReader) => reader.expectEnd()],
    ['f7', (reader: CborReader) => reader.readFloat()],
    ['1c', (reader: CborReader) => reader.readInteger()],
  ])('refuses %s', (bytes, read) => {
    expect(() => read(new CborReader(hex(bytes)))).toThrow(expect.objectContaining({ code: 'STREAM_MALFORMED' }));
  });
});

describe('CborWriter', () => {
  it('writes texts of every length with the shortest header', () => {
    const heads = [0, 1, 23, 24, 255, 256, 65_536].map((length) =>
      new CborWriter(1).text('x'.repeat(length)).finish().subarray(0, 5).toString('hex'),
    );
    expect(heads).toEqual(['60', '6178', '7778787878', '7818787878', '78ff787878', '7901007878', '7a00010000']);
  });

  it('counts bytes, not characters', () => {
    expect(new CborWriter().text('ü€😀').finish().toString('hex')).toBe('69c3bce282acf09f9880');
    expect(new CborWriter().text('€'.repeat(10)).finish().subarray(0, 2).toString('hex')).toBe('781e');
  });
});
