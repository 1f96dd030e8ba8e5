/** Query and Scan: one page, from the query cache unless a strongly consistent read is asked for. */
import {
  capacityField,
  FIELD_CAPACITY,
  FIELD_COUNT,
  FIELD_ITEMS,
  FIELD_LAST_KEY,
  FIELD_SCANNED_COUNT,
  fieldAnswer,
} from './answers.ts';
import { type AttributeMap, canonicalValue } from './attribute-value.ts';
import type { BackendAnswer } from './backend.ts';
import type { CborReader } from './cbor-reader.ts';
import type { CborWriter } from './cbor-writer.ts';
import { type Answer, type Caller, type Core, type Method, readTableName } from './core.ts';
import { type DocumentPath, decodeCondition, type Expression } from './expression.ts';
import { canonicalCondition, canonicalPath, RequestPlaceholders } from './expression-names.ts';
import { decodeCompoundKey, decodeKey, encodeCompoundKey, encodeKey } from './item-key.ts';
import type { Table } from './key-schemas.ts';
import { type Kwargs, readKwargs } from './kwargs.ts';
import { fetchedPaths, readProjection, writeProjected } from './projection.ts';
import { encodeStreamItem } from './stream-item.ts';
import { readFromTables } from './table-call.ts';

interface PageRequest {
  readonly operation: 'Query' | 'Scan';
  readonly tableName: string;
  readonly table: Table;
  readonly keyCondition: Expression | undefined;
  readonly filter: Expression | undefined;
  readonly paths: readonly DocumentPath[] | undefined;
  readonly startKey: AttributeMap | undefined;
  readonly kwargs: Kwargs;
}

const INDEFINITE_MAP = 0xbf;

export const query: Method = {
  name: 'query',
  argumentCount: 3,
  answer(core: Core, reader: CborReader, caller: Caller): Answer {
    const tableName = readTableName(reader);
    const keyCondition = reader.skipNull() ? undefined : reader.readBytes();
    return page(core, 'Query', tableName, keyCondition, readPageKwargs(reader, caller));
  },
};

export const scan: Method = {
  name: 'scan',
  argumentCount: 2,
  answer(core: Core, reader: CborReader, caller: Caller): Answer {
    const tableName = readTableName(reader);
    return page(core, 'Scan', tableName, undefined, readPageKwargs(reader, caller));
  },
};

function readPageKwargs(reader: CborReader, caller: Caller): Kwargs {
  const kwargs = readKwargs(reader);
  if (caller.selectsAllByDefault && kwargs.select === 'ALL_ATTRIBUTES') delete kwargs.select;
  return kwargs;
}

function page(
  core: Core,
  operation: 'Query' | 'Scan',
  tableName: string,
  keyCondition: Buffer | undefined,
  kwargs: Kwargs,
): Answer {
  return core.schemas.with(tableName, (table) => {
    const request: PageRequest = {
      operation,
      tableName,
      table,
      keyCondition: keyCondition && decodeCondition(keyCondition),
      filter: kwargs.filter && decodeCondition(kwargs.filter),
      paths: readProjection(kwargs.projection),
      startKey: kwargs.startKey && decodeStartKey(kwargs.startKey, kwargs, table),
      kwargs,
    };
    if (kwargs.consistentRead === true) {
      return readFromTables(core, [tableName], operation, backendRequest(request)).then((answer) =>
        pageAnswer(core, request, answer, true),
      );
    }
    return core.queries.answer(question(request), async () => {
      const answer = await readFromTables(core, [tableName], operation, backendRequest(request));
      const kept = pageAnswer(core, request, answer, false);
      const first = answer.ConsumedCapacity === undefined ? kept : pageAnswer(core, request, answer, true);
      return { kept, empty: answer.Count === 0, first };
    });
  });
}

