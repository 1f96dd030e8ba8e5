/** From a link that nothing leads to yet to a connection. A second link to the same accounts becomes no second connection. */
import { ProviderError } from '@quartersec/providers';
import type { Head } from '@quartersec/storage';
import { type Account, connectionIdOf } from '@quartersec/validation';
import { type ConnectCall, type ConnectDependencies, readHeads } from './connect-dependencies.ts';
import { queueLook } from './queue-look.ts';
import { findSameAccounts, isWorking } from './same-accounts.ts';

export interface LinkedBank {
  readonly head: Head;
  /**
   * `new`: a connection that was not there. `existing`: the user had these accounts linked, and the new link is removed. `relinked`: a
   * connection that no longer worked, or whose consent was renewed, goes on with the new link. `repeated`: this call has made it before.
   */
  readonly how: 'new' | 'existing' | 'relinked' | 'repeated';
}

/** What a provider knows of a new link. */
export interface NewLink {
  readonly provider: string;
  /** The provider's own id of it: an Item, a consent. */
  readonly itemId: string;
  readonly institutionId: string;
  readonly consentExpiresEpochMs: number | undefined;
  /** What is sealed as the connection's token. */
  readonly secret: string;
  readonly accounts: readonly Account[];
  /** The bank has ended the consent of before: a connection that worked goes on with the new one. */
  readonly consentsReplaceEachOther?: boolean;
  /** The connection that it is to mend; absent: whichever has the same accounts. */
  readonly mends?: Head;
}

export interface LinkEnds {
  /** The new link is not needed. What the user asked for is done all the same, so it never fails. */
  endNew(): Promise<void>;
  /** The link that a connection had before. Never fails either. */
  endOld(before: Head): Promise<void>;
}

/** Safe to repeat. */
export async function linkItem(
  link: NewLink,
  ends: LinkEnds,
  call: ConnectCall,
  deps: ConnectDependencies,
): Promise<LinkedBank> {
  const { provider, itemId, institutionId, consentExpiresEpochMs, accounts, secret, mends } = link;
  // Nothing wants the new link, where the user has a good one.
  const isSpare = mends === undefined && link.consentsReplaceEachOther !== true;
  const known = mends ?? findSameAccounts(await readHeads(call, deps), { provider, institutionId, accounts });
  if (known !== undefined && isSpare && isWorking(known)) {
    await ends.endNew();
    return { head: known, how: 'existing' };
  }
  const connectionId = known?.connectionId ?? connectionIdOf({ provider, itemId });
  const head = await deps.link(
    {
      connectionId,
      userId: call.userId,
      provider,
      institutionId,
      sealedToken: deps.sealToken(secret, connectionId),
      itemId,
      ...(consentExpiresEpochMs !== undefined && { consentExpiresEpochMs }),
      runId: deps.newId(),
      writtenEpochMs: deps.nowEpochMs(),
    },
    call.deadline,
  );
  if (known !== undefined) await ends.endOld(known);
  await queueLook(head, 'schedule', deps);
  return { head, how: known === undefined ? 'new' : 'relinked' };
}

const noAccountsYet: ReadonlySet<ProviderError['outcome']> = new Set(['unclear', 'not-ready', 'user-action', 'later']);

/** A bank that tells no accounts yet stands in nobody's way: then only a second connection is not noticed. */
export async function accountsOrNone(read: () => Promise<readonly Account[]>): Promise<readonly Account[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProviderError && noAccountsYet.has(error.outcome)) return [];
    throw error;
  }
}
