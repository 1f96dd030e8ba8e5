/** A link that broke off before its connection had an entry leaves links that lead nowhere. The schedule comes by each, and erases them. */
import { itemLinkKey, listKey, parseOpenLink, readItemLink } from './connection-links.ts';
import type { CallOptions, Table } from './table.ts';
import { userLinkKey } from './user-link.ts';

/** Nobody can go on with it any more: what is known of an exchange lives a day, and some more until the table has taken it away. */
export const brokenOffAfterMs: number = 7 * 86_400_000;

/**
 * For a connection on the list that has neither head nor entry. One that lost them another way stays on the list, for the audit to see.
 * @returns whether the links are erased
 * @throws {StorageError} as `Table`
 */
export async function eraseBrokenOffLink(
  table: Table,
  connectionId: string,
  { deadline, nowEpochMs }: Pick<CallOptions, 'deadline'> & { readonly nowEpochMs: number },
): Promise<boolean> {
  const fresh = { deadline, fresh: true };
  const key = listKey(connectionId);
  const listed = await table.get(key, fresh);
  const open = listed && parseOpenLink(listed);
  if (open === undefined || nowEpochMs - open.openedEpochMs < brokenOffAfterMs) return false;
  const { userId, provider, itemId } = open;
  await table.delete(userLinkKey(userId, connectionId), { deadline });
  const item = itemId === undefined ? undefined : { provider, itemId };
  if (item !== undefined && (await readItemLink(table, item, fresh)) === connectionId)
    await table.delete(itemLinkKey(item), { deadline });
  await table.delete(key, { deadline }); // last: a crash before it leaves the way back here
  return true;
}
