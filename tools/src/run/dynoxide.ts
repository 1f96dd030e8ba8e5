/** Dynoxide, the DynamoDB emulator that storage and DAX are tested against: built once into .cache, started in memory on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;
const POLL_INTERVAL_MS = 100;

export interface Dynoxide {
  readonly url: string;
  /** Ends the process, by force when it does not go; safe to call again. */
  readonly stop: () => Promise<void>;
}

/**
 * @param script prints the path of the binary, which it builds when it is missing; its progress goes to standard error at once
 * @throws {Error} with the last line of what it said
 */
export async function buildDynoxide(script: string): Promise<string> {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let path = '';
  let progress = '';
  child.stdout.on('data', (chunk: Buffer) => (path += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    progress = `${progress}${chunk.toString()}`.slice(-1_000);
    process.stderr.write(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return path.trim();
  throw new Error(progress.trim().split('\n').at(-1) || 'Dynoxide could not be built');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

/** Any HTTP answer will do: without credentials it is a 400. */
const isUp = (url: string) =>
  fetch(url).then(
    (response) => response.status > 0,
    () => false,
  );

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exited;
  clearTimeout(force);
}

/**
 * @param root the checkout; the log goes to .cache/dynoxide/server.log
 * @throws {Error} when it cannot be built, or does not answer in time
 */
export async function startDynoxide(root: string): Promise<Dynoxide> {
  const binary = await buildDynoxide(join(root, 'tools', 'build-dynoxide.mjs'));
  const logFile = join(root, '.cache', 'dynoxide', 'server.log');
  mkdirSync(join(root, '.cache', 'dynoxide'), { recursive: true });
  const port = await freePort();
  const log = openSync(logFile, 'w');
  const child = spawn(binary, ['serve', '--port', String(port)], { stdio: ['ignore', log, log] });
  closeSync(log);
  let failure: Error | undefined;
  child.on('error', (error) => (failure = error));
  const url = `http://127.0.0.1:${port}`;
  const stop = () => (failure === undefined ? stopProcess(child) : Promise.resolve());
  const untilMs = performance.now() + START_LIMIT_MS;
  while (!(await isUp(url))) {
    if (failure !== undefined || child.exitCode !== null || performance.now() > untilMs) {
      await stop();
      throw new Error(
        `Dynoxide did not start: ${failure?.message ?? readFileSync(logFile, 'utf8').trim().slice(-500)}`,
      );
    }
    await sleep(POLL_INTERVAL_MS);
  }
  return { url, stop };
}
