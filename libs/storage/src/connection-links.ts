/**
 * Two ways to a connection besides its user's link: from the provider's own id of the link (webhooks name nothing else), and
 * from a list of all connections (the schedule). Written before the connection, erased with it.
 */
import { hash } from 'node:crypto';
import { connectionIdOfPk } from './entry-codec.ts';
import { connectionPk } from './model.ts';
import { putUntilKnown } from './settled-put.ts';
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';

const itemPkPrefix = 'ITEM#';
const itemSk = 'LINK';
const listPkPrefix = 'LIST#';
/** After every `CONN#...`: `$` follows `#`. */
const afterConnections = 'CONN$';

/** The list is spread over so many partitions. Fixed for good: a connection's place in the list follows from its id. */
export const listShards = 64;

const itemAttributes = 3;

type Within = Pick<CallOptions, 'deadline'>;

/** An Item is what Plaid calls one link of a user to a bank; other standards: the consent. */
export interface ItemName {
  readonly provider: string;
  readonly itemId: string;
}

export function itemLinkKey({ provider, itemId }: ItemName): TableKey {
  return { pk: `${itemPkPrefix}${provider}#${itemId}`, sk: itemSk };
}

/**
 * Safe to repeat.
 * @throws {StorageError} `TABLE_UNREACHABLE` when every answer got lost; and as `Table.put`
 */
export async function putItemLink(table: Table, item: ItemName, connectionId: string, within: Within): Promise<void> {
  await putUntilKnown(table, { ...itemLinkKey(item), connectionId }, undefined, within);
}

/**
 * A link is written before its connection, and another user's may be behind it: only the head says whose it is.
 * @returns `undefined` for an Item that we have not linked, or have erased
 */
export async function readItemLink(table: Table, item: ItemName, options: CallOptions): Promise<string | undefined> {
  const stored = await table.get(itemLinkKey(item), options);
  return stored && parseItemLink(stored)?.connectionId;
}

/** @returns `undefined` for what is no such link */
export function parseItemLink(item: TableItem): { readonly connectionId: string } | undefined {
  const { pk, sk, connectionId } = item;
  const isOurs = pk.startsWith(itemPkPrefix) && sk === itemSk && Object.keys(item).length === itemAttributes;
  return isOurs && typeof connectionId === 'string' ? { connectionId } : undefined;
}

export function listKey(connectionId: string): TableKey {
  const [firstByte = 0] = hash('sha256', connectionId, 'buffer');
  return { pk: listPk(firstByte % listShards), sk: connectionPk(connectionId) };
}

/** What a list item says until its connection has an entry: should that never come, the links are erased by it. */
export interface OpenLink {
  readonly userId: string;
  readonly provider: string;
  readonly itemId?: string;
  readonly openedEpochMs: number;
}

/** Safe to repeat. @param open of a connection that has no entry yet @throws {StorageError} as `putItemLink` */
export async function putOnList(table: Table, connectionId: string, within: Within, open?: OpenLink): Promise<void> {
  await putUntilKnown(table, { ...listKey(connectionId), ...open }, undefined, within);
}

/** The connection has an entry now. Nothing is written where an erasure or another link came between. @throws {StorageError} as `putItemLink` */
export async function closeOnList(
  table: Table,
  connectionId: string,
  { openedEpochMs: value }: OpenLink,
  within: Within,
): Promise<void> {
  await putUntilKnown(table, { ...listKey(connectionId) }, { kind: 'same', attribute: 'openedEpochMs', value }, within);
}

/** @returns `undefined` for the list item of a connection that has entries */
export function parseOpenLink(item: TableItem): OpenLink | undefined {
  const { pk: _, sk: __, userId, provider, itemId, openedEpochMs, ...others } = item;
  if (typeof userId !== 'string' || typeof provider !== 'string' || typeof openedEpochMs !== 'number') return undefined;
  if (Object.keys(others).length > 0 || !['string', 'undefined'].includes(typeof itemId)) return undefined;
  return { userId, provider, openedEpochMs, ...(typeof itemId === 'string' && { itemId }) };
}

/** @returns the connection that an item of the list names, `undefined` for what is no such item */
export function parseListKey(key: TableKey): string | undefined {
  const connectionId = connectionIdOfPk(key.sk);
  return connectionId !== undefined && listKey(connectionId).pk === key.pk ? connectionId : undefined;
}

/**
 * @param shard 0 to `listShards` - 1
 * @param after the last id of the page before
 * @returns ids in key order, at most `limit`
 * @throws {StorageError} as `Table.query`
 */
export async function readListed(
  table: Table,
  { shard, after, limit }: { readonly shard: number; readonly after?: string | undefined; readonly limit: number },
  options: CallOptions,
): Promise<readonly string[]> {
  // The next key there can be.
  const fromSk = after === undefined ? connectionPk('') : `${connectionPk(after)}\u0000`;
  const items = await table.query({ pk: listPk(shard), fromSk, toSk: afterConnections, limit }, options);
  return items.flatMap(({ sk }) => connectionIdOfPk(sk) ?? []);
}

export function listPk(shard: number): string {
  return `${listPkPrefix}${String(shard).padStart(2, '0')}`;
}
