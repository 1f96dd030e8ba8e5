/** Method ids as clients send them. */
import type { Method } from './core.ts';
import { batchGetItem } from './operation-batch-get.ts';
import { batchWriteItem } from './operation-batch-write.ts';
import {
  authorizeConnection,
  defineAttributeList,
  defineAttributeListId,
  defineKeySchema,
  endpoints,
} from './operation-discovery.ts';
import { getItem } from './operation-get-item.ts';
import { query, scan } from './operation-query-scan.ts';
import { transactGetItems, transactWriteItems } from './operation-transact.ts';
import { deleteItem, putItem, updateItem } from './operation-write-item.ts';

export const METHODS: ReadonlyMap<number, Method> = new Map([
  [1489122155, authorizeConnection],
  [455855874, endpoints],
  [-742646399, defineKeySchema],
  [-1230579644, defineAttributeListId],
  [670678385, defineAttributeList],
  [263244906, getItem],
  [-2106490455, putItem],
  [1425579023, updateItem],
  [1013539361, deleteItem],
  [-931250863, query],
  [-1875390620, scan],
  [-697851100, batchGetItem],
  [116217951, batchWriteItem],
  [1866287579, transactGetItems],
  [-1160037738, transactWriteItems],
]);
