/**
 * One event through the pipeline: load, fetch, validate, normalise, quarantine, commit, head, continue.
 * Clock, randomness, provider, store and queue are parameters; a crash between any two steps leaves either nothing or a
 * whole entry, and the next delivery of the event goes on from there.
 */
import {
  type AttemptReport,
  type Connector,
  type FetchResult,
  fetchWithRetries,
  type ProviderError,
  type RetryDeps,
  type ValidPage,
} from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import {
  type ConnectionStatus,
  type Head,
  type Journal,
  type PageEntry,
  type StatusEntry,
  StorageError,
  splitPage,
} from '@quartersec/storage';
import type { Tracing } from '@quartersec/telemetry';
import { type CanonicalPage, canonicalJson, type QuarantinedRecord } from '@quartersec/validation';
import type { EventRecord, PipelineStep } from './event-record.ts';
import { decideGate, probeIntervalMs } from './gate.ts';
import type { Outcome } from './outcome.ts';
import { ProcessorError } from './processor-error.ts';
import { reactTo } from './reaction.ts';
import type { SyncRequested } from './sync-event.ts';
import type { SyncQueue } from './sync-queue.ts';

export interface PipelineDependencies extends RetryDeps {
  readonly journal: Journal;
  readonly queue: SyncQueue;
  /** @returns `undefined` where we have no connector for the provider */
  connectorFor(provider: string): Connector | undefined;
  /** @throws {StorageError} `TOKEN_UNREADABLE` */
  openToken(head: Head): string;
  /** @param receivedEpochMs the event's own time, so that a redelivery sets nothing aside twice */
  quarantine(
    connectionId: string,
    records: readonly QuarantinedRecord[],
    receivedEpochMs: number,
    deadline: Deadline,
  ): Promise<void>;
  newId(): string;
  /** Wall clock. Stored for people and for waits; nothing is ordered by it. */
  nowEpochMs(): number;
  readonly tracing: Tracing;
  /** More become a continuation, so that a provider whose `has_more` never ends cannot hold a run. */
  readonly maxPagesPerRun: number;
  /** Told after each step; tests crash the process here. */
  readonly afterStep?: (step: PipelineStep) => void;
}

/** A loop that the provider breaks more often than this is reported instead of tried again. */
const maxRestarts = 3;
/** Runs of one connection that lose to each other more often than this give way to the queue's redelivery. */
const maxConflicts = 5;
/** A further page is begun only with this much time left: the p99 of a provider call and its commit. */
const nextPageReserveMs = 400;

/** Where a loop of pages stands. */
interface Position {
  readonly loopId: string;
  readonly cursor: string | null;
  /** Entries of this loop so far. */
  readonly entries: number;
  readonly startedEpochMs: number;
}

/**
 * @param record filled on the way, also when the run fails
 * @returns how the event ended; provider failures are outcomes
 * @throws {StorageError | ProcessorError} what has to go back to the queue or the caller as it is
 */
