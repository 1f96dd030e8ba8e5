import { describe, expect, it } from 'vitest';
import { ALL_CHECKS } from './all-checks.ts';
import { runChecks } from './run-checks.ts';
import { workspaceOf } from './workspace.ts';

describe('runChecks', () => {
  it('counts checks, not findings, and names each finding', () => {
    const quiet = { name: 'nothing here', find: () => [] };
    const loud = {
      name: 'two here',
      find: () => [
        { path: 'a.ts', line: 3, message: 'is wrong' },
        { path: 'b.json', message: 'is too' },
      ],
    };
    expect(runChecks([quiet, loud], workspaceOf([]))).toEqual({
      passed: 1,
      failed: 1,
      lines: ['  ok   nothing here', '  FAIL two here', '    a.ts:3 is wrong', '    b.json is too'],
    });
  });

  it('runs every check over an empty workspace', () => {
    expect(runChecks(ALL_CHECKS, workspaceOf([]))).toMatchObject({ passed: 9, failed: 0 });
  });
});
