/** Which connections a user has. The key says it all, so there is nothing in the item that could be wrong. */
import { connectionIdOfPk } from './entry-codec.ts';
import { connectionPk } from './model.ts';
import { putSettled } from './settled-put.ts';
import type { CallOptions, Table, TableKey } from './table.ts';

const userPkPrefix = 'USER#';
/** After every `CONN#...`: `$` follows `#`. */
const afterConnections = 'CONN$';

export function userPk(userId: string): string {
  return `${userPkPrefix}${userId}`;
}

export function userLinkKey(userId: string, connectionId: string): TableKey {
  return { pk: userPk(userId), sk: connectionPk(connectionId) };
}

/** @returns what a user link's key says, `undefined` where it is no such key */
export function parseUserLinkKey({ pk, sk }: TableKey): { userId: string; connectionId: string } | undefined {
  const connectionId = connectionIdOfPk(sk);
  if (!pk.startsWith(userPkPrefix) || connectionId === undefined) return undefined;
  return { userId: pk.slice(userPkPrefix.length), connectionId };
}

/** Safe to repeat. @throws {StorageError} as `Table.put` */
export async function putUserLink(
  table: Table,
  userId: string,
  connectionId: string,
  within: Pick<CallOptions, 'deadline'>,
): Promise<void> {
  await putSettled(table, { ...userLinkKey(userId, connectionId) }, within);
}

/**
 * A link is written before its connection: whoever uses the ids must still compare the head's `userId`.
 * @returns ids in key order
 * @throws {StorageError} as `Table.query`
 */
export async function readConnectionIds(
  table: Table,
  userId: string,
  options: CallOptions,
): Promise<readonly string[]> {
  const { pk, sk } = userLinkKey(userId, '');
  const links = await table.query({ pk, fromSk: sk, toSk: afterConnections }, options);
  return links.flatMap((link) => parseUserLinkKey(link)?.connectionId ?? []);
}
