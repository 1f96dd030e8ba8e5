/** AWS's template linter and its command line, and moto, the stand-in of AWS: in a virtual environment of their own under the workspace's `.cache`. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const packages = ['cfn-lint==1.58.0', 'moto[server,cloudformation]==5.2.5', 'awscli==1.46.3'];
const installTimeoutMs = 600_000;
const folder = join(import.meta.dirname, '../../.cache/python-infra');
export const python = join(folder, 'bin/python');
export const cfnLintCommand = join(folder, 'bin/cfn-lint');
const execute = promisify(execFile);

/**
 * Nothing of the person's own account gets in: other credentials, no files, no metadata service, and a proxy that nobody is
 * behind for whatever is not on this machine.
 */
export const isolated = {
  PATH: process.env.PATH,
  HOME: folder,
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
  AWS_SESSION_TOKEN: 'testing',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  PYTHONPYCACHEPREFIX: join(folder, 'bytecode'), // not beside the scripts, in the workspace
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
};

/**
 * Makes the environment unless it is there: once, most of a minute.
 * @returns `undefined`, or why there is none and how to get it
 */
export async function preparePython(): Promise<string | undefined> {
  try {
    if (existsSync(python) && (await isInstalled())) return undefined;
    await execute('python3', ['-m', 'venv', '--clear', folder], { timeout: installTimeoutMs });
    // What is imported is compiled then, and kept: of all that is installed it is a small part.
    await execute(python, ['-m', 'pip', 'install', '--quiet', '--no-compile', ...packages], {
      timeout: installTimeoutMs,
    });
    return undefined;
  } catch (error) {
    const [cause] = String((error as Error).message).split('\n');
    return `cfn-lint and moto are not there (${cause}): install python3 with venv, then run it again`;
  }
}

async function isInstalled(): Promise<boolean> {
  const wanted = packages.map((one) => one.replace(/\[.*\]/, ''));
  return execute(python, ['-m', 'pip', 'freeze']).then(
    ({ stdout }) => wanted.every((one) => stdout.split('\n').includes(one)),
    () => false,
  );
}
