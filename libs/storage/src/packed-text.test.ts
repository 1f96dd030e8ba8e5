import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dictionaryIds, dictionaryOf, newestDictionaryId } from './dictionaries.ts';
import { packText, unpackedLimitBytes, unpackText } from './packed-text.ts';

describe('packed text', () => {
  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.json(), fc.array(fc.uuid()), fc.array(fc.base64String({ minLength: 12 })), (json, ids, others) => {
        const text = JSON.stringify([json, ...ids, ...others, ...ids, ...others]);
        expect(unpackText(packText(text))).toBe(text);
      }),
    );
  });

  it('says its form and its dictionary first', () => {
    expect([...packText('{}').subarray(0, 5)]).toEqual([1, 1, 0, 0, 0]);
  });

  it('is nothing when cut off anywhere, continued, of another form or of a dictionary that is not there', () => {
    const packed = packText('{"kind":"page","runId":"5be1c7"}');
    for (let end = 0; end < packed.length; end++) expect(unpackText(packed.subarray(0, end))).toBeUndefined();
    expect(unpackText(Buffer.concat([packed, Buffer.of(0)]))).toBeUndefined();
    expect(unpackText(Buffer.concat([Buffer.of(0), packed.subarray(1)]))).toBeUndefined();
    expect(unpackText(Buffer.concat([Buffer.of(1, 200), packed.subarray(2)]))).toBeUndefined();
  });

  it('is nothing when it would unpack to more than the limit, however small it is', () => {
    const bomb = (bytes: number) => Buffer.concat([Buffer.of(1, 1, 0, 0, 0), deflateRawSync(Buffer.alloc(bytes, 'x'))]);
    expect(bomb(unpackedLimitBytes * 16).length).toBeLessThan(100_000);
    expect(unpackText(bomb(unpackedLimitBytes * 16))).toBeUndefined();
    expect(unpackText(bomb(unpackedLimitBytes + 1))).toBeUndefined();
    expect(unpackText(bomb(unpackedLimitBytes))).toHaveLength(unpackedLimitBytes);
  });

  it('is nothing when marks would unpack to more than the limit', () => {
    const bomb = (times: number) => {
      const rest = deflateRawSync(`\u0001\u0064${'\u0002\u0000'.repeat(times)}`);
      return Buffer.concat([Buffer.of(1, 1, 0, 0, 75), Buffer.alloc(75), rest]);
    };
    expect(unpackText(bomb(1))).toBe('A'.repeat(200));
    expect(unpackText(bomb(100_000))).toBeUndefined();
  });

  it('takes texts without a pattern out: 16 bytes for a UUID, 6 bits a character for others, once each', () => {
    const others = ['9ebtBuPp1S2sxjihB8RlJQ', 'QHMxiJQz9llIuGq6nJqewI2iV8PG5krFWlUcW'];
    const text = JSON.stringify(['0da64db0-0194-34fd-4f1a-6024ed53a6df', ...others, ...others]);
    const packed = packText(text);
    expect([...packed.subarray(2, 5)]).toEqual([1, 0, 45]); // 59 characters
    expect(packed.subarray(5, 21).toString('hex')).toBe('0da64db0019434fd4f1a6024ed53a6df');
    expect(packed.subarray(21, 66).toString('base64url')).toBe(`${others.join('')}A`);
    expect(unpackText(packed)).toBe(text);
  });

  it('is nothing when texts are missing, left over or named that are not there', () => {
    const of = (rest: string, header: readonly number[], texts: Buffer) =>
      unpackText(Buffer.concat([Buffer.of(1, 1, ...header), texts, deflateRawSync(rest)]));
    expect(of('"\u0001\u0004"', [0, 0, 3], Buffer.alloc(3))).toBe('"AAAA"');
    expect(of('"\u0001\u0005"', [0, 0, 3], Buffer.alloc(3))).toBeUndefined();
    expect(of('"\u0001\u0002"', [0, 0, 3], Buffer.of(0, 0, 1))).toBeUndefined();
    expect(of('""', [1, 0, 0], Buffer.alloc(16))).toBeUndefined();
    expect(of('"\u0003\u0003"', [1, 0, 0], Buffer.alloc(16))).toBeUndefined();
    expect(of('"\u0002\u0000"', [0, 0, 0], Buffer.alloc(0))).toBeUndefined();
  });

  it('is refused where it would not be read back', () => {
    const expected = { code: 'ITEM_TOO_LARGE', facts: { bytes: 4_194_305, limitBytes: 4_194_304 } };
    expect(() => packText('x'.repeat(unpackedLimitBytes + 1))).toThrow(expect.objectContaining(expected));
  });
});

describe('a dictionary', () => {
  /** Entries are packed with these for ever: a text that is not this one is another dictionary, with the next id. */
  const known: Readonly<Record<number, string>> = {
    1: 'af266f6ddab505ab4d9670f2ddc07f8c34615a06c8f49cd3322113d2b8c7c8e2',
  };

  it('is the one that its id has always meant', () => {
    const hashes = dictionaryIds.map((id) => [
      id,
      createHash('sha256')
        .update(dictionaryOf(id) ?? '')
        .digest('hex'),
    ]);
    expect(Object.fromEntries(hashes)).toEqual(known);
  });

  it('is the last one for what is packed now', () => {
    expect(newestDictionaryId).toBe(Math.max(...dictionaryIds));
  });

  it('saves a third of an entry of a few records', () => {
    const text =
      '{"added":[{"accountId":"9ebtBuPp1S2sxjihB8RlJQ","amount":{"currency":"USD","minor":"-781"}}],"kind":"page"}';
    expect(packText(text).length).toBeLessThan((deflateRawSync(text).length * 2) / 3);
  });
});
