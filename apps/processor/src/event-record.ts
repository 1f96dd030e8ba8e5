/** What one event measures about itself on its way through the pipeline; turned into metrics and a log line at the end. */
import type { MetricValues } from '@quartersec/telemetry';

export const pipelineSteps = [
  'load',
  'fetch',
  'validate',
  'normalise',
  'quarantine',
  'commit',
  'head',
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
  version: number | undefined;
  readonly steps: StepTime[];
}

export function createEventRecord(): EventRecord {
  return {
    provider: 'unknown',
    attempts: 0,
    retries: 0,
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
    version: undefined,
    steps: [],
  };
}

/** How an event ended, as counts. */
export interface EventEnd {
  readonly roundTripMs: number;
  readonly queueAgeMs: number | undefined;
  readonly coldStart: boolean;
  readonly coalesced: boolean;
  readonly failed: boolean;
  readonly exhausted: boolean;
}

/** The event's metrics. Times always; a count only where something happened: readers start every counter at 0. */
export function toMetricValues(record: EventRecord, end: EventEnd): MetricValues {
  const counts = {
    Retries: record.retries,
    RetriesExhausted: Number(end.exhausted),
    Committed: record.committed,
    Failed: Number(end.failed),
    Coalesced: Number(end.coalesced),
    Quarantined: record.quarantined,
    UnknownFields: record.unknownFields,
    UnknownEnums: record.unknownEnums,
    Conflicts: record.conflicts,
    ColdStart: Number(end.coldStart),
  } satisfies MetricValues;
  return {
    RoundTrip: end.roundTripMs,
    ...(record.processingMs === undefined ? {} : { Processing: record.processingMs }),
    ...(record.storeMs === undefined ? {} : { Store: record.storeMs }),
    ...(record.attempts === 0 ? {} : { ProviderTime: record.providerMs, Attempts: record.attempts }),
    ...(end.queueAgeMs === undefined ? {} : { QueueAge: end.queueAgeMs }),
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
  };
}
