import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8 } from './utf8-order.ts';

describe('compareUtf8', () => {
  it('orders any two texts as their UTF-8 bytes', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}') });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareUtf8(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
      }),
    );
  });

  it('sorts an emoji behind U+E000, where JavaScript sorts it before', () => {
    expect(compareUtf8('😀', '\ue000')).toBeGreaterThan(0);
    expect('😀' < '\ue000').toBe(true);
  });
});
