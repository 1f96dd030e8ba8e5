/** What two trees are compared by. Pure. */
import type { MeasuredRun } from './load-session.ts';
import { type Ratio, ratioOf } from './ratio.ts';
import type { RunReport } from './report/report.ts';
import { summariseRun } from './report/summarise-run.ts';

type Read = (run: RunReport) => number | null | undefined;

const figures: readonly (readonly [name: string, unit: string, read: Read])[] = [
  ['CPU per event, all parts', 'ms', ({ cost }) => cost?.sumPerEventMs],
  ['CPU per event, environments', 'ms', ({ cost }) => cost?.perEventMs.environments],
  ['CPU per event, reference units', 'units', ({ cost }) => cost?.unitsPerEvent],
  ['RoundTrip p50', 'ms', ({ timings }) => timings.RoundTrip?.p50],
  ['RoundTrip p95', 'ms', ({ timings }) => timings.RoundTrip?.p95],
  ['Processing p50', 'ms', ({ timings }) => timings.Processing?.p50],
  ['Processing p95', 'ms', ({ timings }) => timings.Processing?.p95],
  ['Store p95', 'ms', ({ timings }) => timings.Store?.p95],
];

export interface RunPair {
  readonly before: MeasuredRun;
  readonly after: MeasuredRun;
}

/** Figures that could not be measured in every run are left out. */
export function compareRuns(pairs: readonly RunPair[]): readonly Ratio[] {
  const summaries = pairs.map(
    ({ before, after }) => [summariseRun('before', before), summariseRun('after', after)] as const,
  );
  return figures.flatMap(([name, unit, read]) => {
    const values = summaries.flatMap(([before, after]) => {
      const [one, other] = [read(before), read(after)];
      return one && other ? [[one, other] as const] : [];
    });
    const ratio = values.length === pairs.length ? ratioOf({ name, unit, pairs: values }) : undefined;
    return ratio === undefined ? [] : [ratio];
  });
}
