/** BatchGetItem: each key by itself from the item cache, and only what is missing from DynamoDB. */
import { AnswerError } from './answer-error.ts';
import { type ConsumedCapacity, success, writeCapacity } from './answers.ts';
import type { AttributeMap } from './attribute-value.ts';
import type { CborReader } from './cbor-reader.ts';
import type { CborWriter } from './cbor-writer.ts';
import { type Answer, type Core, cacheKey, type Method } from './core.ts';
import type { DocumentPath } from './expression.ts';
import type { Fill } from './item-cache.ts';
import { decodeKey, keyText } from './item-key.ts';
import type { Table } from './key-schemas.ts';
import { type CapacityDetail, readKwargs } from './kwargs.ts';
import { readProjection, writeProjected } from './projection.ts';
import { decodeStreamItem, encodeStreamItem } from './stream-item.ts';
import { readFromTables } from './table-call.ts';

const KEYS_MAX = 100; // DynamoDB's limit; it cannot see those that the cache answers

interface WantedTable {
  readonly name: string;
  readonly table: Table;
  readonly consistent: boolean;
  readonly paths: readonly DocumentPath[] | undefined;
  readonly keys: readonly WantedKey[];
}

interface WantedKey {
  readonly bytes: Buffer;
  readonly key: AttributeMap;
  readonly text: string;
  /** undefined: no such item */
  streamItem: Buffer | undefined;
  unprocessed: boolean;
  fill: Fill | undefined;
  missing: boolean;
}

export const batchGetItem: Method = {
  name: 'batchGetItem',
  argumentCount: 2,
  answer(core: Core, reader: CborReader): Answer {
    const requested: { name: string; consistent: boolean; projection: Buffer | undefined; keys: Buffer[] }[] = [];
    reader.readMap(() => {
      const name = reader.readText();
      reader.readTuple(3, () => {
        const consistent = reader.skipNull() ? false : reader.readFlag();
        const projection = reader.skipNull() ? undefined : reader.readBytes();
        const keys: Buffer[] = [];
        reader.readArray(() => keys.push(reader.readBytes()));
        requested.push({ name, consistent, projection, keys });
      });
    });
    const { capacity } = readKwargs(reader);
    return core.schemas.all(requested.map(({ name }) => name)).then((tables) => {
      const wanted = requested.map(({ name, consistent, projection, keys }): WantedTable => {
        const table = tables.get(name) as Table;
        return { name, table, consistent, paths: readProjection(projection), keys: wantedKeys(keys, table) };
      });
      if (wanted.reduce((sum, { keys }) => sum + keys.length, 0) > KEYS_MAX) {
        throw new AnswerError('ValidationException', 'Too many items requested for the BatchGetItem call');
      }
      return readAll(core, wanted, capacity);
    });
  },
};

function wantedKeys(keys: readonly Buffer[], table: Table): WantedKey[] {
  const seen = new Set<string>();
  return keys.map((bytes) => {
    const key = decodeKey(bytes, table);
    const text = keyText(key, table);
    if (seen.has(text)) throw new AnswerError('ValidationException', 'Provided list of item keys contains duplicates');
    seen.add(text);
    return { bytes, key, text, streamItem: undefined, unprocessed: false, fill: undefined, missing: true };
  });
}

async function readAll(
  core: Core,
  wanted: readonly WantedTable[],
  capacity: CapacityDetail | undefined,
): Promise<Buffer> {
  for (const table of wanted) if (!table.consistent) lookUp(core, table);
  let consumed: readonly ConsumedCapacity[] = [];
  if (wanted.some(({ keys }) => keys.some(({ missing }) => missing))) {
    try {
      consumed = await readMissing(core, wanted, capacity);
    } finally {
      for (const { keys } of wanted) for (const { fill } of keys) if (fill !== undefined) core.items.abandon(fill);
    }
  }
  return batchAnswer(core, wanted, consumed);
}

