/** Ends a connection for good: at the provider first, then here. */
import { ProviderError } from '@quartersec/providers';
import { StorageError } from '@quartersec/storage';
import { type ConnectCall, type ConnectDependencies, linkProvider, readOwn } from './connect-dependencies.ts';

/** A run that is under way may write once more. */
const forgetRounds = 3;

/**
 * Safe to repeat, also after a crash in between; a connection that the user does not have is as good as removed.
 * @throws {ProviderError | StorageError} what may pass: then nothing is erased yet, or the rest at the next call
 */
export async function removeConnection(
  connectionId: string,
  call: ConnectCall,
  deps: ConnectDependencies,
): Promise<void> {
  const head = await readOwn(deps, connectionId, call);
  if (head === undefined) return;
  if (head.provider === linkProvider) {
    await removeItem(await openIfPossible(head.sealedToken, connectionId, deps), call, deps);
  } else {
    // Another provider's token is nothing for this one's ears. Its consent ends where it was given.
    deps.log.write('warn', 'consent left at the bank', { connection_id: connectionId, provider: head.provider });
  }
  for (let round = 0; round < forgetRounds; round += 1) {
    if ((await deps.forget(connectionId, call.deadline)) === 0) return;
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

/** The provider's word that it is over for this token, or that the token is none of its own, ends it as well. */
async function removeItem(
  accessToken: string | undefined,
  { deadline }: ConnectCall,
  deps: ConnectDependencies,
): Promise<void> {
  if (accessToken === undefined) return;
  try {
    await deps.calls.removeItem(accessToken, deadline);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'terminal') throw error;
  }
}
