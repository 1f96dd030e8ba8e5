/** Reads Linux' /proc files. Pure: text in, numbers out. Sources: proc(5), proc_stat(5), proc_pid_stat(5). */

/** Clock ticks a second of the figures in /proc; 100 on every Linux that Node runs on (USER_HZ). */
const tickMs = 10;
const pageBytes = 4_096;

export interface MachineCpu {
  readonly totalMs: number;
  readonly idleMs: number;
  /** Time that the machine was ready to run and its host ran somebody else. */
  readonly stolenMs: number;
}

/** @param text of /proc/stat @returns `undefined` when it is not of that form */
export function parseMachineCpu(text: string): MachineCpu | undefined {
  const line = text.split('\n').find((each) => each.startsWith('cpu '));
  const ticks = line?.trim().split(/\s+/).slice(1, 9).map(Number);
  if (ticks === undefined || ticks.length < 8 || ticks.some(Number.isNaN)) return undefined;
  const [, , , idle = 0, waiting = 0, , , stolen = 0] = ticks;
  const total = ticks.reduce((sum, each) => sum + each, 0);
  return { totalMs: total * tickMs, idleMs: (idle + waiting) * tickMs, stolenMs: stolen * tickMs };
}

/** Shares between two readings, each 0 to 1. */
export function cpuShares(before: MachineCpu, after: MachineCpu): { readonly stolen: number; readonly idle: number } {
  const totalMs = after.totalMs - before.totalMs;
  if (totalMs <= 0) return { stolen: 0, idle: 0 };
  return { stolen: (after.stolenMs - before.stolenMs) / totalMs, idle: (after.idleMs - before.idleMs) / totalMs };
}

export interface ProcessStat {
  readonly parentPid: number;
  /** User and system time, without that of its children. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** @param text of /proc/<pid>/stat; the command's name stands in brackets and may hold anything */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parentPid, user, system, pages] = [fields[1], fields[11], fields[12], fields[21]].map(Number);
  if (parentPid === undefined || user === undefined || system === undefined || pages === undefined) return undefined;
  if ([parentPid, user, system, pages].some(Number.isNaN)) return undefined;
  return { parentPid, cpuMs: (user + system) * tickMs, memoryBytes: pages * pageBytes };
}
