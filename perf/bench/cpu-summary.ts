/** What the turns of the functions and the reference loop say of an event's cost. Pure. */
import { functionUnitsPerEvent, keepsFunctionCpu } from '../src/function-cpu-gate.ts';
import { type Spread, spreadOf } from './ratios.ts';

/** One turn of the functions, and what the reference loop cost in the same seconds. */
export interface CpuTurn {
  readonly events: number;
  /** Of the function's processes, all events, ms. */
  readonly functionCpuMs: number;
  readonly referenceCpuMsPerUnit: number;
  /** Resident memory of one environment. */
  readonly memoryBytes: number;
  readonly environments: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Shares of the machine's CPU time in this turn, 0 to 1. */
  readonly stolen: number;
  readonly idle: number;
}

export interface CpuSummary {
  readonly cpuMsPerEvent: Spread | undefined;
  readonly referenceCpuMsPerUnit: Spread | undefined;
  /** CPU of an event in units of the reference loop, turn by turn. */
  readonly unitsPerEvent: Spread | undefined;
  readonly memoryMb: Spread | undefined;
  readonly p50Ms: Spread | undefined;
  readonly p95Ms: Spread | undefined;
  /** Of any turn, at most. */
  readonly stolen: number;
  /** Whether the median of the units keeps the bound of the gate. */
  readonly isKept: boolean;
}

const megabyte = 1_048_576;
/** A turn that lost so much of the CPU to neighbours says little about times. */
const stolenTooMuch = 0.1;

export function summariseCpu(turns: readonly CpuTurn[]): CpuSummary {
  const unitsPerEvent = spreadOf(turns.flatMap((turn) => functionUnitsPerEvent(turn) ?? []));
  return {
    cpuMsPerEvent: spreadOf(turns.map(({ functionCpuMs, events }) => functionCpuMs / events)),
    referenceCpuMsPerUnit: spreadOf(turns.map(({ referenceCpuMsPerUnit }) => referenceCpuMsPerUnit)),
    unitsPerEvent,
    memoryMb: spreadOf(turns.map(({ memoryBytes }) => memoryBytes / megabyte)),
    p50Ms: spreadOf(turns.map(({ p50Ms }) => p50Ms)),
    p95Ms: spreadOf(turns.map(({ p95Ms }) => p95Ms)),
    stolen: Math.max(0, ...turns.map(({ stolen }) => stolen)),
    isKept: keepsFunctionCpu(unitsPerEvent?.median),
  };
}

export function renderCpuTable(summary: CpuSummary): readonly (readonly string[])[] {
  const row = (name: string, spread: Spread | undefined, decimals: number) => [
    name,
    spread?.median.toFixed(decimals) ?? '-',
    spread === undefined ? '-' : `${spread.least.toFixed(decimals)} to ${spread.most.toFixed(decimals)}`,
  ];
  const stolen = `${(summary.stolen * 100).toFixed(1)} %`;
  return [
    ['', 'median', 'spread'],
    row('CPU per event, times the reference loop', summary.unitsPerEvent, 2),
    row('CPU-ms per event', summary.cpuMsPerEvent, 2),
    row('CPU-ms of one unit of the reference loop', summary.referenceCpuMsPerUnit, 3),
    row('memory of an environment, MB', summary.memoryMb, 0),
    row('RoundTrip p50, ms', summary.p50Ms, 1),
    row('RoundTrip p95, ms', summary.p95Ms, 1),
    ['CPU stolen by neighbours, at most', summary.stolen > stolenTooMuch ? `${stolen}: times mean little` : stolen],
  ];
}