export async function runPipeline(
  event: SyncRequested,
  deadline: Deadline,
  record: EventRecord,
  deps: PipelineDependencies,
): Promise<Outcome> {
  const { connectionId } = event;
  const step = <Result>(name: PipelineStep, work: () => Promise<Result> | Result) => timed(name, work, record, deps);

  let head = await step('load', () => load(connectionId, deadline, deps));
  record.provider = head.provider;
  const closed = await answerAtGate(head, event, deps);
  if (closed !== undefined) return closed;

  const connector = deps.connectorFor(head.provider);
  if (connector === undefined) throw new ProcessorError('PROVIDER_UNSUPPORTED', { provider: head.provider });

  let position = resume(head, deps);
  let restarts = event.restarts;
  for (let pages = 1; ; pages += 1) {
    const fetched = await fetchPage(connector, head, position, deadline, record, deps);
    if (fetched.outcome === 'failed') {
      const reaction = reactTo(fetched, event);
      if (reaction.kind === 'restart' || reaction.kind === 'resync') {
        restarts += 1;
        if (restarts > maxRestarts) throw new ProcessorError('PAGINATION_UNSTABLE', { restarts });
        position = begin(reaction.kind === 'resync' ? null : head.cursor, deps);
        continue;
      }
      const ending: Ending = { head, event: { ...event, restarts }, error: fetched.error, deadline, deps };
      if (reaction.kind === 'wait') return await wait(ending, reaction.waitMs, fetched.exhausted);
      if (reaction.kind === 'hold') return await hold(ending, reaction.waitMs);
      if (reaction.kind === 'stop') return await stop(ending, reaction.status, reaction.probeAfterMs);
      return failed(fetched.error, fetched.exhausted);
    }

    const validatedMs = deps.nowMs();
    const { page } = fetched;
    const canonical = await step('normalise', () => normalise(connector, page, head, position, deps));
    if (canonical.quarantined.length > 0) {
      await step('quarantine', () =>
        deps.quarantine(connectionId, canonical.quarantined, event.requestedEpochMs, deadline),
      );
    }

    const committed = await step('commit', () => commit(head, page, canonical, position, deadline, record, deps));
    record.processingMs = Math.max(record.processingMs ?? 0, deps.nowMs() - validatedMs);
    count(record, page, canonical, committed);
    head = committed.head;
    // Also after a conflict: the winner may have died between its entry and its head.
    await step('head', () => deps.journal.saveHead(head, { deadline }));
    if (committed.outcome === 'conflict') {
      if (record.conflicts > maxConflicts)
        throw new ProcessorError('CONFLICTS_UNRESOLVED', { conflicts: record.conflicts });
      const answered = await answerAtGate(head, event, deps);
      if (answered !== undefined) return answered;
      position = resume(head, deps);
      continue;
    }
    if (!page.hasMore) return { kind: 'committed', continued: false };

    if (pages >= deps.maxPagesPerRun || deadline.remainingMs() < nextPageReserveMs) {
      await step('continue', () => deps.queue.send(continuationOf(event, restarts), 0));
      return { kind: 'committed', continued: true };
    }
    position = resume(head, deps);
  }
}

async function load(connectionId: string, deadline: Deadline, deps: PipelineDependencies): Promise<Head> {
  return known(await deps.journal.readHead(connectionId, { deadline }), connectionId);
}

/** A connection without entries was never linked, or has been erased (while this run was under way, even). */
function known(head: Head | undefined, connectionId: string): Head {
  if (head === undefined) throw new StorageError('CONNECTION_UNKNOWN', { connectionId });
  return head;
}

/** The provider call with its retries. Its two steps are timed here, because one attempt is both. */
async function fetchPage(
  connector: Connector,
  head: Head,
  position: Position,
  deadline: Deadline,
  record: EventRecord,
  deps: PipelineDependencies,
): Promise<FetchResult<unknown>> {
  const observed: Connector = {
    ...connector,
    fetchPage: (request, limits) => timed('fetch', () => connector.fetchPage(request, limits), record, deps),
    validatePage: (raw) => timedNow('validate', () => connector.validatePage(raw), record, deps),
  };
  const request = { accessToken: deps.openToken(head), cursor: position.cursor };
  const onAttempt = ({ error }: AttemptReport) => {
    if (error?.code === 'THROTTLED') record.throttled += 1;
    if (error?.facts.unlisted) record.unknownEnums += 1;
  };
  const result = await fetchWithRetries(observed, request, deadline, { ...deps, onAttempt });
  record.attempts += result.attempts;
  record.retries += Math.max(0, result.attempts - 1);
  record.providerMs += result.providerMs;
  return result;
}

function normalise(
  connector: Connector,
  page: ValidPage<unknown>,
  head: Head,
  position: Position,
  deps: PipelineDependencies,
): CanonicalPage {
  return connector.normalisePage(page, {
    connectionId: head.connectionId,
    institutionId: head.institutionId,
    knownAccounts: [...head.accounts, ...(head.loop?.id === position.loopId ? head.loop.accounts : [])],
    today: new Date(deps.nowEpochMs()).toISOString().slice(0, 10),
  });
}

