/**
 * Plaid: a public token of its Link becomes an Item. The exchange is made once, whatever is repeated: a record says where it stands, and
 * a call that comes again goes on from there.
 */
import { hash } from 'node:crypto';
import { type LinkedItem, ProviderError, userActionOf } from '@quartersec/providers';
import { type Head, StorageError } from '@quartersec/storage';
import { connectionIdOf } from '@quartersec/validation';
import { type ConnectCall, type ConnectDependencies, linkProvider, readHeads } from './connect-dependencies.ts';
import { ConnectError } from './connect-error.ts';
import { accountsOrNone, type LinkedBank, linkItem } from './link-item.ts';
import type { LinkProvider } from './link-provider.ts';

/** An Item that nothing leads to yet. */
interface NewItem {
  readonly itemId: string;
  readonly accessToken: string;
}

export function createPlaidLinks(deps: ConnectDependencies): LinkProvider {
  const sessionOf = (call: ConnectCall, accessToken?: string) =>
    deps.calls.createLinkToken(
      { ...deps.settings, userRef: userRefOf(call.userId), ...(accessToken !== undefined && { accessToken }) },
      call.deadline,
    );
  return {
    provider: linkProvider,
    // The user chooses the bank in Link.
    begin: (_institutionId, call) => sessionOf(call),
    async mend(head, call) {
      if (userActionOf(head.statusReason) === 'relink') throw new ConnectError('RELINK_REQUIRED');
      return sessionOf(call, await deps.openToken(head.sealedToken, head.connectionId));
    },
    async complete(brought, call) {
      if (brought.kind !== 'public-token') throw new ConnectError('LINK_UNKNOWN');
      return linkPublicToken(brought.publicToken, call, deps);
    },
    remove: (head, call) => removeItemOf(head, call, deps),
    async readConsentEnd(head, { deadline }) {
      const accessToken = await deps.openToken(head.sealedToken, head.connectionId);
      return (await deps.calls.readItem(accessToken, deadline)).consentExpiresEpochMs ?? null;
    },
  };
}

/** The same for the same user, and nothing about them: a user's id with us may be an address. */
function userRefOf(userId: string): string {
  return hash('sha256', `link ${userId}`, 'base64url').slice(0, 32);
}

/**
 * @throws {ConnectError} `PUBLIC_TOKEN_REFUSED`, `EXCHANGE_UNSETTLED`
 * @throws {ProviderError | StorageError} what may pass: the same call again goes on where this one ended
 */
async function linkPublicToken(publicToken: string, call: ConnectCall, deps: ConnectDependencies): Promise<LinkedBank> {
  const within = { deadline: call.deadline };
  const name = { userId: call.userId, provider: linkProvider, publicToken };
  const begun = await deps.exchanges.begin(name, within);
  if (begun !== 'ours' && begun.state === 'begun') throw new ConnectError('EXCHANGE_UNSETTLED');
  if (begun !== 'ours' && begun.state === 'linked') {
    const head = await deps.journal.readHead(begun.connectionId, { ...within, fresh: true });
    if (head === undefined || head.userId !== call.userId) throw new ConnectError('PUBLIC_TOKEN_REFUSED'); // erased since
    return { head, how: 'repeated' };
  }
  const item = begun === 'ours' ? await exchange(publicToken, call, deps) : await reopen(begun, deps);
  const linked = await linkNewItem(item, call, deps);
  await deps.exchanges.note(name, { state: 'linked', connectionId: linked.head.connectionId }, within);
  return linked;
}

