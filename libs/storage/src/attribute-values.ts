/** Flat items <-> DynamoDB's typed attribute values, by hand: two types need no library on the hot path. */
import type { TableItem, TableKey } from './table.ts';

/** The two types that we write. */
export type FlatAttribute = { readonly S: string } | { readonly N: string };
export type FlatAttributes = Readonly<Record<string, FlatAttribute>>;

export function toAttribute(value: string | number): FlatAttribute {
  return typeof value === 'string' ? { S: value } : { N: String(value) };
}

export function toAttributes(item: TableItem | TableKey): FlatAttributes {
  const attributes: Record<string, FlatAttribute> = {};
  for (const [name, value] of Object.entries(item)) attributes[name] = toAttribute(value);
  return attributes;
}

/** A type that we never write is kept as its JSON text, so that the reader's check of the item meets it. */
export function fromAttributes(attributes: Readonly<Record<string, object>>): TableItem {
  const item: Record<string, string | number> = {};
  // By name: on objects whose properties were deleted, as the DAX client's, entries take three times as long.
  for (const name of Object.keys(attributes)) item[name] = fromAttribute(attributes[name] as object);
  return item as TableItem; // the table's key schema makes pk and sk texts
}

function fromAttribute(value: { readonly S?: unknown; readonly N?: unknown }): string | number {
  if (typeof value.S === 'string') return value.S;
  if (typeof value.N === 'string') return Number(value.N);
  return JSON.stringify(value);
}
