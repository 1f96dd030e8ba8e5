/** Erasing a connection (GDPR article 17): every item of it, the links to it, and with a user's last one what they said of insights. */
import { grantKey, grantSk } from './access-grant.ts';
import { itemLinkKey, listKey } from './connection-links.ts';
import { openEntry } from './entry-codec.ts';
import { erasureKey, readErasures } from './erasure-mark.ts';
import { decodeHead } from './head-codec.ts';
import { feedbackKey, readFeedback } from './insight-feedback.ts';
import { connectionPk, headSk, insightsSk, type LinkedEntry } from './model.ts';
import { quarantinePk } from './quarantine.ts';
import { putUntilKnown } from './settled-put.ts';
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';
import { readConnectionIds, userLinkKey } from './user-link.ts';

const deletesAtOnce = 16;
/** That one call ends: the next look at this part of the list goes on. */
const endsAtOnce = 16;
/** Sort keys are printable ASCII. */
const firstSk = ' ';
const lastSk = '~';

type ForgetOptions = Pick<CallOptions, 'deadline'> & { readonly cache?: Table };

/**
 * Safe to repeat after a crash; where nobody does, `endErasures` does. Links and head go first: without a head and a first entry no run
 * goes on, and one that is under way erases what it has written (`Journal.saveHead`). Call it until it answers 0: then it has seen what
 * came while it was at work.
 * @param cache head and insights' state are deleted through it where given; cached ranges of entries end with their time to live
 * @returns items deleted
 * @throws {StorageError} as `Table`
 */
export async function forgetConnection(
  table: Table,
  connectionId: string,
  { deadline, cache = table }: ForgetOptions,
): Promise<number> {
  const all = { fromSk: firstSk, toSk: lastSk };
  const options = { deadline, fresh: true };
  const pk = connectionPk(connectionId);
  const items = await table.query({ pk, ...all }, options);
  const quarantined = await table.query({ pk: quarantinePk(connectionId), ...all }, options);
  const isThere = items.length + quarantined.length > 0;

  if (isThere) await putUntilKnown(table, { ...erasureKey(connectionId) }, undefined, { deadline });
  const links = linksOf(items, connectionId);
  await deleteAll(table, links, deadline);
  const feedback = await feedbackLeft(table, items, { deadline });
  await deleteAll(table, feedback, deadline);
  await cache.delete({ pk, sk: headSk }, { deadline });
  await cache.delete({ pk, sk: insightsSk }, { deadline });
  await deleteAll(table, quarantined, deadline);
  if (items.some(({ sk }) => sk === grantSk)) await table.delete(grantKey(connectionId), { deadline });
  // The first entry names the user, so it goes last: whoever repeats this after a crash can still be told to be that user.
  const [first, ...later] = items.filter(({ sk }) => sk !== headSk && sk !== insightsSk && sk !== grantSk);
  await deleteAll(table, later.reverse(), deadline);
  await deleteAll(table, first === undefined ? [] : [first], deadline);
  // A run that wrote its head before this deleted it met no erasure: what it has written since the look stays to be found by the mark.
  if (isThere && (await table.query({ pk, ...all }, options)).length === 0)
    await table.delete(erasureKey(connectionId), { deadline });
  return links.length + feedback.length + items.length + quarantined.length;
}

/**
 * Erasures of one part of the list that broke off, or are under way elsewhere: two do no harm to each other.
 * @returns the connections that they were of
 * @throws {StorageError} as `Table`
 */
export async function endErasures(table: Table, shard: number, options: ForgetOptions): Promise<readonly string[]> {
  const { deadline } = options;
  const open = await readErasures(table, { shard, limit: endsAtOnce }, { deadline, fresh: true });
  for (const connectionId of open) {
    const deleted = await forgetConnection(table, connectionId, options);
    // Nothing but the mark was left: that has left it too.
    if (deleted === 0) await table.delete(erasureKey(connectionId), { deadline });
  }
  return open;
}

/** None where there is nothing else of the connection: erasing it once more erases nothing. */
function linksOf(items: readonly TableItem[], connectionId: string): readonly TableKey[] {
  const named = items.flatMap(linkedIn);
  const keys = named.flatMap(({ userId, provider, itemId }) => [
    userLinkKey(userId, connectionId),
    ...(itemId === undefined ? [] : [itemLinkKey({ provider, itemId })]),
  ]);
  const all = items.length === 0 ? [] : [listKey(connectionId), ...keys];
  return [...new Map(all.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
}

/** Of users who have no connection left. Their links of this one are gone already. */
async function feedbackLeft(
  table: Table,
  items: readonly TableItem[],
  { deadline }: Pick<CallOptions, 'deadline'>,
): Promise<readonly TableKey[]> {
  const options = { deadline, fresh: true };
  const keys: TableKey[] = [];
  for (const userId of new Set(items.flatMap(linkedIn).map((linked) => linked.userId))) {
    if ((await readConnectionIds(table, userId, options)).length > 0) continue;
    const said = await readFeedback(table, userId, options);
    keys.push(...said.map(({ fingerprint }) => feedbackKey(userId, fingerprint)));
  }
  return keys;
}

type Linked = Pick<LinkedEntry, 'userId' | 'provider' | 'itemId'>;

/** Whoever a head or an entry names; what is damaged must not stop the erasure. */
function linkedIn(item: TableItem): readonly Linked[] {
  if (item.sk === headSk) {
    const head = decodeHead(item);
    return head === undefined ? [] : [head];
  }
  try {
    const { content } = openEntry(item);
    return content.kind === 'linked' ? [content] : [];
  } catch {
    return [];
  }
}

async function deleteAll(table: Table, keys: readonly TableKey[], deadline: CallOptions['deadline']): Promise<void> {
  for (let start = 0; start < keys.length; start += deletesAtOnce) {
    await Promise.all(keys.slice(start, start + deletesAtOnce).map((key) => table.delete(key, { deadline })));
  }
}
