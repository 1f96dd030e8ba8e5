/** The few table operations the journal needs. `table.contract.ts` says what every back end must do. */
import type { Deadline } from '@quartersec/sla';

export interface TableKey {
  readonly pk: string;
  readonly sk: string;
}

/** DynamoDB's S, N and B. Bytes that were handed out or taken in are never written to. */
export type StoredValue = string | number | Uint8Array;

/** Flat items: structure lives in JSON text, plain or packed. */
export type TableItem = TableKey & { readonly [attribute: string]: StoredValue };

/** When a put is allowed; checked and written in one step by the table. */
export type PutCondition =
  /** No item under this key yet. */
  | { readonly kind: 'absent' }
  /** No item yet, or one whose number `attribute` is smaller. */
  | { readonly kind: 'below'; readonly attribute: string; readonly value: number }
  /** An item is there, and its number `attribute` is smaller. */
  | { readonly kind: 'raises'; readonly attribute: string; readonly value: number }
  /** The item is there and `attribute` still holds what was read: for repairs, which may go downwards. */
  | { readonly kind: 'same'; readonly attribute: string; readonly value: StoredValue };

export interface RangeQuery {
  readonly pk: string;
  /** Inclusive bounds of the sort key. */
  readonly fromSk: string;
  readonly toSk: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
}

export interface CallOptions {
  readonly deadline: Deadline;
  /** Read what was written last, past any cache. Default false. */
  readonly fresh?: boolean;
  /** Of a put that is made again: how often its answer has been lost. The more often, the longer it waits for the next one. Default 0. */
  readonly lostBefore?: number;
}

/**
 * Every call ends within its deadline. Throttling and lost connections are tried again inside it, with jitter.
 * @throws {StorageError} `TABLE_THROTTLED`, `TABLE_UNREACHABLE`, `TABLE_REJECTED`, `DEADLINE_EXCEEDED`, `ITEM_TOO_LARGE`
 */
export interface Table {
  get(key: TableKey, options: CallOptions): Promise<TableItem | undefined>;
  /** Those of the items that are there, each once, in no certain order: one call for up to 100 keys. */
  getAll(keys: readonly TableKey[], options: CallOptions): Promise<readonly TableItem[]>;
  /**
   * @returns `written`, `refused` (the condition did not hold), or `unknown`: the answer was lost and the item may be
   *   there or not; the caller settles it by reading back. A pause lies behind it, so that asking again at once is no storm.
   */
  put(
    item: TableItem,
    condition: PutCondition | undefined,
    options: CallOptions,
  ): Promise<'written' | 'refused' | 'unknown'>;
  /** All items of the range, pages of the table joined, in sort key order (or reversed). */
  query(range: RangeQuery, options: CallOptions): Promise<readonly TableItem[]>;
  delete(key: TableKey, options: CallOptions): Promise<void>;
  /** Every item of the table, for the audit and for tests. Order is undefined. */
  scan(options: CallOptions): AsyncIterable<TableItem>;
}