/** Appends the page, in parts where it is too large for one item. A conflict ends it: the run starts over from the new head. */
async function commit(
  head: Head,
  page: ValidPage<unknown>,
  canonical: CanonicalPage,
  position: Position,
  deadline: Deadline,
  record: EventRecord,
  deps: PipelineDependencies,
): Promise<{ outcome: 'committed' | 'conflict'; head: Head; entries: number }> {
  const startedMs = deps.nowMs();
  const entry: PageEntry = {
    kind: 'page',
    runId: deps.newId(),
    writtenEpochMs: deps.nowEpochMs(),
    loop: { id: position.loopId, page: position.entries + 1, last: !page.hasMore },
    cursorBefore: position.cursor,
    cursorAfter: page.nextCursor ?? position.cursor,
    syncStartedEpochMs: position.startedEpochMs,
    added: canonical.added,
    modified: canonical.modified,
    removed: canonical.removed,
    accounts: changedAccounts(head, canonical),
    quarantined: canonical.quarantined.length,
  };
  let latest = head;
  let entries = 0;
  for (const part of splitPage(entry)) {
    const appended = await deps.journal.append(latest, head.connectionId, part, { deadline });
    latest = known(appended.head, head.connectionId);
    if (appended.outcome === 'conflict') return { outcome: 'conflict', head: latest, entries };
    entries += 1;
  }
  record.storeMs = Math.max(record.storeMs ?? 0, deps.nowMs() - startedMs);
  return { outcome: 'committed', head: latest, entries };
}

/** Accounts that say something new: an entry is paid for by its size, and most pages repeat what the head knows. */
function changedAccounts(head: Head, canonical: CanonicalPage): PageEntry['accounts'] {
  const latest = [...head.accounts, ...(head.loop?.accounts ?? [])];
  const known = new Map(latest.map((account) => [account.accountId, canonicalJson(account)]));
  return canonical.accounts.filter((account) => known.get(account.accountId) !== canonicalJson(account));
}

function count(
  record: EventRecord,
  page: ValidPage<unknown>,
  canonical: CanonicalPage,
  committed: { outcome: 'committed' | 'conflict'; head: Head; entries: number },
): void {
  record.unknownFields += page.unknownFields;
  record.unknownEnums += page.unknownEnums;
  record.committed += committed.entries;
  record.version = committed.head.version;
  if (committed.outcome === 'conflict') {
    record.conflicts += 1;
    return;
  }
  record.added += canonical.added.length;
  record.modified += canonical.modified.length;
  record.removed += canonical.removed.length;
  record.quarantined += canonical.quarantined.length;
}

/** The answer of a connection that is not to be asked now; `undefined` when it is. */
async function answerAtGate(
  head: Head,
  event: SyncRequested,
  deps: PipelineDependencies,
): Promise<Outcome | undefined> {
  const gate = decideGate(head, event, deps.nowEpochMs());
  if (gate.open) return undefined;
  if (gate.because === 'covered') return { kind: 'coalesced' };
  if (gate.because === 'stopped') return { kind: 'stopped', status: head.status, code: gate.code, now: false };
  // The run that began the wait has left its message on the queue, and that one alone keeps itself alive.
  if (gate.keepsWaiting) await deps.queue.send(event, gate.waitMs);
  return { kind: 'postponed', delayMs: gate.waitMs, code: gate.code, exhausted: false, misconfigured: false };
}

/** What an end of the run without a page is made of. */
interface Ending {
  readonly head: Head;
  /** With the restarts so far: no wait sets them back. */
  readonly event: SyncRequested;
  readonly error: ProviderError;
  readonly deadline: Deadline;
  readonly deps: PipelineDependencies;
}

/** The next pages of a loop: pages came, so the waits before them are over. */
function continuationOf(event: SyncRequested, restarts: number): SyncRequested {
  return { ...event, reason: 'continuation', restarts, attempts: 0, wakeEpochMs: null };
}

/** Every wait is stored, so that all events of the connection respect it: one call, one waiting message. */
async function wait(ending: Ending, waitMs: number, exhausted: boolean): Promise<Outcome> {
  const { head, event, error, deadline, deps } = ending;
  const postponed = { kind: 'postponed', delayMs: waitMs, code: error.code, exhausted, misconfigured: false } as const;
  if (waitMs === 0) {
    await deps.queue.send(continuationOf(event, event.restarts), 0);
    return postponed;
  }
  const nextAttemptEpochMs = await sendWaiting(ending, waitMs);
  await appendStatus(head, { status: 'waiting', reason: error.code, nextAttemptEpochMs }, deadline, deps);
  return postponed;
}

