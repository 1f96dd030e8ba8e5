import { describe, expect, it } from 'vitest';
import { countTests, coveredPercent, renderCounts } from './test-report.ts';

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((one) => ({ status: one })),
});

describe('countTests', () => {
  it('counts passed and failed apart, and everything else as skipped', () => {
    const report = {
      testResults: [
        file('failed', 'passed', 'failed'),
        file('passed', 'passed', 'pending', 'todo', 'skipped', 'disabled'),
      ],
    };
    expect(countTests(report)).toEqual({ passed: 2, failed: 1, skipped: 4 });
  });

  it('counts a file that did not load as one failure', () => {
    expect(countTests({ testResults: [file('failed'), file('passed', 'passed')] })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts a hook that threw after every test passed as one failure', () => {
    expect(countTests({ testResults: [file('failed', 'passed', 'passed')] })).toEqual({
      passed: 2,
      failed: 1,
      skipped: 0,
    });
  });

  it('finds nothing in an empty report', () => {
    expect(countTests({ testResults: [] })).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

describe('renderCounts', () => {
  it('names skipped tests only when there are some', () => {
    expect(renderCounts({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(renderCounts({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });
});

describe('coveredPercent', () => {
  it.each([
    [8_999, 10_000, 89.9],
    [8_996, 10_000, 89.9],
    [9_000, 10_000, 90],
    [0, 0, 100],
  ])('says of %i of %i: %f', (covered, total, percent) => {
    expect(coveredPercent({ covered, total })).toBe(percent);
  });
});
