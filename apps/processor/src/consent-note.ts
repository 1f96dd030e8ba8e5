/** When a connection's consent ends, written into its journal by the event of the webhook that says so. */
import type { Deadline } from '@quartersec/sla';
import type { Head, Journal } from '@quartersec/storage';
import type { SyncRequested } from './sync-event.ts';

/** Runs that may win against the note, one after the other. It comes again with the provider's next word on it. */
const rounds = 5;

export interface ConsentNoteDependencies {
  readonly journal: Journal;
  newId(): string;
  nowEpochMs(): number;
}

/**
 * Only from the webhook's own event: one that goes on later would repeat what may have been renewed since.
 * @returns the head to go on from
 * @throws {StorageError} as `Journal`
 */
export async function noteConsent(
  head: Head,
  { reason, consentExpiresEpochMs: expiresEpochMs }: SyncRequested,
  deadline: Deadline,
  deps: ConsentNoteDependencies,
): Promise<Head> {
  if (reason !== 'webhook' || expiresEpochMs === undefined) return head;
  return await writeConsentEnd(head, expiresEpochMs, deadline, deps);
}

/**
 * Writes nothing where the head says so already.
 * @param expiresEpochMs `null`: it has no end any more
 * @throws {StorageError} as `Journal`
 */
export async function writeConsentEnd(
  head: Head,
  expiresEpochMs: number | null,
  deadline: Deadline,
  { journal, newId, nowEpochMs }: ConsentNoteDependencies,
): Promise<Head> {
  let latest = head;
  for (let round = 0; round < rounds; round += 1) {
    if ((latest.consentExpiresEpochMs ?? null) === expiresEpochMs) return latest;
    const entry = { kind: 'consent', runId: newId(), writtenEpochMs: nowEpochMs(), expiresEpochMs } as const;
    const appended = await journal.append(latest, head.connectionId, entry, { deadline });
    if (appended.head === undefined) return head; // erased meanwhile: the next step finds out
    latest = appended.head;
    await journal.saveHead(latest, { deadline });
    if (appended.outcome === 'committed') return latest;
  }
  return latest;
}
