/**
 * From a public token to a connection. The exchange is made once, whatever is repeated: a record says where it stands, and a call
 * that comes again goes on from there. A second link to the same accounts becomes no second connection.
 */
import { type LinkedItem, ProviderError } from '@quartersec/providers';
import { type Head, StorageError } from '@quartersec/storage';
import { type Account, connectionIdOf } from '@quartersec/validation';
import { type ConnectCall, type ConnectDependencies, linkProvider } from './connect-dependencies.ts';
import { ConnectError } from './connect-error.ts';
import { queueLook } from './queue-look.ts';
import { findSameAccounts, isWorking } from './same-accounts.ts';

export interface LinkedBank {
  readonly head: Head;
  /**
   * `new`: a connection that was not there. `existing`: the user had these accounts linked, and the new Item is removed. `relinked`: a
   * connection that no longer worked goes on with the new Item. `repeated`: this public token has made it before.
   */
  readonly how: 'new' | 'existing' | 'relinked' | 'repeated';
}

/** An Item that nothing leads to yet. */
interface NewItem {
  readonly itemId: string;
  readonly accessToken: string;
}

/**
 * @throws {ConnectError} `PUBLIC_TOKEN_REFUSED`, `EXCHANGE_UNSETTLED`
 * @throws {ProviderError | StorageError} what may pass: the same call again goes on where this one ended
 */
export async function linkBank(publicToken: string, call: ConnectCall, deps: ConnectDependencies): Promise<LinkedBank> {
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
  const linked = await linkItem(item, call, deps);
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
async function linkItem(item: NewItem, call: ConnectCall, deps: ConnectDependencies): Promise<LinkedBank> {
  const { userId, deadline } = call;
  const { itemId, accessToken } = item;
  const heads = await readHeads(call, deps);
  const same = heads.find((head) => head.itemId === itemId);
  if (same !== undefined) return { head: same, how: 'repeated' };

  const { institutionId: named, consentExpiresEpochMs } = await readItem(accessToken, call, deps);
  const institutionId = named ?? 'unknown';
  const accounts = await readAccounts(accessToken, institutionId, call, deps);
  const known = findSameAccounts(heads, { provider: linkProvider, institutionId, accounts });
  if (known !== undefined && isWorking(known)) {
    await removeQuietly(accessToken, call, deps);
    return { head: known, how: 'existing' };
  }

  const connectionId = known?.connectionId ?? connectionIdOf({ provider: linkProvider, itemId });
  const head = await deps.link(
    {
      connectionId,
      userId,
      provider: linkProvider,
      institutionId,
      sealedToken: deps.sealToken(accessToken, connectionId),
      itemId,
      ...(consentExpiresEpochMs !== undefined && { consentExpiresEpochMs }),
      runId: deps.newId(),
      writtenEpochMs: deps.nowEpochMs(),
    },
    deadline,
  );
  if (known !== undefined) await removeOld(known, call, deps);
  await queueLook(head, 'schedule', deps);
  return { head, how: known === undefined ? 'new' : 'relinked' };
}

async function readHeads({ userId, deadline }: ConnectCall, deps: ConnectDependencies): Promise<readonly Head[]> {
  const ids = await deps.connectionIdsOf(userId, deadline);
  const heads = await Promise.all(ids.map((id) => deps.journal.readHead(id, { deadline, fresh: true })));
  return heads.flatMap((head) => (head?.userId === userId ? [head] : []));
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

/** A bank that tells no accounts yet stands in nobody's way: then only a second connection is not noticed. */
async function readAccounts(
  accessToken: string,
  institutionId: string,
  { deadline }: ConnectCall,
  deps: ConnectDependencies,
): Promise<readonly Account[]> {
  try {
    return (await deps.calls.readAccounts(accessToken, institutionId, deadline)).accounts;
  } catch (error) {
    if (error instanceof ProviderError && noAccountsYet.has(error.outcome)) return [];
    throw error;
  }
}

const noAccountsYet: ReadonlySet<ProviderError['outcome']> = new Set(['unclear', 'not-ready', 'user-action', 'later']);

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
