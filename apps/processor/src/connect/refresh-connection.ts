/** The user's own wish to have a connection looked at now. */
import { ProviderError } from '@quartersec/providers';
import { type Head, StorageError } from '@quartersec/storage';
import { writeConsentEnd } from '../consent-note.ts';
import type { SyncRequested } from '../sync-event.ts';
import { type ConnectCall, type LinkDependencies, linkProvider, presentAt, readOwn } from './connect-dependencies.ts';
import { ConnectError } from './connect-error.ts';
import { lookAt } from './queue-look.ts';
import { isWorking } from './same-accounts.ts';

/**
 * Also opens the gate of a connection that waits for its user, e.g. after update mode.
 * @returns the event that was queued
 * @throws {ConnectError} `CONNECTION_UNKNOWN`
 * @throws {ProcessorError} `QUEUE_UNAVAILABLE`
 */
export async function refreshConnection(
  connectionId: string,
  call: ConnectCall,
  deps: LinkDependencies,
): Promise<SyncRequested> {
  const head = await readOwn(deps, connectionId, call);
  if (head === undefined) throw new ConnectError('CONNECTION_UNKNOWN');
  // Plaid asks for no address, and is told none.
  const event = { ...lookAt(connectionId, 'user', deps), ...(head.provider !== linkProvider && presentAt(call)) };
  await deps.queue.send(event, head.provider, 0);
  const mayHaveChanged = !isWorking(head) || head.consentExpiresEpochMs !== undefined;
  if (mayHaveChanged) await readConsent(head, call, deps);
  return event;
}

/** Update mode renews a consent, and no webhook says until when. Its call fails without harm: the next refresh asks again. */
async function readConsent(head: Head, call: ConnectCall, deps: LinkDependencies): Promise<void> {
  try {
    const endsEpochMs = await deps.links.get(head.provider)?.readConsentEnd(head, call);
    if (endsEpochMs !== undefined) await writeConsentEnd(head, endsEpochMs, call.deadline, deps);
  } catch (error) {
    if (!(error instanceof ProviderError || error instanceof StorageError)) throw error;
    deps.log.write('warn', 'consent not read', { connection_id: head.connectionId, error_code: error.code });
  }
}
