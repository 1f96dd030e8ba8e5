/** Everything a measurement needs, started in order and ended in the reverse one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FoundK6, findK6 } from './find-k6.ts';
import { type Reference, startReference } from './reference.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Bench {
  readonly k6: FoundK6;
  readonly reference: Reference;
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
  readonly say: (step: string) => void;
  /** Keeps something that must be ended with the rest. @returns what was given */
  keep<Resource extends { close(): Promise<void> }>(resource: Resource): Resource;
}

/** Runs a task with a bench and leaves nothing behind, also on Ctrl-C. */
export async function withBench<Result>(
  say: (step: string) => void,
  task: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Error('interrupted'));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  const kept: { close(): Promise<void> }[] = [];
  const scratchFolder = mkdtempSync(join(tmpdir(), 'quartersec-perf-'));
  try {
    const k6 = await findK6(join(root, '.cache', 'bin'), say);
    const reference = startReference();
    kept.push(reference);
    const bench: Bench = {
      k6,
      reference,
      scratchFolder,
      signal: stopping.signal,
      say,
      keep(resource) {
        kept.push(resource);
        return resource;
      },
    };
    return await task(bench);
  } catch (error) {
    // Whatever an interrupted part says, this is what happened.
    throw stopping.signal.aborted ? stopping.signal.reason : error;
  } finally {
    for (const resource of kept.reverse()) await resource.close();
    rmSync(scratchFolder, { recursive: true, force: true });
    for (const signal of signals) process.off(signal, stop);
  }
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
