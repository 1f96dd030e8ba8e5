/** A report with two runs, the first of them void: for tests of the page and of the Markdown. Invented figures. */
import type { Distribution, Slice } from '../time-series.ts';
import type { Report, RunReport } from './report.ts';

const spread = (p95: number, count = 1_000): Distribution => ({
  count,
  p50: p95 * 0.6,
  p95,
  p99: p95 * 1.3,
  max: p95 * 2,
});
const wave = (p95: number): Slice[] =>
  Array.from({ length: 60 }, (_, index) => ({
    atSeconds: index + 0.5,
    values: spread(p95 * (1 + 0.15 * Math.sin(index / 4)), 167),
  }));

function run(label: string, verdict: RunReport['verdict'], p95: number, stolen: number): RunReport {
  return {
    label,
    verdict,
    ratePerMinute: 10_000,
    durationMs: 60_000,
    mode: 'single',
    startedAt: '2026-11-23T05:00:00.000Z',
    k6ExitCode: verdict === 'green' ? 0 : 99,
    client: {
      requests: 10_000,
      dropped: 0,
      failedShare: 0,
      p50Ms: 80,
      p95Ms: p95 + 3,
      p99Ms: 210,
      maxMs: 400,
      eventsSent: 0,
    },
    timings: { RoundTrip: spread(p95), Processing: spread(12), Store: spread(7), ProviderTime: spread(130) },
    counts: { Committed: 10_000, ColdStart: 3 },
    coldShare: 0.0003,
    overTime: { RoundTrip: wave(p95), Processing: wave(12), Store: wave(7), ProviderTime: wave(130) },
    sliceMs: 1_000,
    cost: {
      stolen,
      idle: 0.2,
      others: 0.05,
      perEventMs: { k6: 0.9, host: 0.8, environments: 3.6, provider: 0.4, table: 1.9, harness: 0.1, reference: 0.1 },
      sumPerEventMs: 7.6,
      referenceCpuMsPerUnit: 0.38,
      unitsPerEvent: 20,
      functionUnitsPerEvent: 9.474,
      memoryBytes: { host: 130_000_000, environments: 2_400_000_000 },
      overTime: Array.from({ length: 60 }, (_, index) => ({ atSeconds: index + 1, stolen, idle: 0.2 })),
      environmentsOverTime: [{ atSeconds: 60, bytes: 2_500_000_000, handles: 120 }],
    },
    gates: [
      {
        name: 'RoundTrip p95',
        kind: 'performance',
        by: 'functions',
        value: `${p95}.0 ms`,
        bound: '< B ms',
        passed: verdict === 'green',
      },
    ],
  };
}

export const exampleReport: Report = {
  scenario: 'sla',
  about: 'the promise & <nothing> else',
  startedAt: '2026-11-23T05:00:00.000Z',
  commit: '0123456789ab',
  machine: {
    cores: 2,
    cpuModel: 'Example CPU',
    memoryBytes: 2 ** 34,
    system: 'Linux 6.1',
    node: '24.21.0',
    k6: 'k6 v1.8.1',
  },
  settings: {
    mode: 'single',
    ratePerMinute: 10_000,
    durationMs: 60_000,
    warmUpMs: 60_000,
    environments: 24,
    concurrency: 1,
    dax: false,
    connections: 3_000,
  },
  runs: [run('run 1', 'void', 812, 0.25), run('run 2', 'green', 151, 0.01)],
  integrity: {
    gates: [{ name: 'audit differences', kind: 'integrity', by: 'audit', value: '0', bound: '<= 0', passed: true }],
    settled: {
      drainedMs: 1_600,
      account: { committed: 0, coalesced: 0, stopped: 0, postponed: 0, queued: 0, deadLettered: 0, lost: [] },
      undisturbedMs: [],
      entries: 33_000,
      shortJournals: [],
      repeated: 0,
      auditDifferences: 0,
      findings: [],
    },
  },
  fallbackGates: [],
  verdict: { passed: true, fellBack: false, because: 'run 2 of 2 kept every bound' },
  findings: ['A sentence that belongs beside the figures.'],
};
