/** PutItem, UpdateItem, DeleteItem: to DynamoDB first, then into the item cache. */
import {
  attributesField,
  capacityField,
  collectionMetricsField,
  FIELD_ATTRIBUTES,
  FIELD_CAPACITY,
  FIELD_COLLECTION_METRICS,
  fieldAnswer,
} from './answers.ts';
import type { AttributeMap } from './attribute-value.ts';
import type { BackendAnswer } from './backend.ts';
import type { CborReader } from './cbor-reader.ts';
import { type Answer, type Core, cacheKey, type Method, readTableName } from './core.ts';
import { decodeCondition, decodeUpdate } from './expression.ts';
import { RequestPlaceholders } from './expression-names.ts';
import { decodeKey } from './item-key.ts';
import type { Table } from './key-schemas.ts';
import { type Kwargs, readKwargs } from './kwargs.ts';
import { decodeStreamItem, encodeStreamItem } from './stream-item.ts';
import { writeToTables } from './table-call.ts';

export const putItem: Method = {
  name: 'putItem',
  argumentCount: 4,
  answer(core: Core, reader: CborReader): Answer {
    const tableName = readTableName(reader);
    const keyBytes = reader.readBytes();
    const values = reader.readBytes();
    const kwargs = readKwargs(reader);
    return core.schemas.with(tableName, (table) => {
      const key = decodeKey(keyBytes, table);
      const item = decodeStreamItem(values, core.lists, key);
      const request = { TableName: tableName, Item: item, ...writeOptions(kwargs), ...returnValues(kwargs) };
      return write(core, tableName, table, key, 'PutItem', request, (answer, written) => {
        core.items.written(written, encodeStreamItem(item, core.lists, table));
        return writeAnswer(core, table, kwargs, answer);
      });
    });
  },
};

export const deleteItem: Method = {
  name: 'deleteItem',
  argumentCount: 3,
  answer(core: Core, reader: CborReader): Answer {
    const tableName = readTableName(reader);
    const keyBytes = reader.readBytes();
    const kwargs = readKwargs(reader);
    return core.schemas.with(tableName, (table) => {
      const key = decodeKey(keyBytes, table);
      const request = { TableName: tableName, Key: key, ...writeOptions(kwargs), ...returnValues(kwargs) };
      return write(core, tableName, table, key, 'DeleteItem', request, (answer, written) => {
        core.items.written(written, undefined);
        return writeAnswer(core, table, kwargs, answer);
      });
    });
  },
};

export const updateItem: Method = {
  name: 'updateItem',
  argumentCount: 3,
  answer(core: Core, reader: CborReader): Answer {
    const tableName = readTableName(reader);
    const keyBytes = reader.readBytes();
    const kwargs = readKwargs(reader);
    return core.schemas.with(tableName, (table) => {
      const key = decodeKey(keyBytes, table);
      // the cache wants the whole new item, and asking for it costs nothing
      const silent = kwargs.returnValues === undefined || kwargs.returnValues === 'NONE';
      const asked = silent ? 'ALL_NEW' : kwargs.returnValues;
      const request = { TableName: tableName, Key: key, ...writeOptions(kwargs), ReturnValues: asked };
      return write(core, tableName, table, key, 'UpdateItem', request, (answer, written) => {
        const attributes = answer.Attributes as AttributeMap | undefined;
        if (asked === 'ALL_NEW' && attributes !== undefined) {
          core.items.written(written, encodeStreamItem(attributes, core.lists, table));
        } else core.items.forget(written, false);
        return writeAnswer(core, table, kwargs, answer);
      });
    });
  },
};

async function write(
  core: Core,
  tableName: string,
  table: Table,
  key: AttributeMap,
  operation: string,
  request: object,
  done: (answer: BackendAnswer, cacheKey: string) => Buffer,
): Promise<Buffer> {
  const written = cacheKey(table, key);
  return core.locks.run([written], async () => {
    const answer = await writeToTables(core, [tableName], [written], operation, request);
    return done(answer, written);
  });
}

function writeOptions({ condition, update, capacity, collectionMetrics, namedByPlaceholder }: Kwargs): object {
  const placeholders = new RequestPlaceholders(namedByPlaceholder);
  return {
    ...(update !== undefined && { UpdateExpression: placeholders.update(decodeUpdate(update)) }),
    ...(condition !== undefined && { ConditionExpression: placeholders.condition(decodeCondition(condition)) }),
    ...placeholders.tables(),
    ...(capacity !== undefined && { ReturnConsumedCapacity: capacity }),
    ...(collectionMetrics === true && { ReturnItemCollectionMetrics: 'SIZE' }),
  };
}

function returnValues({ returnValues: asked }: Kwargs): object {
  return asked === undefined ? {} : { ReturnValues: asked };
}

function writeAnswer(core: Core, table: Table, kwargs: Kwargs, answer: BackendAnswer): Buffer {
  const attributes = answer.Attributes as AttributeMap | undefined;
  return fieldAnswer([
    [FIELD_CAPACITY, capacityField(answer)],
    [FIELD_ATTRIBUTES, attributesField(attributes, kwargs.returnValues, core.lists, table)],
    [FIELD_COLLECTION_METRICS, collectionMetricsField(answer)],
  ]);
}
