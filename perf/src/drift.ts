/** What grows while a load lasts. Pure. */
import type { Breakages } from './breakages.ts';
import type { Gate } from './gate.ts';
import type { RunReport } from './report/report.ts';
import { quantile } from './time-series.ts';

/** Medians of the second quarter, when everything is warm, and of the last. */
export interface Drift {
  readonly before: number;
  readonly after: number;
}

/** Of the second quarter; what was killed and is new has less, so a leak of a living environment shows as more. */
const growthAtMost = 1.2;

/** @returns `undefined` for too few values */
export function driftOf(values: readonly number[]): Drift | undefined {
  const size = Math.floor(values.length / 4);
  const before = quantile(values.slice(size, 2 * size), 0.5);
  const after = quantile(values.slice(-size), 0.5);
  return size === 0 || before === undefined || after === undefined ? undefined : { before, after };
}

/** Whether the environments of the functions keep memory or handles, and whether each part did break. */
export function soakGates(run: Pick<RunReport, 'cost'>, breakages: Breakages): readonly Gate[] {
  const points = run.cost?.environmentsOverTime ?? [];
  return [
    growth('memory of the environments, MiB', driftOf(points.map(({ bytes }) => bytes / 2 ** 20))),
    growth('handles of the environments', driftOf(points.map(({ handles }) => handles))),
    ...Object.entries(breakages).map(
      ([part, times]): Gate => ({
        name: `times that the ${part} broke`,
        kind: 'integrity',
        by: 'ledger',
        value: `${times}`,
        bound: '> 0',
        passed: times > 0,
      }),
    ),
  ];
}

function growth(name: string, drift: Drift | undefined): Gate {
  const value = drift === undefined ? 'not measured' : `${drift.before.toFixed(0)} to ${drift.after.toFixed(0)}`;
  const passed = drift !== undefined && drift.before > 0 && drift.after <= drift.before * growthAtMost;
  return { name, kind: 'integrity', by: 'cpu', value, bound: `<= ${growthAtMost} times`, passed };
}
