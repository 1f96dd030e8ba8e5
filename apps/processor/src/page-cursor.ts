/** Where the next page of a reading begins, as a text that clients hand back unread. Pure. */
import type { PagePosition } from '@quartersec/storage';
import { isLocalDate } from '@quartersec/validation';

/** A version of 12 digits, a date and an id take 72 characters. */
const longestCursor = 128;
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

export function encodeCursor({ version, date, transactionId }: PagePosition): string {
  return Buffer.from(JSON.stringify([version, date, transactionId])).toString('base64url');
}

/** @returns `undefined` for what `encodeCursor` never made */
export function decodeCursor(text: string): PagePosition | undefined {
  if (text.length > longestCursor) return undefined;
  const position = readPosition(Buffer.from(text, 'base64url').toString());
  // One form only: Node skips what is not base64url, and JSON allows spaces.
  return position !== undefined && encodeCursor(position) === text ? position : undefined;
}

function readPosition(text: string): PagePosition | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    const [version, date, transactionId]: unknown[] = value;
    const isPosition =
      Number.isSafeInteger(version) &&
      (version as number) >= 1 &&
      typeof date === 'string' &&
      isLocalDate(date) &&
      typeof transactionId === 'string' &&
      idPattern.test(transactionId);
    return isPosition ? { version: version as number, date, transactionId } : undefined;
  } catch {
    return undefined;
  }
}
