/**
 * The insights' state of a connection: a projection of its journal, in an item of its own. It is written now and then, never
 * ahead of the journal, and can always be made again; a reader applies the entries behind its version to it.
 * Item: pk, sk, version, hash of the version's entry, body (the processor's own bytes), and a check sum over all of these.
 */
import { connectionIdOfPk, storedHash, toHashBytes } from './entry-codec.ts';
import { hashParts } from './entry-hash.ts';
import { connectionPk, type Head, headSk, insightsSk } from './model.ts';
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';

const attributes = 6;
/** As of the head: against accidents. */
const sumDigits = 32;

export interface InsightState {
  readonly connectionId: string;
  /** All entries up to this one are in it. */
  readonly version: number;
  /** Of that entry: another history has another. */
  readonly hash: string;
  readonly body: Uint8Array;
}

export function insightStateKey(connectionId: string): TableKey {
  return { pk: connectionPk(connectionId), sk: insightsSk };
}

export function encodeInsightState({ connectionId, version, hash, body }: InsightState): TableItem {
  const key = insightStateKey(connectionId);
  return { ...key, version, hash: toHashBytes(hash), body, sum: checkSum(key.pk, version, hash, body) };
}

/** @returns `undefined` for a damaged item: it can be made again from the journal */
export function decodeInsightState(item: TableItem): InsightState | undefined {
  const { pk, version, body, sum } = item;
  const connectionId = connectionIdOfPk(pk);
  const hash = storedHash(item.hash);
  const isWhole = connectionId !== undefined && typeof version === 'number' && hash !== undefined;
  if (!isWhole || !(body instanceof Uint8Array) || !(sum instanceof Uint8Array)) return undefined;
  if (Object.keys(item).length !== attributes || !checkSum(pk, version, hash, body).equals(sum)) return undefined;
  return { connectionId, version, hash, body };
}

/**
 * @returns `undefined` where there is none, a damaged one, or one that is ahead of the head or not of its history
 * @throws {StorageError} as `Table.get`
 */
export async function readInsightState(
  table: Table,
  head: Pick<Head, 'connectionId' | 'version' | 'hash'>,
  options: CallOptions,
): Promise<InsightState | undefined> {
  const item = await table.get(insightStateKey(head.connectionId), options);
  const state = item && decodeInsightState(item);
  if (state === undefined || state.version > head.version) return undefined;
  return state.version < head.version || state.hash === head.hash ? state : undefined;
}

/**
 * Upwards, or over one that cannot be read or is of another history. None is left of a connection that has been erased meanwhile.
 * @param replaces whether what is stored was found to be no use
 * @throws {StorageError} as `Table.put`
 */
export async function saveInsightState(
  table: Table,
  state: InsightState,
  { replaces, ...within }: Pick<CallOptions, 'deadline'> & { readonly replaces: boolean },
): Promise<void> {
  const item = encodeInsightState(state);
  // A lost answer is no loss: the next run writes a newer one.
  if (!replaces) {
    await table.put(item, { kind: 'raises', attribute: 'version', value: state.version }, within);
    return;
  }
  await table.put(item, undefined, within);
  // Erasing takes the head first: where it is still there, erasing finds the state too.
  const head = await table.get({ pk: item.pk, sk: headSk }, { ...within, fresh: true });
  if (head === undefined) await table.delete(item, within);
}

function checkSum(pk: string, version: number, hash: string, body: Uint8Array): Buffer {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
  return toHashBytes(hashParts([pk, String(version), hash, text]).slice(0, sumDigits));
}
