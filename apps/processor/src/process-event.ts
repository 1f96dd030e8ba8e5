/** One event from receipt to its end, whatever happens: runs the pipeline under the event's deadline, then says how it went. */
import { createDeadline } from '@quartersec/sla';
import type { EventLog, EventMetrics, LogLevel } from '@quartersec/telemetry';
import {
  createEventRecord,
  type EventEnd,
  type EventRecord,
  paginationCodes,
  type StepTime,
  toMetricValues,
} from './event-record.ts';
import { describeFailure } from './failure.ts';
import { judge } from './judgement.ts';
import { isExhausted, type Outcome } from './outcome.ts';
import { runPipeline } from './pipeline.ts';
import type { PipelineDependencies } from './pipeline-run.ts';
import { ProcessorError } from './processor-error.ts';
import type { SyncRequested } from './sync-event.ts';

export interface ProcessDependencies extends PipelineDependencies {
  readonly log: EventLog;
  readonly metrics: EventMetrics;
  /** `true` for the first event of an environment, `false` ever after. */
  takeColdStart(): boolean;
  /** Ends a run that does not end by itself, so that one hung record cannot take its batch with it. */
  afterMs(ms: number): { readonly elapsed: Promise<void>; cancel(): void };
}

export interface ProcessLimits {
  /** The whole event, retries included. */
  readonly hardDeadlineMs: number;
  /** When the queue got the message, by the queue's clock; absent for a direct call. */
  readonly sentEpochMs?: number;
}

/** The answer to a caller; the queue needs only `outcome`. */
export interface EventReport {
  readonly correlationId: string;
  readonly connectionId: string;
  readonly outcome: Outcome;
  readonly version: number | null;
  readonly attempts: number;
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  readonly quarantined: number;
  /** Records that had been set aside and have come back. */
  readonly returned: number;
  readonly insightsRaised: number;
  readonly insightsCleared: number;
  readonly roundTripMs: number;
  readonly processingMs: number | null;
  readonly storeMs: number | null;
  readonly providerMs: number;
  readonly steps: readonly StepTime[];
}

/** A client's own timers end a call at the deadline; only a run that is stuck elsewhere gets this far beyond it. */
export const hungGraceMs = 500;

/** Never rejects: a failure is an outcome, logged and counted like every other. */
export async function processEvent(
  event: SyncRequested,
  limits: ProcessLimits,
  deps: ProcessDependencies,
): Promise<EventReport> {
  const startedMs = deps.nowMs();
  const receivedEpochMs = deps.nowEpochMs();
  const record = createEventRecord();
  const outcome = await settle(event, limits, record, deps);
  const roundTripMs = waitedMs(event, limits, receivedEpochMs) + deps.nowMs() - startedMs;
  report(event, limits, record, { outcome, roundTripMs, receivedEpochMs }, deps);
  return {
    correlationId: event.correlationId,
    connectionId: event.connectionId,
    outcome,
    version: record.version ?? null,
    attempts: record.attempts,
    added: record.added,
    modified: record.modified,
    removed: record.removed,
    quarantined: record.quarantined,
    returned: record.returned,
    insightsRaised: record.insightsRaised,
    insightsCleared: record.insightsCleared,
    roundTripMs: toHundredths(roundTripMs),
    processingMs: record.processingMs === undefined ? null : toHundredths(record.processingMs),
    storeMs: record.storeMs === undefined ? null : toHundredths(record.storeMs),
    providerMs: toHundredths(record.providerMs),
    steps: record.steps.map(({ step, ms }) => ({ step, ms: toHundredths(ms) })),
  };
}

/**
 * How long the event had been asked for when it was received. The queue's own time counts where it is the later of the two: a
 * redriven dead letter and the continuation of a long import are measured from there, and a sender's slow clock cannot make an
 * event days old. Clocks apart the other way give 0.
 */
