/** What CI may do, and whose code it runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';

const folder = join(workspaceRoot, '.github', 'workflows');

describe.each(readdirSync(folder))('the workflow %s', (file) => {
  const workflow = readFileSync(join(folder, file), 'utf8');

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
