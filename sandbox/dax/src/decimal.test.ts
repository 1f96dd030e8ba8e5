import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { canonicalNumber, readNumber, writeNumber } from './decimal.ts';
import { hex } from './testing/hex.ts';

const read = (notation: string) => readNumber(new CborReader(hex(notation)));
const written = (text: string) => {
  const writer = new CborWriter();
  writeNumber(writer, text);
  return writer.finish().toString('hex');
};

describe('canonicalNumber', () => {
  it.each([
    ['42', '42'],
    ['1.50', '1.5'],
    ['1.0', '1'],
    ['1e3', '1000'],
    ['-0.00', '0'],
    ['007', '7'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1E-3', '0.001'],
    ['-12.340e2', '-1234'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['1E125', `1${'0'.repeat(125)}`],
    ['1E-130', `0.${'0'.repeat(129)}1`],
    ['1E999999999', '1E999999999'],
    ['abc', 'abc'],
  ])('prints %s as %s', (text, canonical) => {
    expect(canonicalNumber(text)).toBe(canonical);
  });
});

describe('readNumber', () => {
  it.each([
    ['182a', '42'],
    ['24', '-5'],
    ['fb3ff8000000000000', '1.5'],
    ['fb3ff0000000000000', '1'],
    ['fa3fc00000', '1.5'],
    ['f93e00', '1.5'],
    ['c482200f', '1.5'],
    ['c482211896', '1.5'],
    ['c482200a', '1'],
    ['c4820301', '1000'],
    ['1b0020000000000001', '9007199254740993'],
    ['3b7fffffffffffffff', '-9223372036854775808'],
    ['c249010000000000000000', '18446744073709551616'],
    ['c349010000000000000000', '-18446744073709551617'],
    ['c48220c249010000000000000000', '1844674407370955161.6'],
    ['c240', '0'],
  ])('reads %s as %s', (notation, text) => {
    expect(read(notation)).toBe(text);
  });

  it('refuses a number of more digits than any table holds without computing it', () => {
    expect(() => read(`c2590200${'ff'.repeat(512)}`)).toThrow(expect.objectContaining({ code: 'ValidationException' }));
  });

  it.each(['f97e00', 'f97c00', 'c60102', 'c4830102 03', 'c482c001 01', 'c4820161"a"'])('refuses %s', (notation) => {
    expect(() => read(notation)).toThrow(expect.objectContaining({ code: 'STREAM_MALFORMED' }));
  });

  it('keeps a huge exponent short', () => {
    expect(read('c4821a3b9aca0001')).toBe('1E1000000000');
  });
});

describe('writeNumber', () => {
  it.each([
    ['42', '182a'],
    ['0', '00'],
    ['-5', '24'],
    ['1.5', 'c482200f'],
    ['-0.001', 'c4822220'],
    ['999999999999999', '1b00038d7ea4c67fff'],
    ['1000000000000000', 'c48200c247038d7ea4c68000'],
    ['-1000000000000000', 'c48200c347038d7ea4c67fff'],
    ['1E3', '1903e8'],
    ['0.00', '00'],
  ])('writes %s as %s', (text, bytes) => {
    expect(written(text)).toBe(bytes);
  });

  it('never writes a float, and reads back what it wrote', () => {
    const number = fc
      .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 38n - 1n), fc.integer({ min: -130, max: 88 }))
      .map(([negative, mantissa, exponent]) => `${negative ? '-' : ''}${mantissa}E${exponent}`);
    fc.assert(
      fc.property(number, (text) => {
        const bytes = written(text);
        expect(bytes).not.toMatch(/^f[9ab]/);
        expect(read(bytes)).toBe(canonicalNumber(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads every double a client sends as its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e120, max: 1e120 }), (value) => {
        const bytes = new CborWriter().float(value).finish().toString('hex');
        expect(Number(read(bytes))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
