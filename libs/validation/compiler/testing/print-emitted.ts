/**
 * Prints, as JSON, what both plugins hand on for each file named in the arguments: run apart, so that a test can slow it or give it another clock.
 * With `--planted` as the first argument the texts come from a transform with a time limit.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileValidators, validatorsForEsbuild, validatorsForVite } from '../compile-validators.ts';
import { type Emitted, emit } from './emitted-text.ts';
import { replayUntil } from './replay-until.ts';

export interface EmittedReport {
  readonly emitted: readonly Emitted[];
  /** By the process's own clock. */
  readonly tookMs: number;
}

const PLANTED_LIMIT_MS = 600_000;
const tsconfig = join(import.meta.dirname, '../../tsconfig.json');

async function emitPlanted(file: string): Promise<readonly Emitted[]> {
  const source = await readFile(file, 'utf8');
  const text = replayUntil(PLANTED_LIMIT_MS, source, compileValidators(file, tsconfig), () => performance.now());
  return [{ file, by: 'planted', text }];
}

const planted = process.argv[2] === '--planted';
const startedMs = performance.now();
const emitted: Emitted[] = [];
for (const file of process.argv.slice(planted ? 3 : 2)) {
  emitted.push(
    ...(planted
      ? await emitPlanted(file)
      : await emit(file, validatorsForEsbuild(tsconfig), validatorsForVite(tsconfig))),
  );
}
const report: EmittedReport = { emitted, tookMs: performance.now() - startedMs };
process.stdout.write(JSON.stringify(report));