/** Makes the exchange, and keeps its result before anything else is done. */
async function exchange(publicToken: string, call: ConnectCall, deps: ConnectDependencies): Promise<NewItem> {
  const within = { deadline: call.deadline };
  const name = { userId: call.userId, provider: linkProvider, publicToken };
  const made = await deps.calls.exchange(publicToken);
  if (made.outcome === 'refused') {
    await deps.exchanges.drop(name, within);
    // Of the caller's token: nothing else of our request could be wrong. Anything else is ours, or passes.
    if (made.error.code === 'REQUEST_REJECTED') throw new ConnectError('PUBLIC_TOKEN_REFUSED', { cause: made.error });
    throw made.error;
  }
  if (made.outcome === 'unknown') {
    deps.log.write('error', 'exchange without an answer', { error_code: made.error.code });
    throw new ConnectError('EXCHANGE_UNSETTLED', { cause: made.error });
  }
  const { itemId, accessToken } = made;
  const sealedToken = deps.sealToken(accessToken, connectionIdOf({ provider: linkProvider, itemId }));
  try {
    await deps.exchanges.note(name, { state: 'exchanged', itemId, sealedToken }, within);
  } catch (error) {
    // Without the record nobody could go on from here: the Item must not be left behind.
    await removeQuietly(accessToken, call, deps);
    await deps.exchanges.drop(name, within).catch(() => undefined);
    throw error;
  }
  return { itemId, accessToken };
}

async function reopen(
  { itemId, sealedToken }: { readonly itemId: string; readonly sealedToken: string },
  deps: ConnectDependencies,
): Promise<NewItem> {
  const connectionId = connectionIdOf({ provider: linkProvider, itemId });
  return { itemId, accessToken: await deps.openToken(sealedToken, connectionId) };
}

/** Safe to repeat. */
async function linkNewItem(item: NewItem, call: ConnectCall, deps: ConnectDependencies): Promise<LinkedBank> {
  const { itemId, accessToken } = item;
  const same = (await readHeads(call, deps)).find((head) => head.itemId === itemId);
  if (same !== undefined) return { head: same, how: 'repeated' };

  const { institutionId: named, consentExpiresEpochMs } = await readItem(accessToken, call, deps);
  const institutionId = named ?? 'unknown';
  const accounts = await accountsOrNone(
    async () => (await deps.calls.readAccounts(accessToken, institutionId, call.deadline)).accounts,
  );
  const link = { provider: linkProvider, itemId, institutionId, consentExpiresEpochMs, accounts, secret: accessToken };
  const ends = {
    endNew: () => removeQuietly(accessToken, call, deps),
    endOld: (before: Head) => removeOld(before, call, deps),
  };
  return linkItem(link, ends, call, deps);
}

/** @throws {ConnectError} `PUBLIC_TOKEN_REFUSED` when the Item has been removed: a call before this one found it superfluous */
async function readItem(
  accessToken: string,
  { deadline }: ConnectCall,
  deps: ConnectDependencies,
): Promise<LinkedItem> {
  try {
    return await deps.calls.readItem(accessToken, deadline);
  } catch (error) {
    if (error instanceof ProviderError && error.outcome === 'terminal')
      throw new ConnectError('PUBLIC_TOKEN_REFUSED', { cause: error });
    throw error;
  }
}

/** The Item of a connection that goes on with another one. */
async function removeOld(known: Head, call: ConnectCall, deps: ConnectDependencies): Promise<void> {
  try {
    await removeQuietly(await deps.openToken(known.sealedToken, known.connectionId), call, deps);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    deps.log.write('error', 'item left at the provider', { connection_id: known.connectionId, error_code: error.code });
  }
}

/** What the user asked for is done all the same. An Item that stays is seen in the provider's own list of Items. */
async function removeQuietly(accessToken: string, { deadline }: ConnectCall, deps: ConnectDependencies): Promise<void> {
  try {
    await deps.calls.removeItem(accessToken, deadline);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    deps.log.write('error', 'item left at the provider', { error_code: error.code });
  }
}

/** The provider's word that it is over for this token, or that the token is none of its own, ends it as well. */
async function removeItemOf(head: Head, call: ConnectCall, deps: ConnectDependencies): Promise<void> {
  const accessToken = await openIfPossible(head.sealedToken, head.connectionId, deps);
  if (accessToken === undefined) return;
  try {
    await deps.calls.removeItem(accessToken, call.deadline);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'terminal') throw error;
  }
}

/** A token that no key opens cannot be used to remove its Item, and must not keep the user's data here. */
async function openIfPossible(
  sealedToken: string,
  connectionId: string,
  deps: ConnectDependencies,
): Promise<string | undefined> {
  try {
    return await deps.openToken(sealedToken, connectionId);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    deps.log.write('error', 'item left at the provider', { connection_id: connectionId, error_code: error.code });
    return undefined;
  }
}
