/** What one event takes: the inputs of cost and scale, each measured (with the command) or assumed (with the reason). */
import { logNormalMean } from './log-normal.ts';

export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly meaning: string;
  /** The command that measured it, or why it was assumed. */
  readonly from: string;
  readonly kind: 'measured' | 'assumed';
}

/** Runs a system and holds the rows of docs/cost.md to what its events leave behind. */
const eventSize = 'sandbox/journeys/src/event-size.test.ts';
/** Packs the entries and heads of simulated events; a test holds the rows of docs/cost.md to it. */
const packing = 'npm run bench -- packing';
/** 30 s at 10,000 events a minute on two shared cores that also carried everything else. */
const load = 'npm run perf';

export const eventFigures = {
  entryBytes: {
    value: 955,
    unit: 'bytes',
    meaning: 'journal entry of an ordinary event, packed, with ids and cursors as a real bank has them',
    from: packing,
    kind: 'measured',
  },
  entryWriteUnits: {
    value: 1.28,
    unit: 'units',
    meaning: 'write units of such an entry, mean: most are below 1 KB, some above',
    from: packing,
    kind: 'measured',
  },
  firstEntryBytes: {
    value: 2_683,
    unit: 'bytes',
    meaning: "journal entry of a connection's first page, packed, with the simulator's ids",
    from: eventSize,
    kind: 'measured',
  },
  headBytes: { value: 546, unit: 'bytes', meaning: 'head of a connection, packed', from: packing, kind: 'measured' },
  insightStateBytes: {
    value: 4_021,
    unit: 'bytes',
    meaning: 'state of the insights of a connection with 200 counterparties and two years, packed, median',
    from: 'npm run bench -- insights',
    kind: 'measured',
  },
  insightStateEvery: {
    value: 8,
    unit: 'entries',
    meaning: 'after which the state is written again; reads go on from it with the entries behind',
    from: 'apps/processor/src/insights/event-insights.ts',
    kind: 'assumed',
  },
  logBytes: {
    value: 1_149,
    unit: 'bytes',
    meaning: 'log line and metrics line of an event',
    from: eventSize,
    kind: 'measured',
  },
  providerBytes: {
    value: 5_700,
    unit: 'bytes',
    meaning: "simulated provider's answer, uncompressed; a real one says more about each record",
    from: eventSize,
    kind: 'measured',
  },
  roundTripP50Ms: { value: 75, unit: 'ms', meaning: 'round trip, median', from: load, kind: 'measured' },
  roundTripP95Ms: { value: 154, unit: 'ms', meaning: 'round trip, p95', from: load, kind: 'measured' },
  cpuMs: {
    value: 5.3,
    unit: 'ms',
    meaning: 'CPU of the function an event, on a whole core',
    from: 'npm run bench -- cpu',
    kind: 'measured',
  },
  fullCoreMb: {
    value: 1_769,
    unit: 'MB',
    meaning: 'memory at which Lambda gives one vCPU; less memory, less of it',
    from: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html',
    kind: 'assumed',
  },
  webhookMs: {
    value: 15,
    unit: 'ms',
    meaning: 'webhook function, one call an event',
    from: 'one signature and one SQS call',
    kind: 'assumed',
  },
  webhookLogBytes: {
    value: 619,
    unit: 'bytes',
    meaning: "webhook's log line and metrics line",
    from: eventSize,
    kind: 'measured',
  },
  gatewayLogBytes: {
    value: 270,
    unit: 'bytes',
    meaning: "a webhook's line in the access log of the gateway",
    from: 'length of such a line, and the 26 bytes that CloudWatch adds',
    kind: 'assumed',
  },
  requestBytes: {
    value: 1_000,
    unit: 'bytes',
    meaning: 'request to the provider with headers and TLS',
    from: 'size of a sync request',
    kind: 'assumed',
  },
  environmentHours: {
    value: 2,
    unit: 'hours',
    meaning: 'life of a function environment; each start reads the secrets',
    from: 'AWS does not say; the line is small',
    kind: 'assumed',
  },
} as const satisfies Record<string, Figure>;

/** Mean time of one event on Lambda, ms: waiting as measured, CPU stretched to the share that the memory buys. */
export function eventDurationMs(memoryMb: number): number {
  const { roundTripP50Ms, roundTripP95Ms, cpuMs, fullCoreMb } = eventFigures;
  const waitingMs = logNormalMean(roundTripP50Ms.value, roundTripP95Ms.value) - cpuMs.value;
  return waitingMs + cpuMs.value * Math.max(1, fullCoreMb.value / memoryMb);
}
