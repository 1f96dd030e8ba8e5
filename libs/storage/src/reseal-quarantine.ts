/** Records that are set aside, sealed anew. An item's key covers its body, so each becomes a new item, and the old one goes after. */
import { openQuarantined, putQuarantined, quarantinePk, quarantineRange, type StoredQuarantine } from './quarantine.ts';
import type { CallOptions, Table, TableItem } from './table.ts';
import { isSealedAnew, openToken, sealToken } from './token-seal.ts';

const daySeconds = 86_400;

/**
 * Safe to repeat after a crash: a record whose new item is there already only loses its old one.
 * @returns how many were sealed anew
 * @throws {StorageError} `TOKEN_UNREADABLE`; and as `Table`
 */
export async function resealQuarantine(
  table: Table,
  connectionId: string,
  tokenKeys: string,
  within: Pick<CallOptions, 'deadline'>,
): Promise<number> {
  const seal = { tokenKeys, connectionId };
  const range = { pk: quarantinePk(connectionId), ...quarantineRange };
  const items = await table.query(range, { ...within, fresh: true });
  const sealed = items.flatMap((item) => {
    const stored = openQuarantined(item);
    if (stored?.record.sealed === undefined) return [];
    return [
      {
        item,
        stored,
        original: openToken(stored.record.sealed, seal),
        isAnew: isSealedAnew(stored.record.sealed, seal),
      },
    ];
  });
  const there = new Set(sealed.filter(({ isAnew }) => isAnew).map(nameOf));
  const old = sealed.filter(({ isAnew }) => !isAnew);
  for (const each of old) {
    const { receivedEpochMs, expiresEpochSeconds, record } = each.stored;
    const { sealed: _, ...rest } = record;
    const ttlDays = (expiresEpochSeconds - Math.floor(receivedEpochMs / 1_000)) / daySeconds;
    const options = { ...within, receivedEpochMs, ttlDays, seal: (text: string) => sealToken(text, seal) };
    if (!there.has(nameOf(each)))
      await putQuarantined(table, connectionId, { ...rest, original: each.original }, options);
    await table.delete({ pk: each.item.pk, sk: each.item.sk }, within);
  }
  return old.length;
}

/** What tells one record from another, whatever key it is under. */
function nameOf({
  stored,
  original,
}: {
  readonly item: TableItem;
  readonly stored: StoredQuarantine;
  readonly original: string;
}): string {
  const { receivedEpochMs, record } = stored;
  return JSON.stringify([
    receivedEpochMs,
    record.asideVersion,
    record.occurrence,
    record.path,
    record.reason,
    original,
  ]);
}
