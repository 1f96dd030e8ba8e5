/** Measures what each part of a run costs, once a second, so that a process that ends in between is still counted. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';
import { cpuShares, type MachineCpu, parseMachineCpu, parseProcessStat } from './proc-files.ts';
import { type Part, type ProcessSeen, partsOf } from './process-parts.ts';

export interface CpuPoint {
  readonly atEpochMs: number;
  /** Shares of the second before, 0 to 1. */
  readonly stolen: number;
  readonly idle: number;
}

type ByPart = Readonly<Partial<Record<Part, number>>>;

export interface MemoryPoint {
  readonly atEpochMs: number;
  readonly bytes: ByPart;
  /** Open files, sockets among them. */
  readonly handles: ByPart;
}

export interface CpuUse {
  /** Shares of the whole time, 0 to 1. */
  readonly stolen: number;
  readonly idle: number;
  /** Of all other processes of the machine, 0 to 1: neighbours within. */
  readonly others: number;
  readonly cpuMs: Readonly<Partial<Record<Part, number>>>;
  /** At the end. */
  readonly memoryBytes: Readonly<Partial<Record<Part, number>>>;
  readonly memory: readonly MemoryPoint[];
  readonly points: readonly CpuPoint[];
}

export interface CpuMeter {
  /** @returns `undefined` where there is no /proc */
  stop(): CpuUse | undefined;
}

const everyMs = 1_000;

interface Reading {
  readonly part: Part;
  readonly firstMs: number;
  lastMs: number;
}

export function startCpuMeter(rootPid: number): CpuMeter {
  const begun = readMachine();
  if (begun === undefined) return { stop: () => undefined };
  let last = begun;
  const readings = new Map<number, Reading>();
  const points: CpuPoint[] = [];
  const memory: MemoryPoint[] = [];
  const alreadyThere = new Set(readProcesses().map(({ pid }) => pid));

  const look = () => {
    const processes = readProcesses();
    const parts = partsOf(processes, rootPid);
    const bytes: Partial<Record<Part, number>> = {};
    const handles: Partial<Record<Part, number>> = {};
    for (const { pid, cpuMs, memoryBytes } of processes) {
      const part = parts.get(pid);
      if (part === undefined) continue;
      const known = readings.get(pid);
      // What started during the run counts from 0; what was there before, from now.
      if (known === undefined) readings.set(pid, { part, firstMs: alreadyThere.has(pid) ? cpuMs : 0, lastMs: cpuMs });
      else known.lastMs = cpuMs;
      bytes[part] = (bytes[part] ?? 0) + memoryBytes;
      handles[part] = (handles[part] ?? 0) + countHandles(pid);
    }
    memory.push({ atEpochMs: Date.now(), bytes, handles });
    const now = readMachine();
    if (now === undefined) return;
    if (points.length > 0 || now.totalMs > last.totalMs)
      points.push({ atEpochMs: Date.now(), ...cpuShares(last, now) });
    last = now;
  };
  look();
  const looking = setInterval(look, everyMs);
  return {
    stop() {
      clearInterval(looking);
      look();
      const cpuMs: Partial<Record<Part, number>> = {};
      for (const { part, firstMs, lastMs } of readings.values()) cpuMs[part] = (cpuMs[part] ?? 0) + lastMs - firstMs;
      const { stolen, idle } = cpuShares(begun, last);
      const oursMs = Object.values(cpuMs).reduce((sum, each) => sum + each, 0);
      const others = Math.max(0, 1 - stolen - idle - oursMs / Math.max(1, last.totalMs - begun.totalMs));
      return { stolen, idle, others, cpuMs, memoryBytes: memory.at(-1)?.bytes ?? {}, memory, points };
    },
  };
}

/** @returns the processes below `rootPid` by part, those first that have used most CPU; empty where there is no /proc */
export function processesByPart(rootPid: number): ReadonlyMap<Part, readonly { readonly pid: number }[]> {
  if (readMachine() === undefined) return new Map();
  const processes = readProcesses().sort((left, right) => right.cpuMs - left.cpuMs);
  const parts = partsOf(processes, rootPid);
  return Map.groupBy(
    processes.filter(({ pid }) => parts.has(pid)),
    ({ pid }) => parts.get(pid) ?? 'other',
  );
}

function readMachine(): MachineCpu | undefined {
  return parseMachineCpu(readText('/proc/stat') ?? '');
}

function readProcesses(): (ProcessSeen & { readonly cpuMs: number; readonly memoryBytes: number })[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = parseProcessStat(readText(`/proc/${name}/stat`) ?? '');
      if (stat === undefined) return [];
      const command = (readText(`/proc/${name}/cmdline`) ?? '').replaceAll('\0', ' ');
      return [{ pid: Number(name), command, ...stat }];
    });
}

/** @returns 0 for a process that has ended meanwhile */
function countHandles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // ended meanwhile, or no Linux
  }
}
