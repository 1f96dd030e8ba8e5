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
    const entries = await readBlock(table, head.connectionId, { fromVersion, toVersion, expectedHash }, deadline);
    for (const entry of entries.toReversed()) fold.add(entry);
    standing = fold.current();
    expectedHash = entries[0]?.previousHash ?? expectedHash;
    toVersion = fromVersion - 1;
  }
  return { transactions: standing.slice(0, limit), oldestVersion: toVersion + 1 };
}

interface Block {
  readonly fromVersion: number;
  readonly toVersion: number;
  /** Of its last entry, as its successor or the head has it. */
  readonly expectedHash: string;
}

/**
 * A read that is not consistent can lack the newest entries, and a cache can still have those of an erased connection of this
 * name: only what the table itself says is called corrupt.
 * @returns every entry of the block
 */
async function readBlock(
  table: Table,
  connectionId: string,
  block: Block,
  deadline: CallOptions['deadline'],
): Promise<readonly JournalEntry[]> {
  const { expectedHash, ...range } = block;
  const entries = await readEntries(table, connectionId, range, { deadline }).catch(unlessCorrupt);
  if (entries && isWhole(entries, block)) return entries;
  const asWritten = await readEntries(table, connectionId, range, { deadline, fresh: true });
  if (isWhole(asWritten, block)) return asWritten;
  throw new StorageError('ENTRY_CORRUPT', { connectionId, version: block.toVersion });
}

function isWhole(entries: readonly JournalEntry[], { fromVersion, toVersion, expectedHash }: Block): boolean {
  return entries.length === toVersion - fromVersion + 1 && entries.at(-1)?.hash === expectedHash;
}

function unlessCorrupt(error: unknown): undefined {
  if (!(error instanceof StorageError && error.code === 'ENTRY_CORRUPT')) throw error;
}
