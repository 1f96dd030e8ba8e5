/** Another commit of this repository, checked out beside this one and installed. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './open-bench.ts';

export interface OtherTree {
  readonly folder: string;
  readonly commit: string;
}

const installedMarker = '.quartersec-compare-installed';

/**
 * The checkout stays under `.cache/compare`, so that the next comparison with the same commit starts at once.
 * @param ref anything that git can name
 * @throws {Error} when git does not know it, or its packages cannot be installed
 */
export async function checkOut(ref: string, say: (step: string) => void, signal: AbortSignal): Promise<OtherTree> {
  const found = spawnSync(
    'git',
    ['-C', root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
    {
      encoding: 'utf8',
    },
  );
  const commit = found.stdout.trim();
  if (found.status !== 0 || commit === '') throw new Error(`git knows no commit ${ref}`);
  const folder = join(root, '.cache', 'compare', commit.slice(0, 12));
  if (!existsSync(join(folder, 'package.json'))) {
    say(`checking out ${ref}`);
    mkdirSync(join(root, '.cache', 'compare'), { recursive: true });
    await run('git', ['-C', root, 'worktree', 'prune'], root, signal);
    await run('git', ['-C', root, 'worktree', 'add', '--detach', '--force', folder, commit], root, signal);
  }
  if (!existsSync(join(folder, 'node_modules', installedMarker))) {
    say(`installing the packages of ${ref}`);
    await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], folder, signal);
    writeFileSync(join(folder, 'node_modules', installedMarker), '');
  }
  return { folder, commit: commit.slice(0, 12) };
}

async function run(command: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], signal });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-3_000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${complaints.trim()}`);
}
