/** The head, made again from its journal: for a head that is damaged, rolled back, or of an older shape. */
import { putItemLink, putOnList } from './connection-links.ts';
import { decodeHead, encodeHead, isSameHead } from './head-codec.ts';
import { rollForward } from './journal.ts';
import { connectionPk, type Head, headSk } from './model.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, PutCondition, Table, TableItem } from './table.ts';

const rounds = 5;

export interface Rebuilt {
  readonly head: Head;
  /** Whether the stored head was another one. */
  readonly changed: boolean;
}

/**
 * With it the links that lead to the connection from the schedule's list and from its Item. Unlike a run it writes the head downwards too, but only over the very head that it has read.
 * @param cache writes go through it where given, so that it does not keep the old head
 * @throws {StorageError} `CONNECTION_UNKNOWN` without entries; `ENTRY_CORRUPT`: the journal itself is damaged;
 *   `TABLE_UNREACHABLE` when other writers or lost answers always came between
 */
export async function rebuildHead(
  table: Table,
  connectionId: string,
  { deadline, cache = table }: Pick<CallOptions, 'deadline'> & { readonly cache?: Table },
): Promise<Rebuilt> {
  const key = { pk: connectionPk(connectionId), sk: headSk };
  let changed = false;
  for (let round = 0; round < rounds; round++) {
    const stored = await table.get(key, { deadline, fresh: true });
    const head = await rollForward(table, undefined, connectionId, { deadline });
    if (head === undefined) throw new StorageError('CONNECTION_UNKNOWN', { connectionId });
    const item = encodeHead(head);
    if (round === 0) await writeLinks(table, head, { deadline });
    if (stored !== undefined && isStored(stored, head)) return { head, changed };
    const answer = await cache.put(item, stillAs(stored), { deadline });
    if (answer === 'written') return { head, changed: true };
    changed ||= answer === 'unknown';
  }
  throw new StorageError('TABLE_UNREACHABLE', { connectionId, rounds });
}

/** Connections that were linked before there were such links get them here. */
async function writeLinks(table: Table, head: Head, within: Pick<CallOptions, 'deadline'>): Promise<void> {
  const { connectionId, provider, itemId } = head;
  await putOnList(table, connectionId, within);
  if (itemId !== undefined) await putItemLink(table, { provider, itemId }, connectionId, within);
}

/** The check sum stands for the whole head. One without may be overwritten: a head that is too old heals itself. */
function stillAs(stored: TableItem | undefined): PutCondition | undefined {
  if (stored === undefined) return { kind: 'absent' };
  const { sum } = stored;
  return sum === undefined ? undefined : { kind: 'same', attribute: 'sum', value: sum };
}

function isStored(stored: TableItem, head: Head): boolean {
  const decoded = decodeHead(stored);
  return decoded !== undefined && isSameHead(decoded, head);
}
