/** The account list of a run: its own call, with its own quota, whose failure costs the event nothing. */
import { ProviderError } from '@quartersec/providers';
import { attemptTimeoutMs } from '@quartersec/sla';
import { splitAccountList } from '@quartersec/storage';
import { accountNews } from './account-list.ts';
import type { EventRecord } from './event-record.ts';
import { continuationOf } from './pipeline-endings.ts';
import { known, type ListResponse, presentUser, type Run, timed } from './pipeline-run.ts';
import { maxQueueDelayMs } from './sync-queue.ts';
import { withAccess } from './with-access.ts';

/** Over half an hour together. */
const listRepeatsMost = 5;
const listRepeatAfterMs = 60_000;

/** The list is its own call with its own quota, so one that fails costs this event nothing: the next one asks again. */
export async function fetchAccountList(run: Run): Promise<ListResponse> {
  const { connector, deadline, record, deps } = run;
  const readEpochMs = deps.nowEpochMs();
  const timeoutMs = attemptTimeoutMs(deadline.remainingMs(), 1);
  if (timeoutMs === 0) return { readEpochMs, raw: undefined, endedMs: deps.nowMs() };
  try {
    const limits = { attemptTimeoutMs: timeoutMs, deadline };
    const raw = await withAccess(run, (accessToken) =>
      connector.fetchAccounts({ accessToken, ...presentUser(run) }, limits),
    );
    return { readEpochMs, raw, endedMs: deps.nowMs() };
  } catch (error) {
    noteListFailure(record, error);
    return { readEpochMs, raw: undefined, endedMs: deps.nowMs() };
  }
}

function noteListFailure(record: EventRecord, error: unknown): void {
  if (!(error instanceof ProviderError)) throw error;
  record.accountsError = error.code;
}

/** @returns whether it is stored */
export async function readAccountList(run: Run): Promise<boolean> {
  const { connector, deadline, record, deps } = run;
  const startedMs = deps.nowMs();
  const asked = run.listResponse;
  const { raw, readEpochMs, endedMs } = asked ?? (await fetchAccountList(run));
  if (asked === undefined) {
    run.listMs = endedMs - startedMs;
    record.providerMs += run.listMs;
  }
  if (raw === undefined) return false;
  try {
    const { institutionId, accounts: knownAccounts } = run.head;
    const list = connector.readAccounts(raw, { institutionId, knownAccounts });
    if (!list.isWhole) return false;
    const { accounts, accountsSeen } = accountNews(knownAccounts, list.accounts);
    const base = { kind: 'accounts', writtenEpochMs: deps.nowEpochMs(), readEpochMs } as const;
    const content = { ...base, list: { id: deps.newId(), last: true }, accounts, accountsSeen };
    for (const part of splitAccountList({ ...content, runId: deps.newId() })) {
      const appended = await deps.journal.append(run.head, run.head.connectionId, part, { deadline });
      // The commit of the page meets it too, and goes on from the winner: behind its head a loop of its own would be void.
      if (appended.outcome === 'conflict') return false;
      run.head = known(appended.head, run.head.connectionId);
      run.insights.take(appended.entry);
      record.committed += 1;
    }
    return true;
  } catch (error) {
    noteListFailure(record, error);
    return false;
  }
}

/**
 * The provider has told of new accounts, once, and their list could not be read: the wish goes on by itself, later each time. After its
 * last try the list of the day brings them.
 */
export async function askForListAgain(run: Run): Promise<void> {
  const { event, record, deps } = run;
  if (event.readAccounts !== true || run.isListStored || event.attempts >= listRepeatsMost) return;
  const again = { ...continuationOf(run), attempts: event.attempts + 1 };
  const delayMs = Math.min(maxQueueDelayMs, listRepeatAfterMs * 2 ** event.attempts);
  await timed('continue', () => deps.queue.send(again, run.head.provider, delayMs), record, deps);
}
