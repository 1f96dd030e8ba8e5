/** A session of the provider's Link for a user: for a new bank, or to mend a connection (update mode). */

import { hash } from 'node:crypto';
import { type LinkToken, userActionOf } from '@quartersec/providers';
import { type ConnectCall, type ConnectDependencies, linkProvider, readOwn } from './connect-dependencies.ts';
import { ConnectError } from './connect-error.ts';

/**
 * @param connectionId the connection to mend; `undefined` for a new bank
 * @throws {ConnectError} `CONNECTION_UNKNOWN`; `RELINK_REQUIRED`: the Item is gone, or was linked elsewhere: link the bank anew
 * @throws {ProviderError | StorageError}
 */
export async function createLinkSession(
  connectionId: string | undefined,
  call: ConnectCall,
  deps: ConnectDependencies,
): Promise<LinkToken> {
  const request = { ...deps.settings, userRef: userRefOf(call.userId) };
  if (connectionId === undefined) return deps.calls.createLinkToken(request, call.deadline);
  const head = await readOwn(deps, connectionId, call);
  if (head === undefined) throw new ConnectError('CONNECTION_UNKNOWN');
  const isMended = head.provider === linkProvider && userActionOf(head.statusReason) !== 'relink';
  if (!isMended) throw new ConnectError('RELINK_REQUIRED');
  const accessToken = await deps.openToken(head.sealedToken, connectionId);
  return deps.calls.createLinkToken({ ...request, accessToken }, call.deadline);
}

/** The same for the same user, and nothing about them: a user's id with us may be an address. */
function userRefOf(userId: string): string {
  return hash('sha256', `link ${userId}`, 'base64url').slice(0, 32);
}