function waitedMs(event: SyncRequested, { sentEpochMs = 0 }: ProcessLimits, receivedEpochMs: number): number {
  return Math.max(0, receivedEpochMs - Math.max(event.requestedEpochMs, sentEpochMs));
}

async function settle(
  event: SyncRequested,
  limits: ProcessLimits,
  record: EventRecord,
  deps: ProcessDependencies,
): Promise<Outcome> {
  const deadline = createDeadline(limits.hardDeadlineMs, deps.nowMs);
  const alarm = deps.afterMs(limits.hardDeadlineMs + hungGraceMs);
  try {
    return await Promise.race([
      runPipeline(event, deadline, record, deps),
      alarm.elapsed.then(() => Promise.reject(new ProcessorError('EVENT_HUNG', { afterMs: limits.hardDeadlineMs }))),
    ]);
  } catch (error) {
    return toFailure(error);
  } finally {
    alarm.cancel();
  }
}

function toFailure(error: unknown): Outcome {
  const failure = describeFailure(error);
  // A loop that stays broken has used up its restarts: the same alert as used-up retries.
  return { kind: 'failed', ...failure, exhausted: paginationCodes.has(failure.code) };
}

function report(
  event: SyncRequested,
  limits: ProcessLimits,
  record: EventRecord,
  { outcome, roundTripMs, receivedEpochMs }: Pick<EventEnd, 'outcome' | 'roundTripMs' | 'receivedEpochMs'>,
  deps: ProcessDependencies,
): void {
  const judgement = judge(outcome, { roundTripMs, providerMs: record.providerMs });
  const queueAgeMs = limits.sentEpochMs === undefined ? undefined : Math.max(0, receivedEpochMs - limits.sentEpochMs);
  const end = { outcome, judgement, receivedEpochMs, roundTripMs, queueAgeMs, coldStart: deps.takeColdStart() };
  const blame = judgement.kind === 'bad' ? judgement.blame : undefined;
  deps.metrics.write(toMetricValues(record, end), record.provider, deps.nowEpochMs(), blame);
  deps.log.write(levelOf(outcome), messageOf(outcome), {
    correlation_id: event.correlationId,
    connection_id: event.connectionId,
    provider: record.provider,
    outcome: outcome.kind,
    blame: blame ?? null,
    error_code: 'code' in outcome ? outcome.code : null,
    error_detail: 'detail' in outcome ? (outcome.detail ?? null) : null,
    version: record.version ?? null,
    attempts: record.attempts,
    quarantined: record.quarantined,
    // Said only where there is something to say: a log line is paid for by its length.
    ...(record.retries > 0 && { retries: record.retries }),
    ...(record.returned > 0 && { returned: record.returned }),
    ...(record.accountsError !== undefined && { accounts_error: record.accountsError }),
    ...(record.insightsRaised > 0 && { insights_raised: record.insightsRaised }),
    ...(record.insightsCleared > 0 && { insights_cleared: record.insightsCleared }),
    ...(record.insightsError !== undefined && {
      insights_error: record.insightsError.code,
      insights_error_detail: record.insightsError.detail,
    }),
    ...(record.fullReadDoubted && { full_read_doubted: true }),
    round_trip_ms: toHundredths(roundTripMs),
  });
}

function levelOf(outcome: Outcome): LogLevel {
  if (isExhausted(outcome) || isMisconfigured(outcome)) return 'critical';
  if (outcome.kind === 'failed') return 'error';
  return outcome.kind === 'stopped' || outcome.kind === 'postponed' ? 'warn' : 'info';
}

function isMisconfigured(outcome: Outcome): boolean {
  return outcome.kind === 'postponed' && outcome.misconfigured;
}

function messageOf(outcome: Outcome): string {
  if (isExhausted(outcome)) return 'retries exhausted';
  if (isMisconfigured(outcome)) return 'configuration refused';
  return `event ${outcome.kind}`;
}

function toHundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}
