/** What a rate of events needs of each part, and which limit it meets. Pure arithmetic. */
import { deadlineBudget } from '@quartersec/sla';
import { busyOnAverage, serversFor } from './erlang-c.ts';
import { type LimitName, limits } from './limits.ts';
import { monthlyCost, providerTrafficBytes } from './monthly-cost.ts';
import {
  eventsPerMonthAt,
  hoursPerMonth,
  insightReadUnitsPerEvent,
  readUnits,
  type Workload,
  workload,
  writeUnitsPerEvent,
} from './workload.ts';

/** Waiting for an environment may take this of the promise: little, as the provider takes most of it. */
export const waitTarget = { percentile: 0.95, upToMs: 10 } as const;
/** As the sandbox sets it: six times the function's timeout of 5 s. */
export const visibilitySeconds = 30;
/** Of head reads that DAX answers, where it is used. */
const daxHitRate = 0.9;

export interface ScalePlan {
  readonly eventsPerMinute: number;
  readonly eventsPerSecond: number;
  /** Little's law at the mean duration. */
  readonly busy: number;
  /** Environments with which 95 % wait at most 10 ms: the maximum concurrency to set. */
  readonly concurrency: number;
  /** When the provider hangs and every event takes its hard deadline. */
  readonly concurrencyWhenHung: number;
  readonly queues: number;
  /** From a quiet queue to that concurrency, minutes, with so many queues. */
  readonly rampMinutes: number;
  /** Messages in flight when everything fails and waits for its visibility timeout. */
  readonly inFlightWhenFailing: number;
  readonly writeUnitsPerSecond: number;
  readonly readUnitsPerSecond: number;
  readonly partitions: number;
  /** Doublings of 30 min from a new table to here; 0 where it takes the rate at once, or is warmed up before. */
  readonly doublings: number;
  /** Work of DAX in cache hits a second; the part of writes falls on one node. */
  readonly daxHitsPerSecond: number;
  readonly daxWriteHitsPerSecond: number;
  /** Plaid's default quota, this many times over. */
  readonly plaidQuotas: number;
  /** Share of events that must be answered without a call under that quota, 0 to 1. */
  readonly coalescedShare: number;
  readonly providerMbitPerSecond: number;
  readonly logGbPerDay: number;
  readonly usdPerMonth: number;
  readonly exceeded: readonly LimitName[];
}

export function planFor(eventsPerMinute: number, given: Partial<Workload> = {}): ScalePlan {
  const load = workload({ ...given, eventsPerMonth: eventsPerMonthAt(eventsPerMinute) });
  const eventsPerSecond = eventsPerMinute / 60;
  const invocationsPerSecond = eventsPerSecond / load.eventsPerInvocation;
  const concurrency = serversFor(invocationsPerSecond, load.durationMs, waitTarget);
  const concurrencyWhenHung = Math.ceil(busyOnAverage(invocationsPerSecond, deadlineBudget.hardMs));
  const queues = Math.ceil(concurrency / limits.queueConcurrency.value);
  const writeUnitsPerSecond = eventsPerSecond * writeUnitsPerEvent(load);
  const readUnitsPerSecond =
    eventsPerSecond * (load.readsPerEvent * readUnits(load.headBytes) + insightReadUnitsPerEvent(load));
  const daxWriteHitsPerSecond = eventsPerSecond * limits.daxWriteWeight.value;
  const readWork = daxHitRate + (1 - daxHitRate) * limits.daxMissWeight.value;
  const bill = monthlyCost(load);
  const logGb = bill.lines.find(({ item }) => item === 'CloudWatch logs')?.quantity ?? 0;
  const plan = {
    eventsPerMinute,
    eventsPerSecond,
    busy: busyOnAverage(invocationsPerSecond, load.durationMs),
    concurrency,
    concurrencyWhenHung,
    queues,
    rampMinutes: Math.max(0, concurrency / queues - 5) / limits.queueGrowthPerMinute.value,
    inFlightWhenFailing: eventsPerSecond * visibilitySeconds,
    writeUnitsPerSecond,
    readUnitsPerSecond,
    partitions: partitionsFor(writeUnitsPerSecond, readUnitsPerSecond),
    doublings: Math.max(0, Math.ceil(Math.log2(writeUnitsPerSecond / limits.newTableWriteUnits.value))),
    daxHitsPerSecond: daxWriteHitsPerSecond + eventsPerSecond * load.readsPerEvent * readWork,
    daxWriteHitsPerSecond,
    plaidQuotas: eventsPerMinute / limits.plaidClientCallsPerMinute.value,
    coalescedShare: Math.max(0, 1 - limits.plaidClientCallsPerMinute.value / eventsPerMinute),
    providerMbitPerSecond: (eventsPerSecond * providerTrafficBytes * 8) / 1e6,
    logGbPerDay: (logGb / hoursPerMonth) * 24,
    usdPerMonth: bill.usd,
  };
  return { ...plan, exceeded: exceededBy(plan) };
}

/** At least so many: DynamoDB splits by traffic and by key, and more is what it usually has. */
export function partitionsFor(writeUnitsPerSecond: number, readUnitsPerSecond: number): number {
  return Math.max(
    1,
    Math.ceil(
      writeUnitsPerSecond / limits.partitionWriteUnits.value + readUnitsPerSecond / limits.partitionReadUnits.value,
    ),
  );
}

/** Environments that, busy all the time with one event each, call Plaid no more often than one client may. */
export function concurrencyWithinQuota(durationMs: number): number {
  return Math.floor(busyOnAverage(limits.plaidClientCallsPerMinute.value / 60, durationMs));
}

/** Events a minute of one connection, which is one partition key. */
export function connectionLimits(load: Workload): { readonly tablePerMinute: number; readonly plaidPerMinute: number } {
  return {
    tablePerMinute: (limits.partitionWriteUnits.value / writeUnitsPerEvent(load)) * 60,
    plaidPerMinute: limits.plaidItemCallsPerMinute.value,
  };
}

function exceededBy(plan: Omit<ScalePlan, 'exceeded'>): readonly LimitName[] {
  const asked: readonly (readonly [LimitName, number])[] = [
    ['plaidClientCallsPerMinute', plan.eventsPerMinute],
    ['gatewayRequestsPerSecond', plan.eventsPerSecond], // a webhook each
    ['lambdaConcurrency', plan.concurrencyWhenHung],
    ['newTableWriteUnits', plan.writeUnitsPerSecond],
    ['tableWriteUnits', plan.writeUnitsPerSecond],
    ['queueConcurrency', plan.concurrency],
    ['queueInFlight', plan.inFlightWhenFailing],
  ];
  return asked.flatMap(([name, value]) => (value > limits[name].value ? [name] : []));
}
