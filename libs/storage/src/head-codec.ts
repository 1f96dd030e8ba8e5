/**
 * Head <-> table item: pk, sk, version (a number, for the upward condition), hash of the version's entry, body, and a
 * check sum over all of these, so that a flipped bit in a cursor is noticed before the cursor is used.
 */
import { canonicalJson } from '@quartersec/validation';
import { connectionIdOfPk } from './entry-codec.ts';
import { hashParts } from './entry-hash.ts';
import { connectionPk, type Head, headSk } from './model.ts';
import type { TableItem } from './table.ts';

const headAttributes = 6;

export function encodeHead(head: Head): TableItem {
  const { connectionId, version, hash, ...rest } = head;
  const pk = connectionPk(connectionId);
  const body = canonicalJson(rest);
  return { pk, sk: headSk, version, hash, body, sum: checkSum(pk, version, hash, body) };
}

/** @returns `undefined` when the item is damaged: the head can be made again from the journal */
export function decodeHead(item: TableItem): Head | undefined {
  const { pk, version, hash, body, sum } = item;
  const connectionId = connectionIdOfPk(pk);
  if (typeof version !== 'number' || typeof hash !== 'string' || typeof body !== 'string') return undefined;
  if (connectionId === undefined || Object.keys(item).length !== headAttributes) return undefined;
  if (sum !== checkSum(pk, version, hash, body)) return undefined;
  return { connectionId, version, hash, ...(JSON.parse(body) as Omit<Head, 'connectionId' | 'version' | 'hash'>) };
}

/** 128 bits are plenty against accidents; whoever can write to the table can also write a check sum. */
function checkSum(pk: string, version: number, hash: string, body: string): string {
  return hashParts([pk, String(version), hash, body]).slice(0, 32);
}
