import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { workspaceRoot } from '../workspace-root.ts';
import type { MutationReport } from './mutation-report.ts';

const stryker = join(workspaceRoot, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');

export interface StrykerRun {
  /** Of a copy of the workspace: it is changed. */
  readonly folder: string;
  /** Source to mutate, from `folder`. */
  readonly file: string;
  readonly workers: number;
  /** Where results are kept for the next run, which repeats only what changed. */
  readonly keptIn: string;
  /** Whether to repeat everything. */
  readonly anew: boolean;
}

/** @throws {Error} where Stryker itself fails: the tests are red without any mutant, or its report is missing */
export async function runStryker({ folder, file, workers, keptIn, anew }: StrykerRun): Promise<MutationReport> {
  const report = join(folder, 'mutation.json');
  const options = {
    mutate: [file],
    inPlace: true, // a copy already, and packages of the workspace find each other only there
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: '../../vitest.mutation.config.mts', related: true },
    coverageAnalysis: 'perTest',
    incremental: true,
    incrementalFile: keptIn,
    force: anew,
    disableTypeChecks: false, // vitest checks no types; the validators are compiled from sources as they stand
    concurrency: workers,
    timeoutMS: 10_000, // twice the default: a slow moment of the machine is no loop without an end
    reporters: ['progress-append-only', 'json'],
    jsonReporter: { fileName: report },
    logLevel: 'warn',
    warnings: { slow: false }, // static mutants are slow, and the rules of a table are static
    allowConsoleColors: false,
    thresholds: { high: 100, low: 0, break: null }, // judged over the package, by who calls this
  };
  const config = join(folder, 'stryker.config.json');
  writeFileSync(config, JSON.stringify(options));
  rmSync(report, { force: true });
  const child = spawn(process.execPath, [stryker, 'run', config], {
    cwd: folder,
    // Properties with fewer runs: a mutant that shows in none of so many is hardly one.
    env: { ...process.env, QUARTERSEC_HISTORIES: '20', MUTATED: basename(file) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = () => child.kill('SIGTERM');
  process.once('exit', stop);
  const [code] = await once(child, 'close');
  process.off('exit', stop);
  if (code !== 0 || !existsSync(report)) throw new Error(`stryker ended with exit code ${code} in ${folder}`);
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as MutationReport;
  const own = files[file];
  return { files: own === undefined ? {} : { [file]: own } }; // an incremental report has all that it ever saw
}
