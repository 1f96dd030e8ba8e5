/** A user links a bank, or mends a connection: which provider's it is, and what the app has brought back. */
import type { ConnectionRequest, LinkToken, LinkTokenRequest } from '../api/contract.ts';
import { type ConnectCall, type LinkDependencies, linkProvider, readOwn } from './connect-dependencies.ts';
import { ConnectError } from './connect-error.ts';
import type { LinkedBank } from './link-item.ts';
import type { BroughtBack } from './link-provider.ts';

/**
 * @throws {ConnectError} `CONNECTION_UNKNOWN`, `INSTITUTION_UNKNOWN`; `RELINK_REQUIRED`: the link is gone, or was made elsewhere
 * @throws {ProviderError | StorageError}
 */
export async function beginLink(
  { connectionId, provider = linkProvider, institutionId }: LinkTokenRequest,
  call: ConnectCall,
  deps: LinkDependencies,
): Promise<LinkToken> {
  if (connectionId === undefined) {
    const links = deps.links.get(provider);
    if (links === undefined) throw new ConnectError('INSTITUTION_UNKNOWN');
    return { provider, ...(await links.begin(institutionId, call)) };
  }
  const head = await readOwn(deps, connectionId, call);
  if (head === undefined) throw new ConnectError('CONNECTION_UNKNOWN');
  const links = deps.links.get(head.provider);
  if (links === undefined) throw new ConnectError('RELINK_REQUIRED');
  return { provider: links.provider, ...(await links.mend(head, call)) };
}

/**
 * @throws {ConnectError} `PUBLIC_TOKEN_REFUSED`, `LINK_UNKNOWN`, `ACCESS_NOT_GIVEN`, `ACCESS_PENDING`, `EXCHANGE_UNSETTLED`
 * @throws {ProviderError | StorageError} what may pass: the same call again goes on where this one ended
 */
export async function completeLink(
  request: ConnectionRequest,
  call: ConnectCall,
  deps: LinkDependencies,
): Promise<LinkedBank> {
  const links = deps.links.get(request.provider ?? linkProvider);
  if (links === undefined) throw new ConnectError('LINK_UNKNOWN');
  return links.complete(readBroughtBack(request), call);
}

/** The request has been checked: `connection-request.ts`. */
function readBroughtBack({ publicToken, state = '', code, iss, error }: ConnectionRequest): BroughtBack {
  if (publicToken !== undefined) return { kind: 'public-token', publicToken };
  if (error !== undefined) return { kind: 'refusal', state };
  return { kind: 'redirect', state, ...(code !== undefined && { code }), ...(iss !== undefined && { iss }) };
}
