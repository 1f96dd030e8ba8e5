/** Writing an item that says the same whoever writes it: being there already is as good as written. */
import { StorageError } from './storage-error.ts';
import type { CallOptions, Table, TableItem } from './table.ts';

const rounds = 4;

/**
 * @throws {StorageError} `TABLE_UNREACHABLE` when every answer got lost; and as `Table.put`
 */
export async function putSettled(
  table: Table,
  item: TableItem,
  within: Pick<CallOptions, 'deadline'>,
): Promise<'written' | 'present'> {
  for (let round = 0; round < rounds; round++) {
    const answer = await table.put(item, { kind: 'absent' }, within);
    if (answer !== 'unknown') return answer === 'written' ? 'written' : 'present';
  }
  throw new StorageError('TABLE_UNREACHABLE', { pk: item.pk, sk: item.sk, puts: rounds });
}
