/**
 * Head <-> table item: pk, sk, version (a number, for the upward condition), hash of the version's entry, packed body, and a
 * check sum over all of these, so that a flipped bit in a cursor is noticed before the cursor is used. Heads that were
 * written before bodies were packed have all of it as text, and are read as they are.
 */
import { canonicalJson } from '@quartersec/validation';
import { connectionIdOfPk, storedHash, toHashBytes } from './entry-codec.ts';
import { hashParts } from './entry-hash.ts';
import { connectionPk, type Head, headSk } from './model.ts';
import { packText, unpackText } from './packed-text.ts';
import { fullHead, slimHead } from './slim-content.ts';
import { isSameValue } from './stored-values.ts';
import type { TableItem } from './table.ts';

const headAttributes = 6;
/** 128 bits are plenty against accidents; whoever can write to the table can also write a check sum. */
const sumDigits = 32;

type HeadBody = Omit<Head, 'connectionId' | 'version' | 'hash'>;

export function encodeHead(head: Head): TableItem {
  const { connectionId, version, hash, ...rest } = head;
  const pk = connectionPk(connectionId);
  const body = canonicalJson(slimHead(rest));
  const sum = toHashBytes(checkSum(pk, version, hash, body));
  return { pk, sk: headSk, version, hash: toHashBytes(hash), body: packText(body), sum };
}

/** @returns `undefined` when the item is damaged: the head can be made again from the journal */
export function decodeHead(item: TableItem): Head | undefined {
  const { pk, version } = item;
  const connectionId = connectionIdOfPk(pk);
  const packed = typeof item.body !== 'string';
  const hash = storedHash(item.hash);
  const body = item.body instanceof Uint8Array ? unpackText(item.body) : item.body;
  if (typeof version !== 'number' || hash === undefined || typeof body !== 'string') return undefined;
  if (connectionId === undefined || Object.keys(item).length !== headAttributes) return undefined;
  if (sumOf(item) !== checkSum(pk, version, hash, body)) return undefined;
  try {
    const stored = JSON.parse(body);
    return { connectionId, version, hash, ...(packed ? fullHead(stored) : (stored as HeadBody)) };
  } catch {
    return undefined; // the sum holds, but nobody of ours wrote this
  }
}

/**
 * `decodeHead` that remembers the items it has read last: most heads are as they were when they were read before.
 * @param most that are remembered, of different connections, from 1
 */
export function createHeadDecoder(most: number): typeof decodeHead {
  const known = new Map<string, { readonly item: TableItem; readonly head: Head | undefined }>();
  return (item) => {
    const before = known.get(item.pk);
    const read = before !== undefined && isSameItem(before.item, item) ? before : { item, head: decodeHead(item) };
    known.delete(item.pk);
    known.set(item.pk, read);
    for (const oldest of known.keys()) {
      if (known.size <= most) break;
      known.delete(oldest);
    }
    return read.head;
  };
}

/** All of it, so that the same can be said of both. */
function isSameItem(left: TableItem, right: TableItem): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => isSameValue(left[name], right[name]));
}

/** Whether two heads say the same, in whatever form each was stored. */
export function isSameHead(left: Head, right: Head): boolean {
  return canonicalJson(left) === canonicalJson(right);
}

function sumOf({ sum }: TableItem): string | undefined {
  if (sum instanceof Uint8Array) return Buffer.from(sum).toString('hex');
  return typeof sum === 'string' ? sum : undefined;
}

function checkSum(pk: string, version: number, hash: string, body: string): string {
  return hashParts([pk, String(version), hash, body]).slice(0, sumDigits);
}
