/** A real Prometheus for tests, on loopback: over series written into its storage beforehand, or with a configuration. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const found = ['prometheus', 'promtool'].map((command) => spawnSync(command, ['--version'], { encoding: 'utf8' }));

/** The live evaluator mirrors Prometheus 2; its docstring says where 3 differs. */
export const prometheusMissing = found.some(
  ({ error, stdout, stderr }) => error || !/version 2\./.test(stdout + stderr),
);

/** Stands in the title of what is left out, and is said on stderr, since reporters fold a skipped file into a line. */
export const howToGetPrometheus = 'LEFT OUT: needs prometheus and promtool 2.x, apt-get install prometheus';

if (prometheusMissing) process.stderr.write(`\n${howToGetPrometheus}\n`);

export interface TemporaryDirectory extends Disposable {
  readonly path: string;
}

export function temporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), 'sla-prometheus-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A run is over in a second: collecting garbage less often than Go's 100 % takes a quarter less CPU time (400 and 800 take the same). */
const env = { ...process.env, GOGC: '400' };

/** @returns exit status, and all that it printed */
export function promtool(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env,
  });
  return { status, output: stdout + stderr };
}

export interface RealPrometheus {
  /** @returns the one value of the answer; `undefined` for none or NaN */
  ask(promql: string, atEpochMs: number): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** A port that nobody listened on a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk;
      if (log.includes('Server is ready to receive web requests')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`prometheus ended with ${code}:\n${log}`)));
  });
}

interface Answer {
  readonly error?: string;
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

export interface RunningPrometheus {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  stop(): Promise<void>;
}

/** @param dataDirectory of its storage; what is there already can be asked for */
export async function runPrometheus(configFile: string, dataDirectory: string): Promise<RunningPrometheus> {
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${dataDirectory}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await untilReady(child);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}

/** @param openMetrics lines with times, without the closing `# EOF` */
export async function startPrometheus(openMetrics: readonly string[]): Promise<RealPrometheus> {
  const directory = temporaryDirectory();
  const file = (name: string) => join(directory.path, name);
  writeFileSync(file('series.txt'), `${openMetrics.join('\n')}\n# EOF\n`);
  writeFileSync(file('prometheus.yml'), 'global: {}\n');
  const written = promtool('tsdb', 'create-blocks-from', 'openmetrics', file('series.txt'), file('data'));
  if (written.status !== 0) throw new Error(written.output);
  const { url, stop } = await runPrometheus(file('prometheus.yml'), file('data'));
  return {
    async ask(promql, atEpochMs) {
      const body = new URLSearchParams({ query: promql, time: String(atEpochMs / 1_000) });
      const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
      const { data, error } = (await response.json()) as Answer;
      if (data === undefined) throw new Error(`${error}: ${promql}`);
      if (data.result.length > 1) throw new Error(`${data.result.length} values for ${promql}`);
      const value = Number(data.result[0]?.value[1] ?? Number.NaN);
      return Number.isNaN(value) ? undefined : value;
    },
    async stop() {
      await stop();
      directory[Symbol.dispose]();
    },
  };
}
