/**
 * Seals everything anew under the key that seals now: the tokens of connections (by a journal entry each), records that are set aside,
 * tokens that were renewed since, exchanges and links under way. Made to be stopped and begun again: what is done is seen and left alone.
 *
 * Entries are never changed, so a token that was replaced stays in its entry, under its old key, until its connection is erased.
 * Nothing opens it any more; whoever has table and old key still could (docs/security.md).
 */
import { connectionIdOf } from '@quartersec/validation';
import { createGrantRecords, grantSk } from './access-grant.ts';
import { connectionIdOfPk, versionOfSk } from './entry-codec.ts';
import { isExchangeKey, providerOfExchange } from './exchange-record.ts';
import { createJournal, type Journal } from './journal.ts';
import { headSk } from './model.ts';
import { isPendingLinkKey, sealedForKey } from './pending-link.ts';
import { connectionIdOfQuarantine } from './quarantine.ts';
import { resealQuarantine } from './reseal-quarantine.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, Table, TableItem } from './table.ts';
import { isSealedAnew, openToken, sealToken } from './token-seal.ts';

export interface RekeyOptions extends Pick<CallOptions, 'deadline'> {
  /** As in `TOKEN_KEY`: the first seals, the others must open what there is. */
  readonly tokenKeys: string;
  readonly newId: () => string;
  readonly nowEpochMs: () => number;
  /** Heads are written through it where given. */
  readonly cache?: Table;
  /** Told after each connection. */
  readonly onConnection?: (done: number) => void;
}

export interface RekeyReport {
  readonly connections: number;
  /** Of them, tokens that were sealed anew by this call. */
  readonly resealed: number;
  /** Records set aside, renewed tokens, exchanges and links under way, the same. */
  readonly others: number;
  /** Connections with something that no key here opens. */
  readonly unreadable: readonly string[];
}

/** Other runs may win against an entry, one after the other. */
const rounds = 20;

/**
 * May run beside the functions, once all of them know the new key.
 * @throws {StorageError} as `Table`; `TOKEN_UNREADABLE` when the keys themselves are none
 */
export async function rekeyTable(table: Table, options: RekeyOptions): Promise<RekeyReport> {
  const { deadline, cache, onConnection } = options;
  const journal = createJournal(cache === undefined ? { table } : { table, cache });
  const inventory = await takeInventory(table, options);
  const unreadable = new Set<string>();
  let resealed = 0;
  let others = 0;
  let done = 0;
  for (const connectionId of inventory.connectionIds) {
    const outcome = await orUnreadable(() => resealConnection(journal, connectionId, options));
    if (outcome === 'unreadable') unreadable.add(connectionId);
    if (outcome === 'resealed') resealed += 1;
    done += 1;
    onConnection?.(done);
  }
  for (const connectionId of inventory.quarantines) {
    const count = await orUnreadable(() => resealQuarantine(table, connectionId, options.tokenKeys, { deadline }));
    if (count === 'unreadable') unreadable.add(connectionId);
    else others += count;
  }
  for (const connectionId of inventory.grants) {
    const outcome = await orUnreadable(() => resealGrant(table, connectionId, options));
    if (outcome === 'unreadable') unreadable.add(connectionId);
    if (outcome === 'resealed') others += 1;
  }
  for (const [item, sealed] of inventory.underWay) {
    const outcome = await orUnreadable(() => resealItem(table, item, sealed, options));
    if (outcome === 'unreadable') unreadable.add(sealed.boundTo);
    if (outcome === 'resealed') others += 1;
  }
  return { connections: inventory.connectionIds.size, resealed, others, unreadable: [...unreadable].sort() };
}

interface Inventory {
  readonly connectionIds: ReadonlySet<string>;
  readonly quarantines: ReadonlySet<string>;
  /** Connections whose tokens have been renewed. */
  readonly grants: ReadonlySet<string>;
  /** Exchanges and links. */
  readonly underWay: readonly (readonly [item: TableItem, sealed: SealedAttribute])[];
}

interface SealedAttribute {
  readonly name: 'sealedToken' | 'sealedLink';
  /** The connection, or what stands for it. */
  readonly boundTo: string;
}

