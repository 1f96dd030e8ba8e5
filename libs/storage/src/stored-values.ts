/** When two attribute values are the same one to the table. */
import type { StoredValue } from './table.ts';

/** Same type and same value; bytes are compared one by one. */
export function isSameValue(left: StoredValue | undefined, right: StoredValue | undefined): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
  return left === right;
}
