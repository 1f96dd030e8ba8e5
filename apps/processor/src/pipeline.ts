/**
 * One event through the pipeline: load, fetch, validate, normalise, quarantine, derive, commit, head, continue.
 * Clock, randomness, provider, store and queue are parameters; a crash between any two steps leaves either nothing or a
 * whole entry, and the next delivery of the event goes on from there.
 */
import {
  type AttemptReport,
  type Connector,
  createReadAhead,
  type FailedFetch,
  type FetchResult,
  fetchWithRetries,
  type ProviderError,
  type ValidPage,
} from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import type { Head } from '@quartersec/storage';
import type { CanonicalPage } from '@quartersec/validation';
import { isListDue, isListOld } from './account-list.ts';
import { noteConsent } from './consent-note.ts';
import type { EventRecord } from './event-record.ts';
import { decideGate } from './gate.ts';
import { beginInsights } from './insights/event-insights.ts';
import type { Outcome } from './outcome.ts';
import { askForListAgain, fetchAccountList, readAccountList } from './pipeline-account-list.ts';
import { commitStaged, saveInsights } from './pipeline-commit.ts';
import { continuationOf, type Ending, hold, slowPoll, stop, wait } from './pipeline-endings.ts';
import { begin, behind, checkProgress, forgetList, moveTo, resume, startOver } from './pipeline-position.ts';
import { takeBack } from './pipeline-return.ts';
import {
  known,
  maxConflicts,
  type PipelineDependencies,
  presentUser,
  type Run,
  timed,
  timedNow,
  today,
} from './pipeline-run.ts';
import { ProcessorError } from './processor-error.ts';
import { reactTo } from './reaction.ts';
import type { SyncRequested } from './sync-event.ts';
import { maxQueueDelayMs } from './sync-queue.ts';
import { withAccess } from './with-access.ts';

/**
 * A further page is begun only with this much time left: the p99 of a provider call and its commit, and no less than the
 * slowest page of the run took. A run that ends in the middle of a page has done it for nothing.
 */
const nextPageReserveMs = 400;
/**
 * Pages of a loop that are held before the first of them is stored, in the first half of the event's time: cursors that go
 * round in fewer leave nothing behind.
 */
const stagedPagesMost = 5;

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
  const loaded = await timed('load', () => load(event.connectionId, deadline, deps), record, deps);
  const head = await noteConsent(loaded, event, deadline, deps);
  record.provider = head.provider;
  noteLastSync(record, head);
  const closed = await answerAtGate(head, event, deps);
  if (closed !== undefined) return closed;
  if (await isSecondReadNeedless(head, event, deadline, deps)) return { kind: 'coalesced' };
  const { provider, institutionId } = head;
  const connector = deps.connectorFor(provider, institutionId);
  if (connector === undefined) throw new ProcessorError('PROVIDER_UNSUPPORTED', { provider, institutionId });

  const { restarts, timeouts } = event;
  const position = isFullReadDue(head, event) ? begin(null, deps) : resume(head, deps);
  const counters = {
    restarts,
    timeouts,
    isListRead: false,
    isListStored: false,
    isSecondReadQueued: false,
    listResponse: undefined,
    listMs: 0,
  };
  const insights = beginInsights(head, deadline, deps.nowEpochMs(), deps.insights);
  const ahead = isReadAhead(connector, head, event) ? createReadAhead({ pages: deps.maxPagesPerRun }) : undefined;
  const place = { head, before: head, insights, ahead, position, staged: [], asked: new Set<string | null>() };
  try {
    return await readPages({ event, deadline, record, deps, connector, ...place, ...counters });
  } finally {
    await ahead?.settled();
  }
}

/** Lists one after the other take longer than the promise allows. A connection that does not work is found out with one call. */
function isReadAhead({ readsLists }: Connector, { status, nextAttemptEpochMs }: Head, { timeouts }: SyncRequested) {
  return readsLists === true && status === 'active' && nextAttemptEpochMs === null && timeouts === 0;
}

