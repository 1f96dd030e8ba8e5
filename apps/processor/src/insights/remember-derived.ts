/**
 * What an environment has derived last. That of a version never changes, so an unchanged connection costs no second reading; and one that
 * has moved on is taken on from there.
 */
import type { Deadline } from '@quartersec/sla';
import type { Head } from '@quartersec/storage';
import type { Derived } from './derived.ts';

/** Of all connections together: some 350 bytes each with what is reckoned of them (`remembered.ts` of the insights), so 70 MB of 512. */
const mostKept = 200_000;

/** @param kept an earlier one of the same connection, maybe of another history */
type Read = (head: Head, deadline: Deadline, kept: Derived | undefined) => Promise<Derived>;

/** @param most movements, ledgers, and records of open loops and of windows that are kept, of those that were asked for last */
export function rememberDerived(
  read: Read,
  most: number = mostKept,
): (head: Head, deadline: Deadline) => Promise<Derived> {
  const known = new Map<string, Derived>();
  let size = 0;

  function forget(connectionId: string): void {
    const kept = known.get(connectionId);
    if (kept !== undefined) size -= sizeOf(kept);
    known.delete(connectionId);
  }

  return async (head, deadline) => {
    const { connectionId, version, hash } = head;
    const kept = known.get(connectionId);
    const isSame = kept?.version === version && kept.hash === hash;
    const derived = isSame ? kept : await read(head, deadline, kept);
    forget(connectionId);
    known.set(connectionId, derived); // asked for last
    size += sizeOf(derived);
    for (const oldest of known.keys()) {
      if (size <= most) break;
      forget(oldest);
    }
    return derived;
  };
}

function sizeOf({ state: { ledgers }, loop, windows }: Derived): number {
  const ofState = ledgers.reduce((sum, { movements }) => sum + 1 + movements.length, 1);
  const ofWindows = [...windows.values()].reduce((sum, { records }) => sum + records.size, ofState);
  return (loop?.pages ?? []).reduce((sum, { added, modified }) => sum + added.length + modified.length, ofWindows);
}
