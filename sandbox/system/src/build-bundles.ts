/** Makes the functions' bundles from the sources as they are now. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandError } from '@quartersec/command-line';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sources = ['apps/processor/*.ts', 'apps/processor/src/**/*.ts', 'libs/*/src/**/*.ts', 'package-lock.json'];
const bundles = ['apps/processor/dist/process/index.mjs', 'apps/processor/dist/query/index.mjs'];

/**
 * Does nothing when the bundles are newer than everything they are made of.
 * @param signal ends the bundler
 * @throws {CommandError} with the bundler's own words
 */
export async function buildBundles(signal?: AbortSignal): Promise<void> {
  const oldestBundleMs = Math.min(...bundles.map(modifiedMs));
  if (globSync(sources, { cwd: root }).every((file) => modifiedMs(file) < oldestBundleMs)) return;
  await build([], signal);
}

/** One bundle of a module of ours, with the validators that it needs compiled. @throws {CommandError} as `buildBundles` */
export async function buildBundle(entry: string, folder: string): Promise<void> {
  await build([entry, folder]);
}

async function build(args: readonly string[], signal?: AbortSignal): Promise<void> {
  const build = spawn(process.execPath, [`${root}apps/processor/build.ts`, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  let complaints = '';
  build.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const [code] = await once(build, 'exit');
  if (code !== 0) throw new CommandError('FAILED', `the bundles could not be built:\n${complaints.trim()}`);
}

function modifiedMs(file: string): number {
  return statSync(`${root}${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
