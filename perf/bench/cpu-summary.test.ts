import { describe, expect, it } from 'vitest';
import { type CpuPhase, renderCpuTable, summariseCpu } from './cpu-summary.ts';

const phase = (cpuMsPerEvent: number, more: Partial<CpuPhase> = {}): CpuPhase => ({
  events: 100,
  cpuMsPerEvent,
  memoryBytes: 10_485_760,
  environments: 2,
  p50Ms: 60,
  p95Ms: 120,
  stolen: 0.01,
  idle: 0.5,
  ...more,
});
const noColdStarts = { typescript: [], go: [] };

describe('summariseCpu', () => {
  it('takes the median of the ratios of the pairs', () => {
    const pairs = [
      { typescript: phase(4), go: phase(2) },
      { typescript: phase(3), go: phase(3) },
      { typescript: phase(9), go: phase(10) },
    ];
    const { cpuMsPerEvent, isKept } = summariseCpu(pairs, noColdStarts);
    expect(cpuMsPerEvent.ratio).toEqual({ median: 1, least: 0.9, most: 2 });
    expect(cpuMsPerEvent.typescript?.median).toBe(4);
    expect(isKept).toBe(true);
  });

  it.each([
    [2.02, 2, false],
    [2, 2, true],
  ])('%d ms beside %d ms keeps the target: %s', (ours, others, isKept) => {
    expect(summariseCpu([{ typescript: phase(ours), go: phase(others) }], noColdStarts).isKept).toBe(isKept);
  });

  it('keeps nothing when nothing was measured', () => {
    expect(summariseCpu([], noColdStarts).isKept).toBe(false);
  });

  it('says when neighbours took so much that times mean little', () => {
    const pairs = [{ typescript: phase(2, { memoryBytes: 104_857_600 }), go: phase(2, { stolen: 0.2 }) }];
    const rows = renderCpuTable(summariseCpu(pairs, { typescript: [300, 200], go: [50, 40] }));
    expect(rows).toEqual([
      ['median', 'TypeScript', 'Go', 'ratio', 'spread'],
      ['CPU-ms per event', '2.00', '2.00', '1.00', '1.00 to 1.00'],
      ['memory of an environment, MB', '100', '10', '10.00', '10.00 to 10.00'],
      ['RoundTrip p50, ms', '60.0', '60.0', '1.00', '1.00 to 1.00'],
      ['RoundTrip p95, ms', '120.0', '120.0', '1.00', '1.00 to 1.00'],
      ['cold start, ms', '250', '45', '5.50', '5.00 to 6.00'],
      ['CPU stolen by neighbours, at most', '20.0 %: times mean little'],
    ]);
  });
});
