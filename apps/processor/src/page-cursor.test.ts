import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './page-cursor.ts';

const position = { version: 7, date: '2026-01-02', transactionId: 'AbCdEfGhIjKlMnOpQrStU_' };
const text = 'WzcsIjIwMjYtMDEtMDIiLCJBYkNkRWZHaElqS2xNbk9wUXJTdFVfIl0';
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the cursor of a page', () => {
  it('is a text that needs no escaping in a URL, and leads back to its place', () => {
    expect(encodeCursor(position)).toBe(text);
    expect(decodeCursor(text)).toEqual(position);
  });

  it.each([
    ['nothing', ''],
    ['no base64url', '%%%'],
    ['no JSON', Buffer.from('hello').toString('base64url')],
    ['a padded one', `${text}=`],
    ['one with something behind it', `${text}A`],
    ['other JSON', encoded({ version: 7 })],
    ['a member too many', encoded([7, '2026-01-02', 'a', 'b'])],
    ['version 0', encoded([0, '2026-01-02', 'a'])],
    ['half a version', encoded([1.5, '2026-01-02', 'a'])],
    ['no day of the calendar', encoded([7, '2026-02-30', 'a'])],
    ['no date', encoded([7, null, 'a'])],
    ['no id', encoded([7, '2026-01-02', ''])],
    ['an id of other characters', encoded([7, '2026-01-02', 'a b'])],
    ['an id that is too long', encoded([7, '2026-01-02', 'a'.repeat(65)])],
    ['what is far too long', 'A'.repeat(100_000)],
  ])('refuses %s', (_title, broken) => {
    expect(decodeCursor(broken)).toBeUndefined();
  });
});
