/** Records that were set aside, opened for another reading, and taken out of the quarantine once they have come back. */
import { openQuarantined, quarantinePk, quarantineRange } from './quarantine.ts';
import type { CallOptions, Table, TableKey } from './table.ts';

type Within = Pick<CallOptions, 'deadline'>;

export interface OpenedAside {
  readonly key: TableKey;
  /** The record's JSON text, as the provider sent it: personal data. */
  readonly original: string;
  readonly asideVersion: number;
}

export interface AsideRead {
  /** Oldest first. */
  readonly records: readonly OpenedAside[];
  /** Records that were kept without their original, or that are damaged: they cannot come back. */
  readonly unreadable: number;
}

/**
 * @param open the opposite of the seal that they were kept under
 * @throws {StorageError} as `Table.query`, and what `open` throws
 */
export async function readAside(
  table: Table,
  connectionId: string,
  open: (sealed: string) => string,
  { deadline }: Within,
): Promise<AsideRead> {
  const items = await table.query({ pk: quarantinePk(connectionId), ...quarantineRange }, { deadline, fresh: true });
  const records = items.flatMap((item) => {
    const record = openQuarantined(item)?.record;
    if (record?.sealed === undefined || record.asideVersion === undefined) return [];
    const key = { pk: item.pk, sk: item.sk };
    return [{ key, original: open(record.sealed), asideVersion: record.asideVersion }];
  });
  return { records, unreadable: items.length - records.length };
}

/** @throws {StorageError} as `Table.delete` */
export async function removeAside(table: Table, records: readonly OpenedAside[], { deadline }: Within): Promise<void> {
  for (const { key } of records) await table.delete(key, { deadline });
}
