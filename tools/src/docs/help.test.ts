/** Every npm script of the root explains itself, without beginning its work. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';

const BOOTSTRAP = 'node tools/bootstrap.mjs ';
/** Each takes a second; a busy machine may take many. */
const LIMIT_MS = 60_000;

/** Written without a script of ours, each with the reason. */
const WITHOUT_HELP: Readonly<Record<string, string>> = { build: 'installs, and hands over to nx' };

const { scripts } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};
const own = Object.entries(scripts).filter(([name]) => WITHOUT_HELP[name] === undefined);
const run = promisify(execFile);

describe('npm scripts', () => {
  it('all begin with the bootstrap, so that they run on a machine where nothing is installed', () => {
    expect(Object.entries(scripts).filter(([, command]) => !command.startsWith(BOOTSTRAP))).toEqual([]);
  });

  it.concurrent.each(own)('%s says how it is used', { timeout: 2 * LIMIT_MS }, async (_name, command) => {
    const { stdout } = await run(process.execPath, [...command.slice(BOOTSTRAP.length).split(' '), '--help'], {
      cwd: workspaceRoot,
      timeout: LIMIT_MS,
    });
    expect(stdout.trim().split('\n').length).toBeGreaterThan(1);
  });
});
