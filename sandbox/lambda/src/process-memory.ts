import { readFileSync } from 'node:fs';

export interface ProcessMemory {
  readonly residentMb: number;
  readonly peakMb: number;
}

/**
 * Resident memory of a process, now and at most.
 * @returns `undefined` where there is no such process, or no /proc (macOS): limits then rest on the runtime alone
 * @see proc_pid_status(5)
 */
export function readProcessMemory(pid: number): ProcessMemory | undefined {
  let status: string;
  try {
    // Synchronous: procfs answers from memory within microseconds, a trip through the thread pool costs more.
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return undefined;
  }
  const residentKb = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  const peakKb = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (residentKb === undefined || peakKb === undefined) return undefined; // a zombie has neither
  return { residentMb: Math.ceil(Number(residentKb) / 1024), peakMb: Math.ceil(Number(peakKb) / 1024) };
}
