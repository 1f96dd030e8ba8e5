/** A page that is too large for one item becomes several entries of the same loop. Pure. */
import type { PageEntry } from './model.ts';
import { StorageError } from './storage-error.ts';

/** Below DynamoDB's 400 KB, with room for keys, hashes and whatever an entry may yet carry. */
export const partLimitBytes = 350_000;

type Lists = Pick<PageEntry, 'accounts' | 'added' | 'modified' | 'removed'>;
type MutableLists = { -readonly [Name in keyof Lists]: Lists[Name][number][] };

/** Accounts before the records that name them; additions before modifications, because the later part wins. */
const listNames = ['accounts', 'added', 'modified', 'removed'] as const satisfies readonly (keyof Lists)[];

/**
 * Only the last part moves the cursor and may end the loop: the cursor is never ahead of the data, and a run that
 * crashes between two parts asks for the page again.
 * @returns parts to append in this order; the entry itself where it fits
 * @throws {StorageError} `ITEM_TOO_LARGE` when one record alone is over the limit
 */
export function splitPage(entry: PageEntry, limitBytes: number = partLimitBytes): readonly PageEntry[] {
  if (jsonBytes(entry) <= limitBytes) return [entry];
  const frameBytes = jsonBytes({ ...entry, ...emptyLists() });
  const parts: MutableLists[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const name of listNames) {
    for (const record of entry[name]) {
      const recordBytes = jsonBytes(record) + 1; // its comma
      if (frameBytes + recordBytes > limitBytes) throw tooLarge(name, frameBytes + recordBytes, limitBytes);
      let part = parts.at(-1);
      if (part === undefined || bytes + recordBytes > limitBytes) {
        part = emptyLists();
        parts.push(part);
        bytes = frameBytes;
      }
      (part[name] as (typeof record)[]).push(record);
      bytes += recordBytes;
    }
  }
  if (parts.length === 0) throw tooLarge('none', frameBytes, limitBytes);
  return parts.map((part, index) => partEntry(entry, part, index === parts.length - 1));
}

function partEntry(entry: PageEntry, lists: Lists, isLast: boolean): PageEntry {
  if (isLast) return { ...entry, ...lists };
  const { insights: _, insightsLeft: __, covers: ___, ...rest } = entry;
  const loop = { ...entry.loop, last: false };
  return { ...rest, ...lists, loop, cursorAfter: entry.cursorBefore, quarantined: 0 };
}

function tooLarge(list: string, bytes: number, limitBytes: number): StorageError {
  return new StorageError('ITEM_TOO_LARGE', { list, bytes, limitBytes });
}

function emptyLists(): MutableLists {
  return { accounts: [], added: [], modified: [], removed: [] };
}

/** The stored text has its members in another order, and so the same length. */
function jsonBytes(value: object | string): number {
  return Buffer.byteLength(JSON.stringify(value));
}
