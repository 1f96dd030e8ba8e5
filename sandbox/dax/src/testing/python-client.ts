/** AWS's Python client for DAX, in a virtual environment of its own under the workspace's `.cache`. */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CallResult } from './client-calls.ts';
import { INTEROP_DIRECTORY, type InteropOperation } from './interop-operations.ts';

const PACKAGE = 'amazon-dax-client==2.1.0';
const INSTALL_TIMEOUT_MS = 300_000;
const ENVIRONMENT = join(import.meta.dirname, '../../../../.cache/python');
const PYTHON = join(ENVIRONMENT, 'bin/python');
const execute = promisify(execFile);

/**
 * Makes the environment unless it is there.
 * @returns undefined, or why there is none and how to get it
 */
export async function preparePython(): Promise<string | undefined> {
  try {
    if (existsSync(PYTHON) && (await hasClient())) return undefined;
    await execute('python3', ['-m', 'venv', ENVIRONMENT], { timeout: INSTALL_TIMEOUT_MS });
    await execute(PYTHON, ['-m', 'pip', 'install', '--quiet', PACKAGE], { timeout: INSTALL_TIMEOUT_MS });
    return undefined;
  } catch (error) {
    const [cause] = String((error as Error).message).split('\n');
    return `the Python client was left out (${cause}): install python3 with venv, then \`python3 -m venv .cache/python && .cache/python/bin/pip install ${PACKAGE}\` in the workspace root`;
  }
}

async function hasClient(): Promise<boolean> {
  return execute(PYTHON, ['-c', 'import amazondax']).then(
    () => true,
    () => false,
  );
}

/** Runs operations in one Python process. */
export async function runPython(
  kind: 'dax' | 'direct',
  endpoint: string,
  operations: readonly InteropOperation[],
): Promise<CallResult[]> {
  const script = join(INTEROP_DIRECTORY, 'run_operations.py');
  const child = spawn(PYTHON, [script, kind, endpoint], { stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  child.stdin.end(JSON.stringify({ operations }));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (exitCode !== 0) throw new Error(`python ended with ${exitCode}: ${output.stderr.slice(-2_000)}`);
  return output.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CallResult);
}
