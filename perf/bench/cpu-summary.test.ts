import { describe, expect, it } from 'vitest';
import { functionUnitsAtMost } from '../src/function-cpu-gate.ts';
import { type CpuTurn, renderCpuTable, summariseCpu } from './cpu-summary.ts';

const turn = (functionCpuMs: number, referenceCpuMsPerUnit: number, more: Partial<CpuTurn> = {}): CpuTurn => ({
  events: 100,
  functionCpuMs,
  referenceCpuMsPerUnit,
  memoryBytes: 104_857_600,
  environments: 2,
  p50Ms: 60,
  p95Ms: 120,
  stolen: 0.01,
  idle: 0.5,
  ...more,
});

describe('summariseCpu', () => {
  it('divides each turn by the reference loop of the same turn, and takes the median', () => {
    const { unitsPerEvent, cpuMsPerEvent, isKept } = summariseCpu([turn(400, 0.5), turn(300, 1), turn(900, 1.5)]);
    expect(unitsPerEvent).toEqual({ median: 6, least: 3, most: 8 });
    expect(cpuMsPerEvent).toEqual({ median: 4, least: 3, most: 9 });
    expect(isKept).toBe(true);
  });

  it.each([
    [functionUnitsAtMost * 100, true],
    [functionUnitsAtMost * 101, false],
  ])('%d ms of 100 events beside units of 1 ms keep the bound: %s', (functionCpuMs, isKept) => {
    expect(summariseCpu([turn(functionCpuMs, 1)]).isKept).toBe(isKept);
  });

  it('keeps nothing when nothing was measured', () => {
    expect(summariseCpu([]).isKept).toBe(false);
  });

  it('says when neighbours took so much that times mean little', () => {
    const rows = renderCpuTable(summariseCpu([turn(300, 0.5), turn(400, 0.5, { stolen: 0.2 })]));
    expect(rows).toEqual([
      ['', 'median', 'spread'],
      ['CPU per event, times the reference loop', '7.00', '6.00 to 8.00'],
      ['CPU-ms per event', '3.50', '3.00 to 4.00'],
      ['CPU-ms of one unit of the reference loop', '0.500', '0.500 to 0.500'],
      ['memory of an environment, MB', '100', '100 to 100'],
      ['RoundTrip p50, ms', '60.0', '60.0 to 60.0'],
      ['RoundTrip p95, ms', '120.0', '120.0 to 120.0'],
      ['CPU stolen by neighbours, at most', '20.0 %: times mean little'],
    ]);
  });
});
