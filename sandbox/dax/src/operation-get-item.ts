import { capacityField, FIELD_CAPACITY, FIELD_ITEM, fieldAnswer, success } from './answers.ts';
import type { AttributeMap } from './attribute-value.ts';
import type { BackendAnswer } from './backend.ts';
import type { CborReader } from './cbor-reader.ts';
import { type Answer, type Core, cacheKey, type Method, readTableName } from './core.ts';
import type { DocumentPath } from './expression.ts';
import type { Fill, ItemEntry } from './item-cache.ts';
import { decodeKey } from './item-key.ts';
import type { Table } from './key-schemas.ts';
import { type CapacityDetail, readKwargs } from './kwargs.ts';
import { readProjection, writeProjected } from './projection.ts';
import { decodeStreamItem, encodeStreamItem } from './stream-item.ts';
import { readFromTables } from './table-call.ts';

interface Get {
  readonly tableName: string;
  readonly table: Table;
  readonly key: AttributeMap;
  readonly paths: readonly DocumentPath[] | undefined;
  readonly capacity: CapacityDetail | undefined;
}

/** GetItem: from the item cache unless a strongly consistent read is asked for. */
export const getItem: Method = {
  name: 'getItem',
  argumentCount: 3,
  answer(core: Core, reader: CborReader): Answer {
    const tableName = readTableName(reader);
    const keyBytes = reader.readBytes();
    const { projection, consistentRead, capacity } = readKwargs(reader);
    return core.schemas.with(tableName, (table) => {
      const key = decodeKey(keyBytes, table);
      const get: Get = { tableName, table, key, paths: readProjection(projection), capacity };
      return consistentRead === true ? readThrough(core, get) : readCached(core, get);
    });
  },
};

function readCached(core: Core, get: Get): Answer {
  const key = cacheKey(get.table, get.key);
  const entry = core.items.find(key);
  const reads = core.tables.of(get.table.tableName);
  if (entry !== undefined) {
    if (entry.streamItem === undefined) {
      core.items.counters.negativeHits += 1;
      reads.negativeHits += 1;
    } else {
      core.items.counters.hits += 1;
      reads.hits += 1;
    }
    return entryAnswer(core, get, entry);
  }
  core.items.counters.misses += 1;
  reads.misses += 1;
  const joined = core.items.underWay(key);
  if (joined !== undefined) return joined.then((found) => entryAnswer(core, get, found));
  const fill = core.items.startFill(key);
  const read = fillFromBackend(core, get, fill);
  fill.answer = read.then(({ entry: found }) => found);
  fill.answer.catch(() => {}); // perhaps nobody joins; the caller below is told anyway
  return read.then(({ entry: found, answer }) => entryAnswer(core, get, found, answer));
}

async function fillFromBackend(core: Core, get: Get, fill: Fill): Promise<{ entry: ItemEntry; answer: BackendAnswer }> {
  try {
    const answer = await callBackend(core, get, fill.consistent);
    const item = answer.Item as AttributeMap | undefined;
    const streamItem = item === undefined ? undefined : encodeStreamItem(item, core.lists, get.table);
    return { entry: core.items.fill(fill, streamItem), answer };
  } finally {
    core.items.abandon(fill);
  }
}

/** Strongly consistent: passed on, and not kept. */
async function readThrough(core: Core, get: Get): Promise<Buffer> {
  const answer = await callBackend(core, get, true);
  const item = answer.Item as AttributeMap | undefined;
  return itemAnswer(core, get, item, answer);
}

function callBackend(core: Core, { tableName, key, capacity }: Get, consistent: boolean): Promise<BackendAnswer> {
  return readFromTables(core, [tableName], 'GetItem', {
    TableName: tableName,
    Key: key,
    ...(consistent && { ConsistentRead: true }),
    ...(capacity !== undefined && { ReturnConsumedCapacity: capacity }),
  });
}

/** @param fresh the backend's answer, when this request caused it: only then capacity was consumed */
function entryAnswer(core: Core, get: Get, entry: ItemEntry, fresh?: BackendAnswer): Buffer {
  if (get.paths === undefined && fresh?.ConsumedCapacity === undefined) return entry.answer as Buffer;
  const { streamItem } = entry;
  const item = streamItem === undefined ? undefined : decodeStreamItem(streamItem, core.lists, get.key);
  return itemAnswer(core, get, item, fresh ?? {});
}

function itemAnswer(core: Core, { table, paths }: Get, item: AttributeMap | undefined, answer: BackendAnswer): Buffer {
  const capacity = capacityField(answer);
  if (item === undefined && capacity === undefined) return success().null().finish();
  return fieldAnswer([
    [
      FIELD_ITEM,
      item &&
        ((writer) => {
          if (paths === undefined) writer.bytes(encodeStreamItem(item, core.lists, table));
          else writeProjected(writer, item, paths);
        }),
    ],
    [FIELD_CAPACITY, capacity],
  ]);
}
