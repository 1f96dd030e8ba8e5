/** Items as accidents and careless hands leave them. For tests. */
import { asEntryItem, toHashBytes } from '../entry-codec.ts';
import { entryHash } from '../entry-hash.ts';
import { packText, unpackText } from '../packed-text.ts';
import type { StoredValue, TableItem } from '../table.ts';

/** @param at any number: taken round the value's length @param bit 0 to 7, for texts 0 to 6 */
export function flipBit(value: StoredValue, at: number, bit: number): StoredValue {
  const bytes = Buffer.from(value instanceof Uint8Array ? value : String(value));
  const index = at % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
  if (value instanceof Uint8Array) return bytes;
  const text = bytes.toString();
  return typeof value === 'number' && String(Number(text)) === text ? Number(text) : text;
}

/** Deflate has up to seven bits behind its end that nobody reads: to change one changes nothing. */
export function readsTheSame(left: StoredValue | undefined, right: StoredValue | undefined): boolean {
  if (!(left instanceof Uint8Array && right instanceof Uint8Array)) return left === right;
  const text = unpackText(left);
  return text !== undefined && text === unpackText(right);
}

/** The entry with another text or another hash before it, and a hash that holds. */
export function rewritten(
  item: TableItem,
  change: { readonly prev?: string; readonly body?: (text: string) => string },
): TableItem {
  const stored = asEntryItem(item);
  if (stored === undefined) throw new Error(`no entry: ${item.pk} ${item.sk}`);
  const { pk, sk } = stored;
  const prev = change.prev ?? stored.prev;
  const body = change.body?.(stored.body) ?? stored.body;
  return { pk, sk, prev: toHashBytes(prev), hash: toHashBytes(entryHash(prev, pk, sk, body)), body: packText(body) };
}
