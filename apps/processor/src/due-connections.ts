/** Which connections the schedule asks for. Pure: decided from a connection's head and the clock alone. */
import type { Head } from '@quartersec/storage';
import { decideGate } from './gate.ts';
import { parseSyncRequested } from './sync-event.ts';

export interface DueRules {
  /** Each connection is asked at least so often; webhooks ask for most of them sooner. */
  readonly everyMs: number;
  /** Between two looks of the schedule at the same connection. */
  readonly lookEveryMs: number;
}

/**
 * A connection that works is due when its last complete sync would be older than `everyMs` at the schedule's next look. One that has a
 * next attempt is due when that has come: its own message may have been lost. One that waits for its user is due once a day, one that
 * has ended never.
 */
export function isDue(head: Head, { everyMs, lookEveryMs }: DueRules, nowEpochMs: number): boolean {
  const { connectionId, status, lastSync } = head;
  const now = { correlationId: 'schedule', requestedEpochMs: nowEpochMs };
  if (!decideGate(head, parseSyncRequested({ connectionId, reason: 'schedule' }, now), nowEpochMs).open) return false;
  if (status !== 'active') return true;
  return lastSync === null || nowEpochMs + lookEveryMs - lastSync.startedEpochMs > everyMs;
}
