/** TransactGetItems and TransactWriteItems: passed on; what a transaction wrote is read afresh behind its answer. */
import { AnswerError, encodeError } from './answer-error.ts';
import { type ConsumedCapacity, success, writeExtendedCapacity } from './answers.ts';
import type { AttributeMap } from './attribute-value.ts';
import type { CborReader } from './cbor-reader.ts';
import { type Answer, type Core, cacheKey, type Method, readTableName } from './core.ts';
import { malformed } from './dax-node-error.ts';
import { type DocumentPath, decodeCondition, decodeUpdate } from './expression.ts';
import { RequestPlaceholders } from './expression-names.ts';
import type { Fill } from './item-cache.ts';
import { decodeKey } from './item-key.ts';
import type { Table } from './key-schemas.ts';
import { type Kwargs, readKwargs } from './kwargs.ts';
import { readProjection, writeProjected } from './projection.ts';
import { decodeStreamItem, encodeStreamItem } from './stream-item.ts';
import { readFromTables, writeToTables } from './table-call.ts';

const OPERATION_NAMES: ReadonlyMap<number, 'Put' | 'Delete' | 'Update' | 'ConditionCheck'> = new Map([
  [2, 'Put'],
  [7, 'Delete'],
  [9, 'Update'],
  [12, 'ConditionCheck'],
]);
const RETURN_ALL_OLD = 2;

export const transactGetItems: Method = {
  name: 'transactGetItems',
  argumentCount: 4,
  answer(core: Core, reader: CborReader): Answer {
    const names = readParallel(reader, readTableName);
    const keys = readParallel(reader, (from) => from.readBytes());
    const projections = readParallel(reader, readOptionalBytes);
    const { capacity } = readKwargs(reader);
    sameLengths(names.length, keys, projections);
    return core.schemas.all(names).then(async (tables) => {
      const gets = names.map((tableName, index) => {
        const table = tables.get(tableName) as Table;
        return {
          tableName,
          table,
          key: decodeKey(keys[index] as Buffer, table),
          paths: readProjection(projections[index]),
        };
      });
      const answer = await readFromTables(core, names, 'TransactGetItems', {
        TransactItems: gets.map(({ tableName, key }) => ({ Get: { TableName: tableName, Key: key } })),
        ...(capacity !== undefined && { ReturnConsumedCapacity: capacity }),
      });
      const responses = (answer.Responses ?? []) as readonly { readonly Item?: AttributeMap }[];
      const writer = success(1024).arrayHeader(2).arrayHeader(gets.length);
      for (const [index, { table, paths }] of gets.entries()) {
        const item = responses[index]?.Item;
        if (item === undefined) writer.null();
        else if (paths === undefined) writer.bytes(encodeStreamItem(item, core.lists, table));
        else writeProjected(writer, item, paths as readonly DocumentPath[]);
      }
      return writeConsumed(writer, answer.ConsumedCapacity).finish();
    });
  },
};

interface TransactWrite {
  readonly tableName: string;
  readonly table: Table;
  readonly key: AttributeMap;
  readonly request: object;
}

export const transactWriteItems: Method = {
  name: 'transactWriteItems',
  argumentCount: 9,
  answer(core: Core, reader: CborReader): Answer {
    const operations = readParallel(reader, (from) => from.readInteger());
    const names = readParallel(reader, readTableName);
    const keys = readParallel(reader, (from) => from.readBytes());
    const values = readParallel(reader, readOptionalBytes);
    reader.skip(); // ReturnValues: always null
    const onFailure = readParallel(reader, (from) => (from.skipNull() ? 1 : from.readInteger()));
    const conditions = readParallel(reader, readOptionalBytes);
    const updates = readParallel(reader, readOptionalBytes);
    const kwargs = readKwargs(reader);
    const count = operations.length;
    sameLengths(count, names, keys);
    for (const optional of [values, onFailure, conditions, updates])
      if (optional.length > 0) sameLengths(count, optional);
    return core.schemas.all(names).then((tables) => {
      const writes = operations.map((operation, index): TransactWrite => {
        const tableName = names[index] as string;
        const table = tables.get(tableName) as Table;
        const key = decodeKey(keys[index] as Buffer, table);
        const value = values[index];
        const item = value && decodeStreamItem(value, core.lists, key);
        const expressions = { condition: conditions[index], update: updates[index] };
        const request = writeRequest(operation, tableName, key, item, expressions, onFailure[index] === RETURN_ALL_OLD);
        return { tableName, table, key, request };
      });
      return writeAll(core, writes, kwargs);
    });
  },
};