async function readPages(run: Run): Promise<Outcome> {
  const { deps, deadline } = run;
  let reserveMs = nextPageReserveMs;
  for (let pages = 1; ; pages += 1) {
    const begunMs = deps.nowMs();
    const fetched = await fetchPageAndList(run);
    if (fetched.outcome === 'failed') {
      const outcome = await afterFailure(run, fetched);
      if (outcome !== undefined) return outcome;
      continue;
    }

    const validatedMs = deps.nowMs();
    const { page } = fetched;
    checkProgress(run, page);
    const canonical = await normaliseWithAccounts(run, page);
    if (isNotReady(page, canonical)) return await slowPoll(run);
    run.staged.push({ page, canonical, position: run.position });
    const goesOn = () => {
      reserveMs = Math.max(reserveMs, deps.nowMs() - begunMs);
      return pages < deps.maxPagesPerRun && deadline.remainingMs() >= reserveMs;
    };
    const heldMost = run.connector.readsLists ? deps.maxPagesPerRun : stagedPagesMost;
    const mayHold = run.staged.length < heldMost && deadline.elapsedMs() < deadline.remainingMs();
    if (page.hasMore && goesOn() && mayHold) {
      run.position = behind(run.position, page);
      continue;
    }

    if (!page.hasMore) await queueSecondRead(run);
    const committed = await commitStaged(run);
    run.record.processingMs = Math.max(run.record.processingMs ?? 0, deps.nowMs() - validatedMs - run.listMs);
    run.listMs = 0;
    if (committed === 'conflict') {
      const answered = await afterConflict(run);
      if (answered !== undefined) return answered;
      continue;
    }
    if (!page.hasMore) return await complete(run);
    if (!goesOn()) {
      await timed('continue', () => deps.queue.send(continuationOf(run), run.head.provider, 0), run.record, deps);
      return { kind: 'committed', continued: true };
    }
    run.position = resume(run.head, deps);
  }
}

async function load(connectionId: string, deadline: Deadline, deps: PipelineDependencies): Promise<Head> {
  const head = await deps.journal.readHead(connectionId, { deadline });
  if (head === undefined) await deps.journal.eraseRemains(connectionId, { deadline });
  return known(head, connectionId);
}

/** A connection that waits for its user is not stale: nothing is to be fetched for it. */
function noteLastSync(record: EventRecord, { status, lastSync }: Head): void {
  if (status === 'active' || status === 'waiting') record.lastSyncEpochMs = lastSync?.completedEpochMs;
}

/** A full read that was asked for, unless it is the very one under way. */
function isFullReadDue(head: Head, event: SyncRequested): boolean {
  return event.fullRead && head.loop?.kind !== 'snapshot';
}

/**
 * A full read takes away what it lacks, but not the history of a closed account. Only the list tells the two apart, and one of before may
 * not have the news yet.
 */
function isListWanted({ head, event, deps, position, before }: Run): boolean {
  const isFullReadAgain = position.kind === 'snapshot' && position.pages === 0 && before.lastSync !== null;
  return event.readAccounts === true || isFullReadAgain || isListOld(head, deps.nowEpochMs());
}

/**
 * A list that is a day old is asked for beside the page: two calls one after the other take an event beyond its promise. The first one
 * comes after the first page, so that a connection that does not work is found out with one call.
 */
async function fetchPageAndList(run: Run): Promise<FetchResult<unknown>> {
  const { head, deps, record } = run;
  const isFirst = head.accountsReadEpochMs === null;
  if (isFirst || run.isListRead || run.listResponse !== undefined || !isListWanted(run)) return fetchPage(run);
  let pageEndedMs = Number.POSITIVE_INFINITY;
  const page = fetchPage(run).finally(() => {
    pageEndedMs = deps.nowMs();
  });
  const [fetched, list] = await Promise.all([page, fetchAccountList(run)]);
  run.listResponse = list;
  record.providerMs += Math.max(0, list.endedMs - pageEndedMs);
  return fetched;
}

/** The provider call with its retries. Its two steps are timed here, because one attempt is both. */
async function fetchPage(run: Run): Promise<FetchResult<unknown>> {
  const { connector, position, deadline, record, deps } = run;
  const observed: Connector = {
    ...connector,
    fetchPage: (request, limits) => {
      const fetch = (accessToken: string) => connector.fetchPage({ ...request, accessToken }, limits);
      return timed('fetch', () => withAccess(run, fetch), record, deps);
    },
    validatePage: (raw) => timedNow('validate', () => connector.validatePage(raw), record, deps),
  };
  // Each attempt has the token of its moment.
  const { ahead } = run;
  const page = { cursor: position.cursor, timeouts: run.timeouts, ...(ahead && { ahead }) };
  const request = { accessToken: '', ...page, ...presentUser(run) };
  const onAttempt = ({ error }: AttemptReport) => {
    if (error?.code === 'THROTTLED') record.throttled += 1;
    if (error?.code === 'TIMEOUT') run.timeouts += 1;
    if (error?.facts.unlisted) record.unknownEnums += 1;
  };
  const patient = run.event.reason !== 'user';
  const result = await fetchWithRetries(observed, request, deadline, { ...deps, onAttempt, patient });
  record.attempts += result.attempts;
  record.retries += Math.max(0, result.attempts - 1);
  record.providerMs += result.providerMs;
  run.asked.add(position.cursor);
  return result;
}

