/**
 * Entry <-> table item: pk, sk, prev, hash, body, all text. The run id stays inside `body`: outside it would be
 * paid for twice, and the hash would not cover it.
 */
import { canonicalJson } from '@quartersec/validation';
import { entryHash } from './entry-hash.ts';
import { connectionPk, type EntryContent, entrySk, genesisHash, type JournalEntry } from './model.ts';
import { StorageError } from './storage-error.ts';
import type { TableItem } from './table.ts';

const entryAttributes = 5;

/** An entry's item whose attributes are all there; its hash is yet to be checked. */
export interface EntryItem {
  readonly pk: string;
  readonly sk: string;
  readonly prev: string;
  readonly hash: string;
  readonly body: string;
}

/**
 * The next entry of a connection and the item to store it as.
 * @param previous what it builds on; `undefined` for the first entry
 */
export function sealEntry(
  previous: { readonly version: number; readonly hash: string } | undefined,
  connectionId: string,
  content: EntryContent,
): { readonly entry: JournalEntry; readonly item: TableItem } {
  const version = (previous?.version ?? 0) + 1;
  const previousHash = previous?.hash ?? genesisHash;
  const pk = connectionPk(connectionId);
  const sk = entrySk(version);
  const body = canonicalJson(content);
  const hash = entryHash(previousHash, pk, sk, body);
  return {
    entry: { connectionId, version, previousHash, hash, content },
    item: { pk, sk, prev: previousHash, hash, body },
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
  const { pk, sk, prev, hash, body } = item;
  if (typeof prev !== 'string' || typeof hash !== 'string' || typeof body !== 'string') return undefined;
  return Object.keys(item).length === entryAttributes ? { pk, sk, prev, hash, body } : undefined;
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
 * @returns `undefined` where the key is no entry's, or the text no JSON: a valid hash over what we never wrote
 */
export function readEntry({ pk, sk, prev, hash, body }: EntryItem): JournalEntry | undefined {
  const connectionId = connectionIdOfPk(pk);
  const version = versionOfSk(sk);
  if (connectionId === undefined || version === undefined) return undefined;
  try {
    return { connectionId, version, previousHash: prev, hash, content: JSON.parse(body) as EntryContent };
  } catch {
    return undefined;
  }
}
