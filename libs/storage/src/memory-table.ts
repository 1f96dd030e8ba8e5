/** A table in memory: for tests and simulated histories. Nothing fails and nothing is stale here; wrap it to make it so. */
import { checkItem } from './item-rules.ts';
import { StorageError } from './storage-error.ts';
import { isSameValue } from './stored-values.ts';
import type { CallOptions, PutCondition, RangeQuery, StoredValue, Table, TableItem, TableKey } from './table.ts';
import { compareUtf8 } from './utf8-order.ts';

/** One partition: items by sort key, and the keys in DynamoDB's order. */
interface Partition {
  readonly items: Map<string, TableItem>;
  readonly order: string[];
}

export function createMemoryTable(): Table {
  const partitions = new Map<string, Partition>();

  return {
    async get(key, options) {
      checkDeadline(options);
      return partitions.get(key.pk)?.items.get(key.sk);
    },

    async getAll(keys, options) {
      checkDeadline(options);
      return [...new Set(keys.flatMap(({ pk, sk }) => partitions.get(pk)?.items.get(sk) ?? []))];
    },

    async put(item, condition, options) {
      checkItem(item);
      checkDeadline(options);
      const partition = partitions.get(item.pk) ?? { items: new Map(), order: [] };
      const present = partition.items.get(item.sk);
      if (!isAllowed(present, condition)) return 'refused';
      partitions.set(item.pk, partition);
      if (present === undefined) partition.order.splice(firstAtLeast(partition.order, item.sk), 0, item.sk);
      partition.items.set(item.sk, asStored(item));
      return 'written';
    },

    async query(range, options) {
      checkDeadline(options);
      return select(partitions.get(range.pk), range);
    },

    async delete(key: TableKey, options) {
      checkDeadline(options);
      const partition = partitions.get(key.pk);
      if (!partition?.items.delete(key.sk)) return;
      partition.order.splice(firstAtLeast(partition.order, key.sk), 1);
      if (partition.order.length === 0) partitions.delete(key.pk);
    },

    async *scan(options) {
      const all = [...partitions.values()].flatMap((partition) => [...partition.items.values()]);
      for (const item of all) {
        checkDeadline(options);
        yield item;
      }
    },
  };
}

function checkDeadline(options: CallOptions): void {
  if (options.deadline.remainingMs() <= 0) throw new StorageError('DEADLINE_EXCEEDED', { table: 'memory' });
}

function asStored(item: TableItem): TableItem {
  const stored: Record<string, StoredValue> = {};
  for (const [name, value] of Object.entries(item)) stored[name] = storedValue(value);
  return Object.freeze(stored) as TableItem;
}

/** DynamoDB has no -0. Bytes of the caller's own could change. */
function storedValue(value: StoredValue): StoredValue {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return value === 0 ? 0 : value;
}

function isAllowed(present: TableItem | undefined, condition: PutCondition | undefined): boolean {
  if (condition === undefined) return true;
  if (condition.kind === 'absent') return present === undefined;
  if (condition.kind === 'same') return isSameValue(present?.[condition.attribute], condition.value);
  if (present === undefined) return condition.kind === 'below';
  const value = present[condition.attribute];
  return typeof value === 'number' && value < condition.value;
}

function select(partition: Partition | undefined, range: RangeQuery): readonly TableItem[] {
  if (partition === undefined) return [];
  const keys: string[] = [];
  for (let index = firstAtLeast(partition.order, range.fromSk); index < partition.order.length; index++) {
    const sk = partition.order[index];
    if (sk === undefined || compareUtf8(sk, range.toSk) > 0) break;
    keys.push(sk);
  }
  if (range.newestFirst) keys.reverse();
  return keys.slice(0, range.limit ?? keys.length).flatMap((sk) => partition.items.get(sk) ?? []);
}

/** Binary search: journals grow at their end, so this is nearly always the last place. */
function firstAtLeast(order: readonly string[], sk: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8(order[middle] ?? '', sk) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