/** @returns `undefined` when the loop starts over */
async function afterFailure(run: Run, fetched: FailedFetch): Promise<Outcome | undefined> {
  const reaction = reactTo(fetched, run.event);
  if (reaction.kind === 'restart' || reaction.kind === 'resync') {
    startOver(run, reaction.kind);
    return undefined;
  }
  // What was read so far is stored, so that the next event goes on behind it.
  if (run.staged.length > 0 && (await commitStaged(run)) === 'conflict') return await afterConflict(run);
  const ending: Ending = { run, error: fetched.error };
  if (reaction.kind === 'wait') return await wait(ending, reaction.waitMs, fetched.exhausted);
  if (reaction.kind === 'hold') return await hold(ending, reaction.waitMs);
  if (reaction.kind === 'stop') return await stop(ending, reaction.status, reaction.probeAfterMs);
  return failed(fetched.error, fetched.exhausted);
}

/** The page in our words; where it names accounts that we do not know, or the list is old, after reading the account list. */
async function normaliseWithAccounts(run: Run, page: ValidPage<unknown>): Promise<CanonicalPage> {
  const { record, deps } = run;
  const canonical = await timed('normalise', () => normalise(run, page), record, deps);
  if (run.isListRead || !(isListWanted(run) || isListDue(run.head, canonical, deps.nowEpochMs()))) return canonical;
  run.isListRead = true;
  run.isListStored = await timed('accounts', () => readAccountList(run), record, deps);
  return run.isListStored ? await timed('normalise', () => normalise(run, page), record, deps) : canonical;
}

function normalise({ connector, head, staged, position, deps }: Run, page: ValidPage<unknown>): CanonicalPage {
  return connector.normalisePage(page, {
    connectionId: head.connectionId,
    institutionId: head.institutionId,
    knownAccounts: [
      ...head.accounts,
      ...(head.loop?.id === position.loopId ? head.loop.accounts : []),
      ...staged.flatMap(({ canonical }) => canonical.accounts),
    ],
    today: today(deps),
  });
}

/** @returns the event's answer where the winner has fulfilled it; `undefined` when the run goes on from the winner's head */
async function afterConflict(run: Run): Promise<Outcome | undefined> {
  const { record, head, event, deps } = run;
  if (record.conflicts > maxConflicts)
    throw new ProcessorError('CONFLICTS_UNRESOLVED', { conflicts: record.conflicts });
  const answered = await answerAtGate(head, event, deps);
  if (answered === undefined) {
    if (!run.isListStored) forgetList(run); // it met the winner's entry, too
    moveTo(run, resume(head, deps));
    run.insights.restart(head);
  }
  return answered;
}

/**
 * Before the last entry of a full read, which may turn out not to be believed: behind it, a crash would leave the doubt to nobody.
 * Where there is no doubt in the end, the message finds none.
 */
async function queueSecondRead(run: Run): Promise<void> {
  const { position, before, event, record, deps } = run;
  if (position.kind !== 'snapshot' || before.lastSync === null || event.isSecondRead || run.isSecondReadQueued) return;
  const again = { ...continuationOf(run), fullRead: true, isSecondRead: true };
  await timed('continue', () => deps.queue.send(again, run.head.provider, maxQueueDelayMs), record, deps);
  run.isSecondReadQueued = true;
}

/** A second read that finds no doubt: the first was believed, or another has settled it. */
async function isSecondReadNeedless(head: Head, event: SyncRequested, deadline: Deadline, deps: PipelineDependencies) {
  if (!event.isSecondRead || !event.fullRead || head.loop !== null) return false;
  return (await deps.journal.readDoubt(head, { deadline })) === undefined;
}

/** Every page is stored. */
async function complete(run: Run): Promise<Outcome> {
  await saveInsights(run);
  const { position, before, event, record, deps, deadline } = run;
  const isFullAgain = position.kind === 'snapshot' && before.lastSync !== null;
  if (isFullAgain && (await deps.journal.readDoubt(run.head, { deadline })) !== undefined)
    record.fullReadDoubted = true;
  await askForListAgain(run);
  // A record waits for its account: with every new account, and with each day's list, it may have come.
  const bringsAccounts = run.isListStored || run.head.accounts.length !== before.accounts.length;
  if ((run.head.aside > 0 && bringsAccounts) || event.retakeAside)
    await timed('return', () => takeBack(run), record, deps);
  return { kind: 'committed', continued: false };
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
  if (gate.keepsWaiting) await deps.queue.send(event, head.provider, gate.waitMs);
  return { kind: 'postponed', delayMs: gate.waitMs, code: gate.code, exhausted: false, misconfigured: false };
}

function failed(error: ProviderError, exhausted: boolean): Outcome {
  return { kind: 'failed', code: error.code, detail: JSON.stringify(error.facts), exhausted };
}

/** "Nothing yet" is no answer: an empty page without a cursor, from a provider that does not call its history complete. */
function isNotReady({ hasMore, nextCursor, history }: ValidPage<unknown>, canonical: CanonicalPage): boolean {
  const { added, modified, removed } = canonical;
  const isEmpty = added.length + modified.length + removed.length === 0;
  return isEmpty && !hasMore && history !== 'complete' && (nextCursor === null || history === 'not-ready');
}
