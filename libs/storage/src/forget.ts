/** Erasing a connection (GDPR article 17): every item of it, and the user's link to it. */

import { openEntry } from './entry-codec.ts';
import { decodeHead } from './head-codec.ts';
import { connectionPk, headSk } from './model.ts';
import { quarantinePk } from './quarantine.ts';
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';
import { userLinkKey } from './user-link.ts';

const deletesAtOnce = 16;
/** Sort keys are printable ASCII. */
const firstSk = ' ';
const lastSk = '~';

/**
 * Safe to repeat after a crash. Link and head go first: without a head and a first entry no run goes on. One that is
 * under way may still append; so stop the connection's events first, and call it until it answers 0.
 * @param cache the head is deleted through it where given; cached ranges of entries end with their time to live
 * @returns items deleted
 * @throws {StorageError} as `Table`
 */
export async function forgetConnection(
  table: Table,
  connectionId: string,
  { deadline, cache = table }: Pick<CallOptions, 'deadline'> & { readonly cache?: Table },
): Promise<number> {
  const all = { fromSk: firstSk, toSk: lastSk };
  const options = { deadline, fresh: true };
  const pk = connectionPk(connectionId);
  const items = await table.query({ pk, ...all }, options);
  const quarantined = await table.query({ pk: quarantinePk(connectionId), ...all }, options);

  const links = [...new Set(items.flatMap(usersOf))].map((userId) => userLinkKey(userId, connectionId));
  await deleteAll(table, links, deadline);
  await cache.delete({ pk, sk: headSk }, { deadline });
  const entries = items.filter(({ sk }) => sk !== headSk);
  await deleteAll(table, entries, deadline);
  await deleteAll(table, quarantined, deadline);
  return links.length + items.length + quarantined.length;
}

/** Whoever a head or an entry names; what is damaged must not stop the erasure. */
function usersOf(item: TableItem): readonly string[] {
  if (item.sk === headSk) {
    const head = decodeHead(item);
    return head ? [head.userId] : [];
  }
  try {
    const { content } = openEntry(item);
    return content.kind === 'linked' ? [content.userId] : [];
  } catch {
    return [];
  }
}

async function deleteAll(table: Table, keys: readonly TableKey[], deadline: CallOptions['deadline']): Promise<void> {
  for (let start = 0; start < keys.length; start += deletesAtOnce) {
    await Promise.all(keys.slice(start, start + deletesAtOnce).map((key) => table.delete(key, { deadline })));
  }
}
