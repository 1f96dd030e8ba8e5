/** One entry for a person: what it says in full, and whether it is what was written. Reads only, and reads damaged ones too. */
import { asEntryItem, hashHolds, readEntry } from './entry-codec.ts';
import { connectionPk, type EntryContent, entrySk, genesisHash } from './model.ts';
import type { CallOptions, Table } from './table.ts';

export interface ShownEntry {
  readonly pk: string;
  readonly sk: string;
  /** `holds`: unchanged and in its place. `differs`: altered or misplaced. `unreadable`: not even a hash can be made. */
  readonly hashState: 'holds' | 'differs' | 'unreadable';
  /** Against the entry before. `unknown` where that one is missing or unreadable. */
  readonly chainState: 'follows' | 'broken' | 'unknown';
  readonly previousHash: string | undefined;
  readonly hash: string | undefined;
  /** `undefined` where the stored text is none of ours. */
  readonly content: EntryContent | undefined;
}

/**
 * @param version from 1
 * @returns `undefined` when there is no such entry
 * @throws {StorageError} as `Table`
 */
export async function showEntry(
  table: Table,
  connectionId: string,
  version: number,
  { deadline }: Pick<CallOptions, 'deadline'>,
): Promise<ShownEntry | undefined> {
  const key = { pk: connectionPk(connectionId), sk: entrySk(version) };
  const options = { deadline, fresh: true };
  const item = await table.get(key, options);
  if (item === undefined) return undefined;
  const stored = asEntryItem(item);
  if (stored === undefined) {
    const unread = { previousHash: undefined, hash: undefined, content: undefined };
    return { ...key, hashState: 'unreadable', chainState: 'unknown', ...unread };
  }
  const before = version === 1 ? undefined : await table.get({ ...key, sk: entrySk(version - 1) }, options);
  const hashBefore = version === 1 ? genesisHash : before && asEntryItem(before)?.hash;
  return {
    ...key,
    hashState: hashHolds(stored) ? 'holds' : 'differs',
    chainState: chainState(stored.prev, hashBefore),
    previousHash: stored.prev,
    hash: stored.hash,
    content: readEntry(stored)?.content,
  };
}

function chainState(previousHash: string, hashBefore: string | undefined): ShownEntry['chainState'] {
  if (hashBefore === undefined) return 'unknown';
  return hashBefore === previousHash ? 'follows' : 'broken';
}
