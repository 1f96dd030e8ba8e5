import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dictionaryIds, dictionaryOf, newestDictionaryId } from './dictionaries.ts';
import { packText, unpackedLimitBytes, unpackText } from './packed-text.ts';

describe('packed text', () => {
  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        expect(unpackText(packText(text))).toBe(text);
      }),
    );
  });

  it('says its form and its dictionary first', () => {
    expect([...packText('{}').subarray(0, 2)]).toEqual([1, 1]);
  });

  it('is nothing when cut off anywhere, continued, of another form or of a dictionary that is not there', () => {
    const packed = packText('{"kind":"page","runId":"5be1c7"}');
    for (let end = 0; end < packed.length; end++) expect(unpackText(packed.subarray(0, end))).toBeUndefined();
    expect(unpackText(Buffer.concat([packed, Buffer.of(0)]))).toBeUndefined();
    expect(unpackText(Buffer.concat([Buffer.of(0), packed.subarray(1)]))).toBeUndefined();
    expect(unpackText(Buffer.concat([Buffer.of(1, 200), packed.subarray(2)]))).toBeUndefined();
  });

  it('is nothing when it would unpack to more than the limit, however small it is', () => {
    const bomb = (bytes: number) => Buffer.concat([Buffer.of(1, 1), deflateRawSync(Buffer.alloc(bytes, 'x'))]);
    expect(bomb(unpackedLimitBytes * 16).length).toBeLessThan(100_000);
    expect(unpackText(bomb(unpackedLimitBytes * 16))).toBeUndefined();
    expect(unpackText(bomb(unpackedLimitBytes + 1))).toBeUndefined();
    expect(unpackText(bomb(unpackedLimitBytes))).toHaveLength(unpackedLimitBytes);
  });

  it('is refused where it would not be read back', () => {
    const expected = { code: 'ITEM_TOO_LARGE', facts: { bytes: 4_194_305, limitBytes: 4_194_304 } };
    expect(() => packText('x'.repeat(unpackedLimitBytes + 1))).toThrow(expect.objectContaining(expected));
  });
});

describe('a dictionary', () => {
  /** Entries are packed with these for ever: a text that is not this one is another dictionary, with the next id. */
  const known: Readonly<Record<number, string>> = {
    1: '3c468a6c96a2b2c4f38f9941add3f4bfebb8cdd0398f83ef56101a42efe402cb',
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
