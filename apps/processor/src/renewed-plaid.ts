/** Plaid with the keys that are valid now, and tokens opened with the keys that are known now. */
import { type Connector, type PlaidLinkCalls, ProviderError } from '@quartersec/providers';
import { openToken, StorageError } from '@quartersec/storage';
import { type Renewal, withRenewal } from './renewal.ts';

/** Of an environment's settings, those that rotate. */
export interface Rotating {
  readonly tokenKey: string;
  readonly plaid: { readonly baseUrl: string; readonly clientId: string; readonly secret: string };
}

/** Plaid's own word that our keys are wrong: no other refusal would go away with other keys. */
const keyRefusals: ReadonlySet<string> = new Set(['INVALID_API_KEYS', 'UNAUTHORIZED_ENVIRONMENT']);

export function isKeyRefusal(error: unknown): boolean {
  return error instanceof ProviderError && keyRefusals.has(error.facts.providerCode ?? '');
}

export function isUnreadable(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'TOKEN_UNREADABLE';
}

/** @throws {StorageError} `TOKEN_UNREADABLE` when the keys of now do not open it either */
export function openRenewed(renewal: Renewal<Rotating>, sealedToken: string, connectionId: string): Promise<string> {
  return withRenewal(
    renewal,
    ({ tokenKey }) => openToken(sealedToken, { tokenKeys: tokenKey, connectionId }),
    isUnreadable,
  );
}

/**
 * @param create called with the keys, again when they are others
 * @returns whatever `create` gives, for the keys of now
 */
export function perKeys<Made>(create: (plaid: Rotating['plaid']) => Made): (plaid: Rotating['plaid']) => Made {
  let latest: { readonly secret: string; readonly clientId: string; readonly made: Made } | undefined;
  return (plaid) => {
    const { secret, clientId } = plaid;
    if (latest?.secret !== secret || latest.clientId !== clientId) latest = { secret, clientId, made: create(plaid) };
    return latest.made;
  };
}

/** A connector whose calls are made once more with renewed keys when Plaid refuses those that it has. */
export function renewedConnector<Wire>(
  renewal: Renewal<Rotating>,
  connectorFor: (plaid: Rotating['plaid']) => Connector<Wire>,
): Connector<Wire> {
  const call = <Result>(make: (connector: Connector<Wire>) => Promise<Result>) =>
    withRenewal(renewal, ({ plaid }) => make(connectorFor(plaid)), isKeyRefusal);
  return {
    ...connectorFor(renewal.current().plaid), // what is pure needs no keys
    fetchPage: (request, limits) => call((connector) => connector.fetchPage(request, limits)),
    fetchAccounts: (request, limits) => call((connector) => connector.fetchAccounts(request, limits)),
  };
}

/** The same for the calls around links. An exchange is made once: keys that it finds refused are renewed for the next call. */
export function renewedLinkCalls(
  renewal: Renewal<Pick<Rotating, 'plaid'>>,
  callsFor: (plaid: Rotating['plaid']) => PlaidLinkCalls,
): PlaidLinkCalls {
  const call = <Result>(make: (calls: PlaidLinkCalls) => Promise<Result>) =>
    withRenewal(renewal, ({ plaid }) => make(callsFor(plaid)), isKeyRefusal);
  return {
    createLinkToken: (request, deadline) => call((calls) => calls.createLinkToken(request, deadline)),
    async exchange(publicToken) {
      const exchanged = await callsFor(renewal.current().plaid).exchange(publicToken);
      if (exchanged.outcome === 'refused' && isKeyRefusal(exchanged.error)) await renewal.renew();
      return exchanged;
    },
    readItem: (accessToken, deadline) => call((calls) => calls.readItem(accessToken, deadline)),
    removeItem: (accessToken, deadline) => call((calls) => calls.removeItem(accessToken, deadline)),
    readAccounts: (accessToken, institutionId, deadline) =>
      call((calls) => calls.readAccounts(accessToken, institutionId, deadline)),
    lookUpKey: (keyId, deadline) => call((calls) => calls.lookUpKey(keyId, deadline)),
  };
}
