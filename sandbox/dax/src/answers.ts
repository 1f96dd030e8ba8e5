/** Success answers: the field map that most operations share, consumed capacity, and collection metrics. */
import type { AttributeLists } from './attribute-lists.ts';
import { type AttributeMap, type AttributeValue, writeAttributeValue } from './attribute-value.ts';
import type { BackendAnswer } from './backend.ts';
import { CborWriter } from './cbor-writer.ts';
import type { KeySchema } from './item-key.ts';
import type { ReturnValues } from './kwargs.ts';
import { encodePartialItem, encodeStreamItem } from './stream-item.ts';

const SUCCESS = 0x80;
export const FIELD_ITEM = 0;
export const FIELD_CAPACITY = 1;
export const FIELD_ATTRIBUTES = 2;
export const FIELD_COLLECTION_METRICS = 3;
export const FIELD_ITEMS = 7;
export const FIELD_COUNT = 8;
export const FIELD_LAST_KEY = 9;
export const FIELD_SCANNED_COUNT = 10;

/** A field that is undefined is left out: a null in its place breaks every client. */
export type Fields = readonly (readonly [field: number, write: ((writer: CborWriter) => void) | undefined])[];

export function success(capacityBytes?: number): CborWriter {
  return new CborWriter(capacityBytes).raw(Buffer.from([SUCCESS]));
}

/** In the indefinite form: AWS's Java client reads a map of another form as empty, or waits for ever; the others take both. */
export function fieldAnswer(fields: Fields): Buffer {
  const present = fields.filter(([, write]) => write !== undefined);
  const writer = success();
  if (present.length === 0) return writer.null().finish();
  writer.openMap();
  for (const [field, write] of present) {
    writer.integer(field);
    write?.(writer);
  }
  return writer.closeMap().finish();
}

/**
 * The Attributes of a write, in the form that its ReturnValues calls for. A part without values is sent as such, and clients make
 * `{}` of it: comments in AWS's JavaScript and Python clients say that DAX does so where DynamoDB leaves Attributes out.
 */
export function attributesField(
  attributes: AttributeMap | undefined,
  returnValues: ReturnValues | undefined,
  lists: AttributeLists,
  schema: KeySchema,
): ((writer: CborWriter) => void) | undefined {
  if (returnValues === 'UPDATED_OLD' || returnValues === 'UPDATED_NEW') {
    return (writer) => writer.bytes(encodePartialItem(attributes ?? {}, lists));
  }
  if (returnValues !== 'ALL_OLD' && returnValues !== 'ALL_NEW') return undefined;
  if (attributes === undefined || Object.keys(attributes).length === 0) return undefined;
  return (writer) => writer.bytes(encodeStreamItem(attributes, lists, schema));
}

interface Units {
  readonly CapacityUnits?: number;
  readonly ReadCapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
}

export interface ConsumedCapacity extends Units {
  readonly TableName: string;
  readonly Table?: Units;
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, Units>>;
  readonly LocalSecondaryIndexes?: Readonly<Record<string, Units>>;
}

export function capacityField(answer: BackendAnswer): ((writer: CborWriter) => void) | undefined {
  const consumed = answer.ConsumedCapacity as ConsumedCapacity | undefined;
  return consumed === undefined ? undefined : (writer) => writeCapacity(writer, consumed);
}

/** Plain form: everything but transactions. Floats throughout: clients insist on them. */
export function writeCapacity(writer: CborWriter, consumed: ConsumedCapacity): void {
  writer.wrapped((inner) => {
    inner.text(consumed.TableName).float(consumed.CapacityUnits ?? 0);
    if (consumed.Table?.CapacityUnits === undefined) inner.null();
    else inner.float(consumed.Table.CapacityUnits);
    writeIndexUnits(inner, consumed.GlobalSecondaryIndexes);
    writeIndexUnits(inner, consumed.LocalSecondaryIndexes);
  });
}

function writeIndexUnits(writer: CborWriter, indexes: Readonly<Record<string, Units>> | undefined): void {
  if (indexes === undefined) {
    writer.null();
    return;
  }
  const entries = Object.entries(indexes);
  writer.mapHeader(entries.length);
  for (const [name, units] of entries) writer.text(name).float(units.CapacityUnits ?? 0);
}

/** Extended form: transactions, with reads and writes apart. Indefinite for the Java client, which takes others for null. */
export function writeExtendedCapacity(writer: CborWriter, consumed: ConsumedCapacity): void {
  const { TableName, Table, GlobalSecondaryIndexes, LocalSecondaryIndexes } = consumed;
  const units = unitEntries(consumed);
  writer.openMap();
  for (const [key, value] of units) writer.integer(key).float(value);
  writer.integer(4).text(TableName);
  if (Table !== undefined) writeUnits(writer.integer(5), Table);
  for (const [key, indexes] of [
    [6, GlobalSecondaryIndexes],
    [7, LocalSecondaryIndexes],
  ] as const) {
    if (indexes === undefined) continue;
    const entries = Object.entries(indexes);
    writer.integer(key).mapHeader(entries.length);
    for (const [name, index] of entries) writeUnits(writer.text(name), index);
  }
  writer.closeMap();
}

function unitEntries(units: Units): [number, number][] {
  const all = [units.CapacityUnits, units.ReadCapacityUnits, units.WriteCapacityUnits];
  return all.flatMap((value, index) => (value === undefined ? [] : [[index + 1, value] as [number, number]]));
}

function writeUnits(writer: CborWriter, units: Units): void {
  const entries = unitEntries(units);
  writer.mapHeader(entries.length);
  for (const [key, value] of entries) writer.integer(key).float(value);
}

interface CollectionMetrics {
  readonly ItemCollectionKey: AttributeMap;
  readonly SizeEstimateRangeGB: readonly [number, number];
}

export function collectionMetricsField(answer: BackendAnswer): ((writer: CborWriter) => void) | undefined {
  const metrics = answer.ItemCollectionMetrics as CollectionMetrics | undefined;
  if (metrics === undefined) return undefined;
  const [key] = Object.values(metrics.ItemCollectionKey);
  if (key === undefined) return undefined;
  return (writer) =>
    writer.wrapped((inner) => {
      writeAttributeValue(inner, key as AttributeValue);
      inner.float(metrics.SizeEstimateRangeGB[0]).float(metrics.SizeEstimateRangeGB[1]);
    });
}
