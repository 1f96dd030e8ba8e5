import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor } from './cursor.ts';
import { decodeLedgerCursor, encodeLedgerCursor } from './ledger-cursor.ts';

describe('ledger cursor', () => {
  it('comes back as the position it was made from, for its own Item and generation only', () => {
    const place = fc.integer({ min: 0, max: 1_000_000 });
    const position = fc.record({ from: place, to: place, offset: place, account: fc.constantFrom(null, 0, 9, 999) });
    fc.assert(
      fc.property(position, fc.integer({ min: 0, max: 9_999_999 }), (where, index) => {
        const cursor = encodeLedgerCursor(1, index, 3, where);
        expect(cursor).toMatch(/^[A-Za-z0-9+/]{8,126}={0,2}$/);
        expect(decodeLedgerCursor(1, index, 3, cursor)).toEqual(where);
        expect(decodeLedgerCursor(2, index, 3, cursor)).toBeNull();
        expect(decodeLedgerCursor(1, index + 1, 3, cursor)).toBeNull();
        expect(decodeLedgerCursor(1, index, 4, cursor)).toBeNull();
        expect(decodeCursor(1, index, cursor)).toBeNull();
      }),
    );
  });

  it.each(['', 'TA==', 'TC4wLjA=', 'A'.repeat(300)])('refuses %j', (cursor) => {
    expect(decodeLedgerCursor(1, 0, 0, cursor)).toBeNull();
  });
});
