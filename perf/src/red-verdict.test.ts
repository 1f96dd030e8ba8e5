import { describe, expect, it } from 'vitest';
import type { Gate } from './gate.ts';
import { judgeRed, renderRed } from './red-verdict.ts';

const gate = (name: string, passed: boolean, kind: Gate['kind'] = 'performance'): Gate => ({
  name,
  kind,
  by: 'functions',
  value: '1',
  bound: '2',
  passed,
});
const slowStore = { name: 'slowed store', expected: ['Store p95'], integrity: [] };

describe('judgeRed', () => {
  it('is content when the gate refuses the run for the planted reason', () => {
    const run = { gates: [gate('Store p95', false), gate('RoundTrip p95', false)], k6ExitCode: 99 };
    expect(judgeRed({ ...slowStore, run })).toMatchObject({ passed: true, exitCode: 99 });
  });

  it.each([
    ['the run passes', { gates: [gate('Store p95', true)], k6ExitCode: 0 }],
    ['only another bound breaks', { gates: [gate('Store p95', true), gate('http_reqs', false)], k6ExitCode: 99 }],
    ['k6 itself notices nothing', { gates: [gate('Store p95', false)], k6ExitCode: 0 }],
  ])('is not content when %s', (_, run) => {
    expect(judgeRed({ ...slowStore, run }).passed).toBe(false);
  });

  it('asks nothing of k6 where only the functions can notice, but still wants the planted reason', () => {
    const waste = { ...slowStore, isSeenByK6: false };
    expect(judgeRed({ ...waste, run: { gates: [gate('Store p95', false)], k6ExitCode: 0 } }).passed).toBe(true);
    expect(judgeRed({ ...waste, run: { gates: [gate('Store p95', true)], k6ExitCode: 0 } }).passed).toBe(false);
  });

  it('wants the unspoiled run to pass', () => {
    const calm = {
      name: 'nothing spoiled',
      expected: [],
      integrity: [gate('audit differences', true, 'integrity')],
    };
    expect(judgeRed({ ...calm, run: { gates: [gate('Store p95', true)], k6ExitCode: 0 } }).passed).toBe(true);
    expect(judgeRed({ ...calm, run: { gates: [gate('Store p95', false)], k6ExitCode: 99 } }).passed).toBe(false);
  });

  it('refuses a green run whose writes were lost', () => {
    const lost = {
      name: 'lost events',
      expected: ['audit differences'],
      integrity: [gate('audit differences', false, 'integrity')],
    };
    const finding = judgeRed({ ...lost, run: { gates: [gate('Store p95', true)], k6ExitCode: 99 } });
    expect(finding).toMatchObject({ passed: true, exitCode: 99, broken: ['audit differences'] });
    expect(renderRed([finding])).toContain('1 of 1 as they must be');
  });
});
