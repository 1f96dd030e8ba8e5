/** BatchWriteItem: what DynamoDB leaves over is sent again here, because clients hand it to the app undecoded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerError } from './answer-error.ts';
import { type ConsumedCapacity, success, writeCapacity } from './answers.ts';
import type { AttributeMap } from './attribute-value.ts';
import type { CborReader } from './cbor-reader.ts';
import { type Answer, type Core, cacheKey, type Method } from './core.ts';
import { malformed } from './dax-node-error.ts';
import { decodeKey, keyText } from './item-key.ts';
import type { Table } from './key-schemas.ts';
import { type CapacityDetail, readKwargs } from './kwargs.ts';
import { decodeStreamItem, encodeStreamItem } from './stream-item.ts';
import { writeToTables } from './table-call.ts';

const ATTEMPTS_MAX = 8;
const FIRST_WAIT_MS = 50; // doubled each time: 6 s in all, a tenth of the client's patience

interface BatchEntry {
  readonly tableName: string;
  readonly table: Table;
  readonly key: AttributeMap;
  readonly keyText: string;
  readonly cacheKey: string;
  /** undefined: a delete */
  readonly item: AttributeMap | undefined;
}

type WriteRequest = {
  readonly PutRequest?: { readonly Item: AttributeMap };
  readonly DeleteRequest?: { readonly Key: AttributeMap };
};

export const batchWriteItem: Method = {
  name: 'batchWriteItem',
  argumentCount: 2,
  answer(core: Core, reader: CborReader): Answer {
    const requested: { name: string; key: Buffer; value: Buffer | undefined }[] = [];
    reader.readMap(() => {
      const name = reader.readText();
      let key: Buffer | undefined;
      reader.readArray(() => {
        if (key === undefined) {
          key = reader.readBytes();
          return;
        }
        requested.push({ name, key, value: reader.skipNull() ? undefined : reader.readBytes() });
        key = undefined;
      });
      if (key !== undefined) throw malformed('a key without its value');
    });
    const { capacity } = readKwargs(reader);
    return core.schemas.all(requested.map(({ name }) => name)).then((tables) => {
      const entries = requested.map(({ name, key: keyBytes, value }): BatchEntry => {
        const table = tables.get(name) as Table;
        const key = decodeKey(keyBytes, table);
        const item = value && decodeStreamItem(value, core.lists, key);
        return { tableName: name, table, key, keyText: keyText(key, table), cacheKey: cacheKey(table, key), item };
      });
      const keys = [...new Set(entries.map((entry) => entry.cacheKey))];
      return core.locks.run(keys, () => writeAll(core, entries, capacity));
    });
  },
};

async function writeAll(
  core: Core,
  entries: readonly BatchEntry[],
  capacity: CapacityDetail | undefined,
): Promise<Buffer> {
  const consumed: ConsumedCapacity[] = [];
  let left = entries;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await writeToTables(
      core,
      [...new Set(left.map(({ tableName }) => tableName))],
      left.map((entry) => entry.cacheKey),
      'BatchWriteItem',
      { RequestItems: requestItems(left), ...(capacity !== undefined && { ReturnConsumedCapacity: capacity }) },
    );
    consumed.push(...((answer.ConsumedCapacity ?? []) as readonly ConsumedCapacity[]));
    const unprocessed = unprocessedKeys(
      (answer.UnprocessedItems ?? {}) as Record<string, readonly WriteRequest[]>,
      left,
    );
    for (const entry of left) if (!unprocessed.has(entry)) keep(core, entry);
    left = left.filter((entry) => unprocessed.has(entry));
    if (left.length === 0) break;
    if (attempt === ATTEMPTS_MAX) {
      throw new AnswerError(
        'ProvisionedThroughputExceededException',
        `${left.length} writes of the batch were not processed`,
      );
    }
    await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
  }
  const writer = success().mapHeader(0).arrayHeader(consumed.length);
  for (const units of consumed) writeCapacity(writer, units);
  return writer.mapHeader(0).finish();
}

function keep(core: Core, { item, table, cacheKey: key }: BatchEntry): void {
  core.items.written(key, item && encodeStreamItem(item, core.lists, table));
}

function requestItems(entries: readonly BatchEntry[]): Record<string, WriteRequest[]> {
  const items: Record<string, WriteRequest[]> = Object.create(null) as Record<string, WriteRequest[]>;
  for (const { tableName, key, item } of entries) {
    const request: WriteRequest = item === undefined ? { DeleteRequest: { Key: key } } : { PutRequest: { Item: item } };
    const requests = items[tableName];
    if (requests === undefined) items[tableName] = [request];
    else requests.push(request);
  }
  return items;
}

function unprocessedKeys(
  unprocessed: Readonly<Record<string, readonly WriteRequest[]>>,
  entries: readonly BatchEntry[],
): Set<BatchEntry> {
  const left = new Set<BatchEntry>();
  for (const entry of entries) {
    const requests = unprocessed[entry.tableName] ?? unprocessed[entry.table.tableName] ?? [];
    const mine = requests.some(({ PutRequest, DeleteRequest }) => {
      const key = PutRequest?.Item ?? DeleteRequest?.Key;
      return key !== undefined && keyText(key, entry.table) === entry.keyText;
    });
    if (mine) left.add(entry);
  }
  return left;
}
