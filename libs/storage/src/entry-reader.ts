/** Reading entries back: every one is verified against its hash, and against its neighbours. */
import { openEntry } from './entry-codec.ts';
import { connectionPk, entrySk, genesisHash, type JournalEntry } from './model.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, Table } from './table.ts';

/** Entries of one query: at the largest (350 KB each) a block still fits a small function's memory. */
export const blockEntries = 16;

const lastVersion = 999_999_999_999;

/**
 * The entries of a range, ascending. Some may be missing at its end (a read that is not `fresh` can be behind).
 * @throws {StorageError} `ENTRY_CORRUPT` for a hash that does not hold, a gap or a broken chain; and as `Table`
 */
export async function readEntries(
  table: Table,
  connectionId: string,
  range: { readonly fromVersion: number; readonly toVersion: number; readonly limit?: number },
  options: CallOptions,
): Promise<readonly JournalEntry[]> {
  const { fromVersion, toVersion, ...limit } = range;
  const pk = connectionPk(connectionId);
  const bounds = { fromSk: entrySk(fromVersion), toSk: entrySk(toVersion) };
  // One by its key: such reads of several connections can be one call (`joinGets`). What may be old is read as a range, as caches have it.
  const isOne = options.fresh === true && fromVersion === toVersion;
  const items = isOne
    ? [await table.get({ pk, sk: bounds.fromSk }, options)].filter((item) => item !== undefined)
    : await table.query({ pk, ...bounds, ...limit }, options);
  const entries = items.map(openEntry);
  entries.forEach((entry, index) => {
    checkPlace(entry, fromVersion + index, entries[index - 1]);
  });
  return entries;
}

function checkPlace(entry: JournalEntry, expectedVersion: number, before: JournalEntry | undefined): void {
  const expectedHash = entry.version === 1 ? genesisHash : (before?.hash ?? entry.previousHash);
  if (entry.version === expectedVersion && entry.previousHash === expectedHash) return;
  throw new StorageError('ENTRY_CORRUPT', {
    connectionId: entry.connectionId,
    version: entry.version,
    expectedVersion,
  });
}

/**
 * Every entry from `fromVersion` on, as written last, until there is none.
 * @throws {StorageError} as `readEntries`
 */
export async function* walkEntries(
  table: Table,
  connectionId: string,
  fromVersion: number,
  options: Pick<CallOptions, 'deadline'>,
): AsyncGenerator<JournalEntry> {
  for (let next = fromVersion; ; next += blockEntries) {
    const range = { fromVersion: next, toVersion: lastVersion, limit: blockEntries };
    const entries = await readEntries(table, connectionId, range, { ...options, fresh: true });
    yield* entries;
    if (entries.length < blockEntries) return;
  }
}
