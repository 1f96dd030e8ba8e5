/**
 * What the functions' own code costs: CPU of one event as a multiple of a unit of the reference loop, which runs in the same
 * seconds on the same cores. A faster, slower or busier machine changes both; a change of ours changes one. Pure.
 */
import { objectives } from '@quartersec/sla';
import { unitsPerEvent } from './cpu-gate.ts';
import type { Gate } from './gate.ts';
import type { Load } from './k6-plan.ts';

/**
 * The one place where the bound stands: 13.8 units as measured (November 2026, 2 shared cores of an Intel Xeon, 10,000 events a minute
 * that kept every latency while other work took a third of the machine: 3.55 CPU-ms beside 0.257 of a unit; two more runs on a busier one:
 * 14.1 and 14.7), and about a quarter of it as head-room. Cores of an AMD EPYC, where a unit takes 0.37 ms, are below it: the loop gains more from a fast core than the functions do.
 */
export const functionUnitsAtMost = 17;

export interface FunctionCpu {
  /** Of the functions' processes, whole run, ms. */
  readonly functionCpuMs: number;
  /** Events that they have answered. */
  readonly events: number;
  /** Of one unit of the reference loop in the same seconds, ms; `undefined` when none was done. */
  readonly referenceCpuMsPerUnit: number | undefined;
}

/** @returns CPU of one event in units of the reference loop; `undefined` when there is nothing to divide, or by */
export function functionUnitsPerEvent({
  functionCpuMs,
  events,
  referenceCpuMsPerUnit,
}: FunctionCpu): number | undefined {
  if (!(functionCpuMs > 0 && events > 0) || referenceCpuMsPerUnit === undefined || !(referenceCpuMsPerUnit > 0))
    return undefined;
  return unitsPerEvent({ cpuMsPerEvent: functionCpuMs / events, referenceCpuMsPerUnit });
}

/** What was not measured keeps no bound. */
export function keepsFunctionCpu(units: number | undefined): boolean {
  return units !== undefined && units <= functionUnitsAtMost;
}

/**
 * @param unitsPerEvent of unspoiled events
 * @param share of the bound that is wanted, above 1
 * @returns CPU that each event must waste to get there, ms
 */
export function wasteMsPast(unitsPerEvent: number, referenceCpuMsPerUnit: number, share: number): number {
  return Math.max(0, functionUnitsAtMost * share - unitsPerEvent) * referenceCpuMsPerUnit;
}

/**
 * @param cpu `undefined` where the CPU of processes cannot be read: there are latencies only
 * @returns one gate for a judged load of the promised rate; none for another, since what environments use while they wait is
 *   shared by more or fewer events
 */
export function functionCpuGates(load: Load, cpu: FunctionCpu | undefined): readonly Gate[] {
  const isJudged = load.atLeastPerMinute !== undefined && load.latencyDecides;
  if (cpu === undefined || !isJudged || load.ratePerMinute !== objectives.throughput.atLeastPerMinute) return [];
  const units = functionUnitsPerEvent(cpu);
  return [
    {
      name: functionCpuGateName,
      kind: 'cost',
      by: 'cpu',
      value: units === undefined ? 'nothing measured' : units.toFixed(2),
      bound: `<= ${functionUnitsAtMost}`,
      passed: keepsFunctionCpu(units),
    },
  ];
}

export const functionCpuGateName = 'CPU per event of the functions, times the reference loop';
