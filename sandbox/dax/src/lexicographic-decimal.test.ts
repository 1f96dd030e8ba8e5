import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalNumber } from './decimal.ts';
import { decodeLexicographic, encodeLexicographic } from './lexicographic-decimal.ts';

const EXAMPLES: [string, string][] = [
  ['0', '80'],
  ['1', 'c11c0000'],
  ['-1', '3ee3fff0'],
  ['10', 'c21c0000'],
  ['12', 'c2210010'],
  ['0.001', 'be1c0000'],
  ['1.5', 'c1288010'],
  ['-1.5', '3ed77fe0'],
  ['1234', 'c421d9c000'],
  ['1E100', 'fe800000651c0000'],
  ['-1E-100', '7e80000062e3fff0'],
];

describe('lexicographic decimals', () => {
  it.each(EXAMPLES)('writes %s as %s', (text, bytes) => {
    expect(encodeLexicographic(text).toString('hex')).toBe(bytes);
  });

  it.each(EXAMPLES)('reads %s', (text, bytes) => {
    expect(decodeLexicographic(Buffer.from(bytes, 'hex'))).toBe(canonicalNumber(text));
  });

  it.each([
    ['c21c0010', '10'],
    ['7f', '0'],
  ])('reads the other form %s as %s', (bytes, text) => {
    expect(decodeLexicographic(Buffer.from(bytes, 'hex'))).toBe(text);
  });

  it.each(['', '00', 'ff', 'c1', 'c11c', 'fe8000', 'c1ffff', 'c11c000000', '8000'])('refuses %s', (bytes) => {
    expect(() => decodeLexicographic(Buffer.from(bytes, 'hex'))).toThrow(
      expect.objectContaining({ code: 'STREAM_MALFORMED' }),
    );
  });

  const number = fc.record({
    negative: fc.boolean(),
    mantissa: fc.bigInt(0n, 10n ** 38n - 1n),
    exponent: fc.integer({ min: -130, max: 88 }),
  });
  const text = ({ negative, mantissa, exponent }: { negative: boolean; mantissa: bigint; exponent: number }) =>
    `${negative ? '-' : ''}${mantissa}E${exponent}`;
  /** Exact comparison in whole units of 1E-130. */
  const scaled = ({ negative, mantissa, exponent }: { negative: boolean; mantissa: bigint; exponent: number }) =>
    (negative ? -1n : 1n) * mantissa * 10n ** BigInt(exponent + 130);

  it('come back as they were', () => {
    fc.assert(
      fc.property(number, (value) => {
        expect(decodeLexicographic(encodeLexicographic(text(value)))).toBe(canonicalNumber(text(value)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('have the order of their bytes', () => {
    fc.assert(
      fc.property(number, number, (left, right) => {
        const byBytes = Math.sign(Buffer.compare(encodeLexicographic(text(left)), encodeLexicographic(text(right))));
        const difference = scaled(left) - scaled(right);
        expect(byBytes).toBe(difference === 0n ? 0 : difference < 0n ? -1 : 1);
      }),
      { numRuns: 2_000 },
    );
  });
});
