import { describe, expect, it } from 'vitest';
import { compareRuns } from './compare-figures.ts';
import type { CpuUse } from './cpu-meter.ts';
import type { MeasuredRun } from './load-session.ts';

const cpu = (environmentsMs: number): CpuUse => ({
  stolen: 0,
  idle: 0.5,
  others: 0,
  cpuMs: { k6: 100, host: 100, environments: environmentsMs, harness: 5_000 },
  memoryBytes: {},
  memory: [],
  points: [],
});
const run = (environmentsMs: number | undefined, roundTripMs: number): MeasuredRun => ({
  load: {
    name: 'compare',
    mode: 'single',
    ratePerMinute: 600,
    durationMs: 1_000,
    atLeastPerMinute: undefined,
    latencyDecides: false,
    connections: 1,
  },
  startedEpochMs: 0,
  k6ExitCode: 0,
  client: { requests: 100, dropped: 0, failedShare: 0, p50Ms: 1, p95Ms: 1, p99Ms: 1, maxMs: 1, eventsSent: 0 },
  series: { RoundTrip: Array.from({ length: 100 }, (_, index) => [index, roundTripMs] as const) },
  cpu: environmentsMs === undefined ? undefined : cpu(environmentsMs),
  referenceCpuMsPerUnit: 0.5,
  gates: [],
});

describe('compareRuns', () => {
  it('leaves the price of measuring out of what an event costs', () => {
    const ratios = compareRuns([{ before: run(800, 100), after: run(300, 50) }]);
    expect(ratios.map(({ name, before, after, median }) => [name, before, after, median])).toEqual([
      ['CPU per event, all parts', 10, 5, 0.5],
      ['CPU per event, environments', 8, 3, 0.375],
      ['CPU per event, reference units', 20, 10, 0.5],
      ['RoundTrip p50', 100, 50, 0.5],
      ['RoundTrip p95', 100, 50, 0.5],
    ]);
  });

  it('leaves out what was not measured in every run', () => {
    const pairs = [
      { before: run(800, 100), after: run(400, 100) },
      { before: run(undefined, 100), after: run(400, 100) },
    ];
    expect(compareRuns(pairs).map(({ name }) => name)).toEqual(['RoundTrip p50', 'RoundTrip p95']);
  });
});
