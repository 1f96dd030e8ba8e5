/** Climbs in steps until the promise breaks, narrows down where, and looks at what limits it. */
import { join } from 'node:path';
import { setTimeout as sleepMs } from 'node:timers/promises';
import { objectives } from '@quartersec/sla';
import { formatMs } from './duration.ts';
import type { Gate } from './gate.ts';
import type { Load } from './k6-plan.ts';
import type { LoadSession, MeasuredRun } from './load-session.ts';
import type { Bench } from './open-bench.ts';
import { profileFindings, profileParts, profilingMs } from './profile-parts.ts';
import { summariseRun } from './report/summarise-run.ts';
import { reportsFolder } from './report/write-report.ts';
import type { SystemUnderLoad } from './system-under-load.ts';
import { verdictOfRun } from './verdict.ts';

export interface Step {
  readonly ratePerMinute: number;
  readonly kept: boolean;
}

/** Above this a single k6 and a single host are measured, not the functions. */
const highestPerMinute = 300_000;
/** The limit is known well enough when it lies within this share of a step. */
const precisionShare = 1 / 4;
const drainWithinMs = 60_000;
/** Of each part, at the rate that broke the promise; the load goes on a little before and after. */
const profileMs = 4_000;
const settleInMs = 3_000;

/**
 * @param stepPerMinute height of a step
 * @returns the next rate to try; `undefined` when the limit is known. Pure
 */
export function nextRate(steps: readonly Step[], stepPerMinute: number): number | undefined {
  const kept = highestKept(steps);
  const broken = Math.min(
    Number.POSITIVE_INFINITY,
    ...steps.filter((step) => !step.kept).map((step) => step.ratePerMinute),
  );
  if (broken === Number.POSITIVE_INFINITY) {
    const next = kept + stepPerMinute;
    return next > highestPerMinute ? undefined : next;
  }
  if (broken - kept <= stepPerMinute * precisionShare) return undefined;
  return Math.round((kept + broken) / 2);
}

/** @returns 0 when none was kept. Pure */
export function highestKept(steps: readonly Step[]): number {
  return Math.max(0, ...steps.filter(({ kept }) => kept).map(({ ratePerMinute }) => ratePerMinute));
}

export interface Climb {
  readonly runs: MeasuredRun[];
  readonly gates: readonly Gate[];
  readonly findings: readonly string[];
}

/** @param load its rate is the height of a step, and of the first one */
export async function climb(
  load: Load,
  reruns: number,
  session: LoadSession,
  system: SystemUnderLoad,
  bench: Bench,
): Promise<Climb> {
  const runs: MeasuredRun[] = [];
  const steps: Step[] = [];
  for (;;) {
    const ratePerMinute = nextRate(steps, load.ratePerMinute);
    if (ratePerMinute === undefined) break;
    let verdict: ReturnType<typeof verdictOfRun> = 'void';
    for (let attempt = 0; attempt <= reruns && verdict === 'void'; attempt += 1) {
      bench.say(`step: ${ratePerMinute} events/min for ${formatMs(load.durationMs)}`);
      const run = await session.run({ ...load, ratePerMinute, atLeastPerMinute: ratePerMinute });
      runs.push(run);
      verdict = verdictOfRun({ gates: run.gates, stolen: run.cpu?.stolen });
      bench.say(`step of ${ratePerMinute} is ${verdict}`);
      await system.drain(drainWithinMs);
    }
    steps.push({ ratePerMinute, kept: verdict === 'green' });
  }
  const highest = highestKept(steps);
  const atLeast = Math.min(load.atLeastPerMinute ?? 0, objectives.throughput.atLeastPerMinute);
  const limit = runs.find(({ gates }) => gates.some(({ passed }) => !passed));
  const brokenFirst = limit?.gates.filter(({ passed }) => !passed).map(({ name }) => name) ?? [];
  return {
    runs,
    gates: [
      {
        name: 'highest rate that keeps the SLA',
        kind: 'performance',
        by: 'functions',
        value: `${highest}/min`,
        bound: `>= ${atLeast}/min`,
        passed: highest >= atLeast && highest > 0,
      },
    ],
    findings: [
      `The highest rate that keeps the SLA is ${highest} events/min (${load.mode === 'batch' ? 'batches of ten through the queue' : 'single invocations'}).`,
      ...(limit === undefined
        ? []
        : [
            `What broke first, at ${limit.load.ratePerMinute}/min: ${[...new Set(brokenFirst)].join(', ')}.`,
            ...cpuFindings(limit),
            ...(await profileAt(limit.load, session, system, bench)),
          ]),
    ],
  };
}

/** How much of the machine was left at the limit, and who had the rest. Pure. */
export function cpuFindings(limit: MeasuredRun): readonly string[] {
  const { cpu } = limit;
  const { cost } = summariseRun('', limit);
  if (cpu === undefined || cost === null) return [];
  const shares = Object.entries(cost.perEventMs)
    .sort(([, left], [, right]) => right - left)
    .map(([part, ms]) => `${part} ${((ms / cost.sumPerEventMs) * 100).toFixed(0)} %`);
  return [
    `The machine then was ${(cpu.idle * 100).toFixed(0)} % idle, ${(cpu.stolen * 100).toFixed(0)} % stolen. An event cost ${cost.sumPerEventMs.toFixed(1)} CPU-ms: ${shares.join(', ')}.`,
  ];
}

/** The load that broke the promise once more, not judged: a profiler in the process costs time of its own. */
async function profileAt(load: Load, session: LoadSession, system: SystemUnderLoad, bench: Bench) {
  bench.say(`profiling at ${load.ratePerMinute} events/min`);
  const loading = session.run({ ...load, durationMs: profilingMs(profileMs) + 2 * settleInMs });
  const profiling = sleepMs(settleInMs, undefined, { signal: bench.signal }).then(() =>
    profileParts(process.pid, join(reportsFolder, 'profiles'), profileMs),
  );
  const [profiles] = await Promise.all([profiling, loading]);
  await system.drain(drainWithinMs);
  return profileFindings(profiles);
}