/** Our configuration is no state of the connection: its status stays. One that is stopped anyway has its probe put off by a day. */
async function hold(ending: Ending, waitMs: number): Promise<Outcome> {
  const { head, error, deadline, deps } = ending;
  const { status, statusReason } = head;
  if (status === 'active' || status === 'waiting') {
    const nextAttemptEpochMs = await sendWaiting(ending, waitMs);
    await appendStatus(head, { status: 'active', reason: error.code, nextAttemptEpochMs }, deadline, deps);
  } else if (isProbeDue(head, deps)) {
    const nextAttemptEpochMs = deps.nowEpochMs() + probeIntervalMs;
    await appendStatus(head, { status, reason: statusReason, nextAttemptEpochMs }, deadline, deps);
  }
  const detail = JSON.stringify(error.facts);
  return { kind: 'postponed', delayMs: waitMs, code: error.code, exhausted: false, misconfigured: true, detail };
}

/** The message goes before the entry: a crash between the two leaves a wake-up too many, never one too few. */
async function sendWaiting({ event, deps }: Ending, waitMs: number): Promise<number> {
  const wakeEpochMs = deps.nowEpochMs() + waitMs;
  await deps.queue.send({ ...event, reason: 'continuation', attempts: event.attempts + 1, wakeEpochMs }, waitMs);
  return wakeEpochMs;
}

/** Stored once: events that only find it confirmed store nothing, a probe stores when the next one is due. */
async function stop(ending: Ending, status: ConnectionStatus, probeAfterMs: number | null): Promise<Outcome> {
  const { head, error, deadline, deps } = ending;
  const known = head.status === status && head.statusReason === error.code;
  if (!known || (probeAfterMs !== null && isProbeDue(head, deps))) {
    const nextAttemptEpochMs = probeAfterMs === null ? null : deps.nowEpochMs() + probeAfterMs;
    await appendStatus(head, { status, reason: error.code, nextAttemptEpochMs }, deadline, deps);
  }
  return { kind: 'stopped', status, code: error.code, now: !known };
}

function isProbeDue({ status, nextAttemptEpochMs }: Head, deps: PipelineDependencies): boolean {
  return status !== 'revoked' && (nextAttemptEpochMs === null || nextAttemptEpochMs <= deps.nowEpochMs());
}

async function appendStatus(
  head: Head,
  stored: Pick<StatusEntry, 'status' | 'reason' | 'nextAttemptEpochMs'>,
  deadline: Deadline,
  deps: PipelineDependencies,
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

function failed(error: ProviderError, exhausted: boolean): Outcome {
  return { kind: 'failed', code: error.code, detail: JSON.stringify(error.facts), exhausted };
}

/** A loop under way is continued by whoever comes next: its pages so far are in the journal. */
function resume(head: Head, deps: PipelineDependencies): Position {
  if (head.loop === null) return begin(head.cursor, deps);
  const { id, cursor, pages, startedEpochMs } = head.loop;
  return { loopId: id, cursor, entries: pages, startedEpochMs };
}

function begin(cursor: string | null, deps: PipelineDependencies): Position {
  return { loopId: deps.newId(), cursor, entries: 0, startedEpochMs: deps.nowEpochMs() };
}

async function timed<Result>(
  name: PipelineStep,
  work: () => Promise<Result> | Result,
  record: EventRecord,
  deps: PipelineDependencies,
): Promise<Result> {
  const startedMs = deps.nowMs();
  try {
    return await deps.tracing.step(name, async () => work());
  } finally {
    record.steps.push({ step: name, ms: deps.nowMs() - startedMs });
    deps.afterStep?.(name);
  }
}

function timedNow<Result>(
  name: PipelineStep,
  work: () => Result,
  record: EventRecord,
  deps: PipelineDependencies,
): Result {
  const startedMs = deps.nowMs();
  try {
    return work();
  } finally {
    record.steps.push({ step: name, ms: deps.nowMs() - startedMs });
    deps.afterStep?.(name);
  }
}
