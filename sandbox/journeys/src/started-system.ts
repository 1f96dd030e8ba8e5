/** `npm start` as its own process, and the commands beside it, in a state folder of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './journey.ts';

const sources = fileURLToPath(new URL('../../system/src/', import.meta.url));
/** The first start builds the functions. */
const startWithinMs = 120_000;

/** What `npm start` writes for the commands that talk to it. */
export interface Announced {
  readonly url: string;
  readonly apiUrl: string;
  readonly tableName: string;
  readonly dynamoDbUrl: string;
}

export interface StartedSystem {
  readonly child: ChildProcess;
  /** Of the board. */
  readonly url: string;
  readonly stateFolder: string;
  announced(): Announced;
  /** Runs one of the system's own commands, e.g. `sync.ts`, to its end. */
  command(script: string, ...args: string[]): Promise<{ readonly code: number | null; readonly text: string }>;
  /** Kills what still runs. */
  dispose(): Promise<void>;
}

/** @throws {Error} with the output when it does not come up */
export async function startSystemProcess(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<StartedSystem> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'quartersec-start-'));
  const env = { ...process.env, QUARTERSEC_STATE_DIRECTORY: stateFolder };
  const child = spawn(process.execPath, [`${sources}start.ts`, ...args], { env: { ...env, ...variables } });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
  const dispose = async () => {
    child.kill('SIGKILL');
    await rm(stateFolder, { recursive: true, force: true });
  };
  const address = () => /quartersec runs at (\S+)/.exec(output.join(''))?.[1];
  await until('the address', () => address() !== undefined || child.exitCode !== null, startWithinMs);
  const url = address();
  if (url === undefined) {
    await dispose();
    throw new Error(`no address in: ${output.join('')}`);
  }
  return {
    child,
    url,
    stateFolder,
    announced: () => JSON.parse(readFileSync(join(stateFolder, 'running-system.json'), 'utf8')) as Announced,
    async command(script, ...commandArgs) {
      const run = spawn(process.execPath, [`${sources}${script}`, ...commandArgs], { env });
      const text: string[] = [];
      run.stdout.on('data', (chunk) => text.push(String(chunk)));
      const [code] = (await once(run, 'close')) as [number | null];
      return { code, text: text.join('') };
    },
    dispose,
  };
}