function lookUp(core: Core, { table, keys }: WantedTable): void {
  const reads = core.tables.of(table.tableName);
  const { counters } = core.items;
  for (const wanted of keys) {
    const text = cacheKey(table, wanted.key);
    const entry = core.items.find(text);
    if (entry === undefined) {
      counters.misses += 1;
      reads.misses += 1;
      wanted.fill = core.items.startFill(text);
      continue;
    }
    wanted.missing = false;
    wanted.streamItem = entry.streamItem;
    if (wanted.streamItem === undefined) {
      counters.negativeHits += 1;
      reads.negativeHits += 1;
    } else {
      counters.hits += 1;
      reads.hits += 1;
    }
  }
}

async function readMissing(
  core: Core,
  wanted: readonly WantedTable[],
  capacity: CapacityDetail | undefined,
): Promise<readonly ConsumedCapacity[]> {
  const requestItems: Record<string, object> = Object.create(null) as Record<string, object>;
  for (const { name, consistent, keys } of wanted) {
    const missing = keys.filter((key) => key.missing);
    if (missing.length === 0) continue;
    const fresh = consistent || missing.some(({ fill }) => fill?.consistent === true);
    requestItems[name] = { Keys: missing.map(({ key }) => key), ...(fresh && { ConsistentRead: true }) };
  }
  const answer = await readFromTables(core, Object.keys(requestItems), 'BatchGetItem', {
    RequestItems: requestItems,
    ...(capacity !== undefined && { ReturnConsumedCapacity: capacity }),
  });
  const responses = (answer.Responses ?? {}) as Record<string, readonly AttributeMap[]>;
  const unprocessed = (answer.UnprocessedKeys ?? {}) as Record<string, { readonly Keys: readonly AttributeMap[] }>;
  for (const { name, table, keys } of wanted) {
    // answers go by the name that was asked for, or by the table's own when that was an ARN
    const items = byKey(responses[name] ?? responses[table.tableName], table);
    const left = byKey((unprocessed[name] ?? unprocessed[table.tableName])?.Keys, table);
    for (const key of keys) if (key.missing) take(core, table, key, items, left);
  }
  return (answer.ConsumedCapacity ?? []) as readonly ConsumedCapacity[];
}

function take(
  core: Core,
  table: Table,
  key: WantedKey,
  items: ReadonlyMap<string, AttributeMap>,
  left: ReadonlyMap<string, AttributeMap>,
): void {
  key.unprocessed = left.has(key.text);
  if (key.unprocessed) return;
  const item = items.get(key.text);
  key.streamItem = item && encodeStreamItem(item, core.lists, table);
  if (key.fill !== undefined) core.items.fill(key.fill, key.streamItem);
}

function byKey(items: readonly AttributeMap[] | undefined, table: Table): Map<string, AttributeMap> {
  return new Map((items ?? []).map((item) => [keyText(item, table), item]));
}

/** The header says two values, and three follow: so it is on the wire. */
function batchAnswer(core: Core, wanted: readonly WantedTable[], consumed: readonly ConsumedCapacity[]): Buffer {
  const writer = success(4096).arrayHeader(2).mapHeader(wanted.length);
  for (const table of wanted) {
    writer.text(table.name);
    writeTable(core, writer, table);
  }
  const unprocessed = wanted
    .map(({ name, keys }) => ({ name, keys: keys.filter((key) => key.unprocessed) }))
    .filter(({ keys }) => keys.length > 0);
  writer.mapHeader(unprocessed.length);
  for (const { name, keys } of unprocessed) {
    writer.text(name).arrayHeader(keys.length);
    for (const { bytes } of keys) writer.bytes(bytes);
  }
  writer.arrayHeader(consumed.length);
  for (const capacity of consumed) writeCapacity(writer, capacity);
  return writer.finish();
}

function writeTable(core: Core, writer: CborWriter, { keys, paths }: WantedTable): void {
  const found = keys.filter((key) => key.streamItem !== undefined);
  writer.arrayHeader(paths === undefined ? found.length * 2 : found.length);
  for (const { bytes, key, streamItem } of found) {
    if (streamItem === undefined) continue;
    if (paths === undefined) writer.bytes(bytes).bytes(streamItem);
    else writeProjected(writer, decodeStreamItem(streamItem, core.lists, key), paths);
  }
}
