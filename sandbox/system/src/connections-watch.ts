/**
 * The connections as the table has them, for a board that asks once a second: kept in memory, and read again a part at a time,
 * so that a thousand connections cost the table no more than fifty do.
 */
import { createDeadline } from '@quartersec/sla';
import { createJournal, listShards, readListed, StorageError, type Table } from '@quartersec/storage';
import {
  type ConnectionsSummary,
  connectionRowOf,
  type Looked,
  newestRead,
  summariseConnections,
} from './connections-summary.ts';

export interface ConnectionsWatchOptions {
  readonly table: Table;
  /** Linked by the sandbox itself: every other one was linked by somebody. */
  readonly startedWith: ReadonlySet<string>;
  readonly nowEpochMs: () => number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

export interface ConnectionsWatch {
  /**
   * What was read last; reading goes on behind the answer. Waits for the table only where that is too old.
   * @throws {StorageError} when nothing could be read yet, as `Table.query`
   */
  summary(): Promise<ConnectionsSummary>;
}

const refreshEveryMs = 2_000;
/** Asked again after a pause: then what is held tells of before it. */
const heldAtMostMs = 10_000;
/** Below the board's own timeout. */
const refreshDeadlineMs = 1_500;
/** Of the list, in a refresh: a connection is on it within two. The first refresh reads all of it. */
const shardsAtOnce = listShards / 2;
/** Beyond it the list of a shard is cut off: 128,000 connections in all. */
const listedAtMost = 2_000;
/** Heads in a refresh, besides those of the rows that are shown. */
const headsAtOnce = 64;
const readersAtOnce = 16;
/** Which of the working connections are shown changes no faster than one can read. */
const chooseEveryMs = 10_000;

export function createConnectionsWatch({
  table,
  startedWith,
  nowEpochMs,
  nowMs,
}: ConnectionsWatchOptions): ConnectionsWatch {
  const journal = createJournal({ table });
  const listed = new Map<number, readonly string[]>();
  /** By id, those first that were looked at longest ago. `undefined`: listed, with no entries (yet). */
  const looked = new Map<string, Looked | undefined>();
  let nextShard = 0;
  let healthy: readonly string[] = [];
  let chosenMs = -Infinity;
  let held: { readonly summary: ConnectionsSummary; readonly atMs: number } | undefined;
  let askedMs = -Infinity;
  let refreshing: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const deadline = createDeadline(refreshDeadlineMs, nowMs);
    await eachOf(shardsToRead(), async (shard) => {
      listed.set(shard, await readListed(table, { shard, limit: listedAtMost }, { deadline, fresh: true }));
    });

    const ids = new Set([...listed.values()].flat());
    for (const id of looked.keys()) if (!ids.has(id)) looked.delete(id);
    const shown = held?.summary.rows.map(({ connectionId }) => connectionId).filter((id) => ids.has(id)) ?? [];
    const unseen = [...ids].filter((id) => !looked.has(id));
    const inTurn = [...unseen, ...looked.keys()].slice(0, headsAtOnce);
    await eachOf([...new Set([...shown, ...inTurn])], async (connectionId) => {
      const now = await look(connectionId);
      looked.delete(connectionId); // to the end of the turn
      looked.set(connectionId, now);
    });

    async function look(connectionId: string): Promise<Looked | undefined> {
      try {
        const head = await journal.readHead(connectionId, { deadline, fresh: true });
        return head && connectionRowOf(head, !startedWith.has(connectionId));
      } catch (error) {
        if (error instanceof StorageError && error.code === 'ENTRY_CORRUPT') return 'unreadable';
        throw error;
      }
    }

    const known = [...looked.values()].filter((one) => one !== undefined);
    if (nowMs() - chosenMs >= chooseEveryMs) {
      healthy = newestRead(known);
      chosenMs = nowMs();
    }
    const linked = ids.size - (looked.size - known.length);
    held = { summary: summariseConnections(known, { linked, healthy, readEpochMs: nowEpochMs() }), atMs: nowMs() };
  }

  function shardsToRead(): readonly number[] {
    const missing = Array.from({ length: listShards }, (_, shard) => shard).filter((shard) => !listed.has(shard));
    if (missing.length > 0) return missing;
    const turn = Array.from({ length: shardsAtOnce }, (_, index) => (nextShard + index) % listShards);
    nextShard = (nextShard + shardsAtOnce) % listShards;
    return turn;
  }

  return {
    async summary() {
      if (refreshing === undefined && nowMs() - askedMs >= refreshEveryMs) {
        askedMs = nowMs();
        refreshing = refresh().finally(() => {
          refreshing = undefined;
        });
        refreshing.catch(() => {}); // told below where nothing is held, and by its age where something is
      }
      if (held === undefined || nowMs() - held.atMs > heldAtMostMs) {
        const failure = await refreshing?.then(
          () => undefined,
          (error: unknown) => error,
        );
        if (held === undefined) throw failure ?? new Error('the connections could not be read yet');
      }
      return held.summary;
    },
  };
}

/** A few at a time. @throws what the first that fails does, once none is under way any more */
async function eachOf<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += readersAtOnce) {
    const outcomes = await Promise.allSettled(items.slice(from, from + readersAtOnce).map(act));
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
  }
}
