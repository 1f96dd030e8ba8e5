/** Flat items <-> DynamoDB's typed attribute values, by hand: three types need no library on the hot path. */
import type { StoredValue, TableItem, TableKey } from './table.ts';

/** The three types that we write. Bytes as the clients of AWS take them; JSON has them as base64: `toJsonAttributes`. */
export type FlatAttribute = { readonly S: string } | { readonly N: string } | { readonly B: Uint8Array };
export type FlatAttributes = Readonly<Record<string, FlatAttribute>>;

export function toAttribute(value: StoredValue): FlatAttribute {
  if (typeof value === 'string') return { S: value };
  return typeof value === 'number' ? { N: String(value) } : { B: asBuffer(value) };
}

/** AWS's DAX client takes no other bytes. Not a copy. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function toAttributes(item: TableItem | TableKey): FlatAttributes {
  const attributes: Record<string, FlatAttribute> = {};
  for (const [name, value] of Object.entries(item)) attributes[name] = toAttribute(value);
  return attributes;
}

/** As DynamoDB's JSON protocol writes them: bytes as base64 text. */
export function toJsonAttributes(
  attributes: FlatAttributes,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const written: Record<string, Readonly<Record<string, string>>> = {};
  for (const [name, value] of Object.entries(attributes)) {
    written[name] = 'B' in value ? { B: Buffer.from(value.B).toString('base64') } : value;
  }
  return written;
}

/** A type that we never write is kept as its JSON text, so that the reader's check of the item meets it. */
export function fromAttributes(attributes: Readonly<Record<string, object>>): TableItem {
  const item: Record<string, StoredValue> = {};
  // By name: on objects whose properties were deleted, as the DAX client's, entries take three times as long.
  for (const name of Object.keys(attributes)) item[name] = fromAttribute(attributes[name] as object);
  return item as TableItem; // the table's key schema makes pk and sk texts
}

function fromAttribute(value: { readonly S?: unknown; readonly N?: unknown; readonly B?: unknown }): StoredValue {
  if (typeof value.S === 'string') return value.S;
  if (typeof value.N === 'string') return Number(value.N);
  if (value.B instanceof Uint8Array) return value.B;
  if (typeof value.B === 'string') return Buffer.from(value.B, 'base64');
  return JSON.stringify(value);
}
