/** Every npm script of the root explains itself and refuses what it does not know, in one line, without beginning its work. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';

/** `exec`: the shell is replaced, so that the signal that npm passes on reaches the command and not the shell alone. */
const BOOTSTRAP = 'exec node tools/bootstrap.mjs ';
/** Each takes a second; a busy machine may take many. */
const LIMIT = { timeout: 120_000 };

const { scripts } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};
/** Several scripts are the same program with another first argument: one of them stands for all. */
const calls = Object.values(scripts).map((script) => script.slice(BOOTSTRAP.length).split(' '));
const programs = [...new Map(calls.map((call) => [call[0], { program: call[0], call }])).values()];

async function run(call: readonly string[], option: string) {
  const child = spawn(process.execPath, [...call, option], { cwd: workspaceRoot, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const [exitCode] = await once(child, 'close');
  return { exitCode, stdout, stderr };
}

describe('npm scripts', () => {
  it('all begin with the bootstrap, in place of the shell', () => {
    expect(Object.entries(scripts).filter(([, command]) => !command.startsWith(BOOTSTRAP))).toEqual([]);
  });

  it.concurrent.each(programs)('$program refuses an unknown option in one line', LIMIT, async ({ call }) => {
    const { exitCode, stdout, stderr } = await run(call, '--no-such-option');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^[\w:]+: [^\n]*no-such-option[^\n]*; [^\n]*(?:--help lists the options|<name> \[options\])\n$/,
    );
  });

  // What reads its arguments with `runCommand` has `--help` from there: starting them all once more would show the same again.
  const shared = programs.filter(({ program = '' }) =>
    readFileSync(join(workspaceRoot, program), 'utf8').includes('await runCommand('),
  );
  const [example] = shared;
  const others = programs.filter((one) => !shared.includes(one));

  it('mostly share their reader of options', () => {
    expect(others.map(({ program }) => program)).toEqual([
      'sandbox/dax/src/cli.ts', // published alone, without dependencies
      'sandbox/providers/src/cli.ts', // for any project
      'perf/bench/main.ts', // hands its options on
    ]);
  });

  it.concurrent.each([example, ...others])('$program says how it is used', LIMIT, async (one) => {
    const { exitCode, stdout, stderr } = await run(one?.call ?? [], '--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.trim().split('\n').length).toBeGreaterThan(1);
  });
});
