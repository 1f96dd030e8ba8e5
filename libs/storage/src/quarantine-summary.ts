/** What is set aside, counted for a person: reasons and places, and nothing of the records themselves. */
import type { QuarantinedRecord } from '@quartersec/validation';
import { connectionIdOfQuarantine, openQuarantined, quarantinePk, quarantineRange } from './quarantine.ts';
import type { CallOptions, Table, TableItem } from './table.ts';
import { compareUtf8 } from './utf8-order.ts';

export interface QuarantineRow {
  readonly connectionId: string;
  readonly reason: QuarantinedRecord['reason'] | 'DAMAGED';
  /** Place in the page, indices left out: `$input.added[].amount`. */
  readonly path: string;
  readonly records: number;
  /** Of them, those that were kept with their sealed original: only these can come back. */
  readonly openable: number;
}

/**
 * @param options with `connectionId` one connection is read, without it the whole table
 * @returns by connection, reason and path
 * @throws {StorageError} as `Table`
 */
export async function summariseQuarantines(
  table: Table,
  { connectionId, ...within }: Pick<CallOptions, 'deadline'> & { readonly connectionId?: string },
): Promise<readonly QuarantineRow[]> {
  const rows = new Map<string, QuarantineRow>();
  for await (const item of itemsOf(table, connectionId, within)) {
    const owner = connectionIdOfQuarantine(item.pk);
    if (owner === undefined) continue;
    const record = openQuarantined(item)?.record;
    const reason = record?.reason ?? 'DAMAGED';
    const path = record?.path.replaceAll(/\[\d+\]/g, '[]') ?? '';
    const key = `${owner} ${reason} ${path}`;
    const { records, openable } = rows.get(key) ?? { records: 0, openable: 0 };
    const isOpenable = record?.sealed !== undefined;
    rows.set(key, { connectionId: owner, reason, path, records: records + 1, openable: openable + Number(isOpenable) });
  }
  return [...rows].sort(([left], [right]) => compareUtf8(left, right)).map(([, row]) => row);
}

async function* itemsOf(
  table: Table,
  connectionId: string | undefined,
  within: Pick<CallOptions, 'deadline'>,
): AsyncGenerator<TableItem> {
  const options = { ...within, fresh: true };
  if (connectionId === undefined) yield* table.scan(options);
  else yield* await table.query({ pk: quarantinePk(connectionId), ...quarantineRange }, options);
}
