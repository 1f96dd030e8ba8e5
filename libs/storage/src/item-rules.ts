/** DynamoDB's rules for an item, checked before it is sent: the same answer from every back end, and no call for nothing. */
import { StorageError } from './storage-error.ts';
import type { StoredValue, TableItem } from './table.ts';

/** DynamoDB developer guide, "Service, account, and table quotas": 400 KB with attribute names. */
const itemLimitBytes = 400 * 1024;
const partitionKeyLimitBytes = 2048;
const sortKeyLimitBytes = 1024;
/** Magnitudes outside cannot be stored (same page, "Data types"). */
const smallestMagnitude = 1e-130;
const magnitudeLimit = 1e126;
/** What a write unit pays for ("Read and write operations", on-demand write request units). */
const writeUnitBytes = 1024;

/**
 * Size as DynamoDB counts it: UTF-8 bytes of names and texts, bytes as they are, a number one byte for every two
 * significant digits and one more.
 * @see DynamoDB developer guide, "DynamoDB item sizes and formats"
 */
export function itemBytes(item: TableItem): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

/** Write units that a put of the item costs: each KB that is begun. */
export function itemWriteUnits(item: TableItem): number {
  return Math.ceil(itemBytes(item) / writeUnitBytes);
}

function valueBytes(value: StoredValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  const [mantissa = ''] = String(Math.abs(value)).split('e');
  const significant = mantissa.replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(significant.length / 2) + 1 + (value < 0 ? 1 : 0);
}

/**
 * @throws {StorageError} `ITEM_TOO_LARGE`; `TABLE_REJECTED` for keys and values that DynamoDB cannot hold as they are
 */
export function checkItem(item: TableItem): void {
  checkKey('pk', item.pk, partitionKeyLimitBytes);
  checkKey('sk', item.sk, sortKeyLimitBytes);
  for (const [attribute, value] of Object.entries(item)) {
    if (!isStorable(value)) {
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

function isStorable(value: StoredValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (value instanceof Uint8Array) return true;
  const magnitude = Math.abs(value);
  return value === 0 || (magnitude >= smallestMagnitude && magnitude < magnitudeLimit);
}
