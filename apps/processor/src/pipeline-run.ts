/** One event on its way through the pipeline: what its steps share. */
import type { Connector, RawPage, ReadAhead, RetryDeps, ValidPage } from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import {
  type AsideRead,
  type Head,
  type Journal,
  type LoopKind,
  type OpenedAside,
  StorageError,
} from '@quartersec/storage';
import type { Tracing } from '@quartersec/telemetry';
import type { CanonicalPage, QuarantinedRecord } from '@quartersec/validation';
import type { EventRecord, PipelineStep } from './event-record.ts';
import type { EventInsights, InsightsDependencies } from './insights/event-insights.ts';
import type { SyncRequested } from './sync-event.ts';
import type { SyncQueue } from './sync-queue.ts';

/** With its place in the stream, so that it can come back there. */
export interface AsideRecord extends QuarantinedRecord {
  readonly asideVersion: number;
}

export interface PipelineDependencies extends RetryDeps {
  readonly journal: Journal;
  readonly insights: InsightsDependencies;
  readonly queue: Pick<SyncQueue, 'send'>;
  /** @returns `undefined` where we have no connector for the provider, or none for this bank of it */
  connectorFor(provider: string, institutionId: string): Connector | undefined;
  /**
   * The connection's access token. Where its access can be renewed it is, when it ends soon.
   * @param refused a token that the provider has just refused: another one, where there is one
   * @throws {StorageError} `TOKEN_UNREADABLE`
   * @throws {ProviderError} when the access cannot be renewed (now)
   */
  openToken(head: Head, deadline: Deadline, refused?: string): string | Promise<string>;
  /** @param receivedEpochMs the event's own time, so that a redelivery sets nothing aside twice */
  quarantine(
    connectionId: string,
    records: readonly AsideRecord[],
    receivedEpochMs: number,
    deadline: Deadline,
  ): Promise<void>;
  /** All records that are set aside now, as the table has them. */
  readAside(connectionId: string, deadline: Deadline): Promise<AsideRead>;
  /** After they have come back. */
  removeAside(records: readonly OpenedAside[], deadline: Deadline): Promise<void>;
  newId(): string;
  /** Wall clock. Stored for people and for waits; nothing is ordered by it. */
  nowEpochMs(): number;
  readonly tracing: Tracing;
  /** More become a continuation, so that a provider whose `has_more` never ends cannot hold a run. */
  readonly maxPagesPerRun: number;
  /** Told after each step; tests crash the process here. */
  readonly afterStep?: (step: PipelineStep) => void;
}

/** Runs of one connection that lose to each other more often than this give way to the queue's redelivery. */
export const maxConflicts = 5;

/** Where a loop of pages stands. */
export interface Position {
  readonly loopId: string;
  readonly kind: LoopKind;
  readonly cursor: string | null;
  /** Pages of this loop so far. */
  readonly pages: number;
  readonly startedEpochMs: number;
}

/** A page that has been read and is not stored yet. */
export interface StagedPage {
  readonly page: ValidPage<unknown>;
  readonly canonical: CanonicalPage;
  readonly position: Position;
}

/** One event on its way. */
export interface Run {
  readonly event: SyncRequested;
  readonly deadline: Deadline;
  readonly record: EventRecord;
  readonly deps: PipelineDependencies;
  readonly connector: Connector;
  head: Head;
  position: Position;
  staged: StagedPage[];
  /** Cursors that the loop has been asked with in this run. */
  asked: Set<string | null>;
  readonly insights: EventInsights;
  /** `undefined` where pages are asked for one by one. */
  readonly ahead: ReadAhead | undefined;
  /** The head that the run began with. */
  readonly before: Head;
  restarts: number;
  timeouts: number;
  /** The account list is read once a run at most. */
  isListRead: boolean;
  isListStored: boolean;
  /** A run queues one at most, however often it starts over. */
  isSecondReadQueued: boolean;
  /** The list's response where it was asked for beside a page. */
  listResponse: ListResponse | undefined;
  /** What its call took after a page was in hand: the provider's time, and not ours. */
  listMs: number;
}

export interface ListResponse {
  readonly readEpochMs: number;
  /** `undefined` after a failure, which is noted in the record. */
  readonly raw: RawPage | undefined;
  readonly endedMs: number;
}

/** A user who has asked is there for so long: what is done for them later is done without them. */
const attendedMs = 300_000;

/** @returns the address of the user who waits; `undefined` where nobody does */
export function presentUser({ event, deps }: Pick<Run, 'event' | 'deps'>): { readonly userIpAddress?: string } {
  const { userIpAddress, requestedEpochMs } = event;
  if (userIpAddress === undefined || deps.nowEpochMs() - requestedEpochMs >= attendedMs) return {};
  return { userIpAddress };
}

/** A connection without entries was never linked, or has been erased (while this run was under way, even). */
export function known(head: Head | undefined, connectionId: string): Head {
  if (head === undefined) throw new StorageError('CONNECTION_UNKNOWN', { connectionId });
  return head;
}

export function today(deps: PipelineDependencies): string {
  return new Date(deps.nowEpochMs()).toISOString().slice(0, 10);
}

export async function timed<Result>(
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

export function timedNow<Result>(
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
