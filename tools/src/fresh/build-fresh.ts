/**
 * `npm run build:fresh`: the functions' bundles must not depend on the machine. Builds them from a clean copy of the last commit
 * without any cache, once as fast as it goes and once held to one core beside a process that takes that core, and compares every file with the ordinary build.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@quartersec/command-line';
import { workspaceRoot } from '../workspace-root.ts';
import { type BundleHashes, compareHashes, hashFiles } from './bundle-hashes.ts';
import { freshEnvironment } from './fresh-environment.ts';

const USAGE = `usage: npm run build:fresh
Clones the last commit into a temporary folder, installs the packages there with a home folder and an npm cache of its own, and
builds the functions' bundles: once as fast as it goes, and once on one core beside a process that keeps that core busy. Fails with the names of
the files that are not, byte for byte, those of the ordinary build in this folder. Removes the folder.
Needs git and, for the one core, taskset (Linux; part of util-linux). What is not committed is refused: the copy would not have it.
`;
const BUNDLES = 'apps/processor/dist';
const BUILD = ['apps/processor/build.ts'];
const BUSY = ['-e', 'const parent = process.ppid; while (process.ppid === parent);'];

const say = (text: string) => process.stdout.write(`${text}\n`);
const git = (...args: string[]) => execFileSync('git', args, { cwd: workspaceRoot, encoding: 'utf8' }).trim();
let current: ChildProcess | undefined;

/** @throws {Error} with the last lines of its output when it fails */
async function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const startedMs = performance.now();
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  current = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const took = `${((performance.now() - startedMs) / 1_000).toFixed(1)} s`;
  say(`  ${took.padStart(8)}  ${[command, ...args].join(' ')}`);
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}:\n${output.trim().slice(-3_000)}`);
}

async function buildBesideHog(node: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const hog = spawn('taskset', ['-c', '0', node, ...BUSY], { stdio: 'ignore', env });
  await once(hog, 'spawn');
  try {
    await run('taskset', ['-c', '0', node, ...BUILD], cwd, env);
    if (hog.exitCode !== null || hog.signalCode !== null)
      throw new Error('the process that was to keep the core busy has ended: nothing was slowed');
  } finally {
    hog.kill('SIGKILL');
  }
}

function judge(title: string, ordinary: BundleHashes, other: BundleHashes): number {
  const differences = compareHashes(ordinary, other);
  const files = `${Object.keys(ordinary).length} files`;
  say(
    `${differences.length === 0 ? 'ok  ' : 'FAIL'} ${title}: ${differences.length === 0 ? `${files} equal` : `${differences.length} of ${files} not equal`}`,
  );
  for (const line of differences) say(`     ${line}`);
  return differences.length;
}

async function main(): Promise<number> {
  if (git('status', '--porcelain') !== '') throw new Error('commit first: the copy holds the last commit only');
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { cwd: workspaceRoot, encoding: 'utf8' }).trim();
  const folder = mkdtempSync(join(tmpdir(), 'quartersec-fresh-'));
  const tidy = () => {
    current?.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      tidy();
      process.exit(1);
    });
  }
  try {
    const home = join(folder, 'home');
    const clone = join(folder, 'clone');
    mkdirSync(join(home, 'tmp'), { recursive: true });
    const env = freshEnvironment(process.env, home, registry);
    say(`the ordinary build of ${git('rev-parse', '--short', 'HEAD')}, and two in a copy without caches`);
    await run('nx', ['run', '@quartersec/processor:build'], workspaceRoot, process.env);
    const ordinary = hashFiles(join(workspaceRoot, BUNDLES));

    await run('git', ['clone', '--quiet', '--no-hardlinks', workspaceRoot, clone], folder, env);
    await run('node', ['tools/bootstrap.mjs', '--install'], clone, env);
    const node = join(clone, 'node_modules', '.bin', 'node');
    await run(node, BUILD, clone, env);
    const fresh = hashFiles(join(clone, BUNDLES));
    rmSync(join(clone, BUNDLES), { recursive: true });
    await buildBesideHog(node, clone, env);
    const slowed = hashFiles(join(clone, BUNDLES));

    return judge('without caches', ordinary, fresh) + judge('on one core beside a busy process', ordinary, slowed);
  } finally {
    current = undefined;
    tidy();
  }
}

await runCommand({ name: 'build:fresh', usage: USAGE, options: {} }, async () => {
  const differing = await main();
  say(differing === 0 ? 'passed: the bundles do not depend on the machine' : 'FAILED');
  process.exitCode = differing === 0 ? 0 : 1;
});
