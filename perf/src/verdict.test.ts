import { describe, expect, it } from 'vitest';
import { cpuGate } from './cpu-gate.ts';
import type { Gate } from './gate.ts';
import { verdictOf, verdictOfRun } from './verdict.ts';

const gate = (passed: boolean, kind: Gate['kind'] = 'performance'): Gate => ({
  name: 'RoundTrip p95',
  kind,
  by: 'functions',
  value: '1',
  bound: '2',
  passed,
});
const run = (passed: boolean, stolen: number | undefined = 0) => ({ gates: [gate(passed)], stolen });

describe('verdictOfRun', () => {
  it.each([
    [true, 0, 'green'],
    [true, 0.4, 'green'],
    [false, 0.1, 'red'],
    [false, 0.11, 'void'],
    [false, undefined, 'red'],
  ])('passed %s with %s stolen is %s', (passed, stolen, verdict) => {
    expect(verdictOfRun({ gates: [gate(passed)], stolen })).toBe(verdict);
  });
});

it('never calls a run void whose answers were wrong', () => {
  expect(verdictOfRun({ gates: [gate(false), gate(false, 'correctness')], stolen: 0.5 })).toBe('red');
});

describe('verdictOf', () => {
  it('passes when one run kept every bound', () => {
    expect(verdictOf([run(false), run(true)], [], [])).toEqual({
      passed: true,
      fellBack: false,
      because: 'run 2 of 2 kept every bound',
    });
  });

  it('fails when none did and one of them counts', () => {
    expect(verdictOf([run(false, 0.5), run(false), run(false, 0.5)], [], [gate(true)])).toMatchObject({
      passed: false,
      fellBack: false,
    });
  });

  it('lets no green run outweigh a lost event', () => {
    expect(verdictOf([run(true)], [gate(false, 'integrity')], [])).toMatchObject({ passed: false });
  });

  it.each([true, false])('falls back on CPU when all are void, and says so: %s', (passed) => {
    const verdict = verdictOf([run(false, 0.5), run(false, 0.2)], [], [gate(passed), gate(false)]);
    expect(verdict).toMatchObject({ passed, fellBack: true });
    expect(verdict.because).toContain('ALL 2 RUNS ARE VOID');
  });

  it('goes by what was reached, where that is judged: the last step of a climb always breaks', () => {
    expect(verdictOf([run(false)], [], [], [gate(true)])).toMatchObject({
      passed: true,
      because: 'RoundTrip p95: 1, bound 2',
    });
    expect(verdictOf([run(true)], [], [], [gate(false)]).passed).toBe(false);
    expect(verdictOf([run(true)], [], [], []).passed).toBe(false);
  });

  it('fails when all are void and nothing else was measured, and without any run', () => {
    expect(verdictOf([run(false, 0.5)], [], []).passed).toBe(false);
    expect(verdictOf([], [], []).passed).toBe(false);
  });
});

describe('cpuGate', () => {
  it('compares a slowed machine with itself', () => {
    const calm = { cpuMsPerEvent: 8, referenceCpuMsPerUnit: 0.37, cores: 2 };
    const slowed = { cpuMsPerEvent: 16, referenceCpuMsPerUnit: 0.74, cores: 2 };
    const wasteful = { cpuMsPerEvent: 12, referenceCpuMsPerUnit: 0.37, cores: 2 };
    expect([calm, slowed, wasteful].map((cost) => cpuGate(cost).passed)).toEqual([true, true, false]);
  });
});
