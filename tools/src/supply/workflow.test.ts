/** What the build itself may do, and whose code it runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';

const workflow = readFileSync(join(workspaceRoot, '.github', 'workflows', 'ci.yml'), 'utf8');

describe('the workflow', () => {
  it('may read, and nothing else, in every job', () => {
    expect(workflow.match(/^ *permissions:(?:.*)(?:\n +\S.*)*/gm)).toEqual(['permissions:\n  contents: read']);
  });

  it("runs other people's actions at exact versions", () => {
    const used = [...workflow.matchAll(/^ *-? *uses: (.+)$/gm)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^actions\/[\w-]+@v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it('runs for pull requests without the secrets of the repository', () => {
    expect(workflow).not.toContain('pull_request_target');
    expect(workflow).not.toContain('secrets.');
  });
});
