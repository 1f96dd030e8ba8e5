/** Puts "look at this connection" on the queue. */
import type { Head } from '@quartersec/storage';
import { ProcessorError } from '../processor-error.ts';
import { parseSyncRequested, type SyncReason, type SyncRequested } from '../sync-event.ts';
import type { ConnectDependencies } from './connect-dependencies.ts';

export function lookAt(
  connectionId: string,
  reason: SyncReason,
  { newId, nowEpochMs }: Pick<ConnectDependencies, 'newId' | 'nowEpochMs'>,
): SyncRequested {
  return parseSyncRequested({ connectionId, reason }, { correlationId: newId(), requestedEpochMs: nowEpochMs() });
}

/** Of a connection that the schedule finds in any case: a queue that refuses delays its first data, and no more. */
export async function queueLook(head: Head, reason: SyncReason, deps: ConnectDependencies): Promise<void> {
  try {
    await deps.queue.send(lookAt(head.connectionId, reason, deps), head.provider, 0);
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error;
    deps.log.write('warn', 'first import not queued', { connection_id: head.connectionId, error_code: error.code });
  }
}
