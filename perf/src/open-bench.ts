/** Everything a measurement needs, started in order and ended in the reverse one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FoundK6, findK6 } from './find-k6.ts';
import { type Reference, startReference } from './reference.ts';
import { type Workplace, withWorkplace } from './workplace.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Bench extends Workplace {
  readonly k6: FoundK6;
  readonly reference: Reference;
}

/** Runs a task with a bench and leaves nothing behind, also on Ctrl-C. */
export function withBench<Result>(
  say: (step: string) => void,
  task: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  return withWorkplace(say, async (workplace) => {
    const k6 = await findK6(join(root, '.cache', 'bin'), say, workplace.signal);
    const reference = workplace.keep(startReference());
    return task({ ...workplace, k6, reference });
  });
}

/**
 * Makes the functions' bundles of a tree.
 * @throws {Error} with the bundler's own words
 */
export async function buildBundles(tree: string, signal: AbortSignal): Promise<void> {
  const script = join(tree, 'apps', 'processor', 'build.ts');
  const build = spawn(process.execPath, [script], { cwd: tree, stdio: ['ignore', 'ignore', 'pipe'], signal });
  let complaints = '';
  build.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const [code] = await once(build, 'close');
  if (code !== 0) throw new Error(`the bundles of ${tree} could not be built:\n${complaints.trim()}`);
}
