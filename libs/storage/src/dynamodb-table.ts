/** The table in DynamoDB, through whichever client sends the requests: `signed-send.ts`, or the SDK of `dynamodb-client.ts`. */
import type { RetryDeps } from '@quartersec/aws';
import { fromAttributes } from './attribute-values.ts';
import {
  batchGetKeys,
  batchGetRequest,
  type DynamoDbAnswer,
  type DynamoDbRequest,
  deleteRequest,
  getRequest,
  putRequest,
  queryRequest,
  scanRequest,
} from './dynamodb-requests.ts';
import { checkItem } from './item-rules.ts';
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';
import { callTable, defaultAttemptTimeoutMs, type TableCall } from './table-retry.ts';
import { compareUtf8 } from './utf8-order.ts';

/** ONE attempt. Rejects with DynamoDB's error name in `name`; `table-failure.ts` reads it. */
export type DynamoDbSend = (request: DynamoDbRequest, signal: AbortSignal) => Promise<DynamoDbAnswer>;

export interface DynamoDbTableDeps extends Pick<RetryDeps, 'random' | 'sleep'> {
  readonly tableName: string;
  readonly send: DynamoDbSend;
  /** One attempt takes no longer; default 5 x the store objective. */
  readonly attemptTimeoutMs?: number;
}

/** DynamoDB's own name for it, by which it is tried again. */
const throughputExceeded = 'ProvisionedThroughputExceededException';

/** @returns a table that keeps `table.contract.ts` */
export function createDynamoDbTable(deps: DynamoDbTableDeps): Table {
  const { tableName, send, attemptTimeoutMs = defaultAttemptTimeoutMs, random, sleep } = deps;
  const retry: RetryDeps = { random, sleep, attemptTimeoutMs };

  function read(request: DynamoDbRequest, { deadline }: CallOptions): Promise<DynamoDbAnswer> {
    const facts = { operation: request.operation, table: tableName };
    return callTable(retry, { deadline, facts, attempt: (signal) => send(request, signal) });
  }

  /** What DynamoDB leaves out of an answer is asked for again, as a throttled call would be. */
  async function readBatch(keys: readonly TableKey[], { deadline, fresh = false }: CallOptions): Promise<TableItem[]> {
    const items: TableItem[] = [];
    let left = keys;
    const attempt = async (signal: AbortSignal) => {
      const { Responses, UnprocessedKeys } = await send(batchGetRequest(tableName, left, fresh), signal);
      for (const attributes of Responses?.[tableName] ?? []) items.push(fromAttributes(attributes));
      const unread = UnprocessedKeys?.[tableName]?.Keys ?? [];
      if (unread.length === 0) return;
      left = unread.map(fromAttributes);
      throw Object.assign(new Error('keys were left out'), { name: throughputExceeded });
    };
    await callTable(retry, { deadline, facts: { operation: 'BatchGetItem', table: tableName }, attempt });
    return items;
  }

  return {
    async getAll(keys, options) {
      const distinct = [...new Map(keys.map((key) => [JSON.stringify([key.pk, key.sk]), key])).values()];
      const items: TableItem[] = [];
      for (let at = 0; at < distinct.length; at += batchGetKeys)
        items.push(...(await readBatch(distinct.slice(at, at + batchGetKeys), options)));
      return items;
    },

    async get({ pk, sk }, options) {
      const { Item } = await read(getRequest(tableName, { pk, sk }, options.fresh ?? false), options);
      return Item && fromAttributes(Item);
    },

    async put(item, condition, { deadline, lostBefore }) {
      checkItem(item);
      const request = putRequest(tableName, item, condition);
      const call: TableCall<'written' | 'refused' | 'unknown'> = {
        deadline,
        facts: { operation: 'PutItem', table: tableName, pk: item.pk, sk: item.sk },
        lostAnswer: 'unknown',
        lostBefore,
        refusedAnswer: 'refused',
        attempt: async (signal) => {
          await send(request, signal);
          return 'written';
        },
      };
      return callTable(retry, call);
    },

    async query(range, options) {
      if (compareUtf8(range.fromSk, range.toSk) > 0) return []; // DynamoDB would call it a defect of the request
      const { limit = Number.POSITIVE_INFINITY } = range;
      const items: TableItem[] = [];
      let startKey: DynamoDbAnswer['LastEvaluatedKey'];
      do {
        const wanted = Number.isFinite(limit) ? limit - items.length : undefined;
        const page = await read(queryRequest(tableName, range, options.fresh ?? false, wanted, startKey), options);
        for (const attributes of page.Items ?? []) items.push(fromAttributes(attributes));
        startKey = page.LastEvaluatedKey;
      } while (startKey !== undefined && items.length < limit);
      return items;
    },

    async delete(key, options) {
      await read(deleteRequest(tableName, key), options); // done twice is done: a lost answer asks again
    },

    async *scan(options) {
      let startKey: DynamoDbAnswer['LastEvaluatedKey'];
      do {
        const page: DynamoDbAnswer = await read(scanRequest(tableName, options.fresh ?? false, startKey), options);
        for (const attributes of page.Items ?? []) yield fromAttributes(attributes);
        startKey = page.LastEvaluatedKey;
      } while (startKey !== undefined);
    },
  };
}
