/**
 * The mark of an erasure that is under way: written before its first delete, taken away behind its last. So one that broke off is found,
 * and ended by the schedule, though nobody asks for it again.
 */
import { listKey, listPk } from './connection-links.ts';
import type { CallOptions, Table, TableKey } from './table.ts';

const skPrefix = 'GONE#';
/** After every `GONE#...`: `$` follows `#`. */
const afterErasures = 'GONE$';

/** In the partition of the connection's place on the list. */
export function erasureKey(connectionId: string): TableKey {
  return { pk: listKey(connectionId).pk, sk: `${skPrefix}${connectionId}` };
}

/** @returns the connection that is being erased, `undefined` for what is no such mark */
export function parseErasureKey({ pk, sk }: TableKey): string | undefined {
  const connectionId = sk.slice(skPrefix.length);
  return sk.startsWith(skPrefix) && listKey(connectionId).pk === pk ? connectionId : undefined;
}

/**
 * @param shard 0 to `listShards` - 1
 * @returns ids, at most `limit`
 * @throws {StorageError} as `Table.query`
 */
export async function readErasures(
  table: Table,
  { shard, limit }: { readonly shard: number; readonly limit: number },
  options: CallOptions,
): Promise<readonly string[]> {
  const range = { pk: listPk(shard), fromSk: skPrefix, toSk: afterErasures, limit };
  return (await table.query(range, options)).flatMap((item) => parseErasureKey(item) ?? []);
}
