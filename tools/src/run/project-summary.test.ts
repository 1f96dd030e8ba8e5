import { describe, expect, it } from 'vitest';
import { type ProjectRun, summarise } from './project-summary.ts';

const GATE = { linesPercent: 90, branchesPercent: 90 };
const covered = (lines: number, branches: number) => ({
  total: { lines: { covered: lines, total: 100 }, branches: { covered: branches, total: 100 } },
});
const passing = { testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'passed' }] }] };
const run = (changes: Partial<ProjectRun>): ProjectRun => ({
  folder: 'libs/storage',
  succeeded: true,
  cached: false,
  report: passing,
  coverage: undefined,
  ...changes,
});

describe('summarise', () => {
  it('says what passed and how much is covered', () => {
    expect(summarise(run({ coverage: covered(95, 91) }), GATE)).toEqual({
      counts: { passed: 2, failed: 0, skipped: 0 },
      text: 'ok   libs/storage         2 passed, 0 failed; coverage 95 % lines, 91 % branches',
    });
  });

  it('says when the tests were not run again', () => {
    expect(summarise(run({ cached: true }), GATE).text).toContain('from the cache');
  });

  it.each([
    [89, 95],
    [95, 89],
  ])('counts coverage below the gate (%i %% lines, %i %% branches) as one failure', (lines, branches) => {
    const line = summarise(run({ succeeded: false, coverage: covered(lines, branches) }), GATE);
    expect(line.counts).toEqual({ passed: 2, failed: 1, skipped: 0 });
    expect(line.text).toContain('BELOW THE GATE of 90 % lines, 90 % branches');
  });

  it('counts a run without a report as one failure', () => {
    const line = summarise(run({ succeeded: false, report: undefined }), GATE);
    expect(line.counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(line.text).toContain('did not get that far');
  });

  it('counts a package without tests as one failure', () => {
    const line = summarise(run({ succeeded: false, report: { testResults: [] } }), GATE);
    expect(line.counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(line.text).toContain('it has no tests');
  });

  it('does not count a failed test twice', () => {
    const report = { testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }] }] };
    expect(summarise(run({ succeeded: false, report }), GATE).counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
