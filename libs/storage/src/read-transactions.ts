/**
 * A connection's transactions, newest first, by folding its entries backwards. The bounds of each query come from the
 * head's version and from whole blocks, so the same range always has the same answer and a cache may keep it.
 */
import { blockEntries, readEntries } from './entry-reader.ts';
import { type CurrentTransaction, createBackwardFold } from './fold-transactions.ts';
import type { Head, JournalEntry } from './model.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, Table } from './table.ts';

export interface TransactionsRead {
  /** By the entry that has them last, newest first. */
  readonly transactions: readonly CurrentTransaction[];
  /** Oldest entry that was folded; 1 when the history was read to its beginning. */
  readonly oldestVersion: number;
}

/**
 * Reads blocks until `limit` transactions stand. What lies before `oldestVersion` has not been looked at: a record that
 * was removed there and that the provider sent again later shows up until the read goes that far. Without `limit` the
 * whole history is read and the answer is exact.
 * @param head as new as the answer has to be
 * @throws {StorageError} `ENTRY_CORRUPT` where entries are altered, missing or not the head's; and as `Table.query`
 */
export async function readTransactions(
  table: Table,
  head: Pick<Head, 'connectionId' | 'version' | 'hash'>,
  options: Pick<CallOptions, 'deadline'> & { readonly limit?: number },
): Promise<TransactionsRead> {
  const { deadline, limit = Number.POSITIVE_INFINITY } = options;
  const fold = createBackwardFold();
  let toVersion = head.version;
  let expectedHash = head.hash;
  let standing = fold.current();
  while (toVersion > 0 && standing.length < limit) {
    const fromVersion = toVersion - ((toVersion - 1) % blockEntries);
    const entries = await readBlock(table, head.connectionId, fromVersion, toVersion, deadline);
    const [first, last] = [entries[0], entries.at(-1)];
    if (first === undefined || last?.version !== toVersion || last.hash !== expectedHash) {
      throw new StorageError('ENTRY_CORRUPT', { connectionId: head.connectionId, version: toVersion });
    }
    for (const entry of entries.toReversed()) fold.add(entry);
    standing = fold.current();
    expectedHash = first.previousHash;
    toVersion = fromVersion - 1;
  }
  return { transactions: standing.slice(0, limit), oldestVersion: toVersion + 1 };
}

/** A read that is not consistent can lack the newest entries; asking the table itself then settles it. */
async function readBlock(
  table: Table,
  connectionId: string,
  fromVersion: number,
  toVersion: number,
  deadline: CallOptions['deadline'],
): Promise<readonly JournalEntry[]> {
  const range = { fromVersion, toVersion };
  const entries = await readEntries(table, connectionId, range, { deadline });
  if (entries.length === toVersion - fromVersion + 1) return entries;
  return readEntries(table, connectionId, range, { deadline, fresh: true });
}
