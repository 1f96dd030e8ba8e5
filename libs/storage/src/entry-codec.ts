/**
 * Entry <-> table item: pk, sk, prev, hash, body. What is written has both hashes as 32 bytes and the body packed; what was
 * written before that has hexadecimal digits and plain text, and is read as it was. Either way the hash is over the text.
 */
import { canonicalJson } from '@quartersec/validation';
import { entryHash } from './entry-hash.ts';
import { connectionPk, type EntryContent, entrySk, genesisHash, type JournalEntry } from './model.ts';
import { packText, unpackText } from './packed-text.ts';
import { fullContent, slimContent } from './slim-content.ts';
import { StorageError } from './storage-error.ts';
import type { StoredValue, TableItem } from './table.ts';

const entryAttributes = 5;
const hashBytes = 32;

/** An entry's item whose attributes are all there; its hash is yet to be checked. */
export interface EntryItem {
  readonly pk: string;
  readonly sk: string;
  /** Hexadecimal, as all hashes outside the table. */
  readonly prev: string;
  readonly hash: string;
  /** Canonical JSON, unpacked. */
  readonly body: string;
  /** Whether it was stored packed: then `body` leaves out what can be restored. */
  readonly packed: boolean;
}

/**
 * The next entry of a connection and the item to store it as.
 * @param previous what it builds on; `undefined` for the first entry. With the provider, as a head has it, the item is
 *   smaller: transaction ids that follow from it are not stored
 */
export function sealEntry(
  previous: { readonly version: number; readonly hash: string; readonly provider?: string } | undefined,
  connectionId: string,
  content: EntryContent,
): { readonly entry: JournalEntry; readonly item: TableItem } {
  const version = (previous?.version ?? 0) + 1;
  const previousHash = previous?.hash ?? genesisHash;
  const pk = connectionPk(connectionId);
  const sk = entrySk(version);
  const source = previous?.provider === undefined ? undefined : { provider: previous.provider, connectionId };
  const body = canonicalJson(slimContent(content, source));
  const hash = entryHash(previousHash, pk, sk, body);
  return {
    entry: { connectionId, version, previousHash, hash, content },
    item: { pk, sk, prev: toHashBytes(previousHash), hash: toHashBytes(hash), body: packText(body) },
  };
}

/** @returns the version that a sort key names, `undefined` where it is no entry's key */
export function versionOfSk(sk: string): number | undefined {
  const digits = /^LOG#(\d{12})$/.exec(sk)?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/** @returns the connection that a partition key names, `undefined` where it is no connection's key */
export function connectionIdOfPk(pk: string): string | undefined {
  return pk.startsWith(connectionPk('')) ? pk.slice(connectionPk('').length) : undefined;
}

/** @returns the item with its types known, `undefined` where an attribute is missing, of another type, or foreign */
export function asEntryItem(item: TableItem): EntryItem | undefined {
  const { pk, sk } = item;
  const packed = typeof item.body !== 'string';
  const prev = hashIn(item.prev, packed);
  const hash = hashIn(item.hash, packed);
  const body = item.body instanceof Uint8Array ? unpackText(item.body) : item.body;
  if (prev === undefined || hash === undefined || typeof body !== 'string') return undefined;
  return Object.keys(item).length === entryAttributes ? { pk, sk, prev, hash, body, packed } : undefined;
}

function hashIn(value: StoredValue | undefined, packed: boolean): string | undefined {
  return value instanceof Uint8Array === packed ? storedHash(value) : undefined;
}

/** @returns a stored hash of either form as hexadecimal digits, `undefined` where it is none */
export function storedHash(value: StoredValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (!(value instanceof Uint8Array) || value.byteLength !== hashBytes) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
}

export function toHashBytes(hash: string): Buffer {
  return Buffer.from(hash, 'hex');
}

/** Whether the stored hash is that of what is stored under `pk` and `sk` (its own key, unless told otherwise). */
export function hashHolds(item: EntryItem, pk: string = item.pk, sk: string = item.sk): boolean {
  return entryHash(item.prev, pk, sk, item.body) === item.hash;
}

/**
 * Reads an entry and verifies it against its hash and its key.
 * @throws {StorageError} `ENTRY_CORRUPT` with the key
 */
export function openEntry(item: TableItem): JournalEntry {
  const stored = asEntryItem(item);
  const entry = stored !== undefined && hashHolds(stored) ? readEntry(stored) : undefined;
  if (entry === undefined) throw new StorageError('ENTRY_CORRUPT', { pk: item.pk, sk: item.sk });
  return entry;
}

/**
 * Reads an entry whose hash holds.
 * @returns `undefined` where the key is no entry's, or the text none of ours: a valid hash over what we never wrote
 */
export function readEntry({ pk, sk, prev, hash, body, packed }: EntryItem): JournalEntry | undefined {
  const connectionId = connectionIdOfPk(pk);
  const version = versionOfSk(sk);
  if (connectionId === undefined || version === undefined) return undefined;
  try {
    const stored = JSON.parse(body);
    const content: EntryContent = packed ? fullContent(stored, connectionId) : stored;
    return { connectionId, version, previousHash: prev, hash, content };
  } catch {
    return undefined;
  }
}
