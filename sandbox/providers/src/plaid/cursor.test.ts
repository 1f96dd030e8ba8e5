import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

describe('cursor', () => {
  it('comes back as the position it was made from, for its own connection only', () => {
    const position = fc.record({
      step: fc.integer({ min: -1, max: 100_000 }),
      offset: fc.integer({ min: 0, max: 100_000 }),
      account: fc.constantFrom(null, 0, 1, 2),
    });
    const index = fc.integer({ min: 0, max: 9_999_999 });
    fc.assert(
      fc.property(position, index, index, (where, own, other) => {
        const cursor = encodeCursor(1, own, where);
        expect(cursor).toMatch(/^[A-Za-z0-9+/]{8,64}={0,2}$/);
        expect(decodeCursor(1, own, cursor)).toEqual(where);
        expect(decodeCursor(2, own, cursor)).toBeNull();
        if (other !== own) expect(decodeCursor(1, other, cursor)).toBeNull();
      }),
    );
  });

  it.each(['x', 'AAAA', 'bm90IGEgY3Vyc29y', '-1', 'é', 'A'.repeat(300)])('refuses %j', (cursor) => {
    expect(decodeCursor(1, 0, cursor)).toBeNull();
  });

  it('refuses a cursor whose step was changed by hand', () => {
    const text = Buffer.from(encodeCursor(1, 0, { step: 3, offset: 0, account: null }), 'base64').toString();
    expect(text.startsWith('3.0.9.0.')).toBe(true);
    expect(decodeCursor(1, 0, Buffer.from(text.replace('3.', '4.')).toString('base64'))).toBeNull();
  });
});
