/** Climbs in steps until the promise breaks, then narrows down where. */
import { objectives } from '@quartersec/sla';
import { formatMs } from './duration.ts';
import type { Gate } from './gate.ts';
import type { Load } from './k6-plan.ts';
import type { LoadSession, MeasuredRun } from './load-session.ts';
import type { Bench } from './open-bench.ts';
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
        : [`What broke first, at ${limit.load.ratePerMinute}/min: ${[...new Set(brokenFirst)].join(', ')}.`]),
    ],
  };
}
