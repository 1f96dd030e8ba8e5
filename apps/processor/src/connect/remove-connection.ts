/** Ends a connection for good: at the provider first, then here. */
import { type Head, StorageError } from '@quartersec/storage';
import type { LinkDependencies } from './connect-dependencies.ts';
import { type ConnectCall, readOwn } from './connect-dependencies.ts';

/** A run that is under way may write once more. */
const forgetRounds = 3;

/**
 * Safe to repeat, also after a crash in between; a connection that the user does not have is as good as removed.
 * @throws {ProviderError | StorageError} what may pass: then nothing is erased yet, or the rest at the next call
 */
export async function removeConnection(connectionId: string, call: ConnectCall, deps: LinkDependencies): Promise<void> {
  const head = await readOwnToErase(deps, connectionId, call);
  if (head === undefined) return;
  const links = deps.links.get(head.provider);
  if (links !== undefined) await links.remove(head, call);
  // Another provider's token is nothing for this one's ears. Its consent ends where it was given.
  else deps.log.write('warn', 'consent left at the bank', { connection_id: connectionId, provider: head.provider });
  for (let round = 0; round < forgetRounds; round += 1) {
    if ((await deps.forget(connectionId, call.deadline)) === 0) return;
  }
}

/** An erasure that broke off leaves a journal with gaps: whose it is, its first entry says. */
async function readOwnToErase(
  deps: LinkDependencies,
  connectionId: string,
  call: ConnectCall,
): Promise<Head | undefined> {
  try {
    return await readOwn(deps, connectionId, call);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'ENTRY_CORRUPT') throw error;
    const head = await deps.journal.readRemains(connectionId, { deadline: call.deadline });
    if (head === undefined) throw error;
    return head.userId === call.userId ? head : undefined;
  }
}
