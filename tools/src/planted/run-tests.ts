import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { workspaceRoot } from '../workspace-root.ts';

/** Of `sandbox/journeys/src/x.test.ts`: `sandbox/journeys`. */
const packageOf = (file: string) => file.slice(0, file.indexOf('/src/'));
/** Histories of a property: a bug that shows in none of so many is hardly one. */
const histories = '200';
/** Some bugs show in a call that never ends; without any bug the longest test here takes seconds. */
const limitMs = '60000';

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface TestsRun {
  /** `<file> "<test>"` of each test that failed. */
  readonly failed: readonly string[];
  /** The last of what was said, for where that is not what was expected. */
  readonly output: string;
}

/**
 * @param folder a workspace
 * @param files of any of its packages
 * @throws {Error} where a file did not come to its tests: that is no test that failed
 */
export async function runTests(folder: string, files: readonly string[]): Promise<TestsRun> {
  const failed: string[] = [];
  let output = '';
  for (const [directory, own] of Map.groupBy(files, packageOf)) {
    const run = await runPackage(folder, directory, own);
    failed.push(...run.failed);
    output += run.output;
  }
  return { failed, output };
}

async function runPackage(folder: string, directory: string, files: readonly string[]): Promise<TestsRun> {
  // Where the configuration of all tests has it.
  const report = join(folder, '.reports', directory, 'tests.json');
  rmSync(report, { force: true });
  const vitest = join(workspaceRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const options = [
    '--config',
    join(folder, 'vitest.config.mts'),
    '--root',
    '.',
    '--coverage.enabled=false',
    `--testTimeout=${limitMs}`,
  ];
  const own = files.map((file) => relative(directory, file));
  const child = spawn(process.execPath, [vitest, 'run', ...options, ...own], {
    cwd: join(folder, directory),
    env: { ...process.env, QUARTERSEC_HISTORIES: histories },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  await once(child, 'close');
  process.off('exit', kill);
  return { failed: readFailed(report, folder, files, output), output: output.trim().slice(-2_000) };
}

function readFailed(report: string, folder: string, files: readonly string[], output: string): string[] {
  let read: JsonReport;
  try {
    read = JSON.parse(readFileSync(report, 'utf8')) as JsonReport;
  } catch (cause) {
    throw new Error(`vitest left no report of ${files.join(', ')}:\n${output.slice(-2_000)}`, { cause });
  }
  const ran = read.testResults.filter(({ assertionResults }) => assertionResults.length > 0);
  if (ran.length < files.length)
    throw new Error(`${files.length - ran.length} of ${files.join(', ')} came to no test:\n${output.slice(-2_000)}`);
  return ran.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${relative(folder, name)} "${fullName}"`),
  );
}
