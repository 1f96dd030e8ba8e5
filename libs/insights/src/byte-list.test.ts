import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './byte-list.ts';

describe('a list of bytes', () => {
  it('holds whole numbers, small ones in one byte', () => {
    const list = new ByteWriter();
    for (const value of [0, 127, 128, 300]) list.write(value);
    expect([...list.bytes()]).toEqual([0, 127, 128, 1, 172, 2]);
  });

  it('gives back what it took', () => {
    const half = Math.floor(Number.MAX_SAFE_INTEGER / 2);
    fc.assert(
      fc.property(
        fc.array(fc.maxSafeNat()),
        fc.array(fc.integer({ min: -half, max: half })),
        fc.string({ unit: 'grapheme' }),
        (plain, signed, text) => {
          const list = new ByteWriter();
          for (const value of plain) list.write(value);
          for (const value of signed) list.writeSigned(value);
          list.writeText(text);
          list.writeFixed(0xffff_ffff, 4);
          const reader = new ByteReader(list.bytes());
          expect(plain.map(() => reader.read())).toEqual(plain);
          expect(signed.map(() => reader.readSigned() + 0)).toEqual(signed.map((value) => value + 0));
          expect(reader.readText()).toBe(text);
          expect(reader.readFixed(4)).toBe(0xffff_ffff);
          expect(reader.rest()).toHaveLength(0);
        },
      ),
    );
  });

  it('refuses a difference that it could not give back', () => {
    expect(() => new ByteWriter().writeSigned(Number.MAX_SAFE_INTEGER)).toThrow(RangeError);
  });

  it('says when it ends too early', () => {
    expect(() => new ByteReader(new Uint8Array([0x80])).read()).toThrow(RangeError);
    expect(() => new ByteReader(new Uint8Array([5, 65])).readText()).toThrow(RangeError);
  });
});
