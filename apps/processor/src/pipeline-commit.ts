/** The pages of a run become entries, in their order, each with what it comes to; the head follows. */
import { type PageEntry, splitPage } from '@quartersec/storage';
import { accountNews } from './account-list.ts';
import type { EventRecord } from './event-record.ts';
import { describeFailure } from './failure.ts';
import { joinPages } from './join-pages.ts';
import { known, type Run, type StagedPage, timed, today } from './pipeline-run.ts';

/** Stored page by page, so that a later page always finds the accounts and the place of those before it. */
export async function commitStaged(run: Run): Promise<'committed' | 'conflict'> {
  const { record, deps, event, deadline } = run;
  const aside = run.staged.flatMap(({ canonical }) => canonical.quarantined);
  if (aside.length > 0) {
    const { connectionId, version } = run.head;
    const records = aside.map((each) => ({ ...each, asideVersion: version + 1 }));
    const keep = () => deps.quarantine(connectionId, records, event.requestedEpochMs, deadline);
    await timed('quarantine', keep, record, deps);
  }
  const outcome = await timed('commit', () => appendStaged(run), record, deps);
  run.staged = [];
  // Also after a conflict: the winner may have died between its entry and its head.
  await timed('head', () => deps.journal.saveHead(run.head, { deadline }), record, deps);
  return outcome;
}

async function appendStaged(run: Run): Promise<'committed' | 'conflict'> {
  const { record, deps, deadline } = run;
  for (const staged of run.connector.readsLists ? joinPages(run.staged) : run.staged) {
    const entry = await withInsights(run, entryOf(run, staged));
    const startedMs = deps.nowMs();
    for (const part of splitPage(entry)) {
      const appended = await deps.journal.append(run.head, run.head.connectionId, part, { deadline });
      run.head = known(appended.head, run.head.connectionId);
      record.version = run.head.version;
      if (appended.outcome === 'conflict') {
        record.conflicts += 1;
        return 'conflict';
      }
      run.insights.take(appended.entry);
      record.committed += 1;
    }
    record.storeMs = Math.max(record.storeMs ?? 0, deps.nowMs() - startedMs);
    count(record, staged);
  }
  return 'committed';
}

/** What a loop comes to is said with its last page. What cannot be derived now is derived by the next event, and costs this one nothing. */
async function withInsights(run: Run, entry: PageEntry): Promise<PageEntry> {
  if (!entry.loop.last) return entry;
  const { record, deps } = run;
  try {
    const insights = await timed('derive', () => run.insights.newsOf(run.head, entry, today(deps)), record, deps);
    if (insights === 'left') return { ...entry, insightsLeft: true };
    if (insights === undefined) return entry;
    record.insightsRaised += insights.raised.length;
    record.insightsCleared += insights.cleared.length;
    return { ...entry, insights };
  } catch (error) {
    record.insightsError = describeFailure(error);
    return { ...entry, insightsLeft: true };
  }
}

/** A state that is not stored is one that the next reader makes up for. */
export async function saveInsights({ insights, head, record, deps }: Run): Promise<void> {
  if (!insights.isSaveDue(head)) return;
  try {
    await timed('insights', () => insights.save(head), record, deps);
  } catch (error) {
    record.insightsError = describeFailure(error);
  }
}

/** In parts where it is too large for one item. */
function entryOf(run: Run, { page, canonical, position }: StagedPage): PageEntry {
  const { event, head, deps } = run;
  const loop = head.loop?.id === position.loopId ? head.loop : undefined;
  const knownAccounts = [...head.accounts, ...(loop?.accounts ?? [])];
  const storedPages = loop?.pages ?? 0;
  return {
    kind: 'page',
    runId: deps.newId(),
    writtenEpochMs: deps.nowEpochMs(),
    loop: { id: position.loopId, page: storedPages + 1, last: !page.hasMore, kind: position.kind },
    cursorBefore: position.cursor,
    cursorAfter: page.nextCursor ?? position.cursor,
    syncStartedEpochMs: position.startedEpochMs,
    ...(event.queuedEpochMs !== null && { queuedEpochMs: event.handedOutEpochMs ?? event.queuedEpochMs }),
    ...(page.history !== 'unknown' && { history: page.history === 'not-ready' ? 'none' : page.history }),
    added: canonical.added,
    modified: canonical.modified,
    removed: canonical.removed,
    ...accountNews(knownAccounts, canonical.accounts),
    quarantined: canonical.quarantined.length,
    ...(canonical.covers !== undefined && { covers: canonical.covers }),
  };
}

function count(record: EventRecord, { page, canonical }: StagedPage): void {
  record.unknownFields += page.unknownFields;
  record.unknownEnums += page.unknownEnums;
  record.added += canonical.added.length;
  record.modified += canonical.modified.length;
  record.removed += canonical.removed.length;
  record.quarantined += canonical.quarantined.length;
}
