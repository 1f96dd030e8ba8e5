/** The newest movements of a ledger, without a look at its years: they are in the order of their days. */
import type { Day, Movement } from './view.ts';

/** @returns those of this day and after it */
export function movementsSince(movements: readonly Movement[], day: Day): readonly Movement[] {
  let first = movements.length;
  while (first > 0 && (movements[first - 1]?.day ?? 0) >= day) first -= 1;
  return first === 0 ? movements : movements.slice(first);
}
