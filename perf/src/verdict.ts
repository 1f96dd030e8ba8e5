/** From runs to an exit code. Pure. */
import { failuresOf, type Gate } from './gate.ts';

/** A run with more of the CPU stolen than this says nothing about us. */
export const stolenAtMost = 0.1;
/** k6's own code for a crossed threshold; ours for every failed gate. */
export const failedGateExitCode = 99;

export interface JudgedRun {
  readonly gates: readonly Gate[];
  /** Share of the CPU that the machine's host gave to others, 0 to 1; `undefined` where it cannot be measured. */
  readonly stolen: number | undefined;
}

export type RunVerdict = 'green' | 'red' | 'void';

/**
 * A green run is green under whatever theft: neighbours make nothing faster. Only a red one can be void, and only when nothing
 * but its speed is wrong.
 */
export function verdictOfRun({ gates, stolen }: JudgedRun): RunVerdict {
  const broken = failuresOf(gates);
  if (broken.length === 0) return 'green';
  const onlySlow = broken.every(({ kind }) => kind === 'performance');
  return onlySlow && (stolen ?? 0) > stolenAtMost ? 'void' : 'red';
}

export interface Verdict {
  readonly passed: boolean;
  readonly because: string;
  /** All runs were void and the CPU per event was judged instead. */
  readonly fellBack: boolean;
}

/**
 * @param runs in order, at least one; the last is green unless all attempts were used up
 * @param integrity judged over all runs; never void
 * @param reached what stands for all runs together, where that is judged and not each of them
 * @param fallback the CPU gates of the void runs, one each where it could be measured
 */
export function verdictOf(
  runs: readonly JudgedRun[],
  integrity: readonly Gate[],
  fallback: readonly Gate[],
  reached?: readonly Gate[],
): Verdict {
  const broken = failuresOf(integrity);
  if (broken.length > 0)
    return {
      passed: false,
      fellBack: false,
      because: `${broken.map(({ name }) => name).join(', ')}: no rerun mends that`,
    };
  if (reached !== undefined) {
    const because = reached.map(({ name, value, bound }) => `${name}: ${value}, bound ${bound}`).join('; ');
    return { passed: reached.length > 0 && failuresOf(reached).length === 0, fellBack: false, because };
  }
  const verdicts = runs.map(verdictOfRun);
  const green = verdicts.indexOf('green');
  if (green >= 0)
    return { passed: true, fellBack: false, because: `run ${green + 1} of ${runs.length} kept every bound` };
  if (verdicts.some((verdict) => verdict === 'red') || verdicts.length === 0)
    return { passed: false, fellBack: false, because: `no run of ${runs.length} kept every bound` };
  if (fallback.length === 0)
    return {
      passed: false,
      fellBack: true,
      because: 'all runs are void (stolen CPU) and their CPU cost could not be measured',
    };
  const passed = fallback.some((gate) => gate.passed);
  return {
    passed,
    fellBack: true,
    because: `ALL ${runs.length} RUNS ARE VOID: more than ${stolenAtMost * 100} % of the CPU was stolen. Judged by CPU per event instead, which is ${passed ? 'within' : 'over'} its bound. No latency was proven`,
  };
}
