import { describe, expect, it } from 'vitest';
import { countTests, coveredPercent, renderCounts, tellFailures } from './test-report.ts';

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

describe('tellFailures', () => {
  it('names the file, the test and the first lines of why, without colours', () => {
    const report = {
      testResults: [
        {
          name: '/w/libs/a/src/b.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'b is there', failureMessages: [] },
            {
              status: 'failed',
              fullName: 'b adds',
              failureMessages: ['\u001b[31mError: 3\u001b[39m\n\n+ 1\n- 2\n at x'],
            },
          ],
        },
      ],
    };
    expect(tellFailures(report, '/w')).toEqual([
      '  failed: libs/a/src/b.test.ts: b adds',
      '    Error: 3',
      '    + 1',
      '    - 2',
    ]);
  });

  it('names a file that did not load, and nothing of one that passed', () => {
    const broken = { name: '/w/c.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
    expect(tellFailures({ testResults: [file('passed', 'passed'), broken] }, '/w')).toEqual([
      '  failed: c.test.ts',
      '    no such module',
    ]);
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
