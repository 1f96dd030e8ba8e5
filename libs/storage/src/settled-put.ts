/** Puts whose responses may be lost: repeated until their outcome is known. */
import { StorageError } from './storage-error.ts';
import type { CallOptions, PutCondition, Table, TableItem } from './table.ts';

/** With the pauses between them enough for a second without the table, and an end where the deadline does not move. */
export const putRounds = 8;

type Within = Pick<CallOptions, 'deadline'>;

/**
 * Puts an item whose content does not depend on who writes it: one that is there already counts as written.
 * @throws {StorageError} `TABLE_UNREACHABLE` when every answer got lost; and as `Table.put`
 */
export async function putSettled(table: Table, item: TableItem, within: Within): Promise<'written' | 'present'> {
  return (await putUntilKnown(table, item, { kind: 'absent' }, within)) === 'written' ? 'written' : 'present';
}

/**
 * Repeats an idempotent put until its response is known.
 * @throws {StorageError} as `putSettled`
 */
export async function putUntilKnown(
  table: Table,
  item: TableItem,
  condition: PutCondition | undefined,
  within: Within,
): Promise<'written' | 'refused'> {
  for (let round = 0; round < putRounds; round += 1) {
    const answer = await table.put(item, condition, { ...within, lostBefore: round });
    if (answer !== 'unknown') return answer;
  }
  throw new StorageError('TABLE_UNREACHABLE', { pk: item.pk, sk: item.sk, puts: putRounds });
}
