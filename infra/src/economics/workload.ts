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
  /** Lines of an event itself; Lambda's own come on top. */
  readonly logBytes: number;
  readonly memoryMb: number;
  /** Of one invocation. */
  readonly durationMs: number;
  /** Messages that an invocation gets from the queue, on average; 1 is the dearest. */
  readonly eventsPerInvocation: number;
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
    logBytes: eventFigures.logBytes.value,
    memoryMb,
    durationMs: eventDurationMs(memoryMb),
    eventsPerInvocation: 1,
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

/** Journal entry and head: the two writes of every event. Measured entries lie on both sides of a KB, so their mean counts. */
export function writeUnitsPerEvent({ entryBytes, headBytes }: Pick<Workload, 'entryBytes' | 'headBytes'>): number {
  const isMeasured = entryBytes === eventFigures.entryBytes.value;
  return (isMeasured ? eventFigures.entryWriteUnits.value : writeUnits(entryBytes)) + writeUnits(headBytes);
}
