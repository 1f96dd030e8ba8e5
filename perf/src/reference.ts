/** Starts the reference process and reads what a unit of it costs. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ReferenceTotals {
  readonly units: number;
  readonly cpuMs: number;
}

export interface Reference {
  totals(): ReferenceTotals;
  close(): Promise<void>;
}

export function startReference(): Reference {
  const child = fork(fileURLToPath(new URL('./reference-loop.ts', import.meta.url)), { stdio: 'ignore' });
  let totals: ReferenceTotals = { units: 0, cpuMs: 0 };
  child.on('message', (message) => {
    totals = message as ReferenceTotals;
  });
  return {
    totals: () => totals,
    async close() {
      if (child.exitCode !== null || !child.connected) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** @returns CPU-ms of one unit between two readings; `undefined` when none was done */
export function cpuMsPerUnit(before: ReferenceTotals, after: ReferenceTotals): number | undefined {
  const units = after.units - before.units;
  return units > 0 ? (after.cpuMs - before.cpuMs) / units : undefined;
}
