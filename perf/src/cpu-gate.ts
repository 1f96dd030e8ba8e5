/**
 * The way out when neighbours steal the machine: not latency but CPU per event, as a ratio to the reference process of the
 * same seconds, which they slow down alike. Pure.
 *
 * The bound says that the promised rate fits this machine when it is calm: `cores` x 60 s of CPU a minute are shared by the
 * promised events; above four fifths of it queues grow faster than latencies allow. In units of the reference, so that a
 * slowed machine is compared with itself.
 */
import { objectives } from '@quartersec/sla';
import type { Gate } from './gate.ts';

const utilisationAtMost = 0.8;
/** CPU-ms of one unit of `reference-loop.ts`, as measured in green runs of November 2026 (0.34 to 0.38). */
const calmCpuMsPerUnit = 0.37;

export interface CpuCost {
  readonly cpuMsPerEvent: number;
  readonly referenceCpuMsPerUnit: number;
  readonly cores: number;
}

/** @returns CPU of one event in units of the reference */
export function unitsPerEvent({ cpuMsPerEvent, referenceCpuMsPerUnit }: Omit<CpuCost, 'cores'>): number {
  return cpuMsPerEvent / referenceCpuMsPerUnit;
}

export function cpuGate(cost: CpuCost): Gate {
  const affordableMs = (cost.cores * 60_000 * utilisationAtMost) / objectives.throughput.atLeastPerMinute;
  const bound = affordableMs / calmCpuMsPerUnit;
  const units = unitsPerEvent(cost);
  return {
    name: 'CPU per event, in reference units',
    kind: 'performance',
    by: 'cpu',
    value: units.toFixed(2),
    bound: `<= ${bound.toFixed(2)}`,
    passed: units <= bound,
  };
}
