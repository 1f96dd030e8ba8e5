/** What the processes of one function have used so far, from /proc. Linux only. */
import { readFileSync } from 'node:fs';
import { parseProcessStat } from '../src/proc-files.ts';

export interface FunctionCost {
  /** User and system time, all processes of the function. */
  readonly cpuMs: number;
  /** Resident memory of one environment: mean. */
  readonly memoryBytes: number;
  readonly environments: number;
}

/**
 * @param pids of the function's environments
 * @throws {Error} where there is no /proc, or one of the processes has ended: its share would be missing
 */
export function readFunctionCost(pids: readonly number[]): FunctionCost {
  const stats = pids.map((pid) => {
    const stat = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    if (stat === undefined) throw new Error(`/proc/${pid}/stat cannot be read`);
    return stat;
  });
  const memoryBytes = stats.reduce((sum, stat) => sum + stat.memoryBytes, 0) / Math.max(1, stats.length);
  return { cpuMs: stats.reduce((sum, stat) => sum + stat.cpuMs, 0), memoryBytes, environments: stats.length };
}
