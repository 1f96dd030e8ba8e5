/** Linking (or relinking) a connection: the links to it, then the entry, then the head. */
import { closeOnList, itemLinkKey, type OpenLink, putItemLink, putOnList } from './connection-links.ts';
import type { AppendResult, Journal } from './journal.ts';
import type { Head, LinkedEntry } from './model.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, Table } from './table.ts';
import { putUserLink, userLinkKey } from './user-link.ts';

/** Runs that may win against a link, one after the other, before it gives up. */
const appendRounds = 8;

export interface LinkRequest extends Omit<LinkedEntry, 'kind'> {
  readonly connectionId: string;
}

/**
 * The links go first: a connection that has data can always be found from its user, its Item and the list, and be erased.
 * Repeating it adds an entry (a new token) and nothing else.
 * @returns the connection's head, stored
 * @throws {StorageError} `CONNECTION_TAKEN` when another user has it; `TABLE_UNREACHABLE` when other runs always won;
 *   and as `Journal`
 */
export async function linkConnection(
  deps: { readonly journal: Journal; readonly table: Table },
  request: LinkRequest,
  within: Pick<CallOptions, 'deadline'>,
): Promise<Head> {
  const { journal, table } = deps;
  const { connectionId, ...linked } = request;
  let head = await journal.readHead(connectionId, { ...within, fresh: true });
  checkOwner(head, request);
  const { userId, provider, itemId, writtenEpochMs: openedEpochMs } = request;
  const open: OpenLink = { userId, provider, openedEpochMs, ...(itemId !== undefined && { itemId }) };
  const isOpen = head === undefined;
  // Before the other two: by the list alone a link that breaks off here is found again.
  await putOnList(table, connectionId, within, isOpen ? open : undefined);
  await Promise.all([
    putUserLink(table, userId, connectionId, within),
    itemId === undefined ? undefined : putItemLink(table, { provider, itemId }, connectionId, within),
  ]);
  for (let round = 0; round < appendRounds; round++) {
    const result: AppendResult = await journal.append(head, connectionId, { kind: 'linked', ...linked }, within);
    if (result.outcome === 'committed') {
      await journal.saveHead(result.head, within);
      if (isOpen) await closeOnList(table, connectionId, open, within);
      return result.head;
    }
    head = result.head;
    if (head !== undefined && head.userId !== userId) {
      // We wrote these links, but another user owns the connection by now. The list names whatever connection there is.
      await table.delete(userLinkKey(userId, connectionId), within);
      if (itemId !== undefined && head.itemId !== itemId) await table.delete(itemLinkKey({ provider, itemId }), within);
    }
    checkOwner(head, request);
  }
  throw new StorageError('TABLE_UNREACHABLE', { connectionId, conflicts: appendRounds });
}

function checkOwner(head: Head | undefined, { connectionId, userId }: LinkRequest): void {
  if (head !== undefined && head.userId !== userId) throw new StorageError('CONNECTION_TAKEN', { connectionId });
}
