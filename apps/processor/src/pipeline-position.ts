/** Where a run is in its loop of pages: from what the head says, page by page, and back to the start. */
import type { ValidPage } from '@quartersec/providers';
import type { Head } from '@quartersec/storage';
import type { PipelineDependencies, Position, Run } from './pipeline-run.ts';
import { ProcessorError } from './processor-error.ts';

/** A loop that the provider breaks more often than this is reported instead of tried again. */
const maxRestarts = 3;

/** An unfinished loop continues behind its stored pages, also in another run. */
export function resume(head: Head, deps: PipelineDependencies): Position {
  if (head.loop === null) return begin(head.cursor, deps);
  const { id, kind, cursor, pages, startedEpochMs } = head.loop;
  return { loopId: id, kind, cursor, pages, startedEpochMs };
}

export function begin(cursor: string | null, deps: PipelineDependencies): Position {
  const kind = cursor === null ? 'snapshot' : 'delta';
  return { loopId: deps.newId(), kind, cursor, pages: 0, startedEpochMs: deps.nowEpochMs() };
}

export function behind(position: Position, { nextCursor }: ValidPage<unknown>): Position {
  return { ...position, cursor: nextCursor, pages: position.pages + 1 };
}

export function moveTo(run: Run, position: Position): void {
  run.position = position;
  run.staged = [];
  run.asked = new Set();
  run.ahead?.drop(); // what another run has stored meanwhile may be newer
}

/**
 * From the loop's first cursor. A provider that refuses that very cursor, once more after a restart, is read from its
 * start; so is a full read that was disturbed.
 */
export function startOver(run: Run, kind: 'restart' | 'resync'): void {
  run.restarts += 1;
  if (run.restarts > maxRestarts) throw new ProcessorError('PAGINATION_UNSTABLE', { restarts: run.restarts });
  const sitsAtTheStart = run.position.pages === 0 && run.restarts > run.event.restarts + 1;
  const isFull = kind === 'resync' || run.position.kind === 'snapshot' || sitsAtTheStart;
  if (isFull) forgetList(run); // an account may have closed since
  moveTo(run, begin(isFull ? null : run.head.cursor, run.deps));
}

/** It is asked for again where it is wanted. */
export function forgetList(run: Run): void {
  run.isListRead = false;
  run.listResponse = undefined;
}

/**
 * A page that promises more must lead to a cursor that this loop has not been asked with.
 * @throws {ProcessorError} `PAGINATION_STUCK`
 */
export function checkProgress({ position, asked, head }: Run, { hasMore, nextCursor }: ValidPage<unknown>): void {
  if (!hasMore) return;
  const checkpoint = head.loop?.id === position.loopId ? head.loop.checkpoint : null;
  const standsStill = nextCursor === null || nextCursor === position.cursor;
  if (standsStill || asked.has(nextCursor) || nextCursor === checkpoint) {
    throw new ProcessorError('PAGINATION_STUCK', { pages: position.pages, standsStill: Number(standsStill) });
  }
}
