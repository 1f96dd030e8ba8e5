/** Folds kept in memory between reads, bounded in bytes: a version's fold never changes, so it never has to be read again. */
import type { ConnectionFold } from './fold-transactions.ts';

export interface FoldMemory {
  /** All folds of the connection, by version; each of them belongs to the chain of the newest. */
  of(connectionId: string): ReadonlyMap<number, ConnectionFold>;
  keep(connectionId: string, version: number, fold: ConnectionFold): void;
  /** The connection has another history than the one that was kept. */
  drop(connectionId: string): void;
}

/** What one record of a fold takes, its history and its place in the maps included: an upper bound of what was measured. */
const recordBytes = 2_500;
/** What it takes once more in an older version, which shares the record itself: places in a map and in the order of reading. */
const sharedRecordBytes = 300;
/** Readers in the middle of their pages need the version that they began with; more of them start over from the journal. */
const versionsAConnection = 4;

/** @param limitBytes for all connections together; the ones that were not asked for longest go first */
export function createFoldMemory(limitBytes: number): FoldMemory {
  const connections = new Map<string, { readonly folds: Map<number, ConnectionFold>; bytes: number }>();
  let bytes = 0;

  function drop(connectionId: string): void {
    bytes -= connections.get(connectionId)?.bytes ?? 0;
    connections.delete(connectionId);
  }

  return {
    of(connectionId) {
      const known = connections.get(connectionId);
      if (known === undefined) return new Map();
      connections.delete(connectionId);
      connections.set(connectionId, known); // asked for last
      return known.folds;
    },
    keep(connectionId, version, fold) {
      const known = connections.get(connectionId);
      const folds = new Map(
        [...(known?.folds ?? []), [version, fold] as const].sort(([left], [right]) => left - right),
      );
      for (const oldest of folds.keys()) {
        if (folds.size === 1 || (folds.size <= versionsAConnection && sizeOf(folds) <= limitBytes)) break;
        folds.delete(oldest);
      }
      drop(connectionId);
      const size = sizeOf(folds);
      if (size > limitBytes) return;
      connections.set(connectionId, { folds, bytes: size });
      bytes += size;
      for (const other of connections.keys()) {
        if (bytes <= limitBytes) break;
        drop(other);
      }
    },
    drop,
  };
}

function sizeOf(folds: ReadonlyMap<number, ConnectionFold>): number {
  const sizes = [...folds.values()].map((fold) => 1 + fold.size());
  const newest = sizes.at(-1) ?? 0;
  return sizes.reduce((sum, size) => sum + size * sharedRecordBytes, newest * (recordBytes - sharedRecordBytes));
}