async function takeInventory(table: Table, { deadline }: RekeyOptions): Promise<Inventory> {
  const connectionIds = new Set<string>();
  const quarantines = new Set<string>();
  const grants = new Set<string>();
  const underWay: Inventory['underWay'][number][] = [];
  for await (const item of table.scan({ deadline, fresh: true })) {
    const connectionId = connectionIdOfPk(item.pk);
    const quarantineOf = connectionIdOfQuarantine(item.pk);
    // Also those whose head is not written yet.
    if (connectionId !== undefined && (item.sk === headSk || versionOfSk(item.sk) === 1))
      connectionIds.add(connectionId);
    else if (quarantineOf !== undefined) quarantines.add(quarantineOf);
    else if (connectionId !== undefined && item.sk === grantSk) grants.add(connectionId);
    else if (isExchangeKey(item) && item.sealedToken !== undefined)
      underWay.push([item, { name: 'sealedToken', boundTo: connectionOf(item) }]);
    else if (isPendingLinkKey(item)) underWay.push([item, { name: 'sealedLink', boundTo: sealedForKey(item) }]);
  }
  return { connectionIds, quarantines, grants, underWay };
}

async function resealConnection(
  journal: Journal,
  connectionId: string,
  { tokenKeys, newId, nowEpochMs, deadline }: RekeyOptions,
): Promise<'resealed' | 'done'> {
  const seal = { tokenKeys, connectionId };
  let head = await journal.readHead(connectionId, { deadline, fresh: true });
  for (let round = 0; round < rounds; round += 1) {
    if (head === undefined) return 'done'; // erased meanwhile
    if (isSealedAnew(head.sealedToken, seal)) {
      openToken(head.sealedToken, seal); // one that is under the new key by its name alone would be lost with the old one
      return 'done';
    }
    const sealedToken = sealToken(openToken(head.sealedToken, seal), seal);
    const entry = { kind: 'resealed', runId: newId(), writtenEpochMs: nowEpochMs(), sealedToken } as const;
    const appended = await journal.append(head, connectionId, entry, { deadline });
    head = appended.head;
    if (head !== undefined) await journal.saveHead(head, { deadline });
    if (appended.outcome === 'committed') return 'resealed';
  }
  throw new StorageError('TABLE_UNREACHABLE', { connectionId, conflicts: rounds });
}

/** A renewal may be under way: the conditional write lets one of the two through, and the other reads again. */
async function resealGrant(
  table: Table,
  connectionId: string,
  { tokenKeys, newId, deadline }: RekeyOptions,
): Promise<'resealed' | 'done'> {
  const records = createGrantRecords(table, { newId });
  const seal = { tokenKeys, connectionId };
  for (let round = 0; round < rounds; round += 1) {
    const grant = await records.read(connectionId, { deadline });
    if (grant === undefined) return 'done';
    const tokens = openToken(grant.sealedTokens, seal);
    if (isSealedAnew(grant.sealedTokens, seal)) return 'done';
    const anew = { ...grant, sealedTokens: sealToken(tokens, seal) };
    if ((await records.follow(connectionId, grant, anew, { deadline })) !== undefined) return 'resealed';
  }
  throw new StorageError('TABLE_UNREACHABLE', { connectionId, conflicts: rounds });
}

async function resealItem(
  table: Table,
  item: TableItem,
  { name, boundTo }: SealedAttribute,
  { tokenKeys, newId, deadline }: RekeyOptions,
): Promise<'resealed' | 'done'> {
  const seal = { tokenKeys, connectionId: boundTo };
  const sealed = String(item[name]);
  const { runId } = item;
  if (isSealedAnew(sealed, seal) || runId === undefined) return 'done';
  const anew = { ...item, [name]: sealToken(openToken(sealed, seal), seal), runId: newId() };
  // Refused: it went on meanwhile, and its record is another one.
  const answer = await table.put(anew, { kind: 'same', attribute: 'runId', value: runId }, { deadline });
  return answer === 'refused' ? 'done' : 'resealed';
}

/** The connection that the exchange's token is bound to. */
function connectionOf(item: TableItem): string {
  return connectionIdOf({ provider: providerOfExchange(item), itemId: String(item.itemId) });
}

async function orUnreadable<Result>(work: () => Promise<Result>): Promise<Result | 'unreadable'> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageError && (error.code === 'TOKEN_UNREADABLE' || error.code === 'ENTRY_CORRUPT'))
      return 'unreadable';
    throw error;
  }
}
