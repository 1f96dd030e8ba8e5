/**
 * The table through DAX: reads from its item cache and query cache, puts and deletes written through them, and DynamoDB itself
 * for whatever must be fresh and whenever DAX does not answer in time. Callers see a `Table` like any other.
 */
import { objectives } from '@quartersec/sla';
import { fromAttributes } from './attribute-values.ts';
import { connectDax, type DaxClientOptions } from './dax-client.ts';
import { createDaxLink, type DaxAnswer, type DaxLink, type DaxLinkDeps } from './dax-link.ts';
import {
  type DynamoDbAnswer,
  type DynamoDbRequest,
  deleteRequest,
  getRequest,
  putRequest,
  queryRequest,
} from './dynamodb-requests.ts';
import { checkItem } from './item-rules.ts';
import type { CallOptions, RangeQuery, Table, TableItem } from './table.ts';
import { compareUtf8 } from './utf8-order.ts';

export interface DaxTableDeps {
  readonly tableName: string;
  readonly link: DaxLink;
  /** The same table without a cache. */
  readonly direct: Table;
  /** Told of each read that goes to DynamoDB because DAX failed or was too slow. */
  readonly onFailure?: (() => void) | undefined;
  /** Longest wait for DAX; default the store objective: what is left then still stores the event in time. */
  readonly patienceMs?: number | undefined;
}

export interface DaxTable extends Table {
  /** After the connection that is being made, if one is: whether there is one. */
  connected(): Promise<boolean>;
  close(): void;
}

export interface DaxTableOptions
  extends DaxClientOptions,
    Omit<DaxTableDeps, 'link'>,
    Pick<DaxLinkDeps, 'onRefusedWrite' | 'connectTimeoutMs'> {
  /** Monotonic. */
  readonly nowMs: () => number;
  /** 0 to 1 */
  readonly random: () => number;
}

/** Of what is left of the deadline; DynamoDB gets the rest. */
const patienceShare = 0.25;
/** With less patience a slow moment would look like a broken connection. */
const leastPatienceMs = 20;

/**
 * Connects at once, in the background; until then calls go to `direct`.
 * @returns a table that keeps `table.contract.ts`; its reads are as old as the cluster's times to live unless `fresh`
 */
export function openDaxTable(options: DaxTableOptions): DaxTable {
  const { endpoint, region, credentials, clientTimeoutMs, tableName } = options;
  const link = createDaxLink({
    connect: () => connectDax({ endpoint, region, credentials, clientTimeoutMs }),
    // Consistent, so that it passes the caches by and proves the way to DynamoDB as well.
    probe: getRequest(tableName, { pk: 'PROBE', sk: 'PROBE' }, true),
    nowMs: options.nowMs,
    random: options.random,
    onRefusedWrite: options.onRefusedWrite,
    connectTimeoutMs: options.connectTimeoutMs,
  });
  return createDaxTable({ ...options, link });
}

export function createDaxTable(deps: DaxTableDeps): DaxTable {
  const { tableName, link, direct, onFailure = () => {}, patienceMs = objectives.store.underMs } = deps;

  async function ask(request: DynamoDbRequest, { deadline }: CallOptions): Promise<DaxAnswer> {
    const timeoutMs = Math.min(patienceMs, deadline.remainingMs() * patienceShare);
    if (timeoutMs < leastPatienceMs) return { kind: 'not-ready' };
    return link.send(request, timeoutMs);
  }

  /** @returns `undefined` when DynamoDB is to be asked */
  async function read(request: DynamoDbRequest, options: CallOptions): Promise<DynamoDbAnswer | undefined> {
    const asked = await ask(request, options);
    if (asked.kind === 'answered') return asked.answer;
    if (asked.kind !== 'not-ready') onFailure();
    return undefined;
  }

  async function readPages(range: RangeQuery, options: CallOptions): Promise<readonly TableItem[] | undefined> {
    const { limit = Number.POSITIVE_INFINITY } = range;
    const items: TableItem[] = [];
    let startKey: DynamoDbAnswer['LastEvaluatedKey'];
    do {
      const wanted = Number.isFinite(limit) ? limit - items.length : undefined;
      const page = await read(queryRequest(tableName, range, false, wanted, startKey), options);
      if (page === undefined) return undefined;
      for (const attributes of page.Items ?? []) items.push(fromAttributes(attributes));
      startKey = page.LastEvaluatedKey;
    } while (startKey !== undefined && items.length < limit);
    return items;
  }

  return {
    async get(key, options) {
      const answer = options.fresh ? undefined : await read(getRequest(tableName, key, false), options);
      if (answer === undefined) return direct.get(key, options);
      return answer.Item && fromAttributes(answer.Item);
    },

    // Asked for what must be fresh alone.
    getAll: (keys, options) => direct.getAll(keys, options),

    async put(item, condition, options) {
      checkItem(item);
      const { kind } = await ask(putRequest(tableName, item, condition), options);
      if (kind === 'answered') return 'written';
      if (kind === 'refused') return 'refused';
      // It may still be on its way to the table: to put it again by another way is the caller's decision.
      if (kind === 'lost') return 'unknown';
      return direct.put(item, condition, options);
    },

    async query(range, options) {
      if (compareUtf8(range.fromSk, range.toSk) > 0) return [];
      const items = options.fresh ? undefined : await readPages(range, options);
      return items ?? direct.query(range, options);
    },

    async delete(key, options) {
      const { kind } = await ask(deleteRequest(tableName, key), options);
      if (kind !== 'answered') await direct.delete(key, options); // done twice is done
    },

    scan: (options) => direct.scan(options),
    connected: () => link.connected(),
    close: () => link.close(),
  };
}
