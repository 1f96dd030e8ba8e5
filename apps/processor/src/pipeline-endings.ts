/** The ends of a run without a page: waits, holds and stops are stored, so that all events of the connection respect them. */
import { decideRetry, ProviderError } from '@quartersec/providers';
import type { ConnectionStatus, StatusEntry } from '@quartersec/storage';
import { probeIntervalMs } from './gate.ts';
import type { Outcome } from './outcome.ts';
import { known, maxConflicts, type Run } from './pipeline-run.ts';
import { ProcessorError } from './processor-error.ts';
import type { SyncRequested } from './sync-event.ts';

/** What an end of the run without a page is made of. */
export interface Ending {
  readonly run: Run;
  readonly error: ProviderError;
}

/** What travels with the work: no wait sets it back. */
function travelling({ event, restarts, timeouts }: Run): SyncRequested {
  return { ...event, reason: 'continuation', restarts, timeouts };
}

/** The next pages of a loop: pages came, so the waits before them are over. */
export function continuationOf(run: Run): SyncRequested {
  return { ...travelling(run), attempts: 0, wakeEpochMs: null, fullRead: false };
}

/** Every wait is stored, so that all events of the connection respect it: one call, one waiting message. */
export async function wait(ending: Ending, waitMs: number, exhausted: boolean): Promise<Outcome> {
  const { run, error } = ending;
  const postponed = { kind: 'postponed', delayMs: waitMs, code: error.code, exhausted, misconfigured: false } as const;
  if (waitMs === 0) {
    await run.deps.queue.send(continuationOf(run), run.head.provider, 0);
    return postponed;
  }
  const nextAttemptEpochMs = await sendWaiting(ending, waitMs);
  await appendStatus(run, { status: 'waiting', reason: error.code, nextAttemptEpochMs });
  return postponed;
}

/** The provider has read nothing at the bank yet: no sync, and a slow poll in case its webhook is lost. */
export async function slowPoll(run: Run): Promise<Outcome> {
  const error = new ProviderError('NOT_READY', { provider: run.head.provider, detail: 'no history yet' });
  const decision = decideRetry(
    { attempts: 1, outcome: error.outcome, retryAfterMs: undefined, remainingMs: 0 },
    run.deps.random,
  );
  if (decision.action !== 'hand-back') throw error; // the rule of the code says so, and its test
  return await wait({ run, error }, decision.afterMs, false);
}

/** Our configuration is no state of the connection: its status stays. One that is stopped anyway has its probe put off by a day. */
export async function hold(ending: Ending, waitMs: number): Promise<Outcome> {
  const { run, error } = ending;
  const { status, statusReason } = run.head;
  if (status === 'active' || status === 'waiting') {
    const nextAttemptEpochMs = await sendWaiting(ending, waitMs);
    await appendStatus(run, { status: 'active', reason: error.code, nextAttemptEpochMs });
  } else if (isProbeDue(run)) {
    const nextAttemptEpochMs = run.deps.nowEpochMs() + probeIntervalMs;
    await appendStatus(run, { status, reason: statusReason, nextAttemptEpochMs });
  }
  const detail = JSON.stringify(error.facts);
  return { kind: 'postponed', delayMs: waitMs, code: error.code, exhausted: false, misconfigured: true, detail };
}

/** The message goes before the entry: a crash between the two leaves a wake-up too many, never one too few. */
async function sendWaiting({ run }: Ending, waitMs: number): Promise<number> {
  const wakeEpochMs = run.deps.nowEpochMs() + waitMs;
  const again = { ...travelling(run), attempts: run.event.attempts + 1, wakeEpochMs };
  await run.deps.queue.send(again, run.head.provider, waitMs);
  return wakeEpochMs;
}

/** Stored once: events that only find it confirmed store nothing, a probe stores when the next one is due. */
export async function stop(ending: Ending, status: ConnectionStatus, probeAfterMs: number | null): Promise<Outcome> {
  const { run, error } = ending;
  const isKnown = run.head.status === status && run.head.statusReason === error.code;
  if (!isKnown || (probeAfterMs !== null && isProbeDue(run))) {
    const nextAttemptEpochMs = probeAfterMs === null ? null : run.deps.nowEpochMs() + probeAfterMs;
    await appendStatus(run, { status, reason: error.code, nextAttemptEpochMs });
  }
  return { kind: 'stopped', status, code: error.code, now: !isKnown };
}

function isProbeDue({ head: { status, nextAttemptEpochMs }, deps }: Run): boolean {
  return status !== 'revoked' && (nextAttemptEpochMs === null || nextAttemptEpochMs <= deps.nowEpochMs());
}

async function appendStatus(
  { head, deadline, deps }: Run,
  stored: Pick<StatusEntry, 'status' | 'reason' | 'nextAttemptEpochMs'>,
): Promise<void> {
  let latest = head;
  for (let tries = 0; tries <= maxConflicts; tries += 1) {
    const appended = await deps.journal.append(
      latest,
      head.connectionId,
      { kind: 'status', runId: deps.newId(), writtenEpochMs: deps.nowEpochMs(), ...stored },
      { deadline },
    );
    latest = known(appended.head, head.connectionId);
    await deps.journal.saveHead(latest, { deadline });
    if (appended.outcome === 'committed') return;
    // Another run may have said the same, or have got through to the provider after all.
    const isSaid = latest.status === stored.status && latest.statusReason === stored.reason;
    if (isSaid || latest.lastSync?.startedEpochMs !== head.lastSync?.startedEpochMs) return;
  }
  throw new ProcessorError('CONFLICTS_UNRESOLVED', { conflicts: maxConflicts + 1 });
}
