/** What the board shows of the connections: how many are in which state, and the few that somebody should see. Pure. */
import { type UserAction, userActionOf } from '@quartersec/providers/rules';
import { objectives } from '@quartersec/sla';
import type { ConnectionStatus, Head, History } from '@quartersec/storage';

/** Ids and states alone: no name, no balance, no token. */
export interface ConnectionRow {
  readonly connectionId: string;
  readonly userId: string;
  readonly institutionId: string;
  readonly status: ConnectionStatus;
  /** What its user can do about the status. */
  readonly userAction: UserAction;
  readonly history: History;
  /** Open accounts. */
  readonly accounts: number;
  /** When the provider was last read to the end; `null` before the first time. */
  readonly syncedEpochMs: number | null;
  /** Linked by a user after the start (`npm run link`), not by the sandbox itself. */
  readonly byHand: boolean;
}

export interface ConnectionsSummary {
  /** When the table was last asked. */
  readonly readEpochMs: number;
  /** On the table's list of connections. */
  readonly linked: number;
  /** Of these, not looked at yet: in no count below. */
  readonly unseen: number;
  /** Of these, stored data that do not verify: in no count below either. */
  readonly unreadable: number;
  /** Every status that a connection has, with how many have it. */
  readonly byStatus: Partial<Record<ConnectionStatus, number>>;
  readonly userNeeded: number;
  /** Read to the end within `freshWithinMs` before `readEpochMs`. */
  readonly fresh: number;
  readonly neverRead: number;
  readonly freshWithinMs: number;
  /** At most `rowsAtMost`: those that need their user or are stale, those linked by hand, then a few that work. */
  readonly rows: readonly ConnectionRow[];
}

/** What is known of a connection on the list. */
export type Looked = ConnectionRow | 'unreadable';

export const rowsAtMost = 20;
/** Connections in trouble leave this much room for those that were just linked. */
const byHandAtLeast = 10;
const freshWithinMs = objectives.freshness.bad.overMs;

export function connectionRowOf(head: Head, byHand: boolean): ConnectionRow {
  return {
    connectionId: head.connectionId,
    userId: head.userId,
    institutionId: head.institutionId,
    status: head.status,
    userAction: userActionOf(head.statusReason),
    history: head.history,
    accounts: head.accounts.filter(({ state }) => state === 'open').length,
    syncedEpochMs: head.lastSync?.completedEpochMs ?? null,
    byHand,
  };
}

/**
 * @param looked of the listed connections, those that were looked at
 * @param healthy ids of those to show where there is room, in that order
 */
export function summariseConnections(
  looked: readonly Looked[],
  { linked, healthy, readEpochMs }: { linked: number; healthy: readonly string[]; readEpochMs: number },
): ConnectionsSummary {
  const all = looked.filter((one) => one !== 'unreadable');
  const byStatus: Partial<Record<ConnectionStatus, number>> = {};
  for (const { status } of all) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return {
    readEpochMs,
    linked,
    unseen: linked - looked.length,
    unreadable: looked.length - all.length,
    byStatus,
    userNeeded: all.filter(({ userAction }) => userAction !== 'none').length,
    fresh: all.filter((row) => isFresh(row, readEpochMs)).length,
    neverRead: all.filter(({ syncedEpochMs }) => syncedEpochMs === null).length,
    freshWithinMs,
    rows: rowsToShow(all, healthy, readEpochMs),
  };
}

/** @returns ids of those read last, newest first */
export function newestRead(looked: readonly Looked[]): readonly string[] {
  return looked
    .filter((one) => one !== 'unreadable')
    .sort((left, right) => (right.syncedEpochMs ?? 0) - (left.syncedEpochMs ?? 0) || compareIds(left, right))
    .slice(0, rowsAtMost)
    .map(({ connectionId }) => connectionId);
}

/** In an order that changes only when a state does. */
function rowsToShow(
  all: readonly ConnectionRow[],
  healthy: readonly string[],
  nowEpochMs: number,
): readonly ConnectionRow[] {
  const isInTrouble = (row: ConnectionRow) => row.userAction !== 'none' || isStale(row, nowEpochMs);
  const troubled = all.filter(isInTrouble).sort(compareIds);
  const byHand = all.filter((row) => row.byHand).sort(compareIds);
  const byId = new Map(all.map((row) => [row.connectionId, row]));
  const chosen = new Set([
    ...troubled.filter((row) => row.byHand),
    ...byHand.slice(0, byHandAtLeast),
    ...troubled,
    ...byHand,
    ...healthy.flatMap((id) => byId.get(id) ?? []),
  ]);
  const shown = [...chosen].slice(0, rowsAtMost);
  const rank = (row: ConnectionRow) => (isInTrouble(row) ? 0 : 2) + (row.byHand ? 0 : 1);
  return shown.sort((left, right) => rank(left) - rank(right)); // stable: within a rank as chosen
}

function isFresh({ syncedEpochMs }: ConnectionRow, nowEpochMs: number): boolean {
  return syncedEpochMs !== null && nowEpochMs - syncedEpochMs <= freshWithinMs;
}

function isStale(row: ConnectionRow, nowEpochMs: number): boolean {
  return row.syncedEpochMs !== null && !isFresh(row, nowEpochMs);
}

function compareIds(left: ConnectionRow, right: ConnectionRow): number {
  return left.connectionId.localeCompare(right.connectionId, 'en', { numeric: true });
}
