/** Which connections a table has. */
import type { Deadline } from '@quartersec/sla';
import { connectionPk, headSk, type Table } from '@quartersec/storage';

/** Reads every item. @returns in order @throws {StorageError} as `Table.scan` */
export async function connectionIdsOf(table: Table, deadline: Deadline): Promise<readonly string[]> {
  const prefix = connectionPk('');
  const ids: string[] = [];
  for await (const { pk, sk } of table.scan({ deadline, fresh: true })) {
    if (sk === headSk && pk.startsWith(prefix)) ids.push(pk.slice(prefix.length));
  }
  return ids.sort();
}
