/** What one event measures about itself on its way through the pipeline; turned into metrics and a log line at the end. */
import type { MetricName } from '@quartersec/sla';
import type { MetricValues } from '@quartersec/telemetry';
import type { Failure } from './failure.ts';
import type { Judgement } from './judgement.ts';
import { isExhausted, type Outcome } from './outcome.ts';

export const pipelineSteps = [
  'load',
  'fetch',
  'validate',
  'accounts',
  'normalise',
  'quarantine',
  'derive',
  'commit',
  'head',
  'insights',
  'return',
  'continue',
] as const;
export type PipelineStep = (typeof pipelineSteps)[number];

export interface StepTime {
  readonly step: PipelineStep;
  readonly ms: number;
}

/** Lives as long as its event: nothing in it is shared. */
export interface EventRecord {
  provider: string;
  attempts: number;
  retries: number;
  /** Calls answered with "too many requests". */
  throttled: number;
  providerMs: number;
  /** The slowest page. */
  processingMs: number | undefined;
  storeMs: number | undefined;
  committed: number;
  added: number;
  modified: number;
  removed: number;
  quarantined: number;
  unknownFields: number;
  unknownEnums: number;
  conflicts: number;
  /** Records that were set aside and came back. */
  returned: number;
  /** Insights that its pages raised, and those that they cleared. */
  insightsRaised: number;
  insightsCleared: number;
  /** Why nothing could be derived, or the state not be stored; the event went on without. */
  insightsError: Failure | undefined;
  /** Code of an account list that could not be read; the event went on without. */
  accountsError: string | undefined;
  /** A full read that would take away much of what stands, and is not believed yet. */
  fullReadDoubted: boolean;
  version: number | undefined;
  /** End of the last complete sync before this event; absent where the connection is not active, or never had one. */
  lastSyncEpochMs: number | undefined;
  readonly steps: StepTime[];
}

export function createEventRecord(): EventRecord {
  return {
    provider: 'unknown',
    attempts: 0,
    retries: 0,
    throttled: 0,
    providerMs: 0,
    processingMs: undefined,
    storeMs: undefined,
    committed: 0,
    added: 0,
    modified: 0,
    removed: 0,
    quarantined: 0,
    unknownFields: 0,
    unknownEnums: 0,
    conflicts: 0,
    returned: 0,
    insightsRaised: 0,
    insightsCleared: 0,
    insightsError: undefined,
    accountsError: undefined,
    fullReadDoubted: false,
    version: undefined,
    lastSyncEpochMs: undefined,
    steps: [],
  };
}

/** What is known of an event beside its record. */
export interface EventEnd {
  readonly outcome: Outcome;
  readonly judgement: Judgement;
  /** When it was received. */
  readonly receivedEpochMs: number;
  readonly roundTripMs: number;
  readonly queueAgeMs: number | undefined;
  readonly coldStart: boolean;
}

/** Provider errors that say "this is not what was agreed": ours or theirs has changed. */
const contractCodes = new Set(['PAGE_INVALID', 'BODY_UNREADABLE', 'BODY_TOO_LARGE']);

/** Loops of pages that do not come to their end. */
export const paginationCodes: ReadonlySet<string> = new Set(['PAGINATION_UNSTABLE', 'PAGINATION_STUCK']);

/** The event's metrics. Times always; a count only where something happened: readers start every counter at 0. */
export function toMetricValues(record: EventRecord, end: EventEnd): MetricValues {
  const { outcome, judgement } = end;
  const code = 'code' in outcome ? outcome.code : '';
  const exhausted = isExhausted(outcome);
  const counts = {
    Retries: record.retries,
    RetriesExhausted: Number(exhausted && !paginationCodes.has(code)),
    RestartsExhausted: Number(exhausted && paginationCodes.has(code)),
    ContractBroken: Number(exhausted && contractCodes.has(code)),
    AddressRefused: Number(code === 'URL_REFUSED'),
    ConfigurationRefused: Number(outcome.kind === 'postponed' && outcome.misconfigured),
    ConsentEnded: Number(outcome.kind === 'stopped' && outcome.now),
    Events: Number(judgement.kind === 'good' || judgement.kind === 'bad'),
    Bad: Number(judgement.kind === 'bad'),
    Refused: Number(judgement.kind === 'refused'),
    Committed: record.committed,
    Failed: Number(outcome.kind === 'failed' && judgement.kind === 'bad'),
    Coalesced: Number(outcome.kind === 'coalesced'),
    Deferred: Number(outcome.kind === 'postponed'),
    Throttled: record.throttled,
    Quarantined: record.quarantined,
    UnknownFields: record.unknownFields,
    UnknownEnums: record.unknownEnums,
    Conflicts: record.conflicts,
    InsightsMissed: Number(record.insightsError !== undefined),
    ColdStart: Number(end.coldStart),
  } satisfies MetricValues;
  const values: Partial<Record<MetricName, number>> = {};
  // A deferred event is not over: its time is measured when it comes back. Nor is a refusal a fast event.
  if (counts.Events > 0 && outcome.kind !== 'postponed') values.RoundTrip = end.roundTripMs;
  if (record.processingMs !== undefined) values.Processing = record.processingMs;
  if (record.storeMs !== undefined) values.Store = record.storeMs;
  if (record.attempts > 0) {
    values.ProviderTime = record.providerMs;
    values.Attempts = record.attempts;
  }
  if (end.queueAgeMs !== undefined) values.QueueAge = end.queueAgeMs;
  if (record.lastSyncEpochMs !== undefined) values.SyncAge = Math.max(0, end.receivedEpochMs - record.lastSyncEpochMs);
  for (const [name, count] of Object.entries(counts)) if (count > 0) values[name as keyof typeof counts] = count;
  return values;
}
