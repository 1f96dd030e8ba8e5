/** For tests: the connection `conn-1` of a bank without a cursor, in a scripted pipeline. */
import type { ProviderName } from '@quartersec/providers';
import { linkConnection } from '@quartersec/storage';
import { type EventReport, processEvent } from '../process-event.ts';
import type { ScriptedPipeline } from '../scripted-pipeline.ts';
import type { SyncRequested } from '../sync-event.ts';
import { standingOf } from './plaid-pipeline.ts';

export const limits = { hardDeadlineMs: 2_000 };

export async function linkTo({ table, deps, nowEpochMs }: ScriptedPipeline, provider: ProviderName): Promise<void> {
  const link = { connectionId: 'conn-1', userId: 'user-1', provider, institutionId: 'bank-a' };
  const sealed = { sealedToken: 'sealed', runId: 'link', writtenEpochMs: nowEpochMs() };
  const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
  await linkConnection({ journal: deps.journal, table }, { ...link, ...sealed }, { deadline });
}

export function run(pipeline: ScriptedPipeline, members: Partial<SyncRequested> = {}): Promise<EventReport> {
  return processEvent(pipeline.event('conn-1', members), limits, pipeline.deps);
}

/** @returns account, id, status and amount of each record, the provider's names, in order */
export async function stands(pipeline: ScriptedPipeline): Promise<readonly string[]> {
  const { accounts } = await pipeline.head('conn-1');
  const names = new Map(accounts.map(({ accountId, providerAccountId }) => [accountId, providerAccountId]));
  const standing = await standingOf(pipeline);
  return standing
    .map(({ transaction: { accountId, providerTransactionId: id, status, amount } }) =>
      [names.get(accountId), id, status, amount.minor].join(' '),
    )
    .sort();
}
