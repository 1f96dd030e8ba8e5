import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDamaged } from './decode-damaged.ts';

const bytesOf = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));

describe('decodeDamaged', () => {
  it.each([
    ['a byte that begins nothing', bytesOf('a', 0xff, 'b'), 'a\udc80b'],
    ['a lone continuation', bytesOf('a', 0x80, 'b'), 'a\udc80b'],
    ['a character without its end', bytesOf('"', 0xc3, '"'), '"\udc80"'],
    ['a character cut off at the end', bytesOf('a', 0xe2, 0x82), 'a\udc80\udc80'],
    ['an encoded surrogate', bytesOf(0xed, 0xa0, 0x80), '\udc80\udc80\udc80'],
    ['an overlong slash', bytesOf(0xc0, 0xaf), '\udc80\udc80'],
    ['what is past Unicode', bytesOf(0xf4, 0x90, 0x80, 0x80), '\udc80\udc80\udc80\udc80'],
    ['characters around it', bytesOf('é€😀', 0xff, '😀€é'), 'é€😀\udc80😀€é'],
    ['a sent replacement character', bytesOf('\ufffd', 0xff), '\ufffd\udc80'],
    ['a byte order mark', bytesOf('\ufeff{', 0xff, '\ufeff}'), '{\udc80\ufeff}'],
  ])('marks %s', (_, bytes, text) => {
    expect(decodeDamaged(bytes)).toBe(text);
  });

  it('reads what is UTF-8 as the decoder does, and is ill-formed for all else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          const text = decodeDamaged(bytes);
          expect(text.isWellFormed()).toBe(isUtf8(bytes));
          if (isUtf8(bytes)) expect(text).toBe(new TextDecoder().decode(bytes));
        },
      ),
    );
  });
});
