import { describe, expect, it } from 'vitest';
import { decodeLapCursor, encodeLapCursor } from './lap-cursor.ts';

describe('lap cursor', () => {
  it.each([
    { cursor: 'AAAA', lap: 1, head: 5 },
    { cursor: 'AAAA', lap: 12, head: 31 },
    { cursor: null, lap: 0, head: 0 },
    { cursor: null, lap: 2, head: 7 },
  ])('comes back as %j', (where) => {
    const cursor = encodeLapCursor(1, where);
    expect(decodeLapCursor(1, cursor)).toEqual(where);
    expect(decodeLapCursor(2, cursor)).toEqual({ cursor, lap: 0, head: null });
  });

  it('is the cursor itself where the circle begins, and leaves every other cursor as it is', () => {
    expect(encodeLapCursor(1, { cursor: 'AAAA', lap: 0, head: 5 })).toBe('AAAA');
    expect(decodeLapCursor(1, 'AAAA')).toEqual({ cursor: 'AAAA', lap: 0, head: null });
    expect(decodeLapCursor(1, null)).toEqual({ cursor: null, lap: 0, head: null });
    expect(decodeLapCursor(1, '')).toEqual({ cursor: null, lap: 0, head: null });
  });
});
