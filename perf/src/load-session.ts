/** One system under load: stretches of load, each measured from all sides. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { type CpuUse, startCpuMeter } from './cpu-meter.ts';
import { functionCpuGates } from './function-cpu-gate.ts';
import { functionGates } from './function-gates.ts';
import type { Gate } from './gate.ts';
import { type Load, makePlan } from './k6-plan.ts';
import { type ClientView, clientView, gatesOf } from './k6-summary.ts';
import { cpuMsPerUnit, type Reference } from './reference.ts';
import { runK6 } from './run-k6.ts';
import type { SystemUnderLoad } from './system-under-load.ts';
import { collect, type SeriesByMetric, valuesOf } from './time-series.ts';

export interface MeasuredRun {
  readonly load: Load;
  readonly startedEpochMs: number;
  readonly k6ExitCode: number;
  readonly client: ClientView;
  /** Of the functions, by the lines they wrote while the load ran. */
  readonly series: SeriesByMetric;
  /** `undefined` where there is no /proc. */
  readonly cpu: CpuUse | undefined;
  readonly referenceCpuMsPerUnit: number | undefined;
  readonly gates: readonly Gate[];
}

export interface SessionDeps {
  readonly system: SystemUnderLoad;
  readonly reference: Reference;
  readonly k6Path: string;
  /** A folder that exists, for what passes between Node and k6. */
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
}

export interface LoadSession {
  run(load: Load): Promise<MeasuredRun>;
  /** Events that the queue has taken over so far, by stretch of load. */
  readonly queued: readonly { readonly prefix: string; readonly sent: number }[];
}

const fetchEveryMs = 500;
/** What is under way when the last event is sent may still end: more is a backlog. */
const graceMs = 1_000;
const drainWithinMs = 60_000;

export function createLoadSession({ system, reference, k6Path, scratchFolder, signal }: SessionDeps): LoadSession {
  const queued: { prefix: string; sent: number }[] = [];
  let stretches = 0;
  return {
    queued,
    async run(load) {
      stretches += 1;
      const idPrefix = `perf-${stretches}-`;
      const summaryPath = `${scratchFolder}/k6-${process.pid}-${Date.now()}-${stretches}.json`;
      const plan = makePlan(load, system, { idPrefix, summaryPath });
      await system.samples(); // what came before is not ours
      const series: Record<string, (readonly [number, number])[]> = {};
      const fetching = everyWhile(fetchEveryMs, async () => collect(series, await system.samples()));
      const meter = startCpuMeter(process.pid);
      const referenceBefore = reference.totals();
      const startedEpochMs = Date.now();
      try {
        const { exitCode, summary } = await runK6(k6Path, load.mode, plan, signal);
        // Judged by what becomes of each event in the end: so the end is part of the measurement.
        if (!load.latencyDecides && load.mode === 'batch') await system.drain(drainWithinMs);
        const cpu = meter.stop();
        const referenceAfter = reference.totals();
        await sleepMs(graceMs);
        await fetching.stop();
        const client = clientView(summary);
        const referenceCpuMsPerUnit = cpuMsPerUnit(referenceBefore, referenceAfter);
        // With reads beside the events no one can say which of the two a millisecond was for.
        const functionCpu = (load.readsPerMinute ?? 0) === 0 &&
          cpu && {
            functionCpuMs: cpu.cpuMs.environments ?? 0,
            events: valuesOf(series, 'RoundTrip').length,
            referenceCpuMsPerUnit,
          };
        if (load.mode === 'batch') queued.push({ prefix: idPrefix, sent: client.eventsSent });
        return {
          load,
          startedEpochMs,
          k6ExitCode: exitCode,
          client,
          series,
          cpu,
          referenceCpuMsPerUnit,
          gates: [
            ...gatesOf(summary),
            ...functionGates(load, series),
            ...functionCpuGates(load, functionCpu || undefined),
          ],
        };
      } finally {
        meter.stop();
        await fetching.stop();
      }
    },
  };
}

/** Repeats a task, never two at once, until stopped; `stop` runs it one last time. */
function everyWhile(everyMs: number, task: () => Promise<void>): { stop(): Promise<void> } {
  let stopped = false;
  const waking = new AbortController();
  const running = (async () => {
    while (!stopped) {
      await task();
      await sleepMs(everyMs, undefined, { signal: waking.signal }).catch(() => {});
    }
  })();
  running.catch(() => {}); // reported by stop()
  return {
    async stop() {
      if (stopped) return;
      stopped = true;
      waking.abort();
      await running;
      await task();
    },
  };
}
