/** AWS's Python client for DAX, in a virtual environment of its own under the workspace's `.cache`. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ClientProcess, runProcess } from './client-process.ts';
import { INTEROP_DIRECTORY } from './interop-operations.ts';

const PACKAGE = 'amazon-dax-client==2.1.0';
const INSTALL_TIMEOUT_MS = 300_000;
const ENVIRONMENT = join(import.meta.dirname, '../../../../.cache/python');
const PYTHON = join(ENVIRONMENT, 'bin/python');
const SCRIPT = join(INTEROP_DIRECTORY, 'run_operations.py');
const execute = promisify(execFile);

export const pythonClient: ClientProcess = {
  language: 'python',
  capacityOfCachedReads: { getItem: undefined, query: undefined, batchGetItem: 0 },
  async prepare() {
    try {
      if (existsSync(PYTHON) && (await hasClient())) return undefined;
      await execute('python3', ['-m', 'venv', ENVIRONMENT], { timeout: INSTALL_TIMEOUT_MS });
      await execute(PYTHON, ['-m', 'pip', 'install', '--quiet', '--no-compile', PACKAGE], {
        timeout: INSTALL_TIMEOUT_MS,
      });
      return undefined;
    } catch (error) {
      const [cause] = String((error as Error).message).split('\n');
      return `the Python client was left out (${cause}): install python3 with venv, then \`python3 -m venv .cache/python && .cache/python/bin/pip install ${PACKAGE}\` in the workspace root`;
    }
  },
  run(kind, endpoint, operations, settings) {
    const environment: Record<string, string> =
      settings?.caFile === undefined ? {} : { SSL_CERT_FILE: settings.caFile };
    return runProcess(PYTHON, [SCRIPT, kind, endpoint], operations, settings, environment);
  },
};

async function hasClient(): Promise<boolean> {
  return execute(PYTHON, ['-c', 'import amazondax']).then(
    () => true,
    () => false,
  );
}
