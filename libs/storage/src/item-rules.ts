/** DynamoDB's rules for an item, checked before it is sent: the same answer from every back end, and no call for nothing. */
import { StorageError } from './storage-error.ts';
import type { TableItem } from './table.ts';

/** DynamoDB developer guide, "Service, account, and table quotas": 400 KB with attribute names. */
const itemLimitBytes = 400 * 1024;
const partitionKeyLimitBytes = 2048;
const sortKeyLimitBytes = 1024;
/** Magnitudes outside cannot be stored (same page, "Data types"). */
const smallestMagnitude = 1e-130;
const magnitudeLimit = 1e126;
/** Upper bound of what a number with 17 significant digits takes. */
const numberBytes = 11;

/**
 * Size as DynamoDB counts it: UTF-8 bytes of names and texts; numbers by their upper bound.
 */
export function itemBytes(item: TableItem): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : numberBytes);
  }
  return bytes;
}

/**
 * @throws {StorageError} `ITEM_TOO_LARGE`; `TABLE_REJECTED` for keys and values that DynamoDB cannot hold as they are
 */
export function checkItem(item: TableItem): void {
  checkKey('pk', item.pk, partitionKeyLimitBytes);
  checkKey('sk', item.sk, sortKeyLimitBytes);
  for (const [attribute, value] of Object.entries(item)) {
    if (typeof value === 'string' ? !value.isWellFormed() : !isStorable(value)) {
      throw new StorageError('TABLE_REJECTED', { reason: 'value', attribute });
    }
  }
  const bytes = itemBytes(item);
  if (bytes > itemLimitBytes) {
    throw new StorageError('ITEM_TOO_LARGE', { pk: item.pk, sk: item.sk, bytes, limitBytes: itemLimitBytes });
  }
}

function checkKey(attribute: string, value: unknown, limitBytes: number): void {
  if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > limitBytes) {
    throw new StorageError('TABLE_REJECTED', { reason: 'key', attribute });
  }
}

function isStorable(value: number): boolean {
  const magnitude = Math.abs(value);
  return value === 0 || (magnitude >= smallestMagnitude && magnitude < magnitudeLimit);
}
