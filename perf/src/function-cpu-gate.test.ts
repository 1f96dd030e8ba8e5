import { describe, expect, it } from 'vitest';
import { type FunctionCpu, functionCpuGates, functionUnitsAtMost, wasteMsPast } from './function-cpu-gate.ts';
import { failuresOf } from './gate.ts';
import type { Load } from './k6-plan.ts';
import { verdictOfRun } from './verdict.ts';

const load: Load = {
  name: 'sla',
  mode: 'single',
  ratePerMinute: 10_000,
  durationMs: 60_000,
  atLeastPerMinute: 10_000,
  latencyDecides: true,
  connections: 10,
};
/** 1,000 events of `units` units each, on a machine where a unit takes so long. */
const cpu = (units: number, referenceCpuMsPerUnit = 0.5): FunctionCpu => ({
  functionCpuMs: 1_000 * units * referenceCpuMsPerUnit,
  events: 1_000,
  referenceCpuMsPerUnit,
});

describe('functionCpuGates', () => {
  it('keeps events at the bound and refuses those above it', () => {
    expect(functionCpuGates(load, cpu(functionUnitsAtMost))).toMatchObject([{ passed: true, by: 'cpu', kind: 'cost' }]);
    expect(functionCpuGates(load, cpu(functionUnitsAtMost * 1.01))).toMatchObject([{ passed: false }]);
  });

  it('says the ratio and the bound, never a time', () => {
    const [gate] = functionCpuGates(load, { functionCpuMs: 3_500, events: 1_000, referenceCpuMsPerUnit: 0.5 });
    expect([gate?.value, gate?.bound]).toEqual(['7.00', `<= ${functionUnitsAtMost}`]);
  });

  it.each([0.1, 0.5, 5])('judges the same code alike where a unit takes %d ms', (referenceCpuMsPerUnit) => {
    const verdicts = [0.9, 1.1].map(
      (share) => functionCpuGates(load, cpu(functionUnitsAtMost * share, referenceCpuMsPerUnit))[0]?.passed,
    );
    expect(verdicts).toEqual([true, false]);
  });

  it.each([
    ['the reference loop stood still', { ...cpu(1), referenceCpuMsPerUnit: undefined }],
    ['the reference loop took no time', { ...cpu(1), referenceCpuMsPerUnit: 0 }],
    ['no event was answered', { ...cpu(1), events: 0 }],
    ['no process of the functions was seen', { ...cpu(1), functionCpuMs: 0 }],
  ])('fails when %s', (_, unmeasured) => {
    expect(functionCpuGates(load, unmeasured)).toMatchObject([{ passed: false, value: 'nothing measured' }]);
  });

  it.each([
    ['warms up', { ...load, atLeastPerMinute: undefined }],
    ['is accounted for by the ledger', { ...load, latencyDecides: false }],
    ['has another rate than the promised one', { ...load, ratePerMinute: 600 }],
  ])('leaves a load alone that %s', (_, other) => {
    expect(functionCpuGates(other, cpu(functionUnitsAtMost * 2))).toEqual([]);
  });

  it('leaves a machine alone where the CPU of processes cannot be read', () => {
    expect(functionCpuGates(load, undefined)).toEqual([]);
  });

  it('makes a run red however much of the CPU was stolen: the loop was slowed alike', () => {
    const gates = functionCpuGates(load, cpu(functionUnitsAtMost * 2));
    expect(failuresOf(gates)).toHaveLength(1);
    expect(verdictOfRun({ gates, stolen: 0.9 })).toBe('red');
  });
});

describe('wasteMsPast', () => {
  it('takes events from what they cost to just past the bound, in the time of this machine', () => {
    const wasteMs = wasteMsPast(functionUnitsAtMost - 3, 0.5, 1);
    expect(wasteMs).toBe(1.5);
    const spoiled = { ...cpu(functionUnitsAtMost - 3), functionCpuMs: 1_000 * ((functionUnitsAtMost - 3) * 0.5 + 1.6) };
    expect(functionCpuGates(load, spoiled)).toMatchObject([{ passed: false }]);
  });

  it('wastes nothing where events are past it already', () => {
    expect(wasteMsPast(functionUnitsAtMost * 2, 0.5, 1.2)).toBe(0);
  });
});
