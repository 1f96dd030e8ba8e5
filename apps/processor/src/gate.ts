/** Whether a connection is to be asked now. Pure: decided from its head alone. */
import type { Head } from '@quartersec/storage';
import type { SyncRequested } from './sync-event.ts';

/** Clocks of two machines may differ: a sync counts as later than an event only beyond this. NTP keeps AWS hosts far below. */
const clockSkewMs = 5_000;

export type Gate =
  | { readonly open: true }
  | { readonly open: false; readonly because: 'covered' }
  | { readonly open: false; readonly because: 'waiting'; readonly waitMs: number; readonly code: string }
  | { readonly open: false; readonly because: 'stopped'; readonly code: string };

/**
 * A wake-up that arrives while a fetch runs opens the gate again, because that fetch started before it: its data may
 * have missed what the wake-up announces.
 */
export function decideGate(head: Head, event: SyncRequested, nowEpochMs: number): Gate {
  const code = head.statusReason ?? head.status;
  if (head.status !== 'active' && head.status !== 'waiting') return { open: false, because: 'stopped', code };
  if (head.nextAttemptEpochMs !== null && head.nextAttemptEpochMs > nowEpochMs) {
    return { open: false, because: 'waiting', waitMs: head.nextAttemptEpochMs - nowEpochMs, code };
  }
  const covered =
    head.loop === null && head.lastSync !== null && head.lastSync.startedEpochMs > event.requestedEpochMs + clockSkewMs;
  return covered ? { open: false, because: 'covered' } : { open: true };
}
