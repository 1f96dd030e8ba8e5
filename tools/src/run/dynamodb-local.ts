/** DynamoDB Local, AWS's own: fetched once through Maven into .cache, started in memory on a free port. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN_CLASS = 'software.amazon.dynamodb.services.local.main.ServerRunner';
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;
const POLL_INTERVAL_MS = 100;
const FETCH_LIMIT_MS = 600_000;

export interface DynamoDbLocal {
  readonly url: string;
  /** Ends the process, by force when it does not go; safe to call again. */
  readonly stop: () => Promise<void>;
}

/**
 * Copies the jars when the pom changed since the last time.
 * @returns the folder with the jars and the native libraries beside them
 * @throws {Error} with Maven's last words
 */
export function fetchDynamoDbLocal(root: string): string {
  const pom = join(root, 'tools', 'dynamodb-local', 'pom.xml');
  const folder = join(root, '.cache', 'dynamodb-local');
  const jars = join(folder, 'lib');
  const marker = join(folder, 'fetched');
  const digest = createHash('sha256').update(readFileSync(pom)).digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === digest) return jars;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const maven = spawnSync('mvn', ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`], {
    encoding: 'utf8',
    timeout: FETCH_LIMIT_MS,
  });
  if (maven.status !== 0)
    throw new Error(`Maven could not fetch DynamoDB Local: ${`${maven.stdout}${maven.stderr}`.trim().slice(-1_000)}`);
  writeFileSync(marker, digest);
  return jars;
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
 * @param root the checkout; the log goes to .cache/dynamodb-local/server.log
 * @throws {Error} when it does not answer in time, or there is no native library for this machine
 */
export async function startDynamoDbLocal(root: string): Promise<DynamoDbLocal> {
  const jars = fetchDynamoDbLocal(root);
  const logFile = join(root, '.cache', 'dynamodb-local', 'server.log');
  const port = await freePort();
  const log = openSync(logFile, 'w');
  const java = ['-Xmx512m', '-XX:+UseSerialGC', `-Djava.library.path=${jars}`, '-cp', join(jars, '*'), MAIN_CLASS];
  const child = spawn('java', [...java, '-inMemory', '-disableTelemetry', '-port', String(port)], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let failure: Error | undefined;
  child.on('error', (error) => (failure = error));
  const url = `http://127.0.0.1:${port}`;
  const stop = () => stopProcess(child);
  const untilMs = performance.now() + START_LIMIT_MS;
  while (!(await isUp(url))) {
    if (failure !== undefined || child.exitCode !== null || performance.now() > untilMs) {
      await stop();
      throw new Error(
        `DynamoDB Local did not start: ${failure?.message ?? readFileSync(logFile, 'utf8').trim().slice(-500)}`,
      );
    }
    await sleep(POLL_INTERVAL_MS);
  }
  return { url, stop };
}