/** One client writes the form of index keys whenever its request object has the property, even an undefined one. */
function decodeStartKey(bytes: Buffer, { indexName }: Kwargs, table: Table): AttributeMap {
  const ambiguous = table.range === undefined && table.hash.type === 'B';
  const compound = indexName !== undefined || (bytes[0] === INDEFINITE_MAP && !ambiguous);
  return compound ? decodeCompoundKey(bytes) : decodeKey(bytes, table);
}

/** The same text for the same question, whichever client asks it. Capacity is no part of it. */
function question({ operation, table, keyCondition, filter, paths, startKey, kwargs }: PageRequest): string {
  return JSON.stringify([
    operation,
    table.cachePrefix,
    kwargs.indexName ?? null,
    keyCondition === undefined ? null : canonicalCondition(keyCondition),
    filter === undefined ? null : canonicalCondition(filter),
    paths === undefined ? null : paths.map(canonicalPath),
    kwargs.select ?? null,
    kwargs.limit ?? null,
    kwargs.forward ?? true,
    startKey === undefined ? null : canonicalValue({ M: startKey }),
    kwargs.segment ?? null,
    kwargs.totalSegments ?? null,
  ]);
}

function backendRequest(request: PageRequest): object {
  const { tableName, keyCondition, filter, paths, startKey, kwargs } = request;
  const placeholders = new RequestPlaceholders(kwargs.namedByPlaceholder);
  return {
    TableName: tableName,
    ...(keyCondition !== undefined && { KeyConditionExpression: placeholders.condition(keyCondition) }),
    ...(filter !== undefined && { FilterExpression: placeholders.condition(filter) }),
    ...(paths !== undefined && { ProjectionExpression: placeholders.projection(fetchedPaths(paths)) }),
    ...placeholders.tables(),
    ...(startKey !== undefined && { ExclusiveStartKey: startKey }),
    ...(kwargs.indexName !== undefined && { IndexName: kwargs.indexName }),
    ...(kwargs.select !== undefined && { Select: kwargs.select }),
    ...(kwargs.limit !== undefined && { Limit: kwargs.limit }),
    ...(kwargs.forward !== undefined && { ScanIndexForward: kwargs.forward }),
    ...(kwargs.segment !== undefined && { Segment: kwargs.segment }),
    ...(kwargs.totalSegments !== undefined && { TotalSegments: kwargs.totalSegments }),
    ...(kwargs.consistentRead === true && { ConsistentRead: true }),
    ...(kwargs.capacity !== undefined && { ReturnConsumedCapacity: kwargs.capacity }),
  };
}

function pageAnswer(core: Core, request: PageRequest, answer: BackendAnswer, withCapacity: boolean): Buffer {
  const { table, paths, kwargs } = request;
  const items = kwargs.select === 'COUNT' ? undefined : (answer.Items as readonly AttributeMap[] | undefined);
  const lastKey = answer.LastEvaluatedKey as AttributeMap | undefined;
  const writeItem = (writer: CborWriter, item: AttributeMap) => {
    if (paths !== undefined) writeProjected(writer, item, paths);
    else
      writer
        .arrayHeader(2)
        .bytes(encodeKey(item, table))
        .bytes(encodeStreamItem(item, core.lists, table));
  };
  return fieldAnswer([
    [FIELD_CAPACITY, withCapacity ? capacityField(answer) : undefined],
    [
      FIELD_ITEMS,
      items &&
        ((writer) => {
          writer.arrayHeader(items.length);
          for (const item of items) writeItem(writer, item);
        }),
    ],
    [FIELD_COUNT, (writer) => writer.integer(Number(answer.Count ?? 0))],
    [FIELD_LAST_KEY, lastKey && ((writer) => writer.bytes(encodeLastKey(lastKey, request)))],
    [FIELD_SCANNED_COUNT, (writer) => writer.integer(Number(answer.ScannedCount ?? 0))],
  ]);
}

function encodeLastKey(lastKey: AttributeMap, { kwargs, table }: PageRequest): Buffer {
  return kwargs.indexName === undefined ? encodeKey(lastKey, table) : encodeCompoundKey(lastKey);
}
