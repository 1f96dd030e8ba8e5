/** What is asked of the system in a month, and what it is made of. */
import { eventDurationMs, eventFigures } from './event-figures.ts';
import type { DaxNodeType } from './price-list.ts';

/** As AWS counts a month. */
export const hoursPerMonth = 730;

export interface DaxCluster {
  readonly nodes: number;
  readonly nodeType: DaxNodeType;
  /** Share of the head reads that DAX answers, 0 to 1. */
  readonly hitRate: number;
}

export interface Workload {
  readonly eventsPerMonth: number;
  readonly entryBytes: number;
  readonly headBytes: number;
  /** State of the insights; 0: none are derived. */
  readonly insightStateBytes: number;
  /** Lines of an event. */
  readonly logBytes: number;
  readonly memoryMb: number;
  /** Of one invocation. */
  readonly durationMs: number;
  /** Messages that an invocation gets from the queue, on average; 1 is the dearest. */
  readonly eventsPerInvocation: number;
  /** Of which a webhook told; the others come by the schedule or the app's own call: 0 to 1. */
  readonly webhooksPerEvent: number;
  /** Or to an address of their own (`webhookConcurrency`), which a system of this size has the concurrency for. */
  readonly webhooksThroughGateway: boolean;
  /** Head reads that come with an event: its own, and those of the app. */
  readonly readsPerEvent: number;
  /** Months since the start, from 1: nothing is ever deleted, so storage grows. */
  readonly month: number;
  /** Environments kept ready all month. */
  readonly provisionedEnvironments: number;
  readonly dax?: DaxCluster;
}

/** @param given at least how much; everything else has a default that was measured or is said to be assumed */
export function workload(given: Partial<Workload> & Pick<Workload, 'eventsPerMonth'>): Workload {
  const memoryMb = given.memoryMb ?? 1_024;
  return {
    entryBytes: eventFigures.entryBytes.value,
    headBytes: eventFigures.headBytes.value,
    insightStateBytes: eventFigures.insightStateBytes.value,
    logBytes: eventFigures.logBytes.value,
    memoryMb,
    durationMs: eventDurationMs(memoryMb),
    eventsPerInvocation: 1,
    webhooksPerEvent: 1,
    webhooksThroughGateway: false,
    readsPerEvent: 1,
    month: 1,
    provisionedEnvironments: 0,
    ...given,
  };
}

/** Events in a month of so many a minute, all day. */
export function eventsPerMonthAt(perMinute: number): number {
  return perMinute * 60 * hoursPerMonth;
}

export function eventsPerSecond({ eventsPerMonth }: Pick<Workload, 'eventsPerMonth'>): number {
  return eventsPerMonth / hoursPerMonth / 3_600;
}

/** DynamoDB writes by the KB that is begun. */
export function writeUnits(bytes: number): number {
  return Math.ceil(bytes / 1_024);
}

/** One eventually consistent read: half a unit for each 4 KB that is begun. */
export function readUnits(bytes: number): number {
  return Math.ceil(bytes / 4_096) / 2;
}

type Stored = Pick<Workload, 'entryBytes' | 'headBytes' | 'insightStateBytes'>;

/** Journal entry and head with every event, the insights' state with one in so many. Measured entries lie on both sides of a KB, so their mean counts. */
export function writeUnitsPerEvent({ entryBytes, headBytes, insightStateBytes }: Stored): number {
  const isMeasured = entryBytes === eventFigures.entryBytes.value;
  const entry = isMeasured ? eventFigures.entryWriteUnits.value : writeUnits(entryBytes);
  return entry + writeUnits(headBytes) + writeUnits(insightStateBytes) / eventFigures.insightStateEvery.value;
}

/** The state, and the entries behind it: half of those after which it is written again, on average. */
export function insightReadUnitsPerEvent({ entryBytes, insightStateBytes }: Stored): number {
  if (insightStateBytes === 0) return 0;
  const entriesBehind = eventFigures.insightStateEvery.value / 2;
  return readUnits(insightStateBytes) + readUnits(entriesBehind * entryBytes);
}
