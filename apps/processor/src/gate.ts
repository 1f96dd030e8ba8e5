/** Whether a connection is to be asked now. Pure: decided from its head and the event alone. */
import type { ConnectionStatus, Head } from '@quartersec/storage';
import type { SyncReason, SyncRequested } from './sync-event.ts';

/** A login may heal without a word: at the bank, or in another app. One call a day finds that out. */
export const probeIntervalMs = 86_400_000;

export type Gate =
  | { readonly open: true }
  | { readonly open: false; readonly because: 'covered' }
  | {
      readonly open: false;
      readonly because: 'waiting';
      readonly waitMs: number;
      readonly code: string;
      /** This message alone ends the wait: it has to go back to the queue. */
      readonly keepsWaiting: boolean;
    }
  | { readonly open: false; readonly because: 'stopped'; readonly code: string };

interface WayBack {
  /** Events of these reasons are asked for at once, when they arose after the connection had stopped. */
  readonly asks: ReadonlySet<SyncReason>;
  /** So is any event, once a day. */
  readonly probes: boolean;
}

const untilMended: WayBack = { asks: new Set(['user', 'webhook']), probes: true };

/** How a connection that does not work comes back without a new link. A page that comes makes it active again. */
const waysBack: Readonly<Record<Exclude<ConnectionStatus, 'active' | 'waiting'>, WayBack>> = {
  'login-required': untilMended,
  'consent-required': untilMended,
  'consent-expired': untilMended,
  'relink-required': untilMended,
  revoked: { asks: new Set(['user']), probes: false },
};

/** Data in the making are announced by a webhook: this wait ends with it. Every other wait holds for every event. */
const endedByNews: ReadonlySet<SyncReason> = new Set(['user', 'webhook']);

/**
 * An event is covered only by a complete sync whose own event was handed out by the queue after this one had reached it: both times
 * are the queue's, so no two clocks are compared, and that sync's first call came after both. Of a burst the first event that is worked
 * on covers all that wait behind it. Calls are never covered.
 */
export function decideGate(head: Head, event: SyncRequested, nowEpochMs: number): Gate {
  const { status, nextAttemptEpochMs } = head;
  const code = head.statusReason ?? status;
  if (status !== 'active' && status !== 'waiting') {
    return comesBack(waysBack[status], head, event, nowEpochMs)
      ? { open: true }
      : { open: false, because: 'stopped', code };
  }
  if (nextAttemptEpochMs !== null && nextAttemptEpochMs > nowEpochMs) {
    if (code === 'NOT_READY' && endedByNews.has(event.reason)) return { open: true };
    const keepsWaiting = event.wakeEpochMs === nextAttemptEpochMs;
    return { open: false, because: 'waiting', waitMs: nextAttemptEpochMs - nowEpochMs, code, keepsWaiting };
  }
  return isCovered(head, event) ? { open: false, because: 'covered' } : { open: true };
}

function isCovered({ loop, lastSync }: Head, event: SyncRequested): boolean {
  const { queuedEpochMs, fullRead, retakeAside, readAccounts } = event;
  if (loop !== null || fullRead || retakeAside || readAccounts || queuedEpochMs === null) return false;
  return lastSync !== null && lastSync.queuedEpochMs !== null && lastSync.queuedEpochMs > queuedEpochMs;
}

/** The time of the stop, or of the last probe, is a day before the next one: what arose before has been answered by it. */
function comesBack({ asks, probes }: WayBack, head: Head, event: SyncRequested, nowEpochMs: number): boolean {
  const { nextAttemptEpochMs } = head;
  if (probes && (nextAttemptEpochMs === null || nextAttemptEpochMs <= nowEpochMs)) return true;
  const stoppedEpochMs = nextAttemptEpochMs === null ? 0 : nextAttemptEpochMs - probeIntervalMs;
  return asks.has(event.reason) && event.requestedEpochMs > stoppedEpochMs;
}