async function writeAll(core: Core, writes: readonly TransactWrite[], kwargs: Kwargs): Promise<Buffer> {
  const keys = [...new Set(writes.map(({ table, key }) => cacheKey(table, key)))];
  const names = writes.map(({ tableName }) => tableName);
  return core.locks.run(keys, async () => {
    try {
      const answer = await writeToTables(core, names, keys, 'TransactWriteItems', {
        TransactItems: writes.map(({ request }) => request),
        ...(kwargs.clientRequestToken !== undefined && { ClientRequestToken: kwargs.clientRequestToken }),
        ...(kwargs.capacity !== undefined && { ReturnConsumedCapacity: kwargs.capacity }),
      });
      for (const key of keys) core.items.forget(key, false);
      refresh(core, writes);
      // empty containers, never null: first results (always empty), then capacity, then metrics
      return writeConsumed(success().arrayHeader(3).arrayHeader(0), answer.ConsumedCapacity).mapHeader(0).finish();
    } catch (error) {
      if (!(error instanceof AnswerError) || error.reasons === undefined) throw error;
      return encodeError(error, (item, index) => {
        const write = writes[index];
        return write && encodeStreamItem(item, core.lists, write.table);
      });
    }
  });
}

/**
 * Reads what a transaction touched into the item cache, by a transaction, as AWS documents it of DAX. Nobody waits for it: reads that come
 * meanwhile ask for themselves. When it fails, which the backend's counter of errors shows, the next read of each item fills the cache.
 */
function refresh(core: Core, writes: readonly TransactWrite[]): void {
  const names = writes.map(({ tableName }) => tableName);
  const fills = writes.map(({ table, key }) => core.items.startFill(cacheKey(table, key)));
  const request = { TransactItems: writes.map(({ tableName, key }) => ({ Get: { TableName: tableName, Key: key } })) };
  readFromTables(core, names, 'TransactGetItems', request)
    .then(({ Responses }) => {
      const responses = (Responses ?? []) as readonly { readonly Item?: AttributeMap }[];
      if (responses.length !== writes.length) return;
      for (const [index, { table }] of writes.entries()) {
        const item = responses[index]?.Item;
        core.items.fill(fills[index] as Fill, item && encodeStreamItem(item, core.lists, table));
      }
    })
    .catch(() => {})
    .finally(() => {
      for (const fill of fills) core.items.abandon(fill);
    });
}

function writeRequest(
  operation: number,
  tableName: string,
  key: AttributeMap,
  item: AttributeMap | undefined,
  { condition, update }: { condition: Buffer | undefined; update: Buffer | undefined },
  returnsOld: boolean,
): object {
  const name = OPERATION_NAMES.get(operation);
  if (name === undefined) throw malformed(`unknown transaction operation ${operation}`);
  const placeholders = new RequestPlaceholders();
  return {
    [name]: {
      TableName: tableName,
      ...(name === 'Put' ? { Item: item ?? key } : { Key: key }),
      ...(update !== undefined && { UpdateExpression: placeholders.update(decodeUpdate(update)) }),
      ...(condition !== undefined && { ConditionExpression: placeholders.condition(decodeCondition(condition)) }),
      ...placeholders.tables(),
      ...(returnsOld && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    },
  };
}

function writeConsumed(writer: ReturnType<typeof success>, consumed: unknown): ReturnType<typeof success> {
  const units = (consumed ?? []) as readonly ConsumedCapacity[];
  writer.arrayHeader(units.length);
  for (const capacity of units) writeExtendedCapacity(writer, capacity);
  return writer;
}

/** One of the parallel arrays; null for one that nobody uses. */
function readParallel<Value>(reader: CborReader, read: (reader: CborReader) => Value): Value[] {
  const values: Value[] = [];
  if (!reader.skipNull()) reader.readArray(() => values.push(read(reader)));
  return values;
}

function readOptionalBytes(reader: CborReader): Buffer | undefined {
  return reader.skipNull() ? undefined : reader.readBytes();
}

function sameLengths(count: number, ...arrays: readonly (readonly unknown[])[]): void {
  if (arrays.some(({ length }) => length !== count)) throw malformed('arrays of a transaction differ in length');
}
