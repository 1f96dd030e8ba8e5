/** What a provider has told, as an event of ours. Pure. */
import type { WebhookReaction } from '@quartersec/providers';
import type { SyncRequested } from './sync-event.ts';

export function eventOf(
  { readAccounts, consentExpiresEpochMs }: Extract<WebhookReaction, { kind: 'look' }>,
  connectionId: string,
  correlationId: string,
  requestedEpochMs: number,
): SyncRequested {
  return {
    type: 'SyncRequested',
    connectionId,
    correlationId,
    requestedEpochMs,
    reason: 'webhook',
    restarts: 0,
    attempts: 0,
    firstRequestedEpochMs: requestedEpochMs,
    wakeEpochMs: null,
    timeouts: 0,
    fullRead: false,
    retakeAside: false,
    isSecondRead: false,
    ...(readAccounts && { readAccounts }),
    ...(consentExpiresEpochMs !== undefined && { consentExpiresEpochMs }),
    queuedEpochMs: null,
  };
}
